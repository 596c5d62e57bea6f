package match

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// rows reads a CSV file of package gen, which never needs quotes, some hundred
// rows ahead of who uses them.
type rows struct {
	file    *os.File
	in      *bufio.Reader
	line    int
	fields  []string // of the current row, parts of one string
	rest    []string // of the rows behind it
	batch   []string // the memory of both
	columns int
	full    chan []string
	empty   chan []string
	failed  error // once full is closed
}

// ahead is how many rows are read at once.
const ahead = 512

func openRows(dir, name string, columns int) (*rows, error) {
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return nil, err
	}
	r := &rows{
		file: f, in: bufio.NewReaderSize(f, 1<<20), columns: columns,
		full: make(chan []string), empty: make(chan []string, 3),
	}
	if _, err := r.in.ReadSlice('\n'); err != nil { // the header
		return nil, errors.Join(fmt.Errorf("%s: no header: %w", name, err), f.Close())
	}
	for range cap(r.empty) {
		r.empty <- make([]string, 0, ahead*columns)
	}
	go r.readAhead()
	return r, nil
}

// close ends the reading, wherever it is.
func (r *rows) close() {
	close(r.empty)
	for range r.full { // what is on its way goes nowhere
	}
	r.file.Close() //nolint:errcheck // only read
}

func (r *rows) readAhead() {
	defer close(r.full)
	for batch := range r.empty {
		batch, err := r.fill(batch[:0])
		if len(batch) > 0 {
			r.full <- batch
		}
		if err != nil {
			r.failed = err
			return
		}
	}
}

// fill reads rows into a batch until it is full; io.EOF at the end.
func (r *rows) fill(batch []string) ([]string, error) {
	for len(batch) < cap(batch) {
		line, err := r.in.ReadSlice('\n')
		if errors.Is(err, io.EOF) && len(line) == 0 {
			return batch, io.EOF
		}
		r.line++
		if err == nil && bytes.IndexByte(line, '"') >= 0 {
			err = errors.New("a quoted field, which package gen does not write")
		}
		if err == nil {
			batch, err = r.split(batch, string(line[:len(line)-1]))
		}
		if err != nil {
			return batch, fmt.Errorf("%s:%d: %w", r.file.Name(), r.line+1, err)
		}
	}
	return batch, nil
}

func (r *rows) split(batch []string, line string) ([]string, error) {
	for range r.columns - 1 {
		comma := strings.IndexByte(line, ',')
		if comma < 0 {
			return batch, fmt.Errorf("fewer than %d fields", r.columns)
		}
		batch, line = append(batch, line[:comma]), line[comma+1:]
	}
	if strings.IndexByte(line, ',') >= 0 {
		return batch, fmt.Errorf("more than %d fields", r.columns)
	}
	return append(batch, line), nil
}

// next goes to the next row; false at the end.
func (r *rows) next() (bool, error) {
	if len(r.rest) == 0 {
		if r.batch != nil {
			r.empty <- r.batch
		}
		batch, ok := <-r.full
		r.batch = batch
		if !ok {
			if errors.Is(r.failed, io.EOF) {
				return false, nil
			}
			return false, r.failed
		}
		r.rest = batch
	}
	r.fields, r.rest = r.rest[:r.columns], r.rest[r.columns:]
	return true, nil
}

// is says whether field i of the row is text.
func (r *rows) is(i int, text string) bool { return r.fields[i] == text }

// text is field i of the row.
func (r *rows) text(i int) string { return r.fields[i] }

// lines is about how many lines a file has, judged by its beginning.
func lines(dir, name string) (int, error) {
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return 0, err
	}
	defer f.Close() //nolint:errcheck // only read
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	head := make([]byte, 1<<16)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return 0, err
	}
	return int(info.Size()) / n * bytes.Count(head[:n], []byte{'\n'}), nil
}

// each reads a whole file.
func each(dir, name string, columns int, row func(*rows) error) error {
	r, err := openRows(dir, name, columns)
	if err != nil {
		return err
	}
	defer r.close()
	for {
		ok, err := r.next()
		if !ok || err != nil {
			return err
		}
		if err := row(r); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
}

// follower gives the rows of a file that belong to an account, for accounts
// asked for in ascending order.
type follower struct {
	*rows
	ended bool
}

func follow(dir, name string, columns int) (*follower, error) {
	r, err := openRows(dir, name, columns)
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
func (f *follower) of(account string, row func()) error {
	for !f.ended && f.fields[0] == account {
		row()
		if err := f.advance(); err != nil {
			return err
		}
	}
	return nil
}
