package agent

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/oneseat/oneseat/internal/atomicfile"
	"github.com/oneseat/oneseat/internal/errs"
)

// Files of the keys that assertions are signed with: the one in use, and one that
// is being announced.
const (
	connectKeyName = "connect.pem"
	nextKeyName    = "connect-next.pem"
)

// pemType is how the files begin.
const pemType = "PRIVATE KEY"

// makeKey makes a key and keeps it in a file that is its owner's alone, in place
// of one that is there. It is on the disk before anybody hears of it.
func (s *Service) makeKey(name string) (ed25519.PrivateKey, error) {
	seed := make([]byte, ed25519.SeedSize)
	rand.Read(seed) // never fails since Go 1.24: the program ends instead
	key := ed25519.NewKeyFromSeed(seed)
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	err = atomicfile.Replace(filepath.Join(s.config.Dir, name), 0o600, func(w io.Writer) error {
		return pem.Encode(w, &pem.Block{Type: pemType, Bytes: der})
	})
	if err != nil {
		return nil, s.unusable(err)
	}
	return key, nil
}

// maxKeyFile is far more than the file of a key holds.
const maxKeyFile = 4 << 10

// readKey gives the key of a file. NotFound: there is none; Invalid: that is no
// key.
func (s *Service) readKey(name string) (ed25519.PrivateKey, error) {
	file, err := os.Open(filepath.Join(s.config.Dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errs.New(errs.NotFound, "agentconnect.no_key", "File", name)
	}
	if err != nil {
		return nil, s.unusable(err)
	}
	defer file.Close() //nolint:errcheck // only read
	text, err := io.ReadAll(io.LimitReader(file, maxKeyFile))
	if err != nil {
		return nil, s.unusable(err)
	}
	block, _ := pem.Decode(text)
	if block == nil || block.Type != pemType {
		return nil, errs.New(errs.Invalid, "agentconnect.bad_key", "File", name)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	key, ok := parsed.(ed25519.PrivateKey)
	if err != nil || !ok {
		return nil, errs.Wrap(errs.Invalid, err, "agentconnect.bad_key", "File", name)
	}
	return key, nil
}

// removeKeys removes what assertions are signed with.
func (s *Service) removeKeys() error {
	for _, name := range []string{nextKeyName, connectKeyName} {
		if err := os.Remove(filepath.Join(s.config.Dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return s.unusable(err)
		}
	}
	return nil
}

// takeNextKey puts the announced key in the place of the one before.
func (s *Service) takeNextKey() error {
	err := os.Rename(filepath.Join(s.config.Dir, nextKeyName), filepath.Join(s.config.Dir, connectKeyName))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return s.unusable(err)
	}
	return nil
}

// publicOf is the public half of a key.
func publicOf(key ed25519.PrivateKey) ed25519.PublicKey {
	return ed25519.PublicKey(key[ed25519.SeedSize:])
}
