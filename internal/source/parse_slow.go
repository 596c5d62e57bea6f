package source

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/oneseat/oneseat/internal/errs"
)

// misshapen is the refusal of the row cut last when its length, its marks or
// its cells are wrong; nil when they are not.
func (p *parser) misshapen(row []byte, line int) error {
	s := &p.scanner
	if int64(len(row)) > p.limits.MaxRowBytes {
		return errs.New(errs.TooLarge, "source.row_too_long", "File", p.file, "Line", line, "Limit", p.limits.MaxRowBytes)
	}
	if at := bytes.IndexByte(row, 0); at >= 0 {
		return p.refuse("source.nul", within(row, line, at))
	}
	if s.quoted != 0 {
		switch at, open := s.misquoted(row); {
		case at >= 0 && open:
			return p.refuse("source.open_quote", within(row, line, at))
		case at >= 0:
			return p.refuse("source.quote", within(row, line, at))
		}
	}
	if s.cells != p.layout.cells {
		return p.refuse("source.cell_count", place{line, 1}, "Got", s.cells, "Want", p.layout.cells)
	}
	return nil
}

// refuse names the place of what is wrong.
func (p *parser) refuse(key string, at place, args ...any) error {
	return errs.New(errs.Invalid, key, append([]any{"File", p.file, "Line", at.line, "Column", at.column}, args...)...)
}

// within is the place of byte number at of a row that begins on a line.
func within(row []byte, line, at int) place {
	before := row[:at]
	return place{line + bytes.Count(before, []byte{'\n'}), at - bytes.LastIndexByte(before, '\n')}
}

// place is where a cell of the row cut last begins.
func (p *parser) place(row []byte, line, cell int) place {
	return within(row, line, p.scanner.begin(cell))
}

// maxIDBytes is how long a user id may be.
const maxIDBytes = 256

// rounded is a number as spreadsheets rewrite large ones.
var rounded = regexp.MustCompile(`^[0-9]+([.,][0-9]+)?[eE]\+?[0-9]+$`)

// strangeID accepts an id that is no plain number, or says what is wrong.
func (p *parser) strangeID(a *account, row []byte, line int, t *tally) bool {
	id := bytes.TrimSpace(a.id)
	a.id = id
	key := ""
	switch {
	case len(id) == 0:
		key = "source.id_missing"
	case rounded.Match(id):
		key = "source.id_rounded"
	case len(id) > maxIDBytes, !utf8.Valid(id), bytes.ContainsFunc(id, isControl):
		key = "source.id_strange"
	}
	if key != "" {
		at := p.place(row, line, p.layout.id)
		t.problems.add(at, p.refuse(key, at, "Value", shown(string(id)), "Limit", maxIDBytes))
		return false
	}
	a.number, a.plain = plainNumber(id)
	return true
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }

// strangeEmail repairs an address that is not plain ASCII, or says what is
// wrong with it.
func (p *parser) strangeEmail(a *account, row []byte, line int, t *tally) bool {
	email := bytes.TrimSpace(a.email)
	a.email = email
	if isPlainText(email) {
		return true
	}
	at := p.place(row, line, p.layout.email)
	var key string
	switch {
	case bytes.ContainsFunc(email, isControl):
		key = "source.control"
	case !utf8.Valid(email):
		text, ok := decode1252(email)
		if ok {
			a.email = text
			t.windows.note(at)
			return true
		}
		key = "source.not_utf8"
	case strings.ContainsRune(string(email), utf8.RuneError):
		key = "source.lost_character"
	default:
		if text, ok := undoubled(email); ok {
			a.email = text
			t.doubled.note(at)
			return true
		}
		t.utf8.note(at)
		return true
	}
	t.problems.add(at, p.refuse(key, at))
	return false
}
