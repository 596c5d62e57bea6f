// Package instance keeps what a server instance is known by: its server id,
// the key it signs usage files with, and the last snapshot it exported.
//
// All of it is one file, instance.json, in a state directory that only its
// owner can read; it is replaced as a whole, so that a key and what vouches
// for it never come apart. Whoever changes it holds the directory's lock.
//
// The package deliberately knows no users and writes no usage files: a command
// or a role does, and saves what came of it. Start with [Make] and [Open] for
// a directory that is locked, with [Read] to look.
//
// Invariants:
//
//   - The sequence only grows, and no clock decides about it.
//   - The signing key is never printed: every verb of fmt and every encoder
//     shows the server id, and where fmt asks nobody (a field that is not
//     exported) there is no key to see.
//   - A rotated key vouches for the next one only after a file with it was
//     exported: a chain with a missing link would look like an attack.
package instance

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"fmt"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/usagefile"
)

// Instance is a server instance as its state directory knows it. It is not
// safe for concurrent use.
type Instance struct {
	// ServerID is a UUID in lower case, made once.
	ServerID string
	// Rotation is the previous key's word for the key; nil when the key was
	// never changed.
	Rotation *usagefile.Rotation
	// Announced: a usage file signed with the key was exported.
	Announced bool
	// Last is the last snapshot that was taken or exported, with its nonce. Its
	// Sequence is 0 when there was none.
	Last usagefile.Snapshot
	// HostName is the one in the last usage file; empty when there was none,
	// or when it was exported by a version that did not keep it.
	HostName string

	key func() ed25519.PrivateKey // a function, into which fmt cannot look
}

// New makes an instance with a server id and a key of its own.
func New() *Instance { return &Instance{ServerID: newUUID(), key: newKey()} }

// Key signs the instance's usage files.
func (i *Instance) Key() ed25519.PrivateKey { return i.key() }

// PublicKey is the public half of the key.
func (i *Instance) PublicKey() ed25519.PublicKey {
	return ed25519.PublicKey(i.key()[ed25519.SeedSize:])
}

// Fingerprint names the key.
func (i *Instance) Fingerprint() usagefile.Fingerprint {
	return usagefile.KeyFingerprint(i.PublicKey())
}

// Rotate replaces the key by a new one, which the old one vouches for in every
// file from now on. A key that no file was exported with cannot be rotated
// again (Conflict): its successor would be vouched for by a key nobody knows.
func (i *Instance) Rotate() error {
	if i.Rotation != nil && !i.Announced {
		return errs.New(errs.Conflict, "instance.rotated_twice", "Fingerprint", i.Fingerprint().Short())
	}
	next := newKey()
	public := ed25519.PublicKey(next()[ed25519.SeedSize:])
	i.Rotation = usagefile.MakeRotation(i.ServerID, i.key(), public)
	i.key, i.Announced = next, false
	return nil
}

// Exported notes that a usage file with this header was written.
func (i *Instance) Exported(h usagefile.Header) {
	i.Last, i.HostName, i.Announced = h.Snapshot, h.Instance.HostName, true
}

// Taken notes a snapshot whose users are kept here, and that was not exported
// yet: its sequence is given.
func (i *Instance) Taken(h usagefile.Header) { i.Last, i.HostName = h.Snapshot, h.Instance.HostName }

// Next is the snapshot that follows the last one, without its users.
func (i *Instance) Next() usagefile.Snapshot {
	return usagefile.Snapshot{Sequence: i.Last.Sequence + 1, Previous: i.Last.Digest}
}

// String is the server id and nothing else.
func (i Instance) String() string { return "instance " + i.ServerID }

// GoString masks for %#v.
func (i Instance) GoString() string { return i.String() }

// Format masks for every verb.
func (i Instance) Format(f fmt.State, _ rune) { fmt.Fprint(f, i.String()) }

// MarshalText masks for JSON and for slog's handlers.
func (i Instance) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

func newKey() func() ed25519.PrivateKey {
	seed := make([]byte, ed25519.SeedSize)
	rand.Read(seed) // never fails since Go 1.24: the program ends instead
	return keyOf(seed)
}

func keyOf(seed []byte) func() ed25519.PrivateKey {
	key := ed25519.NewKeyFromSeed(seed)
	return func() ed25519.PrivateKey { return key }
}

// newUUID is a random UUID, version 4.
func newUUID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}
