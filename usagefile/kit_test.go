package usagefile_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/usagefile"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// The keys in testdata/keys are test keys: everybody has them, nothing real
// may be sealed to them or signed with them.

func mustIdentities(tb testing.TB, name string) []*usagefile.Identity {
	tb.Helper()
	file, err := os.Open(filepath.Join("testdata", "keys", name))
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	keys, err := usagefile.ReadKeyFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	return keys
}

func enterprise(tb testing.TB) []*usagefile.Identity {
	tb.Helper()
	return mustIdentities(tb, "enterprise-TEST-KEY.txt")
}

func otherEnterprise(tb testing.TB) []*usagefile.Identity {
	tb.Helper()
	return mustIdentities(tb, "other-enterprise-TEST-KEY.txt")
}

func mustSigningKey(tb testing.TB, name string) ed25519.PrivateKey {
	tb.Helper()
	text := string(mustRead(tb, filepath.Join("testdata", "keys", name)))
	lines := strings.Split(strings.TrimSpace(text), "\n")
	seed, err := hex.DecodeString(lines[len(lines)-1])
	if err != nil || len(seed) != ed25519.SeedSize {
		tb.Fatalf("%s: no seed: %v", name, err)
	}
	return ed25519.NewKeyFromSeed(seed)
}

func instanceKey(tb testing.TB) ed25519.PrivateKey {
	tb.Helper()
	return mustSigningKey(tb, "instance-TEST-KEY.txt")
}

func nextKey(tb testing.TB) ed25519.PrivateKey {
	tb.Helper()
	return mustSigningKey(tb, "instance-next-TEST-KEY.txt")
}

func public(key ed25519.PrivateKey) ed25519.PublicKey {
	return ed25519.PublicKey(key[ed25519.SeedSize:])
}

const serverID = "5f0c6a5e-2b1d-4c57-9a43-0d7f5a1e8c21"

// seven is the digest of the last accepted snapshot in these tests.
func seven() usagefile.Digest { return sha256.Sum256([]byte("snapshot 7")) }

func known(tb testing.TB) *usagefile.Known {
	tb.Helper()
	return &usagefile.Known{PublicKey: public(instanceKey(tb)), Sequence: 7, Digest: seven()}
}

// export is snapshot 8 of an invented instance, sealed to an invented
// enterprise.
func export(tb testing.TB) usagefile.Export {
	tb.Helper()
	return usagefile.Export{
		Instance: usagefile.Instance{
			ServerID: serverID, HostName: "git.acme.example", Version: "3.17.2",
			License: sha256.Sum256([]byte("license file")),
			Features: []usagefile.Feature{
				{Name: usagefile.LicenseUsageSync, EnabledAt: time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)},
			},
		},
		Snapshot: usagefile.Snapshot{
			Sequence: 8, TakenAt: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC),
			SourceAt: time.Date(2026, 11, 20, 8, 55, 0, 0, time.UTC),
			Nonce:    sha256.Sum256([]byte("nonce of snapshot 8")), Previous: seven(), Note: "CHG-1042",
		},
		Recipients: []usagefile.Recipient{enterprise(tb)[0].Recipient()},
	}
}

func inClear(tb testing.TB) usagefile.Export {
	tb.Helper()
	x := export(tb)
	x.Cleartext = true
	return x
}

// reader is who the files of these tests are meant for.
func reader(tb testing.TB) usagefile.Options {
	tb.Helper()
	keys := enterprise(tb)
	return usagefile.Options{Identities: keys, Audiences: []usagefile.Fingerprint{keys[0].Recipient().Fingerprint()}}
}

// user makes an account; a "*" before an address marks it primary.
func user(id string, addresses ...string) licensing.ServerAccount {
	a := licensing.ServerAccount{UserID: id}
	for _, text := range addresses {
		text, primary := strings.CutPrefix(text, "*")
		a.Emails = append(a.Emails, licensing.ServerEmail{Email: licensing.NewEmail(text), Primary: primary})
	}
	return a
}

func people() []licensing.ServerAccount {
	mona := user("1001", "*mona@acme.example", "m.l@acme.example")
	hubot := user("1002", "*hubot@acme.example")
	hubot.AdvancedSecurity = true
	return []licensing.ServerAccount{mona, hubot, user("17", "*jörg \"j\" <o'neil>@bücher.example")}
}

func source(users ...licensing.ServerAccount) usagefile.Users {
	return func(yield func(licensing.ServerAccount, error) bool) {
		for _, a := range users {
			if !yield(a, nil) {
				return
			}
		}
	}
}

func mustEncode(tb testing.TB, x usagefile.Export, users ...licensing.ServerAccount) []byte {
	tb.Helper()
	var file bytes.Buffer
	if _, err := usagefile.Encode(&file, instanceKey(tb), x, source(users...)); err != nil {
		tb.Fatal(err)
	}
	return file.Bytes()
}

// decode does what a hub does: header, users, verdict, history.
func decode(data []byte, opts usagefile.Options, known *usagefile.Known) ([]licensing.ServerAccount, *usagefile.Receipt, error) {
	f, err := usagefile.Open(bytes.NewReader(data), opts)
	if err != nil {
		return nil, nil, err
	}
	var users []licensing.ServerAccount
	for a := range f.UnverifiedUsers() {
		users = append(users, a)
	}
	receipt, err := f.Verify()
	if err != nil {
		return users, nil, err
	}
	if _, err := usagefile.Check(receipt, known); err != nil {
		return users, nil, err
	}
	return users, receipt, nil
}

// lines are users as text, one a line.
func lines(users []licensing.ServerAccount) string {
	var b strings.Builder
	for _, a := range users {
		fmt.Fprintf(&b, "%q", a.UserID)
		if a.AdvancedSecurity {
			b.WriteString(" advanced_security")
		}
		for _, e := range a.Emails {
			fmt.Fprintf(&b, " %q", e.Email.Address())
			if e.Primary {
				b.WriteString("*")
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

func codeOf(err error) usagefile.Code {
	if e, ok := errors.AsType[*usagefile.Error](err); ok {
		return e.Code
	}
	if err != nil {
		return usagefile.Code("not ours: " + err.Error())
	}
	return ""
}

func wantCode(t *testing.T, what string, err error, want usagefile.Code) {
	t.Helper()
	if got := codeOf(err); got != want {
		t.Errorf("%s: got code %q, want %q (%v)", what, got, want, err)
	}
}

func mustRead(tb testing.TB, name string) []byte {
	tb.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

func mustWrite(tb testing.TB, name string, data []byte) {
	tb.Helper()
	if err := os.WriteFile(name, data, 0o600); err != nil {
		tb.Fatal(err)
	}
}

// mustGlob fails when there is nothing.
func mustGlob(tb testing.TB, pattern string) []string {
	tb.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		tb.Fatalf("no files %s (%v)", pattern, err)
	}
	return names
}
