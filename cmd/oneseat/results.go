package main

import (
	"io"

	"github.com/oneseat/oneseat/internal/errs"
)

// results is standard output. It remembers whether anything was written, for
// the sentence about an interruption, and says in one what kept it from
// writing. It is not safe for concurrent use.
type results struct {
	to    io.Writer
	begun bool
}

func (r *results) Write(text []byte) (int, error) {
	n, err := r.to.Write(text)
	r.begun = r.begun || n > 0
	if err != nil {
		err = errs.Wrap(errs.Unavailable, err, "usage.output_failed", "Cause", cause(err))
	}
	return n, err
}

// Fd is the file descriptor, for those who ask whether it is a terminal; one
// that is none for what is no file.
func (r *results) Fd() uintptr {
	if file, ok := r.to.(interface{ Fd() uintptr }); ok {
		return file.Fd()
	}
	return ^uintptr(0)
}
