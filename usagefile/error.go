package usagefile

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Error is why a usage file was refused. Its text is English and technical;
// what a person reads is the sentence [Error.Message] names.
type Error struct {
	Code Code
	// Byte is how many bytes of the file stand before the place, -1 when the
	// place is unknown or inside the sealed part.
	Byte int64
	// User is the number of the user in the file, counted from 1; 0 when the
	// defect is not in a user.
	User int64

	values map[string]any
	cause  error
}

// fault is an error whose place is not known yet.
func fault(code Code, values ...any) *Error {
	e := &Error{Code: code, Byte: -1}
	for i := 0; i+1 < len(values); i += 2 {
		e.set(fmt.Sprint(values[i]), values[i+1])
	}
	return e
}

func (e *Error) set(name string, value any) {
	if e.values == nil {
		e.values = map[string]any{}
	}
	e.values[name] = value
}

func (e *Error) at(offset int64) *Error {
	if e.Byte < 0 {
		e.Byte = offset
	}
	return e
}

func (e *Error) because(cause error) *Error {
	e.cause = cause
	return e
}

// Message names the sentence for this error. Every sentence may use Byte and
// User as in [Error] beside the values of its own.
func (e *Error) Message() (key string, args map[string]any) {
	args = map[string]any{"Byte": e.Byte, "User": e.User}
	maps.Copy(args, e.values)
	return "usagefile." + string(e.Code), args
}

// Error is the code with its values.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "usage file: %s", e.Code)
	if e.User > 0 {
		fmt.Fprintf(&b, " at user %d", e.User)
	}
	if e.Byte >= 0 {
		fmt.Fprintf(&b, " after byte %d", e.Byte)
	}
	for _, name := range slices.Sorted(maps.Keys(e.values)) {
		fmt.Fprintf(&b, ", %s %v", strings.ToLower(name), e.values[name])
	}
	if e.cause != nil {
		fmt.Fprintf(&b, ": %v", e.cause)
	}
	return b.String()
}

// Unwrap is the error below, for operators.
func (e *Error) Unwrap() error { return e.cause }
