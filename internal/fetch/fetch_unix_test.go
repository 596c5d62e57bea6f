//go:build unix

package fetch_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/fetch"
)

// script makes a command of a shell script.
func script(t *testing.T, text string) *fetch.Command {
	t.Helper()
	name := filepath.Join(t.TempDir(), "source")
	if err := os.WriteFile(name, []byte("#!/bin/sh\n"+text), 0o700); err != nil {
		t.Fatal(err)
	}
	return &fetch.Command{Path: name, Env: []string{"PATH=" + os.Getenv("PATH"), "GREETING=hello"}, MaxBytes: 1 << 20}
}

func TestWhatACommandWritesIsKept(t *testing.T) {
	t.Setenv("ONESEAT_AGENT_DATABASE", "postgres://secret")
	var out bytes.Buffer
	if err := script(t, `echo "$GREETING"; env | grep -c SECRET; cat; echo noise >&2`).Fetch(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	if out.String() != "hello\n0\n" {
		t.Errorf("got %q", out.String())
	}
}

func TestCommandsAreBounded(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		text   string
		change func(*fetch.Command)
		kind   errs.Kind
		says   string
	}{
		"fails":          {"echo a user ada@acme.example is odd >&2; exit 3", nil, errs.Unavailable, "a user a…@acme.example is odd"},
		"hangs":          {"echo begun >&2; sleep 300", func(c *fetch.Command) { c.Timeout = time.Second }, errs.Unavailable, "begun"},
		"leaves a child": {"sleep 300 & sleep 300", func(c *fetch.Command) { c.Timeout = time.Second }, errs.Unavailable, ""},
		"writes on":      {"yes", nil, errs.TooLarge, ""},
		"is not there":   {"", func(c *fetch.Command) { c.Path += "-gone" }, errs.NotFound, ""},
		"is a directory": {"", func(c *fetch.Command) { c.Path = filepath.Dir(c.Path) }, errs.NotFound, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := script(t, test.text)
			if test.change != nil {
				test.change(c)
			}
			err := c.Fetch(t.Context(), &bytes.Buffer{})
			if errs.KindOf(err) != test.kind {
				t.Fatalf("got %v, want %v", err, test.kind)
			}
			_, args := err.(interface {
				Message() (string, map[string]any)
			}).Message()
			if said, _ := args["Said"].(string); !strings.Contains(said, test.says) || strings.Contains(said, "ada@") {
				t.Errorf("it said %q", said)
			}
		})
	}
}

func TestWhoeverWaitsCanLeave(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if err := script(t, "sleep 300").Fetch(ctx, &bytes.Buffer{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

// full takes nothing.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestAFullDiskIsTold(t *testing.T) {
	t.Parallel()
	if err := script(t, "yes").Fetch(t.Context(), full{}); err == nil || !strings.Contains(err.Error(), "no space left") {
		t.Errorf("got %v", err)
	}
}
