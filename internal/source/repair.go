package source

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf8"

	"github.com/oneseat/oneseat/internal/errs"
)

// repairer gives a text as UTF-8 that may be in Windows-1252, or in UTF-8
// twice. It decides by runs of bytes beyond ASCII: a text is in Windows-1252
// when its first run is no UTF-8, and then no run may be; otherwise all must.
type repairer struct {
	in   io.Reader
	file string
	// held is read and not yet looked at; out is looked at and not yet given
	// out.
	held, out []byte
	at        place // of held
	ended     bool
	err       error

	utf8, windows, doubled sightings
}

// newRepairer makes a repairer of a text that begins on a line.
func newRepairer(file string, in io.Reader, line int) *repairer {
	return &repairer{in: in, file: file, at: place{line, 1}}
}

// maxRun is how long a run of bytes beyond ASCII may be before it is looked at
// in pieces.
const maxRun = 4 << 10

func (r *repairer) Read(p []byte) (int, error) {
	for len(r.out) == 0 {
		if r.err != nil {
			return 0, r.err
		}
		r.more()
	}
	n := copy(p, r.out)
	r.out = r.out[n:]
	return n, nil
}

// more reads on and looks at what cannot change any more.
func (r *repairer) more() {
	if r.ended {
		r.err = io.EOF
		return
	}
	chunk := make([]byte, readAhead)
	n, err := r.in.Read(chunk)
	r.held = append(r.held, chunk[:n]...)
	switch {
	case errors.Is(err, io.EOF):
		r.ended = true
	case err != nil:
		r.err = err
		return
	}
	sure := len(r.held)
	if !r.ended {
		for sure > 0 && r.held[sure-1] >= utf8.RuneSelf {
			sure--
		}
		if len(r.held)-sure > maxRun {
			sure = r.wholeRunes()
		}
	}
	r.look(r.held[:sure])
	r.held = append([]byte(nil), r.held[sure:]...)
}

// wholeRunes is how much of held can be looked at without cutting a character,
// as far as it holds characters: one that is begun is left for later.
func (r *repairer) wholeRunes() int {
	sure := len(r.held) - utf8.UTFMax
	if r.windows.count > 0 {
		return sure
	}
	for back := range utf8.UTFMax {
		if utf8.RuneStart(r.held[sure-back]) {
			return sure - back
		}
	}
	return sure
}

// look takes a text run by run.
func (r *repairer) look(text []byte) {
	out := make([]byte, 0, len(text)+len(text)/8)
	for len(text) > 0 && r.err == nil {
		plain := asciiLength(text)
		out = append(out, text[:plain]...)
		r.pass(text[:plain])
		text = text[plain:]
		end := 0
		for end < len(text) && text[end] >= utf8.RuneSelf {
			end++
		}
		if end > 0 {
			out = append(out, r.run(text[:end])...)
			r.pass(text[:end])
			text = text[end:]
		}
	}
	r.out = out
}

// asciiLength is how many bytes of ASCII a text begins with.
func asciiLength(text []byte) int {
	n := 0
	for n+8 <= len(text) && binary.LittleEndian.Uint64(text[n:])&^lowBits == 0 {
		n += 8
	}
	for n < len(text) && text[n] < utf8.RuneSelf {
		n++
	}
	return n
}

// pass moves on.
func (r *repairer) pass(text []byte) {
	if newline := bytes.LastIndexByte(text, '\n'); newline >= 0 {
		r.at = place{r.at.line + bytes.Count(text, []byte{'\n'}), len(text) - newline}
		return
	}
	r.at.column += len(text)
}

// run gives a run as UTF-8.
func (r *repairer) run(run []byte) []byte {
	if utf8.Valid(run) {
		if r.windows.count > 0 {
			r.err = r.mixed(r.windows.first, r.at)
			return nil
		}
		r.utf8.note(r.at)
		if text, ok := undoubled(run); ok {
			r.doubled.note(r.at)
			return text
		}
		return run
	}
	if r.utf8.count > 0 {
		r.err = r.mixed(r.at, r.utf8.first)
		return nil
	}
	text, ok := decode1252(run)
	if !ok {
		r.err = errs.New(errs.Invalid, "source.not_utf8", "File", r.file, "Line", r.at.line, "Column", r.at.column)
		return nil
	}
	r.windows.note(r.at)
	return text
}

func (r *repairer) mixed(windows, other place) error {
	return errs.New(errs.Invalid, "source.mixed_encoding", "File", r.file,
		"Line", windows.line, "Column", windows.column, "Other", other.line)
}

// warnings say what was repaired.
func (r *repairer) warnings() []Warning {
	return repairs(r.file, r.windows, r.doubled)
}

// repairs are the warnings about text in other encodings.
func repairs(file string, windows, doubled sightings) []Warning {
	var all []Warning
	if windows.count > 0 {
		all = append(all, warning("source.warn_windows_1252", "File", file, "Count", windows.count, "Line", windows.first.line))
	}
	if doubled.count > 0 {
		all = append(all, warning("source.warn_doubled", "File", file, "Count", doubled.count, "Line", doubled.first.line))
	}
	return all
}
