package hub

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/oneseat/oneseat/internal/atomicfile"
	"github.com/oneseat/oneseat/internal/errs"
)

// SigningKeyFile is the name of the file with the key that signs an
// enterprise's enrolment files, beside its unsealing key: an Ed25519 key as
// PKCS #8 in PEM, which OpenSSL reads too.
func SigningKeyFile(slug string) string { return slug + ".signing.pem" }

const (
	pemPrivateKey  = "PRIVATE KEY"
	signingKeySize = 4 << 10 // bytes; far more than a file has
)

// Signing gives the key that signs an enterprise's enrolment files, and makes it
// unless it is there: agents know an enterprise by it. Conflict when the
// directory is none.
func (d KeyDir) Signing(slug string) (ed25519.PrivateKey, error) {
	if d == "" {
		return nil, errs.New(errs.Conflict, "hub.no_signing_key")
	}
	name := filepath.Join(string(d), SigningKeyFile(slug))
	_, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		err = d.makeSigning(name)
	}
	if err != nil {
		return nil, d.unusable(err)
	}
	key, err := readSigning(name)
	if err != nil {
		return nil, d.unusable(err)
	}
	return key, nil
}

// makeSigning makes a key where none may be; whoever came first made it.
func (d KeyDir) makeSigning(name string) error {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return fmt.Errorf("make signing key: %w", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return fmt.Errorf("encode signing key: %w", err)
	}
	if err = os.MkdirAll(string(d), 0o700); err != nil {
		return err
	}
	err = atomicfile.Create(name, 0o600, func(w io.Writer) error {
		return pem.Encode(w, &pem.Block{Type: pemPrivateKey, Bytes: der})
	})
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}

func readSigning(name string) (ed25519.PrivateKey, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // only read
	text, err := io.ReadAll(io.LimitReader(file, signingKeySize))
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil || block.Type != pemPrivateKey {
		return nil, fmt.Errorf("%s holds no private key", filepath.Base(name))
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Base(name), err)
	}
	key, ok := parsed.(ed25519.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("%s holds no Ed25519 key", filepath.Base(name))
	}
	return key, nil
}
