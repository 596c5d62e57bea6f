package gen

import "strconv"

const (
	claimName  = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name"
	claimEmail = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"
)

// cloudIdentities writes one row for each asserted value. The rows of one
// identity (account, organization, protocol) stand together; protocol saml and
// name NameID is the name id, protocol scim has the names userName and emails.
func (w writer) cloudIdentities() error {
	header := []string{"account", "organization", "protocol", "name", "value"}
	return w.file(CloudIdentitiesFile, header, func(row func(...string) error) error {
		for c := range w.cloud {
			if err := w.identitiesOf(c, row); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w writer) identitiesOf(c int, row func(...string) error) error {
	account, work := strconv.Itoa(c), spelled(w.work(w.cloudPerson(c)), cloudSpelling, c, 2)
	asserted := func(protocol, name, value string) error { return row(account, "", protocol, name, value) }
	var err error
	switch knownBy(c) {
	case bySAML:
		err = w.samlIdentity(c, work, asserted)
	case bySCIM:
		err = w.scimIdentity(c, work, asserted)
	case byVerified, byUnverified, byNothing:
	}
	if err != nil || draw(1000, alsoClaims, c, 0) > 0 {
		return err
	}
	other := w.work(w.anyCloudPerson(alsoClaims, c))
	return row(account, "org-1", "saml", "NameID", other)
}

// samlIdentity asserts the work address in one of the places rule R3 looks at,
// half of the time in two, beside an opaque name id and a display name.
func (w writer) samlIdentity(c int, work string, row func(protocol, name, value string) error) error {
	shape := draw(8, identityShape, c, 0)
	nameID := work
	if shape < 4 {
		nameID = "u-" + strconv.FormatInt(int64(c), 16)
	}
	name := [...]string{claimName, claimEmail, "username", "emails", claimName, claimEmail, "displayName", "displayName"}[shape]
	value := work
	if name == "displayName" {
		value = w.login(w.cloudPerson(c))
	}
	if err := row("saml", "NameID", nameID); err != nil {
		return err
	}
	return row("saml", name, value)
}

// scimIdentity asserts the work address as the user name or among the
// addresses.
func (w writer) scimIdentity(c int, work string, row func(protocol, name, value string) error) error {
	userName := work
	if draw(2, identityShape, c, 1) == 0 {
		userName = w.login(w.cloudPerson(c))
	}
	if err := row("scim", "userName", userName); err != nil {
		return err
	}
	if err := row("scim", "emails", work); err != nil {
		return err
	}
	return row("scim", "emails", w.private(w.cloudPerson(c)))
}
