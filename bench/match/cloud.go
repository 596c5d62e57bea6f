package match

import (
	"errors"
	"fmt"
	"time"

	"github.com/oneseat/oneseat/bench/gen"
	"github.com/oneseat/oneseat/licensing"
)

// batchSize is how many cloud accounts are handed on at once.
const batchSize = 512

// eachBatch reads the cloud accounts and, beside the reading, gives them to do
// batch by batch. A batch is good until do returns.
func eachBatch(dir string, do func([]licensing.CloudAccount)) error {
	full, empty := make(chan []licensing.CloudAccount), make(chan []licensing.CloudAccount, 3)
	for range cap(empty) {
		empty <- make([]licensing.CloudAccount, 0, batchSize)
	}
	var failed error
	go func() {
		defer close(full)
		failed = readAccounts(dir, full, empty)
	}()
	for batch := range full {
		do(batch)
		empty <- batch[:0]
	}
	return failed
}

// readAccounts fills batches with the accounts, their addresses and identities
// from the three files, which are in the same order.
func readAccounts(dir string, full chan<- []licensing.CloudAccount, empty <-chan []licensing.CloudAccount) error {
	emails, err := follow(dir, gen.CloudEmailsFile, 4)
	if err != nil {
		return err
	}
	defer emails.close()
	identities, err := follow(dir, gen.CloudIdentitiesFile, 5)
	if err != nil {
		return err
	}
	defer identities.close()
	batch := <-empty
	err = each(dir, gen.CloudAccountsFile, 6, func(r *rows) error {
		if len(batch) == cap(batch) {
			full <- batch
			batch = <-empty
		}
		batch = batch[:len(batch)+1]
		a := &batch[len(batch)-1]
		startAccount(a, r)
		return errors.Join(
			emails.of(r.fields[0], func() { addEmail(a, emails.rows) }),
			identities.of(r.fields[0], func() { addIdentity(a, identities.rows) }),
		)
	})
	full <- batch
	if err == nil && (!emails.ended || !identities.ended) {
		return fmt.Errorf("%s: addresses or identities of an account that does not exist, or out of order", dir)
	}
	return err
}

func startAccount(a *licensing.CloudAccount, r *rows) {
	*a = licensing.CloudAccount{
		ID: r.text(0), Login: r.text(1), Suspended: r.is(2, "true"),
		Emails: a.Emails[:0], SAML: a.SAML[:0], SCIM: a.SCIM[:0], Organizations: a.Organizations[:0],
		OutsideCollaborator: a.OutsideCollaborator[:0], PendingOrganizations: a.PendingOrganizations[:0],
	}
	if !r.is(3, "") {
		a.Organizations = append(a.Organizations, licensing.Membership{Login: r.text(3), Role: "Member"})
	}
	if !r.is(4, "") {
		a.OutsideCollaborator = append(a.OutsideCollaborator, r.text(4))
	}
	if !r.is(5, "") {
		a.PendingOrganizations = append(a.PendingOrganizations, r.text(5))
	}
}

func addEmail(a *licensing.CloudAccount, r *rows) {
	a.Emails = append(a.Emails, licensing.CloudEmail{
		Email: licensing.NewEmail(r.text(1)), Primary: r.is(2, "true"), Verified: r.is(3, "true"),
	})
}

// addIdentity adds an asserted value to the account's last identity, or begins
// another one: of another organization or protocol.
func addIdentity(a *licensing.CloudAccount, r *rows) {
	value := licensing.NewEmail(r.text(4))
	if r.is(2, "scim") {
		if n := len(a.SCIM); n == 0 || !r.is(1, a.SCIM[n-1].Organization) {
			a.SCIM = append(a.SCIM, licensing.SCIMIdentity{Organization: r.text(1)})
		}
		identity := &a.SCIM[len(a.SCIM)-1]
		if r.is(3, "userName") {
			identity.UserName = value
		} else {
			identity.Emails = append(identity.Emails, value)
		}
		return
	}
	if n := len(a.SAML); n == 0 || !r.is(1, a.SAML[n-1].Organization) {
		a.SAML = append(a.SAML, licensing.SAMLIdentity{Organization: r.text(1)})
	}
	identity := &a.SAML[len(a.SAML)-1]
	if r.is(3, "NameID") {
		identity.NameID = value
	} else {
		identity.Attributes = append(identity.Attributes, licensing.SAMLAttribute{Name: r.text(3), Value: value})
	}
}

func eachInvitation(dir string, do func(licensing.Invitation)) error {
	return each(dir, gen.InvitationsFile, 7, func(r *rows) error {
		inv := licensing.Invitation{
			Email: licensing.NewEmail(r.text(0)), Organization: r.text(1), Repository: r.text(2),
			SCIM: r.is(5, "scim"), Failed: r.is(6, "failed"),
		}
		if r.is(3, "outside_collaborator") {
			inv.Kind = licensing.InviteOutsideCollaborator
		}
		var err error
		if !r.is(4, "") {
			inv.CreatedAt, err = time.Parse(time.RFC3339, r.text(4))
		}
		do(inv)
		return err
	})
}

func eachSubscription(dir string, do func(licensing.Subscription)) error {
	return each(dir, gen.SubscriptionsFile, 3, func(r *rows) error {
		do(licensing.Subscription{ID: r.text(0), Email: licensing.NewEmail(r.text(1)), Login: r.text(2)})
		return nil
	})
}

// policy is the documented one at the instant of the generated enterprise.
func policy() licensing.Policy {
	return licensing.Documented(licensing.Enterprise{Slug: "acme"}, gen.At())
}
