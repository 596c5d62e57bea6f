package job

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
)

// sentence is an error that names a sentence of the catalogue.
type sentence interface {
	error
	Message() (key string, args map[string]any)
}

// record is how the error of an attempt is kept with its job, so that people
// read its sentence in their own language later.
type record struct {
	// Attempt is the attempt it is of; a later one may have left none.
	Attempt int            `json:"attempt,omitempty"`
	Key     string         `json:"key,omitempty"` // empty: the error names no sentence
	Args    map[string]any `json:"args,omitempty"`
	Text    string         `json:"text"` // for the operator
}

func newRecord(err error, attempt int) record {
	r := record{Attempt: attempt, Text: err.Error()}
	said, ok := errors.AsType[sentence](err)
	if !ok {
		return r
	}
	key, args := said.Message()
	r.Key, r.Args = key, make(map[string]any, len(args))
	for name, value := range args {
		r.Args[name] = keep(value)
	}
	return r
}

// keep is an argument as JSON keeps it: numbers and truth as they are, an
// error as its own record, everything else as a person would have read it.
func keep(value any) any {
	switch value := value.(type) {
	case nil, bool, int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64, float32, float64:
		return value
	case sentence:
		return map[string]any{"record": newRecord(value, 0)}
	default:
		return fmt.Sprint(value)
	}
}

// err is the error again: with the same sentence, or else with the same text.
func (r record) err() error {
	if r.Key == "" {
		return errors.New(r.Text)
	}
	args := make(map[string]any, len(r.Args))
	for name, value := range r.Args {
		args[name] = restore(value)
	}
	return &remembered{key: r.Key, args: args, text: r.Text}
}

// restore undoes what JSON did to an argument.
func restore(value any) any {
	switch value := value.(type) {
	case float64:
		if value == math.Trunc(value) && math.Abs(value) < 1<<53 {
			return int64(value)
		}
		return value
	case map[string]any:
		var inner struct{ Record record }
		text, err := json.Marshal(value)
		if err != nil || json.Unmarshal(text, &inner) != nil {
			return value
		}
		return inner.Record.err()
	default:
		return value
	}
}

// remembered is an error from an earlier attempt.
type remembered struct {
	key  string
	args map[string]any
	text string
}

// Message is the key of the sentence and its arguments by name.
func (e *remembered) Message() (key string, args map[string]any) { return e.key, e.args }

// Error is the text the error had.
func (e *remembered) Error() string { return e.text }
