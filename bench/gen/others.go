package gen

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// invitations are to people without any account, to people of the server
// instances, and to people who have a cloud account already.
func (w writer) invitations() error {
	header := []string{"email", "organization", "repository", "kind", "created_at", "source", "state"}
	return w.file(InvitationsFile, header, func(row func(...string) error) error {
		for i := range w.size / 100 {
			organization, repository, kind := "org-"+strconv.Itoa(i%40), "", "member"
			if draw(3, invitationKind, i, 0) == 0 {
				organization, repository, kind = "", organization+"/app", "outside_collaborator"
			}
			source, state := invitationState(i)
			err := row(w.invited(i), organization, repository, kind, invitedAt(i), source, state)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// invited is the invited address; one in ten is invited twice.
func (w writer) invited(i int) string {
	to := i
	if draw(10, invitationOf, i, 0) == 0 {
		to = max(0, i-1)
	}
	var address string
	switch way := draw(100, invitationOf, to, 1); {
	case way < 40:
		address = w.work(w.anyServerPerson(invitationOf, to))
	case way < 60:
		address = w.work(w.anyCloudPerson(invitationOf, to))
	default:
		address = fmt.Sprintf("new.%d@partners.example", to)
	}
	return spelled(address, invitationSpelling, i, 0)
}

// invitedAt is up to ten days before [At], or empty.
func invitedAt(i int) string {
	if draw(20, invitationAge, i, 0) == 0 {
		return ""
	}
	minutes := draw(10*24*60, invitationAge, i, 1)
	return At().Add(-time.Duration(minutes) * time.Minute).Format(time.RFC3339)
}

func invitationState(i int) (source, state string) {
	source, state = "member", "open"
	switch draw(20, invitationKind, i, 1) {
	case 0:
		state = "failed"
	case 1, 2:
		source = "scim"
	}
	return source, state
}

// subscriptions name a login, an address of somebody, or nobody.
func (w writer) subscriptions() error {
	header := []string{"id", "email", "login"}
	return w.file(SubscriptionsFile, header, func(row func(...string) error) error {
		for i := range w.size / 100 {
			email, login := w.subscriber(i)
			if err := row(fmt.Sprintf("%08x-0000-4000-8000-%012x", i, i), email, login); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w writer) subscriber(i int) (email, login string) {
	cloud := w.anyCloudPerson(subscriptionOf, i)
	switch way := draw(100, subscriptionOf, i, 1); {
	case way < 40:
		return w.private(cloud), strings.ToUpper(w.login(cloud))
	case way < 80:
		return spelled(w.work(cloud), subscriptionSpelling, i, 0), ""
	case way < 90:
		return w.work(w.anyServerPerson(subscriptionOf, i)), ""
	case way < 91:
		return w.work(cloud), fmt.Sprintf("nobody-%d", i)
	default:
		return fmt.Sprintf("subscriber.%d@letters.example", i), ""
	}
}

func (w writer) domains() error {
	return w.file(DomainsFile, []string{"domain", "ascii"}, func(row func(...string) error) error {
		for _, domain := range w.foreignDomains {
			if err := row(domain, asciiDomain(domain)); err != nil {
				return err
			}
		}
		return nil
	})
}
