package store

import (
	"bytes"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/oneseat/oneseat/licensing"
)

// AccountItem is a server account as an item. Accounts that say the same have
// the same document, whatever the order of their addresses was: a usage file
// gives them sorted.
func AccountItem(a *licensing.ServerAccount) (Item, error) {
	buf := make([]byte, 0, 96)
	buf = append(buf, `{"emails":[`...)
	var err error
	for i, e := range a.Emails {
		if i > 0 {
			buf = append(buf, ',')
		}
		buf = append(buf, `{"email":`...)
		if buf, err = jsontext.AppendQuote(buf, e.Email.Address()); err != nil {
			return Item{}, fmt.Errorf("document of account %s: %w", a.UserID, err)
		}
		if e.Primary {
			buf = append(buf, `,"primary":true`...)
		}
		buf = append(buf, '}')
	}
	buf = append(buf, ']')
	if a.AdvancedSecurity {
		buf = append(buf, `,"advanced_security":true`...)
	}
	buf = append(buf, '}')
	return Item{Kind: KindServerAccount, Key: a.UserID, Document: string(buf)}, nil
}

// AccountDecoder turns items back into server accounts. It is not safe for
// concurrent use.
type AccountDecoder struct {
	in  bytes.Reader
	dec *jsontext.Decoder
}

// Decode gives the account of an item of kind [KindServerAccount].
func (d *AccountDecoder) Decode(item *Item) (licensing.ServerAccount, error) {
	d.in.Reset([]byte(item.Document))
	if d.dec == nil {
		d.dec = jsontext.NewDecoder(&d.in)
	} else {
		d.dec.Reset(&d.in)
	}
	a := licensing.ServerAccount{UserID: item.Key}
	err := d.object(func(name string) error {
		switch name {
		case "emails":
			return d.emails(&a)
		default: // advanced_security, which is there when it is true
			a.AdvancedSecurity = true
			return d.dec.SkipValue()
		}
	})
	if err != nil {
		return a, fmt.Errorf("document of account %s: %w", item.Key, err)
	}
	return a, nil
}

// object reads an object; value reads the value of each name.
func (d *AccountDecoder) object(value func(name string) error) error {
	if _, err := d.dec.ReadToken(); err != nil {
		return err
	}
	for d.dec.PeekKind() != '}' {
		name, err := d.dec.ReadToken()
		if err != nil {
			return err
		}
		if err := value(name.String()); err != nil {
			return err
		}
	}
	_, err := d.dec.ReadToken()
	return err
}

func (d *AccountDecoder) emails(a *licensing.ServerAccount) error {
	if _, err := d.dec.ReadToken(); err != nil {
		return err
	}
	for d.dec.PeekKind() != ']' {
		var e licensing.ServerEmail
		err := d.object(func(name string) error {
			if name == "primary" {
				e.Primary = true
				return d.dec.SkipValue()
			}
			token, err := d.dec.ReadToken()
			e.Email = licensing.NewEmail(token.String())
			return err
		})
		if err != nil {
			return err
		}
		a.Emails = append(a.Emails, e)
	}
	_, err := d.dec.ReadToken()
	return err
}
