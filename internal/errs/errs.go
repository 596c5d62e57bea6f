// Package errs holds the few kinds an error can be of, and errors that name
// the sentence a person reads.
//
// An error of this package says three things: its [Kind], which an edge (an
// exit status, an HTTP status) acts on; a key with arguments, which
// internal/i18n turns into a sentence in the reader's language; and a cause,
// which is for the operator. It deliberately renders no sentences and knows
// no status codes. Packages that may not import this one (licensing,
// usagefile, report) have their own error types; those meet the reader
// through the same Message method and have no kind.
//
// Start with [New], [Wrap] and [KindOf].
package errs

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// Kind is what an error means to whoever asked. The zero value is internal:
// nobody expected the error, and its text is for the operator alone.
type Kind uint8

// The kinds.
const (
	Internal        Kind = iota
	Invalid              // what was given is wrong and will stay wrong
	Unauthenticated      // nobody knows who asks
	Forbidden            // who asks may not
	NotFound             // what was asked for is not there, or not for the asker
	Conflict             // right in itself, but not beside what is there already
	TooLarge             // over a documented limit
	RateLimited          // too often; later is fine
	Unavailable          // something needed is not there now; later may be fine
)

// String is the kind in lower-case words.
func (k Kind) String() string {
	names := [...]string{
		"internal", "invalid", "unauthenticated", "forbidden", "not found",
		"conflict", "too large", "rate limited", "unavailable",
	}
	if int(k) < len(names) {
		return names[k]
	}
	return fmt.Sprintf("kind %d", uint8(k))
}

// New gives an error of a kind. The key names a sentence of the catalogue;
// args are the sentence's values, name and value in turn. A value that is
// personal data is one that masks itself, as licensing.Email does.
func New(kind Kind, key string, args ...any) error {
	return &keyed{kind: kind, key: key, args: args}
}

// Wrap is [New] with the error that caused this one, which errors.Is and
// errors.As find and which no sentence shows unless it is an argument too.
func Wrap(kind Kind, cause error, key string, args ...any) error {
	return &keyed{kind: kind, key: key, args: args, cause: cause}
}

// KindOf is the kind of the outermost error of this package in the chain of
// err, [Internal] when there is none.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*keyed](err); ok {
		return e.kind
	}
	return Internal
}

// Judged says that the chain of err has an error of this package: Internal is
// then what somebody made of it, and not the lack of a kind.
func Judged(err error) bool {
	_, ok := errors.AsType[*keyed](err)
	return ok
}

// Text is err's technical text for a log, without the local part of whatever
// looks like an address.
func Text(err error) string { return addresses.ReplaceAllString(err.Error(), "…@$1") }

type keyed struct {
	kind  Kind
	key   string
	args  []any
	cause error
}

// Message is the key of the sentence and its arguments by name.
func (e *keyed) Message() (key string, args map[string]any) {
	return e.key, Args(e.args)
}

// Unwrap is the cause, nil when there is none.
func (e *keyed) Unwrap() error { return e.cause }

// Error is the technical text for logs: key, arguments in the order given,
// cause. The local part of whatever looks like an address is left out, in
// case somebody passed one as plain text.
func (e *keyed) Error() string {
	var b strings.Builder
	b.WriteString(e.key)
	for i := 0; i+1 < len(e.args); i += 2 {
		fmt.Fprintf(&b, " %v=%v", e.args[i], e.args[i+1])
	}
	if e.cause != nil {
		fmt.Fprintf(&b, ": %v", e.cause)
	}
	return addresses.ReplaceAllString(b.String(), "…@$1")
}

var addresses = regexp.MustCompile(`[^\s=@"'<>]+@([^\s@"'<>]*)`)

// Args makes a map of names and values given in turn. A last name without a
// value stands with the value nil.
func Args(pairs []any) map[string]any {
	args := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		var value any
		if i+1 < len(pairs) {
			value = pairs[i+1]
		}
		args[fmt.Sprint(pairs[i])] = value
	}
	return args
}
