package main

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/oneseat/oneseat/internal/errs"
)

// TestAnAddressThatIsTaken names it, and the option that chooses another.
func TestAnAddressThatIsTaken(t *testing.T) {
	t.Parallel()
	taken, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close() //nolint:errcheck // the test is over
	address := taken.Addr().String()
	_, second := (&net.ListenConfig{}).Listen(t.Context(), "tcp", address)
	if got := cannotListen(address, second); errs.KindOf(got) != errs.Conflict || !strings.Contains(got.Error(), address) {
		t.Errorf("taken: got %v", got)
	}
	_, elsewhere := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "192.0.2.1:0")
	if got := cannotListen("192.0.2.1:0", elsewhere); errs.KindOf(got) != errs.Unavailable {
		t.Errorf("no address of this machine: got %v", got)
	}
	_, missing := os.Open(filepath.Join(t.TempDir(), "none"))
	if got := cannotListen(address, missing); got != missing { //nolint:errorlint // the very same
		t.Errorf("something else: got %v", got)
	}
}
