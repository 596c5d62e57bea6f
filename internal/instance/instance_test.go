package instance_test

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/instance"
	"github.com/oneseat/oneseat/usagefile"
)

func mustMake(t *testing.T, name string) *instance.Dir {
	t.Helper()
	dir, err := instance.Make(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { dir.Close() }) //nolint:errcheck // closed by some tests already
	return dir
}

func mustSave(t *testing.T, dir *instance.Dir, i *instance.Instance) {
	t.Helper()
	if err := dir.Save(i); err != nil {
		t.Fatal(err)
	}
}

func mustRotate(t *testing.T, i *instance.Instance) {
	t.Helper()
	if err := i.Rotate(); err != nil {
		t.Fatal(err)
	}
}

func TestWhatIsSavedIsLoaded(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "deep", "state")
	dir := mustMake(t, name)
	i := instance.New()
	i.Exported(usagefile.Header{Instance: usagefile.Instance{HostName: "ghes-1.acme.example"}, Snapshot: usagefile.Snapshot{
		Sequence: 3, TakenAt: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC),
		Digest: usagefile.Digest{1}, Nonce: usagefile.NewNonce(), Previous: usagefile.Digest{2}, UserCount: 12, Note: "CHG-1",
	}})
	mustRotate(t, i)
	mustSave(t, dir, i)
	got, err := instance.Read(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(i.Last, got.Last); diff != "" {
		t.Error(diff)
	}
	if got.HostName != "ghes-1.acme.example" {
		t.Errorf("the host name is %q", got.HostName)
	}
	if got.ServerID != i.ServerID || !got.PublicKey().Equal(i.PublicKey()) || got.Announced {
		t.Errorf("got %v %v %v", got.ServerID, got.Fingerprint(), got.Announced)
	}
	if !got.Rotation.Vouches(got.ServerID, got.PublicKey()) {
		t.Error("the previous key does not vouch for the next")
	}
	for _, path := range []string{name, filepath.Join(name, "instance.json")} {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: others can read it: %v, %v", path, info.Mode(), err)
		}
	}
}

func TestServerIDIsARandomUUID(t *testing.T) {
	t.Parallel()
	a, b := instance.New(), instance.New()
	shape := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	if a.ServerID == b.ServerID || !shape.MatchString(a.ServerID) {
		t.Errorf("got %s and %s", a.ServerID, b.ServerID)
	}
}

func TestSequenceAndPreviousFollow(t *testing.T) {
	t.Parallel()
	i := instance.New()
	if next := i.Next(); next.Sequence != 1 || !next.Previous.IsZero() {
		t.Errorf("first snapshot %+v", next)
	}
	i.Exported(usagefile.Header{Snapshot: usagefile.Snapshot{Sequence: 7, Digest: usagefile.Digest{9}}})
	if next := i.Next(); next.Sequence != 8 || next.Previous != (usagefile.Digest{9}) {
		t.Errorf("next snapshot %+v", next)
	}
}

func TestAKeyNobodySawIsNotRotatedAgain(t *testing.T) {
	t.Parallel()
	i := instance.New()
	mustRotate(t, i)
	key := i.PublicKey()
	if err := i.Rotate(); errs.KindOf(err) != errs.Conflict || !i.PublicKey().Equal(key) {
		t.Fatalf("got %v", err)
	}
	i.Exported(usagefile.Header{Snapshot: usagefile.Snapshot{Sequence: 1, Digest: usagefile.Digest{1}}})
	mustRotate(t, i)
}

func TestTheKeyIsNeverPrinted(t *testing.T) {
	t.Parallel()
	i := instance.New()
	seed := i.Key().Seed()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		got := fmt.Sprintf(verb, i)
		if strings.Contains(got, fmt.Sprintf("%d", seed[0])+" ") || strings.Contains(got, fmt.Sprintf("%x", seed[:4])) ||
			strings.Contains(got, base64.StdEncoding.EncodeToString(seed)) || !strings.Contains(got, i.ServerID) {
			t.Errorf("%s prints %q", verb, got)
		}
	}
}

func TestTwoAtOnceAreRefused(t *testing.T) {
	t.Parallel()
	name := t.TempDir()
	first := mustMake(t, name)
	if _, err := instance.Open(name); errs.KindOf(err) != errs.Conflict {
		t.Fatalf("got %v, want a conflict", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second, err := instance.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	second.Close() //nolint:errcheck // the test is over
}

func TestNothingThere(t *testing.T) {
	t.Parallel()
	empty := t.TempDir()
	if _, err := instance.Read(empty); errs.KindOf(err) != errs.NotFound {
		t.Errorf("empty directory: %v", err)
	}
	if _, err := mustMake(t, empty).Load(); errs.KindOf(err) != errs.NotFound {
		t.Errorf("empty, locked directory: %v", err)
	}
	if _, err := instance.Open(filepath.Join(empty, "no")); errs.KindOf(err) != errs.NotFound {
		t.Errorf("no directory: %v", err)
	}
	file := filepath.Join(empty, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := instance.Make(file); errs.KindOf(err) != errs.Unavailable {
		t.Errorf("a file: %v", err)
	}
}

func TestDamageIsRefused(t *testing.T) {
	t.Parallel()
	name := t.TempDir()
	dir := mustMake(t, name)
	i := instance.New()
	i.Exported(usagefile.Header{Snapshot: usagefile.Snapshot{Sequence: 1, Digest: usagefile.Digest{1}, Nonce: usagefile.NewNonce()}})
	mustRotate(t, i)
	mustSave(t, dir, i)
	path := filepath.Join(name, "instance.json")
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string][2]string{
		"cut off":             {"}\n}", ""},
		"another format":      {"oneseat-instance/1", "oneseat-instance/2"},
		"an unknown key":      {`"announced"`, `"announcedx"`},
		"a short key":         {`"signing_key": "`, `"signing_key": "AAAA`},
		"another server id":   {`"server_id": "`, `"server_id": "x`},
		"no server id":        {i.ServerID, ""},
		"a damaged digest":    {"sha256:01", "sha256:0"},
		"a sequence below 1":  {`"sequence": 1`, `"sequence": 0`},
		"a damaged signature": {`"signature": "`, `"signature": "AAAA`},
	}
	for what, change := range tests {
		bad := strings.Replace(string(good), change[0], change[1], 1)
		if bad == string(good) {
			t.Fatalf("%s: nothing changed", what)
		}
		if err := os.WriteFile(path, []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := dir.Load(); errs.KindOf(err) != errs.Invalid {
			t.Errorf("%s: got %v, want a refusal", what, err)
		}
	}
}
