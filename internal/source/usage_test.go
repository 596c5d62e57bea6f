package source_test

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/source"
	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/usagefile"
)

// usage is a usage file in clear with so many users.
func usage(t *testing.T, users int) string {
	t.Helper()
	var out bytes.Buffer
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	_, err := usagefile.Encode(&out, key, usagefile.Export{
		Instance:  usagefile.Instance{ServerID: "5f0c6a5e-2b1d-4c57-9a43-0d7f5a1e8c21", HostName: "ghes.acme.example"},
		Snapshot:  usagefile.Snapshot{Sequence: 1, TakenAt: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)},
		Cleartext: true,
	}, func(yield func(licensing.ServerAccount, error) bool) {
		for i := range users {
			a := licensing.ServerAccount{UserID: fmt.Sprintf("%08d", i), Emails: []licensing.ServerEmail{{Email: email(fmt.Sprintf("user%d@acme.example", i)), Primary: true}}}
			if !yield(a, nil) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestUsageFilesAreRead(t *testing.T) {
	t.Parallel()
	const users = 70_000 // more than a shard
	s, err := source.OpenServer(file("u.json", usage(t, users)), source.ServerOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if s.Header == nil || s.Header.Instance.HostName != "ghes.acme.example" {
		t.Errorf("header: %+v", s.Header)
	}
	var summary source.ServerSummary
	count, shards := 0, 0
	for accounts, err := range s.Shards(&summary) {
		if err != nil {
			t.Fatal(err)
		}
		shards++
		for i := range accounts {
			if want := fmt.Sprintf("%08d user%d@acme.example", count, count); line(&accounts[i]) != want {
				t.Fatalf("got %q, want %q", line(&accounts[i]), want)
			}
			count++
		}
	}
	if count != users || shards != 2 || summary.Accounts != users || summary.Receipt == nil {
		t.Errorf("%d users in %d shards, %+v", count, shards, summary)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestUsageFileRefusals(t *testing.T) {
	t.Parallel()
	good := usage(t, 3)
	tests := []struct{ name, text, want string }{
		{"changed", strings.Replace(good, "user2@", "user3@", 1), "usagefile.changed"},
		{"cut off", good[:len(good)-20], "usagefile.truncated"},
		{"newer", `{"format":"oneseat-usage-file/2"}`, "usagefile.newer_version"},
		{"with a mark in front", "\ufeff" + good, "usagefile.not_json"},
	}
	for _, test := range tests {
		_, _, err := read(t, file("u.json", test.text), source.ServerOptions{})
		if err == nil {
			t.Errorf("%s: accepted", test.name)
		} else if got := refusals(t, err); got[0].key != test.want {
			t.Errorf("%s: got %v, want %s", test.name, got, test.want)
		}
	}
	gone := false
	f := source.File{Name: "u.json", Open: func() (io.ReadCloser, error) {
		if gone {
			return nil, io.ErrClosedPipe
		}
		gone = true
		return io.NopCloser(strings.NewReader(good)), nil
	}}
	if _, err := source.OpenServer(f, source.ServerOptions{}); refusals(t, err)[0].key != "source.unreadable" {
		t.Errorf("gone in between: got %v", err)
	}
}

// TestBlocksPrintNothingOfWhatTheyHold: neither as text nor as bytes.
func TestBlocksPrintNothingOfWhatTheyHold(t *testing.T) {
	t.Parallel()
	s, err := source.OpenServer(file("x.csv", "id,email\n1,secret@acme.example\n"), source.ServerOptions{})
	if err != nil {
		t.Fatal(err)
	}
	b, err := s.Next()
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		if got := fmt.Sprintf(verb, b); got != "block of 22 bytes, 0 accounts" {
			t.Errorf("%s: %s", verb, got)
		}
	}
}
