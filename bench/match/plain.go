package match

import (
	"cmp"
	"errors"
	"slices"

	"github.com/oneseat/oneseat/bench/gen"
	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/licensing/licensingtest"
)

// Plain runs the reference over Go maps over the enterprise in dir. It holds
// everything at once: think of its memory before giving it ten million.
func Plain(dir string) (Outcome, error) {
	return outcome(func() (*plainPeople, error) { return plain(dir) }, (*plainPeople).tally)
}

// plainPeople are the reference's people in the order of every list.
type plainPeople struct {
	people []*licensingtest.PlainPerson
	// first are the smallest address and HOST:ID of a person's server
	// accounts and the smallest invited address, by which those without a
	// login are sorted.
	first map[*licensingtest.PlainPerson][3]string
}

func plain(dir string) (*plainPeople, error) {
	var side licensing.CloudSide
	err := errors.Join(
		eachBatch(dir, func(batch []licensing.CloudAccount) {
			for i := range batch {
				side.Accounts = append(side.Accounts, clone(&batch[i]))
			}
		}),
		eachInvitation(dir, func(i licensing.Invitation) { side.Invitations = append(side.Invitations, i) }),
		eachSubscription(dir, func(s licensing.Subscription) { side.Subscriptions = append(side.Subscriptions, s) }),
	)
	if err != nil {
		return nil, err
	}
	instances := make([]licensingtest.Instance, gen.Instances)
	for i := range instances {
		in := &instances[i]
		in.Host = gen.Host(i)
		err := eachShard(dir, i, func(accounts []licensing.ServerAccount) {
			in.Accounts = append(in.Accounts, accounts...)
		})
		if err != nil {
			return nil, err
		}
	}
	return sortPlain(licensingtest.Plain(&side, policy(), instances).People, instances), nil
}

// clone keeps what eachBatch will use again.
func clone(a *licensing.CloudAccount) licensing.CloudAccount {
	kept := *a
	kept.Emails, kept.SAML, kept.SCIM = slices.Clone(a.Emails), slices.Clone(a.SAML), slices.Clone(a.SCIM)
	kept.Organizations = slices.Clone(a.Organizations)
	kept.OutsideCollaborator, kept.PendingOrganizations = slices.Clone(a.OutsideCollaborator), slices.Clone(a.PendingOrganizations)
	return kept
}

// sortPlain is the order of every list: by login, those without one last, then
// by first server address, first HOST:ID and first invited address.
func sortPlain(people []*licensingtest.PlainPerson, instances []licensingtest.Instance) *plainPeople {
	written := map[licensing.HostID]string{}
	for _, in := range instances {
		for _, a := range in.Accounts {
			if len(a.Emails) > 0 {
				written[licensing.HostID{Host: in.Host, ID: a.UserID}] = a.Emails[0].Email.Address()
			}
		}
	}
	p := &plainPeople{people: people, first: map[*licensingtest.PlainPerson][3]string{}}
	for _, person := range people {
		if person.Login == "" {
			p.first[person] = firstOf(person, written)
		}
	}
	slices.SortFunc(p.people, p.compare)
	return p
}

func firstOf(person *licensingtest.PlainPerson, written map[licensing.HostID]string) (first [3]string) {
	for _, a := range person.Servers {
		first[0] = smaller(first[0], written[a.HostID])
		first[1] = smaller(first[1], a.HostID.String())
	}
	for _, i := range person.Invitations {
		first[2] = smaller(first[2], i.Invitation.Email.Address())
	}
	return first
}

func smaller(a, b string) string {
	if a == "" || b != "" && b < a {
		return b
	}
	return a
}

func (p *plainPeople) compare(a, b *licensingtest.PlainPerson) int {
	switch {
	case a.Login != "" && b.Login != "":
		return cmp.Compare(a.Login, b.Login)
	case a.Login != "":
		return -1
	case b.Login != "":
		return 1
	}
	first, second := p.first[a], p.first[b]
	return slices.Compare(first[:], second[:])
}

func (p *plainPeople) tally() Tally {
	t := newTallier()
	for _, person := range p.people {
		anchor := person.Anchor.ID()
		t.person(anchor, person.Accounts(), person.License)
		for _, a := range person.Servers {
			t.account(a.HostID, anchor, licensing.Reason{
				Rule: a.Reason.Rule, Value: a.Reason.Value, Attribute: a.Reason.Attribute, Tie: a.Reason.Tie,
			})
		}
	}
	return t.done()
}
