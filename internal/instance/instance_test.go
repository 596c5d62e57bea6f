package instance_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
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
	type holder struct{ i instance.Instance } // fmt calls no methods on what is not exported
	i := instance.New()
	i.Exported(usagefile.Header{Snapshot: usagefile.Snapshot{Sequence: 1, Digest: usagefile.Digest{1}}})
	for _, value := range []any{i, *i, []instance.Instance{*i}, struct{ I instance.Instance }{*i}, holder{*i}} {
		shown := everyWay(t, value)
		for _, secret := range secrets(i.Key().Seed()) {
			if strings.Contains(shown, secret) {
				t.Errorf("%T shows the key as %q:\n%s", value, secret, shown)
			}
		}
		if !strings.Contains(shown, i.ServerID) && reflect.TypeOf(value) != reflect.TypeFor[holder]() {
			t.Errorf("%T does not show the server id:\n%s", value, shown)
		}
	}
}

// everyWay is a value in every way it gets into a log.
func everyWay(t *testing.T, value any) string {
	t.Helper()
	var shown strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
		fmt.Fprintf(&shown, verb+"\n", value)
	}
	encoded, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	shown.Write(encoded)
	slog.New(slog.NewTextHandler(&shown, nil)).Info("value", "value", value)
	slog.New(slog.NewJSONHandler(&shown, nil)).Info("value", "value", value)
	return shown.String()
}

// secrets are the ways a key is printed, each by its beginning.
func secrets(seed []byte) []string {
	return []string{
		strings.Trim(fmt.Sprintf("%d", seed[:4]), "[]"), fmt.Sprintf("%x", seed[:4]), fmt.Sprintf("%X", seed[:4]),
		strings.TrimSuffix(strings.TrimPrefix(fmt.Sprintf("%#v", seed[:3]), "[]byte{"), "}"),
		base64.StdEncoding.EncodeToString(seed[:12]),
	}
}

func TestTwoAtOnceAreRefused(t *testing.T) {
	t.Parallel()
	name := t.TempDir()
	first := mustMake(t, name)
	mustSave(t, first, instance.New())
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
	strange := t.TempDir()
	if _, err := instance.Open(strange); errs.KindOf(err) != errs.NotFound {
		t.Errorf("a directory of something else: %v", err)
	}
	if left, err := os.ReadDir(strange); err != nil || len(left) > 0 {
		t.Errorf("something was put into a directory of something else: %v %v", left, err)
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
		"another format":      {"oneseat-instance/1", "oneseat-instance/0"},
		"something after it":  {"}\n}\n", "}\n}\n{"},
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

// mustRewrite changes the file of an instance as another version would have
// written it.
func mustRewrite(t *testing.T, name, old, replacement string) {
	t.Helper()
	path := filepath.Join(name, "instance.json")
	text, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(text), old) {
		t.Fatalf("nothing to replace in %q: %v", text, err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(text), old, replacement, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestAKeyOfALaterVersionIsPassedOver: going back after an update stops no
// exports.
func TestAKeyOfALaterVersionIsPassedOver(t *testing.T) {
	t.Parallel()
	name := t.TempDir()
	i := instance.New()
	mustSave(t, mustMake(t, name), i)
	mustRewrite(t, name, `"announced"`, `"comment": {"a": [1]}, "announced"`)
	if got, err := instance.Read(name); err != nil || got.ServerID != i.ServerID {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestALaterFormatIsNotCalledDamaged(t *testing.T) {
	t.Parallel()
	name := t.TempDir()
	mustSave(t, mustMake(t, name), instance.New())
	mustRewrite(t, name, "oneseat-instance/1", "oneseat-instance/12")
	_, err := instance.Read(name)
	said, ok := errors.AsType[interface {
		error
		Message() (string, map[string]any)
	}](err)
	if !ok {
		t.Fatalf("got %v", err)
	}
	if key, args := said.Message(); key != "instance.newer" || args["Version"] != 12 || errs.KindOf(err) != errs.Invalid {
		t.Errorf("got %s, %v", key, args)
	}
}

// TestOnlyTheOwnerLooksIntoWhatWasEmpty: a directory that was made beforehand
// is closed, and one with something in it is somebody's.
func TestOnlyTheOwnerLooksIntoWhatWasEmpty(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		holds string
		want  fs.FileMode
	}{{"", 0o700}, {"notes.txt", 0o755}} {
		name := t.TempDir()
		if err := os.Chmod(name, 0o755); err != nil {
			t.Fatal(err)
		}
		if test.holds != "" {
			if err := os.WriteFile(filepath.Join(name, test.holds), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		mustMake(t, name)
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != test.want {
			t.Errorf("with %q: got %v, %v, want %v", test.holds, info.Mode(), err, test.want)
		}
	}
}
