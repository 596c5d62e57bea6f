package source_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/oneseat/oneseat/internal/i18n"
	"github.com/oneseat/oneseat/internal/source"
)

// file is a file that holds text.
func file(name, text string) source.File {
	return source.File{Name: name, Open: func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader([]byte(text))), nil
	}}
}

// message is what every refusal and every warning is.
type message interface {
	Message() (key string, args map[string]any)
}

// refusal is what a test expects of an error; zero members do not matter.
type refusal struct {
	key          string
	line, column int
}

// refusals gives every problem of an error.
func refusals(t *testing.T, err error) []refusal {
	t.Helper()
	if several, ok := errors.AsType[*source.Problems](err); ok {
		var all []refusal
		for _, one := range several.List {
			all = append(all, refusals(t, one)...)
		}
		return all
	}
	said, ok := errors.AsType[interface {
		error
		message
	}](err)
	if !ok {
		t.Fatalf("an error without a sentence: %v", err)
	}
	key, args := said.Message()
	explained(t, key, err)
	line, _ := args["Line"].(int)
	column, _ := args["Column"].(int)
	if inner, ok := args["Problem"].(message); ok {
		key, _ = inner.Message()
	}
	return []refusal{{key, line, column}}
}

// english is the catalogue.
var english = sync.OnceValue(func() *i18n.Catalogue {
	catalogue, err := i18n.New("en")
	if err != nil {
		panic(err)
	}
	return catalogue
})

// explained says that the sentence of an error is complete.
func explained(t *testing.T, key string, err error) {
	t.Helper()
	sentence := english().Error(err)
	if sentence == key || strings.Contains(sentence, "<no value>") || strings.Contains(sentence, ", line 0") {
		t.Errorf("%s reads: %s", key, sentence)
	}
}

// warnings gives the keys of warnings, with their counts.
func warnings(all []source.Warning) map[string]any {
	keys := map[string]any{}
	for _, w := range all {
		key, args := w.Message()
		if sentence := english().T(key, flat(args)...); sentence == key || strings.Contains(sentence, "<no value>") {
			panic(key + " reads: " + sentence)
		}
		keys[key] = args["Count"]
	}
	return keys
}

// flat gives arguments as name and value in turn.
func flat(args map[string]any) []any {
	var all []any
	for name, value := range args {
		all = append(all, name, value)
	}
	return all
}
