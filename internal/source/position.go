package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/oneseat/oneseat/internal/errs"
)

// place is where in a file something stands: line and column, from 1, columns
// in bytes.
type place struct{ line, column int }

func (p place) String() string { return fmt.Sprintf("line %d, column %d", p.line, p.column) }

// before orders places by their distance from the beginning.
func (p place) before(q place) bool {
	return p.line < q.line || p.line == q.line && p.column < q.column
}

// tracker is a reader that knows in which line a byte stands which it gave
// out, and stops a parser that buffers more than it should.
type tracker struct {
	in      io.Reader
	longest int64 // bytes a parser may be past its last mark
	most    int64 // bytes of the whole input
	read    int64 // bytes given out
	mark    int64 // nothing before this offset is asked for any more
	line    int   // line of mark, from 0
	start   int64 // offset at which that line begins
	// newlines are the offsets of those after mark.
	newlines []int64
}

var (
	errLongText  = errors.New("text over the limit")
	errLongInput = errors.New("input over the limit")
)

// readAhead is how far parsers read beyond what they give out.
const readAhead = 64 << 10

func (t *tracker) Read(p []byte) (int, error) {
	switch {
	case t.read-t.mark > t.longest+readAhead:
		return 0, errLongText
	case t.read > t.most:
		return 0, errLongInput
	}
	n, err := t.in.Read(p)
	for at := 0; at < n; {
		next := bytes.IndexByte(p[at:n], '\n')
		if next < 0 {
			break
		}
		at += next + 1
		t.newlines = append(t.newlines, t.read+int64(at)-1)
	}
	t.read += int64(n)
	if len(t.newlines) > maxNewlines {
		t.forget(t.newlines[len(t.newlines)/2])
	}
	return n, err
}

// maxNewlines is how many line ends are kept for a parser that is slow to
// forget; places before are then given as too far ahead.
const maxNewlines = 1 << 20

// forget says that no place before offset is asked for any more.
func (t *tracker) forget(offset int64) {
	t.mark = offset
	passed := 0
	for passed < len(t.newlines) && t.newlines[passed] < offset {
		t.line++
		t.start = t.newlines[passed] + 1
		passed++
	}
	if passed > 0 {
		t.newlines = append(t.newlines[:0], t.newlines[passed:]...)
	}
}

// place is where a byte stands. What lies before the last forget is in the
// line at which that stopped.
func (t *tracker) place(offset int64) place {
	line, start := t.line, t.start
	for _, newline := range t.newlines {
		if newline >= offset {
			break
		}
		line++
		start = newline + 1
	}
	return place{line + 1, int(max(0, offset-start)) + 1}
}

// limit is the refusal for an error of the tracker, nil for any other.
func (t *tracker) limit(file string, err error) error {
	p := t.place(t.mark)
	switch {
	case errors.Is(err, errLongText):
		return errs.New(errs.TooLarge, "source.text_too_long", "File", file, "Line", p.line, "Column", p.column, "Limit", t.longest)
	case errors.Is(err, errLongInput):
		return errs.New(errs.TooLarge, "source.file_too_long", "File", file, "Limit", t.most)
	}
	return nil
}
