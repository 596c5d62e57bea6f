package password

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"github.com/oneseat/oneseat/internal/errs"
)

// What a hash costs: 19 MiB and two passes, the least that OWASP's Password
// Storage Cheat Sheet asks of argon2id.
const (
	memory  = 19 << 10 // KiB
	passes  = 2
	threads = 1

	saltLength = 16
	hashLength = 32
)

// At most atOnce hashes are computed at a time, and as many as fit wait for
// their turn: that bounds memory, and how long the last one waits.
const (
	atOnce  = 2
	waiting = 64
)

// Hasher hashes passwords, a few at a time. It is safe for concurrent use.
type Hasher struct {
	places chan struct{} // a place to be computed or to wait
	turns  chan struct{} // a turn to be computed
}

// NewHasher makes a hasher. One is enough for a process.
func NewHasher() *Hasher {
	return &Hasher{places: make(chan struct{}, atOnce+waiting), turns: make(chan struct{}, atOnce)}
}

// Hash gives what is to be kept of a password, in the format of the PHC:
// $argon2id$v=19$m=…,t=…,p=…$salt$hash. The error is Unavailable when too many
// wait, or that of the context.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltLength)
	_, _ = rand.Read(salt) // never fails
	sum, err := h.sum(ctx, password, salt)
	if err != nil {
		return "", err
	}
	return encode(salt, sum), nil
}

// Verify says whether kept is the hash of a password. An empty kept is nobody's
// and takes as long as any other, so that a stranger cannot tell by the time
// who has a password. Errors are those of [Hasher.Hash], and one without a kind
// when kept is no hash of this package.
func (h *Hasher) Verify(ctx context.Context, password, kept string) (bool, error) {
	has := kept != ""
	if !has {
		kept = encode(make([]byte, saltLength), make([]byte, hashLength))
	}
	salt, want, err := decode(kept)
	if err != nil {
		return false, err
	}
	got, err := h.sum(ctx, password, salt)
	return err == nil && has && subtle.ConstantTimeCompare(got, want) == 1, err
}

// sum computes a hash when it is its turn.
func (h *Hasher) sum(ctx context.Context, password string, salt []byte) ([]byte, error) {
	select {
	case h.places <- struct{}{}:
		defer func() { <-h.places }()
	default:
		return nil, errs.New(errs.Unavailable, "signin.busy")
	}
	select {
	case h.turns <- struct{}{}:
		defer func() { <-h.turns }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return argon2.IDKey([]byte(canonical(password)), salt, passes, memory, threads, hashLength), nil
}

// canonical is a password as it is hashed: keyboards compose the same
// characters differently.
func canonical(password string) string { return norm.NFKC.String(password) }

// prefix says how a hash was made. A program that hashes otherwise keeps this
// one beside its own, for the passwords that stand there already.
const prefix = "$argon2id$v=19$m=19456,t=2,p=1$"

func encode(salt, sum []byte) string {
	b64 := base64.RawStdEncoding.Strict()
	return prefix + b64.EncodeToString(salt) + "$" + b64.EncodeToString(sum)
}

func decode(kept string) (salt, sum []byte, err error) {
	rest, ours := strings.CutPrefix(kept, prefix)
	first, second, parted := strings.Cut(rest, "$")
	b64 := base64.RawStdEncoding.Strict()
	salt, err1 := b64.DecodeString(first)
	sum, err2 := b64.DecodeString(second)
	if !ours || !parted || err1 != nil || err2 != nil || len(salt) != saltLength || len(sum) != hashLength {
		return nil, nil, errors.New("password: what is kept is no hash of a password")
	}
	return salt, sum, nil
}
