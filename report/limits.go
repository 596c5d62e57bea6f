package report

import (
	"errors"
	"io"
)

// Limits bound what a reader takes, and say what else it puts up with. The
// zero value takes the defaults.
type Limits struct {
	MaxBytes    int64 // of the whole input; default [DefaultMaxBytes]
	MaxRowBytes int64 // of one row or user; default [DefaultMaxRowBytes]
	MaxRows     int   // default [DefaultMaxRows]
	// AllowPartial reads a JSON report with fewer users than its total; the
	// number missing is in the Summary.
	AllowPartial bool
	// Comma separates the cells of a CSV; default ','.
	Comma rune
}

// The defaults of [Limits]: room for ten million people, and for somebody in
// some ten thousand organizations.
const (
	DefaultMaxBytes    = 16 << 30
	DefaultMaxRowBytes = 1 << 20
	DefaultMaxRows     = 10_000_000
)

// maxDepth is how deep what a reader passes over may be nested.
const maxDepth = 64

func (l Limits) orDefaults() Limits {
	if l.MaxBytes <= 0 {
		l.MaxBytes = DefaultMaxBytes
	}
	if l.MaxRowBytes <= 0 {
		l.MaxRowBytes = DefaultMaxRowBytes
	}
	if l.MaxRows <= 0 {
		l.MaxRows = DefaultMaxRows
	}
	if l.Comma == 0 {
		l.Comma = ','
	}
	return l
}

var (
	errRowTooLong = errors.New("row over the limit")
	errTooLong    = errors.New("input over the limit")
)

// meter hands bytes to a parser that would otherwise buffer a row of any
// length: it stops when the parser is more than a row past its last mark.
type meter struct {
	in     io.Reader
	limits Limits
	read   int64 // bytes handed out
	mark   int64 // where the parser last finished something
}

// slack is what parsers read ahead.
const slack = 64 << 10

func (m *meter) Read(p []byte) (int, error) {
	switch {
	case m.read-m.mark > m.limits.MaxRowBytes+slack:
		return 0, errRowTooLong
	case m.read > m.limits.MaxBytes:
		return 0, errTooLong
	}
	n, err := m.in.Read(p)
	m.read += int64(n)
	return n, err
}

// limitError is the Error for an error of a meter, nil for any other.
func (m *meter) limitError(err error) *Error {
	switch {
	case errors.Is(err, errRowTooLong):
		return &Error{Code: CodeRowTooLong, Byte: m.mark, Limit: m.limits.MaxRowBytes}
	case errors.Is(err, errTooLong):
		return &Error{Code: CodeTooLong, Byte: m.mark, Limit: m.limits.MaxBytes}
	}
	return nil
}
