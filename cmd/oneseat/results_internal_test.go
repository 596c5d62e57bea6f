package main

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// cutOff does something when the first bytes were written.
type cutOff struct {
	bytes.Buffer

	then func()
}

func (c *cutOff) Write(text []byte) (int, error) {
	defer c.then()
	return c.Buffer.Write(text)
}

func noEnv(string) string { return "" }

// TestAnInterruptionWithinTheOutputSaysSo: "nothing was written" would be
// untrue, and what stands there looks like a result.
func TestAnInterruptionWithinTheOutputSaysSo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, format := range []string{"json", "csv"} {
		ctx, cancel := context.WithCancel(t.Context())
		var stdout cutOff
		stdout.then = cancel
		var stderr bytes.Buffer
		status := run(ctx, []string{
			"match", "--format", format, "--cloud", mustWrite(t, dir, "cloud.json", list(`"users":[]`)),
			"--server", "ghes.acme.example=" + mustWrite(t, dir, "all_users.csv", manyUsers(4000)),
		}, process{strings.NewReader(""), &stdout, &stderr, noEnv})
		said := stderr.String()
		if status != statusFailed || stdout.Len() == 0 || !strings.Contains(said, "not complete") || strings.Contains(said, "Nothing was written") {
			t.Errorf("%s: status %d, %d bytes, %q", format, status, stdout.Len(), said)
		}
	}
}

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

// TestOutputThatCannotBeWrittenHasASentence: it is no fault of the program,
// which nobody has to report.
func TestOutputThatCannotBeWrittenHasASentence(t *testing.T) {
	t.Parallel()
	cloud := filepath.Join("..", "..", "examples", "cloud.json")
	for _, args := range [][]string{
		{"--help"},
		{"version"},
		{"version", "--format", "json"},
		{"match", "--cloud", cloud},
		{"match", "--cloud", cloud, "--format", "json"},
		{"match", "--cloud", cloud, "--format", "csv"},
		{"match", "--cloud", cloud, "--explain", "dana-acme"},
		{"export", "--help"},
	} {
		var stderr bytes.Buffer
		status := run(t.Context(), args, process{strings.NewReader(""), full{}, &stderr, noEnv})
		if said := stderr.String(); status != statusFailed || !strings.Contains(said, "could not be written: no space left") {
			t.Errorf("%v: status %d, %q", args, status, said)
		}
	}
}

// TestHiddenAddressesAreSaidWithoutARange: that nobody could join one is no
// reason to say that there are none.
func TestHiddenAddressesAreSaidWithoutARange(t *testing.T) {
	t.Parallel()
	page := mustWrite(t, t.TempDir(), "page.json", strings.Replace(goodPage, `"total_seats_consumed":3`, `"total_seats_consumed":1`, 1))
	got := call(t, "match", "--cloud", "2026-11-19="+page)
	if said := strings.Join(strings.Fields(got.stdout), " "); !strings.Contains(said, "shows no private addresses, but nobody is left") || strings.Contains(said, "No address is hidden") {
		t.Errorf("%+v", got)
	}
}

// TestASubscriptionWithoutNameIsNoEmptyExample: a report's subscriptions have
// no id, and "()" or "(, 1)" names nobody.
func TestASubscriptionWithoutNameIsNoEmptyExample(t *testing.T) {
	t.Parallel()
	cloud := mustWrite(t, t.TempDir(), "cloud.json", list(`"as_of":"2026-11-20T09:00:00Z","users":[],"visual_studio_subscriptions":[`+
		`{"email":"one@acme.example"},{"subscription_id":"S-2","email":"two@acme.example"},{"login":"gone","email":"three@acme.example"}]`))
	got := call(t, "match", "--cloud", cloud)
	said := strings.Join(strings.Fields(got.stdout), " ")
	if !strings.Contains(said, "no account has their addresses (S-2). They take no license, unless they are set to. Assign them") || strings.Contains(said, "()") || strings.Contains(said, "(,") {
		t.Errorf("%s%s", got.stdout, got.stderr)
	}
}
