package report

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
)

// CSVReader reads the CSV of any generation row by row. Columns are found by
// the names in the header; columns it does not know are passed over.
type CSVReader struct {
	csv     *csv.Reader
	meter   *meter
	limits  Limits
	columns []column
	cells   int
	summary Summary
	err     error
}

// column is a column that is read.
type column struct {
	field
	index  int
	header string
}

// NewCSVReader reads the header. The error is an [*Error] or the input's own.
func NewCSVReader(r io.Reader, limits Limits) (*CSVReader, error) {
	limits = limits.orDefaults()
	m := &meter{in: withoutMark(r), limits: limits}
	c := &CSVReader{csv: csv.NewReader(m), meter: m, limits: limits}
	c.csv.Comma = limits.Comma
	c.csv.ReuseRecord = true
	c.csv.FieldsPerRecord = -1
	header, err := c.csv.Read()
	switch {
	case errors.Is(err, io.EOF):
		return nil, &Error{Code: CodeNoHeader}
	case err != nil:
		return nil, c.fault(err)
	}
	m.mark = c.csv.InputOffset()
	if err := c.header(header); err != nil {
		return nil, err
	}
	return c, nil
}

// withoutMark passes over a byte order mark.
func withoutMark(r io.Reader) io.Reader {
	mark := make([]byte, len(byteOrderMark))
	n, err := io.ReadFull(r, mark)
	if err == nil && string(mark) == byteOrderMark {
		return r
	}
	return io.MultiReader(bytes.NewReader(mark[:n]), r) // which gives the error again
}

// header finds the columns.
func (c *CSVReader) header(header []string) error {
	c.cells = len(header)
	byKey := map[string]column{}
	known := map[string]field{}
	for _, f := range fields() {
		known[f.key] = f
	}
	for i, name := range header {
		f, ok := known[ColumnKey(unguard(name))]
		if !ok {
			continue
		}
		if _, twice := byKey[f.key]; twice {
			return c.at(i, &Error{Code: CodeColumnTwice, Field: strings.Clone(name)})
		}
		byKey[f.key] = column{f, i, strings.Clone(name)}
	}
	for _, key := range required() {
		_, ok := byKey[key]
		if key == keyServerEmails && !ok {
			_, ok = byKey["enterprise_server_emails"]
		}
		if !ok {
			return &Error{Code: CodeColumnMissing, Line: 1, Column: 1, Field: key}
		}
	}
	for _, f := range fields() {
		if col, ok := byKey[f.key]; ok {
			c.columns = append(c.columns, col)
		}
	}
	return nil
}

// Read gives the next user, overwriting *u; [io.EOF] after the last one. Any
// other error is an [*Error] or the input's own, and stays.
func (c *CSVReader) Read(u *User) error {
	if c.err == nil {
		c.err = c.read(u)
	}
	return c.err
}

// Summary says what the report states. It is complete after [io.EOF].
func (c *CSVReader) Summary() Summary { return c.summary }

// Line is the line at which the row read last begins.
func (c *CSVReader) Line() int {
	line, _ := c.csv.FieldPos(0)
	return line
}

func (c *CSVReader) read(u *User) error {
	cells, err := c.csv.Read()
	switch {
	case errors.Is(err, io.EOF):
		return io.EOF
	case err != nil:
		return c.fault(err)
	}
	c.meter.mark = c.csv.InputOffset()
	switch {
	case c.summary.Rows >= c.limits.MaxRows:
		return c.at(0, &Error{Code: CodeTooManyRows, Limit: int64(c.limits.MaxRows)})
	case len(cells) != c.cells:
		return c.at(0, &Error{Code: CodeFieldCount, Row: c.summary.Rows + 1, Got: len(cells), Want: c.cells})
	}
	c.summary.Rows++
	c.summary.Consumed = c.summary.Rows
	return c.user(u, cells)
}

func (c *CSVReader) user(u *User, cells []string) error {
	*u = User{}
	cloudUser := -1 // its cell, when that says something
	for _, col := range c.columns {
		text := unguard(cells[col.index])
		if col.key == keyCloudUser && strings.TrimSpace(text) != "" {
			cloudUser = col.index
		}
		if code := setText(col.at(u), text); code != "" {
			if code == CodeServerID {
				text = firstBad(split(text))
			}
			return c.at(col.index, &Error{Code: code, Row: c.summary.Rows, Field: col.header, Value: shown(text)})
		}
	}
	if code := u.settle(cloudUser >= 0); code != "" {
		return c.at(cloudUser, &Error{Code: code, Row: c.summary.Rows, Field: keyCloudUser, Value: "true"})
	}
	return nil
}

// at adds the place of a cell.
func (c *CSVReader) at(cell int, err *Error) error {
	err.Line, err.Column = c.csv.FieldPos(cell)
	return err
}

// fault translates an error of the parser.
func (c *CSVReader) fault(err error) error {
	if limit := c.meter.limitError(err); limit != nil {
		limit.Row = c.summary.Rows + 1
		return limit
	}
	parse, ok := errors.AsType[*csv.ParseError](err)
	if !ok {
		return err // of the input
	}
	fault := &Error{Code: CodeQuote, Line: parse.Line, Column: parse.Column, Row: c.summary.Rows + 1, Err: parse.Err}
	if parse.StartLine != parse.Line { // a quote left open runs on: the row's beginning is nearer to it
		fault.Line, fault.Column = parse.StartLine, 1
	}
	return fault
}
