package match

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
)

// rows reads a CSV file of package gen, which never needs quotes.
type rows struct {
	file   *os.File
	in     *bufio.Reader
	line   int
	fields [][]byte // of the current row, until the next one
}

func openRows(dir, name string) (*rows, error) {
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return nil, err
	}
	r := &rows{file: f, in: bufio.NewReaderSize(f, 1<<20)}
	if _, err := r.next(); err != nil { // the header
		return nil, errors.Join(fmt.Errorf("%s: no header: %w", name, err), f.Close())
	}
	return r, nil
}

func (r *rows) close() { r.file.Close() } //nolint:errcheck // only read

// next goes to the next row; false at the end.
func (r *rows) next() (bool, error) {
	line, err := r.in.ReadSlice('\n')
	if err == io.EOF && len(line) == 0 {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("%s:%d: %w", r.file.Name(), r.line+1, err)
	}
	r.line++
	if bytes.IndexByte(line, '"') >= 0 {
		return false, fmt.Errorf("%s:%d: a quoted field, which package gen does not write", r.file.Name(), r.line)
	}
	r.split(line[:len(line)-1])
	return true, nil
}

func (r *rows) split(line []byte) {
	r.fields = r.fields[:0]
	for {
		field, rest, more := bytes.Cut(line, []byte{','})
		r.fields = append(r.fields, field)
		if !more {
			return
		}
		line = rest
	}
}

// is says whether field i of the row is text.
func (r *rows) is(i int, text string) bool { return string(r.fields[i]) == text }

// text is field i of the row as a string of its own.
func (r *rows) text(i int) string { return string(r.fields[i]) }

// each reads a whole file.
func each(dir, name string, columns int, row func(*rows) error) error {
	r, err := openRows(dir, name)
	if err != nil {
		return err
	}
	defer r.close()
	for {
		ok, err := r.next()
		if !ok || err != nil {
			return err
		}
		if len(r.fields) != columns {
			return fmt.Errorf("%s:%d: %d fields, want %d", name, r.line, len(r.fields), columns)
		}
		if err := row(r); err != nil {
			return fmt.Errorf("%s:%d: %w", name, r.line, err)
		}
	}
}

// follower gives the rows of a file that belong to an account, for accounts
// asked for in ascending order.
type follower struct {
	*rows
	ended bool
}

func follow(dir, name string) (*follower, error) {
	r, err := openRows(dir, name)
	if err != nil {
		return nil, err
	}
	f := &follower{rows: r}
	return f, f.advance()
}

func (f *follower) advance() error {
	ok, err := f.next()
	f.ended = !ok
	return err
}

// of calls row for every row whose first field is the account.
func (f *follower) of(account []byte, row func()) error {
	for !f.ended && slices.Equal(f.fields[0], account) {
		row()
		if err := f.advance(); err != nil {
			return err
		}
	}
	return nil
}
