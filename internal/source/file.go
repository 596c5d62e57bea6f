package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
)

// File is a file to read. It may be opened more than once.
type File struct {
	// Name is what refusals call it, and where the date of a report is looked
	// for.
	Name string
	// Date is what the person who gave the file says of its age; zero when
	// they said nothing. A date in the file itself goes before it.
	Date time.Time
	Open func() (io.ReadCloser, error)
}

// FromPath is the file at a path. It must be a regular file: a pipe cannot be
// read twice, and opening one waits for whoever writes it.
func FromPath(path string) File {
	return File{Name: path, Open: func() (io.ReadCloser, error) {
		info, err := os.Stat(path)
		if err != nil {
			return nil, err
		}
		if !info.Mode().IsRegular() && !info.IsDir() {
			return nil, errs.New(errs.Invalid, "source.not_regular", "File", path)
		}
		return os.Open(path)
	}}
}

// Limits bound what is read of one file. The zero value takes the defaults.
type Limits struct {
	MaxBytes    int64 // default [DefaultMaxBytes]
	MaxRowBytes int64 // of a CSV row, a text or a person; default [DefaultMaxRowBytes]
	// MaxRows bounds the rows of a CSV, and the people, invitations,
	// subscriptions and domains of a cloud list together; default
	// [DefaultMaxRows].
	MaxRows int
}

// The defaults of [Limits].
const (
	DefaultMaxBytes    = 16 << 30
	DefaultMaxRowBytes = 1 << 20
	DefaultMaxRows     = 20_000_000
)

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
	return l
}

// open opens a file and says what went wrong in a person's words.
func (f File) open() (io.ReadCloser, error) {
	in, err := f.Open()
	if err != nil {
		return nil, f.fault(err)
	}
	if stat, ok := in.(interface{ Stat() (fs.FileInfo, error) }); ok {
		if info, err := stat.Stat(); err == nil && info.IsDir() {
			return nil, closing(in, errs.New(errs.Invalid, "source.directory", "File", f.Name))
		}
	}
	return in, nil
}

// fault is the refusal for an error of the file system.
func (f File) fault(err error) error {
	if errs.KindOf(err) == errs.Invalid {
		return err // said already
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errs.Wrap(errs.NotFound, err, "source.no_file", "File", f.Name)
	case errors.Is(err, fs.ErrPermission):
		return errs.Wrap(errs.Forbidden, err, "source.no_permission", "File", f.Name)
	default:
		return errs.Wrap(errs.Unavailable, err, "source.unreadable", "File", f.Name, "Cause", err.Error())
	}
}

// opened is a file whose beginning was looked at.
type opened struct {
	file   File
	closer io.Closer
	// text is everything, from its beginning, in UTF-8 as far as the file says
	// itself what it is in.
	text io.Reader
	// begin is the beginning of the text, and whole says that it is all of it.
	begin []byte
	whole bool
	head  head
}

// headBytes is how much of a file is looked at to see what it is.
const headBytes = 64 << 10

// openAndLook opens a file and recognises it.
func openAndLook(f File) (*opened, error) {
	in, err := f.open()
	if err != nil {
		return nil, err
	}
	text := decoded(in)
	begin := make([]byte, headBytes)
	n, err := io.ReadFull(text, begin)
	begin = begin[:n]
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, closing(in, f.fault(fmt.Errorf("read %s: %w", f.Name, err)))
	}
	whole := err != nil
	return &opened{file: f, closer: in, text: io.MultiReader(bytes.NewReader(begin), text), begin: begin, whole: whole, head: look(begin, whole)}, nil
}

// closing closes what is of no use any more because of err, which it gives
// back.
func closing(c io.Closer, err error) error {
	if second := c.Close(); second != nil {
		return errors.Join(err, second)
	}
	return err
}
