package usagefile

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
)

// Fingerprint names a key: the SHA-256 of a raw Ed25519 public key, or of the
// text of an age recipient. The zero value is "none". Fingerprints compare
// with ==.
type Fingerprint [sha256.Size]byte

// KeyFingerprint is the fingerprint of a signing key.
func KeyFingerprint(key ed25519.PublicKey) Fingerprint { return sha256.Sum256(key) }

// ParseFingerprint reads the 64 lower-case hex digits of [Fingerprint.String];
// false when the text is something else.
func ParseFingerprint(text string) (Fingerprint, bool) {
	sum, ok := parseHex(text)
	return sum, ok
}

// IsZero says that there is none.
func (f Fingerprint) IsZero() bool { return f == Fingerprint{} }

// String is 64 lower-case hex digits, or empty for the zero value.
func (f Fingerprint) String() string {
	if f.IsZero() {
		return ""
	}
	return hex.EncodeToString(f[:])
}

// Short is what people compare: the first 16 digits in groups of 4,
// "0a1b 2c3d 4e5f 6071".
func (f Fingerprint) Short() string {
	if f.IsZero() {
		return ""
	}
	digits := hex.EncodeToString(f[:8])
	return strings.Join([]string{digits[0:4], digits[4:8], digits[8:12], digits[12:16]}, " ")
}

// MarshalText is String, for JSON and for slog's handlers.
func (f Fingerprint) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// Digest identifies the people of a snapshot: SHA-256 over nonce and canonical
// users. The zero value is "none". Digests compare with ==.
type Digest [sha256.Size]byte

const digestPrefix = "sha256:"

// ParseDigest reads "sha256:" and 64 lower-case hex digits, or the empty text
// of the zero value; false when the text is something else.
func ParseDigest(text string) (Digest, bool) {
	if text == "" {
		return Digest{}, true
	}
	digits, ok := strings.CutPrefix(text, digestPrefix)
	if !ok {
		return Digest{}, false
	}
	sum, ok := parseHex(digits)
	return sum, ok
}

// IsZero says that there is none.
func (d Digest) IsZero() bool { return d == Digest{} }

// String is "sha256:" and 64 lower-case hex digits, or empty for the zero
// value.
func (d Digest) String() string {
	if d.IsZero() {
		return ""
	}
	return digestPrefix + hex.EncodeToString(d[:])
}

// MarshalText is String, for JSON and for slog's handlers.
func (d Digest) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

func parseHex(text string) (sum [sha256.Size]byte, ok bool) {
	if len(text) != hex.EncodedLen(len(sum)) || text != strings.ToLower(text) {
		return sum, false
	}
	_, err := hex.Decode(sum[:], []byte(text))
	return sum, err == nil
}

// Nonce makes the digest of a snapshot say nothing about its people to whoever
// reads the header. It is made once per snapshot and kept with it: exporting
// the snapshot again needs it again. It masks itself: whoever has it and the
// header can test guesses about who is in the file.
type Nonce [32]byte

// NewNonce makes one.
func NewNonce() Nonce {
	var n Nonce
	rand.Read(n[:]) // never fails: the program ends instead
	return n
}

// IsZero says that there is none.
func (n Nonce) IsZero() bool { return n == Nonce{} }

// String is "…", or empty for the zero value.
func (n Nonce) String() string {
	if n.IsZero() {
		return ""
	}
	return "…"
}

// GoString masks for %#v.
func (n Nonce) GoString() string { return n.String() }

// Format masks for every verb.
func (n Nonce) Format(f fmt.State, _ rune) { fmt.Fprint(f, n.String()) }

// MarshalText masks for JSON and for slog's handlers.
func (n Nonce) MarshalText() ([]byte, error) { return []byte(n.String()), nil }

// encodeBase64 and decodeBase64 are the only base64 of the format: padded, no
// line breaks, unused bits zero. Anything looser would let a changed bit
// through.
func encodeBase64(data []byte) string { return base64.StdEncoding.EncodeToString(data) }

func decodeBase64(text string, size int) ([]byte, error) {
	if strings.ContainsAny(text, "\r\n") {
		return nil, base64.CorruptInputError(strings.IndexAny(text, "\r\n"))
	}
	data, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil {
		return nil, err
	}
	if len(data) != size {
		return nil, base64.CorruptInputError(len(text))
	}
	return data, nil
}
