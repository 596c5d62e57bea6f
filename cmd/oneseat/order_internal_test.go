package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// outcome is what a call of the program came to.
type outcome struct {
	status         int
	stdout, stderr string
}

// call runs the program in this process.
func call(t *testing.T, args ...string) outcome {
	t.Helper()
	return callIn(t.Context(), args...)
}

func callIn(ctx context.Context, args ...string) outcome { return callWith(ctx, nil, args...) }

// callWith runs the program in this process with an environment.
func callWith(ctx context.Context, env map[string]string, args ...string) outcome {
	var stdout, stderr bytes.Buffer
	status := run(ctx, args, process{strings.NewReader(""), &stdout, &stderr, func(name string) string { return env[name] }})
	return outcome{status, stdout.String(), stderr.String()}
}

// mustMatch demands that a text has every pattern.
func mustMatch(t *testing.T, text string, patterns []string) {
	t.Helper()
	for _, pattern := range patterns {
		if !regexp.MustCompile(pattern).MatchString(text) {
			t.Errorf("%q is not in: %s", pattern, text)
		}
	}
}

func mustWrite(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestNoOrderOfFilesChangesAByte: cloud files, server files, and the rows
// inside them.
func TestNoOrderOfFilesChangesAByte(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	examples := filepath.Join("..", "..", "examples")
	cloud := []string{
		filepath.Join(examples, "cloud.json"),
		filepath.Join(examples, "consumed_licenses-acme-20261119T080000Z.csv"),
	}
	servers := []string{"ghes-1.acme.example=" + filepath.Join(examples, "ghes-1-all_users.csv")}
	rows := make([][]string, 5)
	for host := range rows {
		for id := range 40 {
			rows[host] = append(rows[host], fmt.Sprintf("%d,person%d@acme.example", id+1, random.IntN(60)))
		}
	}
	want := map[string]string{}
	for round := range 12 {
		dir := t.TempDir()
		given := append([]string{}, servers...)
		for host := range rows {
			random.Shuffle(len(rows[host]), func(i, j int) { rows[host][i], rows[host][j] = rows[host][j], rows[host][i] })
			path := mustWrite(t, dir, fmt.Sprintf("%d.csv", host), "id,email\n"+strings.Join(rows[host], "\n")+"\n")
			given = append(given, fmt.Sprintf("s%d.acme.example=%s", host, path))
		}
		random.Shuffle(len(given), func(i, j int) { given[i], given[j] = given[j], given[i] })
		random.Shuffle(len(cloud), func(i, j int) { cloud[i], cloud[j] = cloud[j], cloud[i] })
		for _, format := range []string{"json", "csv", "table"} {
			args := append([]string{"match", "--as-of", "2026-11-20", "--format", format, "--cloud"}, cloud...)
			got := call(t, append(append(args, "--server"), given...)...)
			if got.status != statusDone {
				t.Fatalf("status %d: %s", got.status, got.stderr)
			}
			if round == 0 {
				want[format] = got.stdout
			} else if got.stdout != want[format] {
				t.Fatalf("round %d: another order, other bytes of %s", round, format)
			}
		}
	}
	if !strings.Contains(want["json"], "person1@acme.example") {
		t.Error("the people are not in the result")
	}
}
