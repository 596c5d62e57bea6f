package usagefile

import (
	"cmp"
	"slices"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/oneseat/oneseat/licensing"
)

// The keys of a user, in the order of their canonical form. There are no
// others: nothing else about a person leaves an instance.
const (
	keySecurity = "advanced_security"
	keyEmails   = "emails"
	keyUserID   = "user_id"
	keyEmail    = "email"
	keyPrimary  = "primary"
)

// account reads one user; its keys may come in any order.
func (t *tokens) account() (licensing.ServerAccount, error) {
	var a licensing.ServerAccount
	err := t.keys("users", [...]string{keyUserID, keyEmails}, func(name string) (err error) {
		switch name {
		case keyUserID:
			a.UserID, err = t.text("users.user_id")
			if err == nil && a.UserID == "" {
				err = t.bad("users.user_id", "ID")
			}
		case keyEmails:
			a.Emails, err = t.emails()
		case keySecurity:
			a.AdvancedSecurity, err = t.boolean("users.advanced_security")
			if err == nil && !a.AdvancedSecurity {
				err = t.bad("users.advanced_security", "true")
			}
		default:
			err = t.place(fault(CodeUnknownKey, "Key", licensing.MaskText(join("users", name))))
		}
		return err
	})
	return a, err
}

func (t *tokens) emails() ([]licensing.ServerEmail, error) {
	var emails []licensing.ServerEmail
	err := t.array("users.emails", func() error {
		if len(emails) == t.limits.EmailsPerUser {
			return t.place(fault(CodeLimitEmails, "Limit", t.limits.EmailsPerUser))
		}
		email, err := t.email()
		emails = append(emails, email)
		return err
	})
	return emails, err
}

func (t *tokens) email() (licensing.ServerEmail, error) {
	var e licensing.ServerEmail
	err := t.keys("users.emails", [...]string{keyEmail, keyPrimary}, func(name string) (err error) {
		switch name {
		case keyEmail:
			var text string
			text, err = t.text("users.emails.email")
			e.Email = licensing.NewEmail(text)
		case keyPrimary:
			e.Primary, err = t.boolean("users.emails.primary")
		default:
			err = t.place(fault(CodeUnknownKey, "Key", licensing.MaskText(join("users.emails", name))))
		}
		return err
	})
	return e, err
}

// keys reads an object whose keys come in any order.
func (t *tokens) keys(object string, required [2]string, read func(name string) error) error {
	if err := t.delim('{', object); err != nil {
		return err
	}
	var seen [2]bool
	for {
		name, have, err := t.name()
		if err != nil {
			return err
		}
		if !have {
			break
		}
		if i := slices.Index(required[:], name); i >= 0 {
			seen[i] = true
		}
		if err := read(name); err != nil {
			return err
		}
	}
	if i := slices.Index(seen[:], false); i >= 0 {
		return t.place(fault(CodeMissingKey, "Key", join(object, required[i])))
	}
	return nil
}

// sortEmails puts addresses into canonical order: by bytes, and the same
// address with the primary mark first.
func sortEmails(emails []licensing.ServerEmail) {
	slices.SortFunc(emails, compareEmails)
}

func compareEmails(a, b licensing.ServerEmail) int {
	return cmp.Or(cmp.Compare(a.Email.Address(), b.Email.Address()), compareMarks(b.Primary, a.Primary))
}

func compareMarks(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	default:
		return -1
	}
}

// appendAccount appends the canonical form of a user whose addresses are
// sorted: RFC 8785, without the newline. Its texts are valid UTF-8.
func appendAccount(dst []byte, a *licensing.ServerAccount) []byte {
	dst = append(dst, '{')
	if a.AdvancedSecurity {
		dst = append(dst, `"advanced_security":true,`...)
	}
	dst = append(dst, `"emails":[`...)
	for i, e := range a.Emails {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, `{"email":`...)
		dst = appendText(dst, e.Email.Address())
		if e.Primary {
			dst = append(dst, `,"primary":true}`...)
		} else {
			dst = append(dst, `,"primary":false}`...)
		}
	}
	dst = append(dst, `],"user_id":`...)
	dst = appendText(dst, a.UserID)
	return append(dst, '}')
}

func appendText(dst []byte, text string) []byte {
	dst, _ = jsontext.AppendQuote(dst, text) // fails for invalid UTF-8 only, which was refused before
	return dst
}

// checkAccount refuses before writing what a reader would refuse. The number
// is the user's, from 1.
func checkAccount(a *licensing.ServerAccount, l Limits, number int64) error {
	var e *Error
	switch {
	case a.UserID == "":
		e = fault(CodeBadValue, "Key", join("users", keyUserID), "Want", "ID")
	case len(a.Emails) > l.EmailsPerUser:
		e = fault(CodeLimitEmails, "Limit", l.EmailsPerUser)
	default:
		e = checkText(a.UserID, l)
		for i := 0; e == nil && i < len(a.Emails); i++ {
			e = checkText(a.Emails[i].Email.Address(), l)
		}
	}
	if e == nil {
		return nil
	}
	e.User = number
	return e
}

func checkText(text string, l Limits) *Error {
	switch {
	case len(text) > l.TextBytes:
		return fault(CodeLimitText, "Limit", l.TextBytes)
	case !utf8.ValidString(text):
		return fault(CodeInvalidUTF8)
	default:
		return nil
	}
}
