package gen

import "strconv"

// known is what GitHub or an identity provider knows of a cloud account.
type known uint8

const (
	byVerified   known = iota // the work address, verified
	bySAML                    // the work address in a SAML identity
	bySCIM                    // the work address in a SCIM identity
	byUnverified              // the work address, unverified: joins nothing
	byNothing                 // another address alone
)

func knownBy(c int) known {
	switch way := draw(100, cloudKnownBy, c, 0); {
	case way < 45:
		return byVerified
	case way < 80:
		return bySAML
	case way < 92:
		return bySCIM
	case way < 95:
		return byUnverified
	default:
		return byNothing
	}
}

func (w writer) cloudAccounts() error {
	header := []string{"id", "login", "suspended", "organization", "collaboration", "pending"}
	return w.file(CloudAccountsFile, header, func(row func(...string) error) error {
		for c := range w.cloud {
			s := standingOf(c)
			err := row(strconv.Itoa(c), w.login(w.cloudPerson(c)), strconv.FormatBool(s.suspended),
				s.organization, s.collaboration, s.pending)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// standing is what decides whether a cloud account consumes on its own.
type standing struct {
	suspended                            bool
	organization, collaboration, pending string
}

func standingOf(c int) standing {
	organization := "org-" + strconv.Itoa(c%40)
	switch way := draw(100, cloudStanding, c, 0); {
	case way < 2:
		return standing{suspended: true, organization: organization}
	case way < 5: // unaffiliated
		return standing{}
	case way < 13:
		return standing{collaboration: organization + "/app"}
	case way < 14:
		return standing{pending: organization}
	default:
		return standing{organization: organization}
	}
}

func (w writer) cloudEmails() error {
	header := []string{"account", "email", "primary", "verified"}
	return w.file(CloudEmailsFile, header, func(row func(...string) error) error {
		for c := range w.cloud {
			if err := w.emailsOf(c, row); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w writer) emailsOf(c int, row func(...string) error) error {
	account, p := strconv.Itoa(c), w.cloudPerson(c)
	work := spelled(w.work(p), cloudSpelling, c, 0)
	switch known := knownBy(c); known {
	case byVerified, byUnverified:
		err := row(account, work, "true", strconv.FormatBool(known == byVerified))
		if err != nil || draw(5, cloudSpelling, c, 1) > 0 { // four of five have shown one address alone
			return err
		}
		return row(account, w.private(p), "false", "true")
	case byNothing:
		return row(account, "me+"+account+"@letters.example", "true", "true")
	case bySAML, bySCIM:
	}
	return row(account, w.private(p), "true", "true")
}
