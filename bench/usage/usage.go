// Package usage writes and reads a large sealed usage file for the benchmarks.
// It measures package usagefile and nothing beside it: users are invented as
// they are asked for, and dropped as they are read. Start at [Write].
package usage

import (
	"crypto/ed25519"
	"fmt"
	"io"
	"os"

	"github.com/oneseat/oneseat/bench/gen"
	"github.com/oneseat/oneseat/bench/measure"
	"github.com/oneseat/oneseat/usagefile"
)

// KeyFile is the name of the file, beside a usage file, with the key that
// opens it.
func KeyFile(name string) string { return name + ".key" }

// Write exports that many users to a new file, sealed to a new key.
func Write(name string, users int) (measure.Cost, error) {
	identity, err := usagefile.NewIdentity()
	if err != nil {
		return measure.Cost{}, err
	}
	err = gen.File(KeyFile(name), func(w io.Writer) error { return identity.WriteKeyFile(w, gen.At()) })
	if err != nil {
		return measure.Cost{}, err
	}
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		return measure.Cost{}, err
	}
	return measure.Of(func() error {
		return gen.File(name, func(w io.Writer) error {
			_, err := usagefile.Encode(w, key, export(identity.Recipient()), gen.Users(users))
			return err
		})
	})
}

func export(to usagefile.Recipient) usagefile.Export {
	return usagefile.Export{
		Instance: usagefile.Instance{
			ServerID: "00000000-0000-4000-8000-000000000001", HostName: gen.Host(0), Version: "3.20.0",
		},
		Snapshot:   usagefile.Snapshot{Sequence: 1, TakenAt: gen.At()},
		Recipients: []usagefile.Recipient{to},
	}
}

// Read reads a file of [Write] as the hub does: verified to the last byte
// first, then user by user. It refuses another number of users.
func Read(name string, users int) (measure.Cost, error) {
	identities, err := identitiesOf(name)
	if err != nil {
		return measure.Cost{}, err
	}
	f, err := os.Open(name)
	if err != nil {
		return measure.Cost{}, err
	}
	defer f.Close() //nolint:errcheck // only read
	return measure.Of(func() error { return read(f, identities, users) })
}

func identitiesOf(name string) ([]*usagefile.Identity, error) {
	key, err := os.Open(KeyFile(name))
	if err != nil {
		return nil, err
	}
	defer key.Close() //nolint:errcheck // only read
	return usagefile.ReadKeyFile(key)
}

func read(f io.ReadSeeker, identities []*usagefile.Identity, users int) error {
	file, err := usagefile.OpenVerified(f, usagefile.Options{Identities: identities})
	if err != nil {
		return err
	}
	n := 0
	for _, err := range file.Users() {
		if err != nil {
			return err
		}
		n++
	}
	if n != users {
		return fmt.Errorf("the usage file has %d users, want %d", n, users)
	}
	return nil
}
