// Package fetch gets the file that a command of the site writes to its standard
// output: a report that only the site's own script may download, so that the
// token for it stays in the site's own store of secrets.
//
// The command is a program without arguments. It sees the environment it is
// given and nothing else, has no standard input, and is ended with everything it
// started when it takes too long or writes too much. What it writes counts only
// when it ends with status 0.
//
// The package deliberately knows no format: what the file holds is looked at by
// whoever asked. Start with [Command.Fetch].
package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/licensing"
)

// DefaultTimeout is how long a command may take.
const DefaultTimeout = 10 * time.Minute

// grace is how long what a command left behind may hold its output open.
const grace = 5 * time.Second

// maxSaid is how many bytes of the end of standard error are kept.
const maxSaid = 2 << 10

// Command is a program that writes a file.
type Command struct {
	Path string
	// Env is its whole environment, NAME=VALUE.
	Env []string
	// Timeout is how long it may take; 0 means [DefaultTimeout].
	Timeout time.Duration
	// MaxBytes is how much it may write.
	MaxBytes int64
}

// Fetch runs the command and writes its output to w. Errors, each with what the
// command said on standard error as far as that can be shown: NotFound when it
// cannot be started, Unavailable when it failed or took too long, TooLarge when it
// wrote too much. What w holds then is worthless.
func (c *Command) Fetch(ctx context.Context, w io.Writer) error {
	timeout := c.Timeout
	if timeout <= 0 {
		timeout = DefaultTimeout
	}
	inTime, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	said := &tail{}
	out := &bounded{to: w, left: c.MaxBytes, full: cancel}
	run := exec.CommandContext(inTime, c.Path) //nolint:gosec // whoever runs the program named it
	run.Env, run.Stdout, run.Stderr, run.WaitDelay = append([]string{}, c.Env...), out, said, grace
	alone(run)
	if err := run.Start(); err != nil {
		return errs.Wrap(errs.NotFound, err, "fetch.not_started", "Command", c.Path, "Cause", cause(err))
	}
	err := run.Wait()
	switch {
	case out.err != nil:
		return out.err
	case out.over:
		return errs.Wrap(errs.TooLarge, err, "fetch.too_large", "Command", c.Path, "Limit", c.MaxBytes, "Said", said.String())
	case ctx.Err() != nil:
		return ctx.Err()
	case inTime.Err() != nil:
		return errs.Wrap(errs.Unavailable, err, "fetch.too_slow", "Command", c.Path, "Limit", timeout.String(), "Said", said.String())
	case err != nil:
		return errs.Wrap(errs.Unavailable, err, "fetch.failed", "Command", c.Path, "Status", run.ProcessState.String(), "Said", said.String())
	}
	return nil
}

// cause is what the system said, without the path.
func cause(err error) string {
	for next := err; next != nil; next = errors.Unwrap(next) {
		err = next
	}
	return err.Error()
}

// bounded passes on so many bytes and ends the command after that.
type bounded struct {
	to   io.Writer
	left int64
	full func()
	over bool
	err  error
}

// Write implements io.Writer.
func (b *bounded) Write(p []byte) (int, error) {
	if b.left -= int64(len(p)); b.left < 0 {
		b.over = true
		b.full()
		return 0, io.ErrShortWrite
	}
	n, err := b.to.Write(p)
	if err != nil {
		b.err = fmt.Errorf("keep what a command wrote: %w", err)
		b.full()
	}
	return n, err
}

// tail keeps the end of what is written.
type tail struct{ text []byte }

// Write implements io.Writer.
func (t *tail) Write(p []byte) (int, error) {
	t.text = append(t.text, p...)
	if over := len(t.text) - maxSaid; over > 0 {
		t.text = append(t.text[:0], t.text[over:]...)
	}
	return len(p), nil
}

// String is the last lines as they may be shown: a few, in one, with whatever
// may be an address or a secret masked.
func (t *tail) String() string {
	const most = 3
	lines := strings.FieldsFunc(strings.ToValidUTF8(string(t.text), ""), func(r rune) bool { return r == '\n' || r == '\r' })
	lines = lines[max(0, len(lines)-most):]
	var shown []string
	for _, line := range lines {
		words := strings.Fields(line)
		for i, word := range words {
			if strings.Contains(word, "@") {
				words[i] = licensing.MaskText(word)
			}
		}
		if line = strings.Join(words, " "); line != "" {
			shown = append(shown, short(line))
		}
	}
	return strings.Join(shown, " / ")
}

// short is a line of bearable length.
func short(line string) string {
	const most = 200
	if len(line) <= most {
		return line
	}
	return strings.ToValidUTF8(line[:most], "") + "…"
}
