package main

import (
	"errors"

	"github.com/alecthomas/kong"
)

// words is an option that takes several values, once or again and again:
// "--cloud a b --cloud c". Patterns that a shell expands work too.
type words []string

// Decode takes the values up to the next option.
func (w *words) Decode(ctx *kong.DecodeContext) error {
	first := ctx.Scan.Peek()
	if !first.IsValue() {
		return errNoValue
	}
	*w = append(*w, ctx.Scan.Pop().String())
	for first.Type != kong.FlagValueToken && ctx.Scan.Peek().IsValue() {
		*w = append(*w, ctx.Scan.Pop().String())
	}
	return nil
}

// errNoValue is worded like kong's own errors of that kind.
var errNoValue = errors.New("expected a value")
