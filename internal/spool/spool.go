// Package spool keeps what is uploaded while it is taken in: files in a
// directory that nobody else may read, bounded in size and number. Every surface
// of a role that takes files shares one [Spool], so that the bound on how much
// is taken in at the same time holds for all of them together.
//
// The package deliberately knows no role and no format: it gives whole files,
// and what they hold by SHA-256. Start with [New], [Spool.Enter] and
// [Spool.Take].
//
// Invariant: nothing of what was spooled outlives its request, or, when the
// process is killed, the next start.
package spool

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/source"
)

// DefaultMost is how many bytes an upload has at most unless told
// otherwise: a usage file of ten million people, sealed, is a tenth of it.
const DefaultMost = 16 << 30

// maxAtOnce is how many uploads are taken in at the same time. Each costs the
// disk its file and the machine a recount.
const maxAtOnce = 4

// Spool keeps what is uploaded while it is taken in: files in a directory that
// nobody else may read. They are gone when their request ends, and those a
// killed process left when the next one starts. It is safe for concurrent use.
type Spool struct {
	directory string
	most      int64
	places    chan struct{}
}

// New makes the directory unless it is there, and removes what a killed
// process left in it: it belongs to one process. 0 bytes are DefaultMost.
func New(directory string, most int64) (*Spool, error) {
	if most <= 0 {
		most = DefaultMost
	}
	if err := os.MkdirAll(directory, 0o700); err != nil {
		return nil, fmt.Errorf("spool directory: %w", err)
	}
	left, err := filepath.Glob(filepath.Join(directory, spooledFiles))
	if err != nil {
		return nil, fmt.Errorf("spool directory: %w", err)
	}
	for _, path := range left {
		if err := os.Remove(path); err != nil {
			return nil, fmt.Errorf("leftover of the spool: %w", err)
		}
	}
	return &Spool{directory: directory, most: most, places: make(chan struct{}, maxAtOnce)}, nil
}

// spooledFiles is how files of a spool are called.
const spooledFiles = "upload-*.part"

// Enter takes a place for a request and gives what frees it; Unavailable when
// there is none.
func (s *Spool) Enter() (leave func(), err error) {
	select {
	case s.places <- struct{}{}:
		return func() { <-s.places }, nil
	default:
		return nil, errs.New(errs.Unavailable, "spool.uploads_busy", "Most", maxAtOnce)
	}
}

// File is a file that was taken in.
type File struct {
	*os.File

	size int64
	// content is the SHA-256 of its bytes.
	content [sha256.Size]byte
}

// Most is how many bytes a file has at most.
func (s *Spool) Most() int64 { return s.most }

// Take reads a body to its end. The caller drops the file.
func (s *Spool) Take(body io.Reader) (*File, error) {
	f, err := os.CreateTemp(s.directory, spooledFiles)
	if err != nil {
		return nil, errs.Wrap(errs.Unavailable, err, "spool.no_spool")
	}
	out := &File{File: f}
	if err := out.fill(body, s.most); err != nil {
		out.Drop()
		return nil, err
	}
	return out, nil
}

func (f *File) fill(body io.Reader, most int64) error {
	in, hash, file := &watched{Reader: io.LimitReader(body, most+1)}, sha256.New(), bufio.NewWriterSize(f.File, 1<<16)
	n, err := io.Copy(io.MultiWriter(file, hash), in)
	if err == nil {
		err = file.Flush()
	}
	switch {
	case n > most || tooLarge(in.failure):
		return errs.New(errs.TooLarge, "spool.file_too_large", "Most", most)
	case in.failure != nil:
		return errs.Wrap(errs.Invalid, in.failure, "spool.cut_off")
	case err != nil:
		return errs.Wrap(errs.Unavailable, err, "spool.no_spool")
	case n == 0:
		return errs.New(errs.Invalid, "spool.empty_file")
	}
	f.size, f.content = n, [sha256.Size]byte(hash.Sum(nil))
	_, err = f.Seek(0, io.SeekStart)
	return err
}

func tooLarge(err error) bool {
	_, is := errors.AsType[*http.MaxBytesError](err)
	return is
}

// watched remembers how reading failed, to tell it from writing.
type watched struct {
	io.Reader

	failure error
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.Reader.Read(p)
	if err != nil && err != io.EOF {
		w.failure = err
	}
	return n, err
}

// Drop removes the file.
func (f *File) Drop() {
	_ = f.Close()
	_ = os.Remove(f.Name()) // what stays is removed at the next start
}

// Named is the file for readers of people's files, under the name it came with.
func (f *File) Named(name string, at time.Time) source.File {
	return source.File{Name: name, Date: at, Open: func() (io.ReadCloser, error) {
		return io.NopCloser(io.NewSectionReader(f.File, 0, f.size)), nil
	}}
}

// ContentOf names what several files hold, whatever their order.
func ContentOf(files ...*File) string {
	var sums []string
	for _, f := range files {
		sums = append(sums, hex.EncodeToString(f.content[:]))
	}
	if len(sums) == 1 {
		return sums[0]
	}
	slices.Sort(sums)
	all := sha256.Sum256([]byte(strings.Join(sums, "\n")))
	return hex.EncodeToString(all[:])
}
