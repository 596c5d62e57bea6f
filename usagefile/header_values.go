package usagefile

import (
	"crypto/ed25519"
	"strings"
	"time"
	"unicode"

	"github.com/oneseat/oneseat/licensing"
)

// line reads text of one line, which may be empty.
func (r *headerReader) line(key string, into *string) (err error) {
	*into, err = r.text(key)
	if err == nil && strings.ContainsFunc(*into, isControl) {
		err = r.bad(key, "TEXT")
	}
	return err
}

// word reads text without white space, not empty.
func (r *headerReader) word(key string, into *string) error {
	err := r.line(key, into)
	if err == nil && (*into == "" || strings.ContainsFunc(*into, isUnseen)) {
		err = r.bad(key, "WORD")
	}
	return err
}

// host reads a word that names a host when the port is taken away.
func (r *headerReader) host(key string, into *string) error {
	err := r.word(key, into)
	if err == nil && licensing.NormalHost(*into) == "" {
		err = r.bad(key, "HOST")
	}
	return err
}

// isUnseen says that a word with this character looks like another one.
func isUnseen(c rune) bool {
	return unicode.IsSpace(c) || unicode.Is(unicode.Cf, c) || isControl(c)
}

// isControl says that a character could do something to a terminal or a page.
func isControl(c rune) bool {
	return c < ' ' || 0x7f <= c && c < 0xa0 || 0x2028 <= c && c <= 0x202e || 0x2066 <= c && c <= 0x2069
}

func (r *headerReader) serverID(key string, into *string) (err error) {
	*into, err = r.text(key)
	if err == nil && !isUUID(*into) {
		err = r.bad(key, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx")
	}
	return err
}

func isUUID(text string) bool {
	const shape = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"
	if len(text) != len(shape) {
		return false
	}
	for i := range len(text) {
		if (shape[i] == '-') != (text[i] == '-') || shape[i] == 'x' && !strings.ContainsRune("0123456789abcdef", rune(text[i])) {
			return false
		}
	}
	return true
}

// time reads RFC 3339 in UTC in its one form: no fraction of a second that is
// zero or ends in one.
func (r *headerReader) time(key string, into *time.Time) error {
	text, err := r.text(key)
	if err != nil {
		return err
	}
	*into, err = time.Parse(time.RFC3339Nano, text)
	if err != nil || into.IsZero() || text != wireTime(*into) {
		return r.bad(key, "YYYY-MM-DDThh:mm:ssZ")
	}
	return nil
}

// digest reads a digest or the empty text.
func (r *headerReader) digest(key string, into *Digest) error {
	text, err := r.text(key)
	if err != nil {
		return err
	}
	var ok bool
	if *into, ok = ParseDigest(text); !ok {
		return r.bad(key, "sha256:HEX×64")
	}
	return nil
}

func (r *headerReader) someDigest(key string, into *Digest) error {
	err := r.digest(key, into)
	if err == nil && into.IsZero() {
		err = r.bad(key, "sha256:HEX×64")
	}
	return err
}

func (r *headerReader) nonce(key string, into *Nonce) error {
	data, err := r.bytes(key, len(into))
	if err != nil {
		return err
	}
	copy(into[:], data)
	if into.IsZero() {
		return r.bad(key, "BASE64×32")
	}
	return nil
}

func (r *headerReader) key(key string, into *ed25519.PublicKey) error {
	data, err := r.bytes(key, ed25519.PublicKeySize)
	*into = data
	return err
}

// bytes reads strict base64 of exactly size bytes.
func (t *tokens) bytes(key string, size int) ([]byte, error) {
	text, err := t.text(key)
	if err != nil {
		return nil, err
	}
	data, err := decodeBase64(text, size)
	if err != nil {
		return nil, t.place(fault(CodeLooseBase64, "Key", key).because(err))
	}
	return data, nil
}
