package usage_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/oneseat/oneseat/bench/usage"
)

func TestWhatIsWrittenIsRead(t *testing.T) {
	t.Parallel()
	const users = 1000
	name := filepath.Join(t.TempDir(), "usage.json")
	if _, err := usage.Write(name, users); err != nil {
		t.Fatal(err)
	}
	if _, err := usage.Read(name, users); err != nil {
		t.Error(err)
	}
	if _, err := usage.Read(name, users+1); err == nil {
		t.Error("a user was missing and nobody said so")
	}
	if err := os.Truncate(name, 1000); err != nil {
		t.Fatal(err)
	}
	if _, err := usage.Read(name, users); err == nil {
		t.Error("a truncated file was read")
	}
}
