package errs_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/licensing"
)

func TestKindOf(t *testing.T) {
	t.Parallel()
	missing := errs.New(errs.NotFound, "test.missing")
	tests := []struct {
		name string
		err  error
		want errs.Kind
	}{
		{"nil", nil, errs.Internal},
		{"foreign", io.EOF, errs.Internal},
		{"own", missing, errs.NotFound},
		{"wrapped by fmt", fmt.Errorf("read: %w", missing), errs.NotFound},
		{"the outermost decides", errs.Wrap(errs.Unavailable, missing, "test.later"), errs.Unavailable},
		{"joined", errors.Join(io.EOF, missing), errs.NotFound},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := errs.KindOf(test.err); got != test.want {
				t.Errorf("KindOf: got %v, want %v", got, test.want)
			}
		})
	}
}

func TestEveryKindHasItsOwnWord(t *testing.T) {
	t.Parallel()
	seen := map[string]errs.Kind{}
	for k := errs.Internal; k <= errs.Unavailable; k++ {
		word := k.String()
		if other, twice := seen[word]; twice || strings.HasPrefix(word, "kind ") {
			t.Errorf("kind %d is called %q, as is %d", uint8(k), word, uint8(other))
		}
		seen[word] = k
	}
	if got := (errs.Unavailable + 1).String(); got != "kind 9" {
		t.Errorf("an unknown kind: got %q", got)
	}
}

func TestJudged(t *testing.T) {
	t.Parallel()
	if errs.Judged(io.EOF) || errs.Judged(nil) {
		t.Error("nobody judged this")
	}
	if !errs.Judged(fmt.Errorf("job: %w", errs.New(errs.Internal, "test.mistake"))) {
		t.Error("internal on purpose: not judged")
	}
}

func TestTextLeavesAddressesOut(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("read row of mona@acme.example: %w", io.EOF)
	if got, want := errs.Text(err), "read row of …@acme.example: EOF"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestMessage(t *testing.T) {
	t.Parallel()
	err := errs.Wrap(errs.Invalid, io.ErrUnexpectedEOF, "test.line", "File", "a.csv", "Line", 3)
	said, ok := errors.AsType[interface {
		error
		Message() (string, map[string]any)
	}](err)
	if !ok {
		t.Fatal("the error has no Message")
	}
	key, args := said.Message()
	if key != "test.line" {
		t.Errorf("key: got %q", key)
	}
	if diff := cmp.Diff(map[string]any{"File": "a.csv", "Line": 3}, args); diff != "" {
		t.Errorf("args (-want +got):\n%s", diff)
	}
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error("the cause is not in the chain")
	}
}

func TestErrorShowsNoWholeAddress(t *testing.T) {
	t.Parallel()
	cause := errors.New(`lookup "mona.secret@acme.example" and <ann.secret@acme.example>`)
	err := errs.Wrap(errs.Invalid, cause, "test.person",
		"Email", licensing.NewEmail("hubot.secret@acme.example"), "Text", "kim.secret@acme.example")
	want := `test.person Email=…@acme.example Text=…@acme.example: lookup "…@acme.example" and <…@acme.example>`
	for _, verb := range []string{"%v", "%s", "%+v"} {
		if got := fmt.Sprintf(verb, err); got != want {
			t.Errorf("%s:\n got %s\nwant %s", verb, got, want)
		}
	}
}

func TestArgsKeepsALonelyName(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(map[string]any{"A": 1, "B": nil}, errs.Args([]any{"A", 1, "B"})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
