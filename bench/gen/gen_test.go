package gen_test

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/oneseat/oneseat/bench/gen"
	"github.com/oneseat/oneseat/licensing"
)

const size = 10_000

func mustWrite(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := gen.Write(dir, size); err != nil {
		t.Fatal(err)
	}
	return dir
}

func mustRead(t *testing.T, dir, name string) [][]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return rows[1:]
}

func TestSameSizeSameBytes(t *testing.T) {
	t.Parallel()
	first, second := os.DirFS(mustWrite(t)), mustWrite(t)
	names, err := os.ReadDir(second)
	if err != nil || len(names) != gen.Instances+6 {
		t.Fatalf("%d files, %v; want %d", len(names), err, gen.Instances+6)
	}
	for _, entry := range names {
		f, err := first.Open(entry.Name())
		if err != nil {
			t.Fatal(err)
		}
		var a bytes.Buffer
		if _, err := a.ReadFrom(f); err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(filepath.Join(second, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a.Bytes(), b) {
			t.Errorf("%s differs between two runs", entry.Name())
		}
	}
}

// TestServerShares reads the server files back: the number asked for, no id
// twice on an instance, and the irregularities in their shares.
func TestServerShares(t *testing.T) {
	t.Parallel()
	dir := mustWrite(t)
	var accounts, suspended, none, mixed, foreign int
	for i := range gen.Instances {
		seen := map[string]bool{}
		for _, row := range mustRead(t, dir, gen.ServerFile(i)) {
			id, login, email := row[0], row[1], row[2]
			if seen[id] {
				t.Errorf("%s: id %s twice", gen.Host(i), id)
			}
			seen[id] = true
			if login == "ghost" || login == "scim-admin" {
				continue
			}
			accounts++
			count(&suspended, row[3] == "true")
			count(&none, email == "")
			count(&mixed, email != strings.ToLower(email))
			count(&foreign, strings.ContainsFunc(email, func(r rune) bool { return r >= 0x80 }))
		}
	}
	if accounts != size {
		t.Errorf("%d server accounts, want %d", accounts, size)
	}
	about(t, "suspended", suspended, 300)
	about(t, "without address", none, 100)
	about(t, "in mixed case", mixed, 1000)
	about(t, "not ASCII", foreign, 50)
}

// TestOverlap: half of the server accounts belong to people with a cloud
// account, which the logins tell.
func TestOverlap(t *testing.T) {
	t.Parallel()
	dir := mustWrite(t)
	cloud := map[string]bool{}
	for _, row := range mustRead(t, dir, gen.CloudAccountsFile) {
		cloud[strings.ToLower(row[1])] = true
	}
	if len(cloud) != size/5 {
		t.Errorf("%d different logins, want %d", len(cloud), size/5)
	}
	both := 0
	for i := range gen.Instances {
		for _, row := range mustRead(t, dir, gen.ServerFile(i)) {
			count(&both, cloud[strings.ToLower(row[1])])
		}
	}
	about(t, "server accounts of people with a cloud account", both, size/2)
	about(t, "invitations", len(mustRead(t, dir, gen.InvitationsFile)), size/100)
	about(t, "subscriptions", len(mustRead(t, dir, gen.SubscriptionsFile)), size/100)
}

func TestDomainsAreTheirOwnKeys(t *testing.T) {
	t.Parallel()
	rows := mustRead(t, mustWrite(t), gen.DomainsFile)
	if len(rows) == 0 {
		t.Fatal("no domains")
	}
	for _, row := range rows {
		key, ok := licensing.NewEmail("x@" + row[0]).Key()
		if !ok || key.Address() != "x@"+row[1] {
			t.Errorf("%s: key %q, want %q", row[0], key.Address(), "x@"+row[1])
		}
	}
}

func TestTooSmall(t *testing.T) {
	t.Parallel()
	if err := gen.Write(t.TempDir(), 100); err == nil {
		t.Error("100 server accounts were accepted")
	}
}

func count(n *int, is bool) {
	if is {
		*n++
	}
}

// about allows a third more or less.
func about(t *testing.T, what string, got, want int) {
	t.Helper()
	if got < want*2/3 || got > want*4/3 {
		t.Errorf("%d %s, want about %d", got, what, want)
	}
}
