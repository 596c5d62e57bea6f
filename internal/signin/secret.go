package signin

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"strings"

	"github.com/oneseat/oneseat/internal/errs"
)

// Secrets look like those that scanners of source code know from elsewhere: a
// prefix that says what it is, random characters, and a checksum of all before
// it, by which a mistyped or cut one is told apart without asking anybody.
const (
	tokenPrefix    = "ost_"
	linkPrefix     = "osl_"
	sessionPrefix  = "oss_"
	randomLength   = 30 // 178 bits
	checksumLength = 6
)

// The digits of secrets; also those of the checksum.
const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// Secret is what the bearer of a token shows, the secret part of a one-time
// link, or what a browser that is signed in shows. It masks itself: only [Secret.Text] gives it, to be shown once.
type Secret struct{ text string }

// Text is the secret itself. What receives it shows it to the one who asked
// for it, and keeps it nowhere.
func (s Secret) Text() string { return s.text }

// String is the prefix, which says what kind of secret it is.
func (s Secret) String() string {
	kind, _, _ := strings.Cut(s.text, "_")
	return kind + "_…"
}

// GoString masks for %#v.
func (s Secret) GoString() string { return s.String() }

// Format masks for every verb.
func (s Secret) Format(f fmt.State, _ rune) { fmt.Fprint(f, s.String()) }

// MarshalText masks for JSON and for slog's handlers.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// hash is what the database has of a secret. Secrets are random and long: a
// slow hash would protect nothing that this one does not.
func hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// newSecret makes a secret of a kind.
func newSecret(prefix string) Secret {
	text := prefix + randomDigits(randomLength)
	return Secret{text + checksum(text)}
}

// randomDigits gives n digits, each as likely as any other.
func randomDigits(n int) string {
	const fair = 256 / len(base62) * len(base62) // what is above would favour the first digits
	digits := make([]byte, 0, n)
	for octets := make([]byte, n); len(digits) < n; {
		_, _ = rand.Read(octets) // never fails
		for _, b := range octets {
			if int(b) < fair && len(digits) < n {
				digits = append(digits, base62[int(b)%len(base62)])
			}
		}
	}
	return string(digits)
}

// checksum is the CRC-32 of a text as six digits, the first the highest.
func checksum(text string) string {
	var digits [checksumLength]byte
	sum := crc32.ChecksumIEEE([]byte(text))
	for i := range digits {
		digits[len(digits)-1-i] = base62[sum%uint32(len(base62))]
		sum /= uint32(len(base62))
	}
	return string(digits[:])
}

// CheckToken says what is wrong with the text of a token without asking
// anybody: nil does not mean that it is one. The error is Unauthenticated and
// shows nothing of the text.
func CheckToken(text string) error { return check(text, tokenPrefix, "signin.token_mistyped") }

func check(text, prefix, key string) error {
	body := len(prefix) + randomLength
	if len(text) != body+checksumLength || !strings.HasPrefix(text, prefix) || checksum(text[:body]) != text[body:] {
		return errs.New(errs.Unauthenticated, key)
	}
	return nil
}
