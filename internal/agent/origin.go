package agent

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/fetch"
	"github.com/oneseat/oneseat/internal/source"
)

// execPrefix is how a source says that a command writes it.
const execPrefix = "exec:"

// Source is where an agent reads accounts from: a file, or a command that writes
// one.
type Source struct {
	// Text is how people know it: a path, or "exec:" and a path.
	Text string
	// Env is the whole environment of the command.
	Env []string
	// Timeout bounds the command; 0 means [fetch.DefaultTimeout].
	Timeout time.Duration
	// Limits of what is read; MaxBytes bounds the command's output too.
	Limits source.Limits
}

// Command is the path of the command; empty when the source is a file.
func (o *Source) Command() string {
	path, is := strings.CutPrefix(o.Text, execPrefix)
	if !is {
		return ""
	}
	return path
}

// Check says what is wrong with the text alone: Invalid.
func (o *Source) Check() error {
	path, is := strings.CutPrefix(o.Text, execPrefix)
	switch {
	case o.Text == "" || path == "":
		return errs.New(errs.Invalid, "agent.no_source")
	case is && !filepath.IsAbs(path):
		return errs.New(errs.Invalid, "agent.relative_command", "Command", path)
	default:
		return nil
	}
}

// material is a source that can be read, as it was at one time.
type material struct {
	file source.File
	// at is when it was produced, bytes its size.
	at    time.Time
	bytes int64
	// digest of its bytes; empty until it is taken.
	digest string
	// remove ends it.
	remove func()
	// same says that it is still what it was.
	same func() error
}

// open gives the source. The caller calls remove.
func (s *Service) open(ctx context.Context) (*material, error) {
	if s.config.Source.Command() != "" {
		return s.fetch(ctx)
	}
	return openFile(s.config.Source.Text)
}

// openFile looks at a file; nothing of it is read.
func openFile(name string) (*material, error) {
	before, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, errs.Wrap(errs.NotFound, err, "agent.source_missing", "File", name)
	case err != nil:
		return nil, errs.Wrap(errs.Unavailable, err, "agent.source_unreadable", "File", name, "Cause", systemCause(err))
	}
	same := func() error {
		after, err := os.Stat(name)
		if err != nil || !os.SameFile(before, after) || before.Size() != after.Size() || !before.ModTime().Equal(after.ModTime()) {
			return errs.New(errs.Unavailable, "agent.source_changing", "File", name)
		}
		return nil
	}
	return &material{
		file: source.FromPath(name), at: before.ModTime().UTC().Truncate(time.Microsecond), bytes: before.Size(),
		remove: func() {}, same: same,
	}, nil
}

// fetch lets the command write a file into the spool, which nobody else reads
// and which is gone when it was read.
func (s *Service) fetch(ctx context.Context) (*material, error) {
	o := s.config.Source
	if err := os.MkdirAll(s.spoolDir(), 0o700); err != nil {
		return nil, s.unusable(err)
	}
	file, err := os.CreateTemp(s.spoolDir(), "source-*.csv")
	if err != nil {
		return nil, s.unusable(err)
	}
	m := &material{remove: func() { _ = os.Remove(file.Name()) }, same: func() error { return nil }}
	limit := cmp.Or(o.Limits.MaxBytes, source.DefaultMaxBytes)
	sum := sha256.New()
	command := fetch.Command{Path: o.Command(), Env: o.Env, Timeout: o.Timeout, MaxBytes: limit}
	err = command.Fetch(ctx, io.MultiWriter(file, sum))
	if closed := file.Close(); err == nil && closed != nil {
		err = s.unusable(closed)
	}
	if err != nil {
		m.remove()
		return nil, s.spooling(err)
	}
	m.file = source.FromPath(file.Name())
	m.file.Name = filepath.Base(o.Command())
	m.at, m.digest = s.now(), hex.EncodeToString(sum.Sum(nil))
	if info, err := os.Stat(file.Name()); err == nil {
		m.bytes = info.Size()
	}
	return m, nil
}

// spooling gives a full disk its sentence.
func (s *Service) spooling(err error) error {
	if _, full := errors.AsType[*fs.PathError](err); full && !errs.Judged(err) {
		return s.unusable(err)
	}
	return err
}

// takeDigest reads the whole source once, unless its digest is known. One that is
// longer than any may be is not read at all.
func (m *material) takeDigest(ctx context.Context, limits source.Limits) error {
	if m.digest != "" {
		return nil
	}
	if limit := cmp.Or(limits.MaxBytes, source.DefaultMaxBytes); m.bytes > limit {
		return errs.New(errs.TooLarge, "source.file_too_long", "File", m.file.Name, "Limit", limit)
	}
	in, err := m.file.Open()
	if err != nil {
		return errs.Wrap(errs.Unavailable, err, "agent.source_unreadable", "File", m.file.Name, "Cause", systemCause(err))
	}
	defer in.Close() //nolint:errcheck // only read
	sum := sha256.New()
	if _, err := io.Copy(sum, untilDone{ctx, in}); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return errs.Wrap(errs.Unavailable, err, "agent.source_unreadable", "File", m.file.Name, "Cause", systemCause(err))
	}
	m.digest = hex.EncodeToString(sum.Sum(nil))
	return m.same()
}

// untilDone reads until a context ends.
type untilDone struct {
	ctx context.Context //nolint:containedctx // a reader has no other way to be told
	in  io.Reader
}

// Read implements io.Reader.
func (u untilDone) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, fmt.Errorf("read source: %w", err)
	}
	return u.in.Read(p)
}

// unusable is for the state directory.
func (s *Service) unusable(err error) error {
	return errs.Wrap(errs.Unavailable, err, "agent.state_unusable", "Directory", s.config.Dir, "Cause", systemCause(err))
}

// systemCause is what the system said, without paths, or else the innermost
// error.
func systemCause(err error) error {
	if said, ok := errors.AsType[syscall.Errno](err); ok {
		return said
	}
	for next := err; next != nil; next = errors.Unwrap(next) {
		err = next
	}
	return err
}
