// Package totp makes and checks the six digits of an authenticator app: time-
// based one-time passwords of RFC 6238, as every such app makes them by
// default, with SHA-1, six digits and steps of thirty seconds.
//
// It deliberately remembers nothing: that a code is used once is the caller's
// affair, who keeps the step that [Secret.Check] gives and refuses any that is
// not later. Start with [New] and [Secret.Check].
package totp

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // the hash RFC 4226 prescribes; as an HMAC it is sound
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Digits is how many a code has.
const Digits = 6

// A step is how long a code is the one; drift is how many steps a clock may go
// wrong either way. A secret has as many bytes as SHA-1.
const (
	step   = 30 * time.Second
	drift  = 1
	length = 20
)

// Secret is what an app and this program share. It masks itself; [Secret.Text]
// gives it.
type Secret struct{ bytes []byte }

// New makes a secret.
func New() Secret {
	s := Secret{make([]byte, length)}
	_, _ = rand.Read(s.bytes) // never fails
	return s
}

// Parse reads what [Secret.Text] wrote; spaces and small letters are fine. The
// error shows nothing of the text.
func Parse(text string) (Secret, error) {
	text = strings.ToUpper(strings.ReplaceAll(text, " ", ""))
	octets, err := base32.StdEncoding.DecodeString(text)
	if err != nil || len(octets) != length {
		return Secret{}, errors.New("totp: no secret of an authenticator app")
	}
	return Secret{octets}, nil
}

// Text is the secret in base 32, as apps take it: 32 letters and digits.
func (s Secret) Text() string { return base32.StdEncoding.EncodeToString(s.bytes) }

// Format masks for every verb.
func (Secret) Format(f fmt.State, _ rune) { fmt.Fprint(f, "totp…") }

// MarshalText masks for JSON and for slog's handlers.
func (Secret) MarshalText() ([]byte, error) { return []byte("totp…"), nil }

// URI is the secret as apps read it from a QR code; issuer and account are
// what the app shows beside the code.
func (s Secret) URI(issuer, account string) string {
	query := "secret=" + s.Text() + "&issuer=" + url.PathEscape(issuer) // apps show a "+" as it is
	return "otpauth://totp/" + url.PathEscape(issuer+":"+account) + "?" + query
}

// Code is the code at a time.
func (s Secret) Code(at time.Time) string { return s.code(stepAt(at)) }

// Check says whether a code is that of now, or of the step before or after,
// and of which step it is: a number that grows with time. Spaces do not matter.
func (s Secret) Check(code string, now time.Time) (int64, bool) {
	code = strings.ReplaceAll(code, " ", "")
	if len(s.bytes) == 0 {
		return 0, false
	}
	for n := stepAt(now) - drift; n <= stepAt(now)+drift; n++ {
		if subtle.ConstantTimeCompare([]byte(s.code(n)), []byte(code)) == 1 {
			return n, true
		}
	}
	return 0, false
}

func stepAt(t time.Time) int64 { return t.Unix() / int64(step/time.Second) }

// code is the HOTP of RFC 4226, section 5.3.
func (s Secret) code(n int64) string {
	sum := hmac.New(sha1.New, s.bytes)
	sum.Write(binary.BigEndian.AppendUint64(nil, uint64(n))) //nolint:gosec // times after 1970
	digest := sum.Sum(nil)
	offset := digest[len(digest)-1] & 0xf
	number := binary.BigEndian.Uint32(digest[offset:]) & 0x7fffffff
	return fmt.Sprintf("%0*d", Digits, number%1_000_000)
}
