package hub

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/oneseat/oneseat/licensing"
)

// mention looks for an address in stored documents, in whatever spelling: two
// texts are the same address when their keys are.
type mention struct{ Key licensing.Key }

// is says that a text is the address, or that of a person's anchor.
func (m mention) is(text string) bool {
	text = strings.TrimPrefix(text, anchoredAddress)
	if !strings.Contains(text, "@") {
		return false
	}
	if plainASCII(text) { // nearly all: its key is the text in lower case
		return strings.EqualFold(strings.TrimRight(strings.TrimSpace(text), "."), m.Key.Address())
	}
	key, ok := licensing.NewEmail(text).Key()
	return ok && key == m.Key
}

// plainASCII says that a text has no letter that normal forms know anything of.
func plainASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return !strings.Contains(strings.ToLower(text), "xn--")
}

// in says that a text of a JSON document is the address.
func (m mention) in(document string) (bool, error) {
	if !strings.Contains(document, "@") {
		return false, nil
	}
	found := false
	err := eachToken(strings.NewReader(document), func(token jsontext.Token) error {
		found = found || token.Kind() == '"' && m.is(token.String())
		return nil
	})
	return found, err
}

// without gives a JSON document with empty texts in the place of the address,
// and how many there were. What the documents of the hub call their members is
// no address.
func (m mention) without(document []byte) ([]byte, int, error) {
	var out bytes.Buffer
	enc := jsontext.NewEncoder(&out)
	n := 0
	err := eachToken(bytes.NewReader(document), func(token jsontext.Token) error {
		if token.Kind() == '"' && m.is(token.String()) {
			n++
			token = jsontext.String("")
		}
		return enc.WriteToken(token)
	})
	return bytes.TrimRight(out.Bytes(), "\n"), n, err
}

func eachToken(r io.Reader, visit func(jsontext.Token) error) error {
	dec := jsontext.NewDecoder(r)
	for {
		token, err := dec.ReadToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = visit(token)
		}
		if err != nil {
			return err
		}
	}
}
