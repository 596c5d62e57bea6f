package usagefile

import (
	"crypto/sha256"
	"fmt"
	"io"
	"strings"
	"time"

	"filippo.io/age"
)

// Identity is an enterprise's unsealing key. It masks itself: every verb of
// fmt and every encoder shows its recipient. Only [Identity.WriteKeyFile]
// gives the secret.
type Identity struct{ key *age.X25519Identity }

// NewIdentity makes an unsealing key.
func NewIdentity() (*Identity, error) {
	key, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, fmt.Errorf("make unsealing key: %w", err)
	}
	return &Identity{key}, nil
}

const (
	keyFileBytes = 64 << 10
	keyFileKeys  = 100
)

// ReadKeyFile reads the unsealing keys of a key file: an age identity file with
// one AGE-SECRET-KEY-1… a line, comments after "#". A file that holds no key,
// anything else, or more than 64 KiB, is [CodeBadKeyFile]; no error shows what
// stands there.
func ReadKeyFile(r io.Reader) ([]*Identity, error) {
	text, err := io.ReadAll(io.LimitReader(r, keyFileBytes+1))
	if err != nil {
		return nil, fault(CodeUnreadable).because(err)
	}
	var keys []*Identity
	number := 0
	for line := range strings.Lines(string(text)) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		key, err := age.ParseX25519Identity(line)
		if err != nil || len(keys) == keyFileKeys {
			return nil, fault(CodeBadKeyFile, "Line", number)
		}
		keys = append(keys, &Identity{key})
	}
	if len(keys) == 0 || len(text) > keyFileBytes {
		return nil, fault(CodeBadKeyFile, "Line", number)
	}
	return keys, nil
}

// WriteKeyFile writes the key file of one key. Whoever has it can open every
// file sealed to the enterprise: the caller gives it mode 0600.
func (i *Identity) WriteKeyFile(w io.Writer, made time.Time) error {
	_, err := fmt.Fprintf(w, "# OneSeat unsealing key: keep it secret, and keep a copy.\n# made:        %s\n# recipient:   %s\n# fingerprint: %s\n%s\n",
		made.UTC().Format(time.RFC3339), i.Recipient(), i.Recipient().Fingerprint(), i.key.String())
	return err
}

// Recipient is the public half, which files are sealed to.
func (i Identity) Recipient() Recipient { return Recipient{i.key.Recipient().String()} }

// String is the recipient, never the secret.
func (i Identity) String() string { return "unsealing key of " + i.Recipient().String() }

// GoString masks for %#v.
func (i Identity) GoString() string { return i.String() }

// Format masks for every verb.
func (i Identity) Format(f fmt.State, _ rune) { fmt.Fprint(f, i.String()) }

// MarshalText masks for JSON and for slog's handlers.
func (i Identity) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

// Recipient is what files are sealed to: the public half of an unsealing key.
// The zero value is none. Recipients compare with ==.
type Recipient struct{ text string }

// ParseRecipient reads "age1…". Only X25519 recipients are recipients of this
// format; anything else is [CodeBadRecipient]. The error does not show the
// text: the likeliest mistake is to paste the secret half.
func ParseRecipient(text string) (Recipient, error) {
	key, err := age.ParseX25519Recipient(text)
	if err != nil || key.String() != text {
		return Recipient{}, fault(CodeBadRecipient)
	}
	return Recipient{text}, nil
}

// String is the text, "age1…".
func (r Recipient) String() string { return r.text }

// Fingerprint is the SHA-256 of the text: what names the enterprise.
func (r Recipient) Fingerprint() Fingerprint {
	if r.text == "" {
		return Fingerprint{}
	}
	return sha256.Sum256([]byte(r.text))
}
