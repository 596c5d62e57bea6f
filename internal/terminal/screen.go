package terminal

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/term"
)

// proseWidth is how wide prose is where the width is unknown, and at most:
// longer lines are hard to read.
const (
	proseWidth = 80
	minWidth   = 40 // narrower terminals wrap by themselves
)

// Screen is where text for people goes. It is not safe for concurrent use.
type Screen struct {
	w io.Writer
	// width of the terminal, 0 when what is written to has none.
	width      int
	isTerminal bool
	emphasis   bool
	transient  bool // a line stands there that is to be erased
	err        error
}

// New finds out what w is: a terminal is a file, or what stands before one and
// gives its descriptor. A width in the environment's COLUMNS goes before
// the terminal's own, so that a pipe can be given one.
func New(w io.Writer, env func(name string) string) *Screen {
	s := &Screen{w: w}
	if file, ok := w.(interface{ Fd() uintptr }); ok && term.IsTerminal(int(file.Fd())) {
		s.isTerminal = true
		s.width = proseWidth
		if columns, _, err := term.GetSize(int(file.Fd())); err == nil && columns > 0 {
			s.width = columns
		}
	}
	if columns, err := strconv.Atoi(env("COLUMNS")); err == nil && columns > 0 {
		s.width = columns
	}
	if s.width > 0 {
		s.width = max(s.width, minWidth)
	}
	s.emphasis = s.isTerminal && env("NO_COLOR") == "" && env("TERM") != "dumb"
	return s
}

// IsTerminal says that somebody is looking.
func (s *Screen) IsTerminal() bool { return s.isTerminal }

// Width is the number of cells in a line, 0 when there is no limit.
func (s *Screen) Width() int { return s.width }

// Err is the first error of writing.
func (s *Screen) Err() error { return s.err }

// Line writes one line as it is, cleaned.
func (s *Screen) Line(text string) { s.write(Clean(text) + "\n") }

// Blank writes an empty line.
func (s *Screen) Blank() { s.write("\n") }

// Heading writes a line that stands out, with an empty line before it.
func (s *Screen) Heading(text string) {
	s.write("\n")
	s.Strong(text)
}

// Strong writes prose that stands out.
func (s *Screen) Strong(text string) { s.prose(text, 0, s.bold) }

// Prose writes a sentence or a paragraph, wrapped, every line indented.
func (s *Screen) Prose(indent int, text string) { s.prose(text, indent, plain) }

// Faint writes prose that stands back.
func (s *Screen) Faint(indent int, text string) { s.prose(text, indent, s.faint) }

func (s *Screen) prose(text string, indent int, style func(string) string) {
	for _, line := range Wrap(text, s.proseWidth()-indent) {
		s.write(strings.Repeat(" ", indent) + style(Clean(line)) + "\n")
	}
}

func (s *Screen) proseWidth() int {
	if s.width == 0 {
		return proseWidth
	}
	return min(s.width, proseWidth+proseWidth/4)
}

func (s *Screen) bold(text string) string  { return s.styled("1", text) }
func (s *Screen) faint(text string) string { return s.styled("2", text) }
func plain(text string) string             { return text }

func (s *Screen) styled(code, text string) string {
	if !s.emphasis || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (s *Screen) write(text string) {
	if s.err == nil {
		_, s.err = io.WriteString(s.w, text)
	}
}

// Wrap breaks a text at spaces into lines of at most cells; a line break in
// the text stays one. A word that is longer stands alone on its line.
func Wrap(text string, cells int) []string {
	var lines []string
	for paragraph := range strings.SplitSeq(text, "\n") {
		lines = append(lines, wrapParagraph(paragraph, cells)...)
	}
	return lines
}

func wrapParagraph(text string, cells int) []string {
	var lines []string
	var line bytes.Buffer
	used := 0
	for word := range strings.FieldsSeq(text) {
		wide := Width(word)
		if used > 0 && used+1+wide > cells {
			lines = append(lines, line.String())
			line.Reset()
			used = 0
		}
		if used > 0 {
			line.WriteByte(' ')
			used++
		}
		line.WriteString(word)
		used += wide
	}
	return append(lines, line.String())
}

func leftOut(n int) string { return fmt.Sprintf("%s +%d", ellipsis, n) }
