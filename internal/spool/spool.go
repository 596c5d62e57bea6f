// Package spool keeps what is uploaded while it is taken in: files in a
// directory that nobody else may read, bounded in size and number. Every surface
// of a role that takes files shares one [Spool], so that its bounds hold for all
// of them together.
//
// A body may come as slowly as its sender likes. That is why arriving and being
// taken in are bounded apart: so many bodies of one guest and of one enterprise
// arrive at a time, and only whole ones wait for one of the few places to be
// taken in. Whoever sends slowly is in nobody's way but their own.
//
// The package deliberately knows no role and no format: it gives whole files,
// and what they hold by SHA-256. Start with [New], [Spool.Enter], [Stay.Take]
// and [Stay.Turn].
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
	"sync"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/source"
)

// DefaultMost is how many bytes an upload has at most unless told
// otherwise: a usage file of ten million people, sealed, is a tenth of it.
const DefaultMost = 16 << 30

// The bounds of what happens at the same time.
const (
	// maxTaken is how many uploads are taken in; each costs the machine a
	// recount.
	maxTaken = 4
	// maxOfGuest and maxOfEnterprise are how many bodies arrive or wait.
	maxOfGuest      = 2
	maxOfEnterprise = 8
	// maxFiles is what all files together have at most, in files of the largest
	// size.
	maxFiles = 4
	// patience is how long a whole body waits to be taken in.
	patience = time.Minute
)

// Spool keeps what is uploaded while it is taken in: files in a directory that
// nobody else may read. They are gone when their request ends, and those a
// killed process left when the next one starts. It is safe for concurrent use.
type Spool struct {
	directory string
	most      int64
	places    chan struct{}

	mutex sync.Mutex
	// guests and enterprises count stays; what nobody has is not there.
	guests      map[guestKey]int
	enterprises map[int64]int
	bytes       int64 // on disk
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
	return &Spool{
		directory: directory, most: most, places: make(chan struct{}, maxTaken), guests: map[guestKey]int{}, enterprises: map[int64]int{},
	}, nil
}

// spooledFiles is how files of a spool are called.
const spooledFiles = "upload-*.part"

// Most is how many bytes a file has at most.
func (s *Spool) Most() int64 { return s.most }

// File is a file that was taken in.
type File struct {
	*os.File

	spool *Spool
	size  int64
	// content is the SHA-256 of its bytes.
	content [sha256.Size]byte
}

func (f *File) fill(body io.Reader, most int64) error {
	in, hash, file := &watched{Reader: io.LimitReader(body, most+1)}, sha256.New(), bufio.NewWriterSize(budgeted{f}, 1<<16)
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
	f.content = [sha256.Size]byte(hash.Sum(nil))
	_, err = f.Seek(0, io.SeekStart)
	return err
}

// errFull says that all files together have what they may.
var errFull = errors.New("the spool is full")

// budgeted writes to a file what fits beside all others.
type budgeted struct{ *File }

// Write implements io.Writer.
func (b budgeted) Write(p []byte) (int, error) {
	if !b.spool.reserve(int64(len(p))) {
		return 0, errFull
	}
	b.size += int64(len(p))
	return b.File.Write(p)
}

// reserve says that so many bytes more may be written.
func (s *Spool) reserve(n int64) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.bytes+n > maxFiles*s.most {
		return false
	}
	s.bytes += n
	return true
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

// drop removes the file.
func (f *File) drop() {
	_ = f.Close()
	_ = os.Remove(f.Name()) // what stays is removed at the next start
	f.spool.mutex.Lock()
	defer f.spool.mutex.Unlock()
	f.spool.bytes -= f.size
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
