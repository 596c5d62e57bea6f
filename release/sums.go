package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"aead.dev/minisign"
)

// sum writes SHA256SUMS over everything that was made, as sha256sum -c reads
// it, and its signature, as minisign -V reads it.
func (r *release) sum() error {
	names, err := filepath.Glob(filepath.Join(r.output, "*"))
	if err != nil {
		return err
	}
	var sums strings.Builder
	for _, name := range names {
		digest, err := digestOf(name)
		if err != nil {
			return err
		}
		fmt.Fprintf(&sums, "%x  %s\n", digest, filepath.Base(name))
	}
	list := filepath.Join(r.output, "SHA256SUMS")
	if err := os.WriteFile(list, []byte(sums.String()), 0o644); err != nil || r.key == nil { //nolint:gosec // for everybody
		return err
	}
	signature := minisign.SignWithComments(*r.key, []byte(sums.String()), "file:SHA256SUMS", "signature of the checksums of a release of OneSeat")
	return os.WriteFile(list+".minisig", signature, 0o644) //nolint:gosec // for everybody
}

func digestOf(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // read only
	h := sha256.New()
	_, err = io.Copy(h, file)
	return h.Sum(nil), err
}
