package source

import (
	"encoding/csv"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

// TestBoundariesAreRowEnds: cut anywhere, a well-formed CSV falls into two
// with the same rows.
func TestBoundariesAreRowEnds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`(([ab]{0,3}|"([ab,\n]|""){0,5}"),([ab]{0,3}|"([ab,\n]|""){0,5}")\r?\n){0,12}`).Draw(t, "text")
		prefix := text[:rapid.IntRange(0, len(text)).Draw(t, "length")]
		end, lines := (&splitter{}).boundary([]byte(prefix))
		if lines != strings.Count(text[:end], "\n") {
			t.Fatalf("%q: %d lines, want %d", text[:end], lines, strings.Count(text[:end], "\n"))
		}
		got := append(mustRows(t, text[:end]), mustRows(t, text[end:])...)
		if want := mustRows(t, text); !slices.Equal(got, want) {
			t.Fatalf("cut at %d of %d: got %q, want %q", end, len(prefix), got, want)
		}
	})
}

func mustRows(t *rapid.T, text string) []string {
	t.Helper()
	all, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	var rows []string
	for _, row := range all {
		rows = append(rows, strings.Join(row, "|"))
	}
	return rows
}

// TestSplitterTakesInputInPieces: however the input comes, blocks hold all of
// it, and know their lines.
func TestSplitterTakesInputInPieces(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("1,\"a\nb\"\n", 300_000) + "2,x"
	for name, in := range map[string]io.Reader{
		"at once":   strings.NewReader(text),
		"in halves": iotest.HalfReader(strings.NewReader(text)),
		"with EOF":  iotest.DataErrReader(strings.NewReader(text)),
	} {
		s := newSplitter(in, Limits{}.orDefaults(), 1)
		var got strings.Builder
		for {
			b, ok, err := s.next()
			if err != nil {
				t.Fatal(err)
			}
			if !ok {
				break
			}
			if want := 1 + strings.Count(got.String(), "\n"); b.line != want {
				t.Fatalf("%s: a block begins in line %d, want %d", name, b.line, want)
			}
			got.Write(b.data)
			s.recycle(b)
		}
		if got.String() != text {
			t.Errorf("%s: %d bytes, want %d", name, got.Len(), len(text))
		}
	}
}

func TestIDSetFindsWhatStandsTwice(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := newIDSet(rapid.Uint64().Draw(t, "seed"))
		s.budget = rapid.IntRange(0, 40).Draw(t, "budget")
		number := rapid.OneOf(rapid.Uint64Range(0, 40), rapid.Uint64Range(0, 1<<20), rapid.Uint64())
		seen := map[uint64]bool{}
		for range rapid.IntRange(0, 300).Draw(t, "count") {
			n := number.Draw(t, "n")
			if got := s.addNumber(n); got == seen[n] {
				t.Fatalf("%d: new is %v", n, got)
			}
			seen[n] = true
		}
		if !s.addText("a") || s.addText("a") || !s.addText("b") {
			t.Fatal("texts")
		}
	})
}

// TestIDSetStaysSmall: bits never cost more than the ids pay for.
func TestIDSetStaysSmall(t *testing.T) {
	t.Parallel()
	dense, sparse := newIDSet(1), newIDSet(1)
	const ids = 1_000_000
	for i := range uint64(ids) {
		dense.addNumber(3 * i)
		sparse.addNumber(i * 0x9e3779b97f4a7c15 >> 20)
	}
	if got := len(dense.pages); got > 3*ids/pageIDs+1 || len(dense.numbers) > 0 {
		t.Errorf("dense: %d pages, %d numbers", got, len(dense.numbers))
	}
	if got := len(sparse.pages); got > freePages+ids/idsPerPage {
		t.Errorf("sparse: %d pages", got)
	}
}
