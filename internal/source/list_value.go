package source

import (
	"bytes"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/oneseat/oneseat/internal/nearest"
	"github.com/oneseat/oneseat/licensing"
)

// maxListDepth is how deep a cloud list may be nested; the format itself nests
// 6 deep.
const maxListDepth = 32

// object is a JSON object being read.
type object struct {
	keys []string
	seen uint32 // a bit for each key
	at   place
}

// members gives the keys of the object that comes next, one by one; whoever
// ranges over them reads the value of each. Keys that are not in the list are
// problems.
func (r *listReader) members(o *object) iter.Seq[string] {
	return func(yield func(string) bool) {
		if !r.enter('{', "source.want_object") {
			return
		}
		o.at = r.tracker.place(r.start)
		for !r.stopped() && r.decoder.PeekKind() == '"' {
			name := r.value()
			if r.err != nil {
				return
			}
			i := slices.IndexFunc(o.keys, func(key string) bool { return string(name[1:len(name)-1]) == key })
			if i < 0 {
				r.unknownKey(name, o.keys)
				r.skip()
				continue
			}
			if o.seen&(1<<i) != 0 {
				r.problem("source.json_key_twice")
				r.skip()
				continue
			}
			o.seen |= 1 << i
			if !yield(o.keys[i]) {
				return
			}
		}
		r.leave()
	}
}

// elements counts the elements of the array that comes next; whoever ranges
// over them reads each.
func (r *listReader) elements() iter.Seq[int] {
	return func(yield func(int) bool) {
		if !r.enter('[', "source.want_array") {
			return
		}
		for i := 0; !r.stopped(); i++ {
			if kind := r.decoder.PeekKind(); kind == ']' || kind == jsontext.KindInvalid {
				break
			}
			if !yield(i) {
				return
			}
		}
		r.leave()
	}
}

// enter begins an object or array; null stands for an empty array.
func (r *listReader) enter(open jsontext.Kind, otherwise string) bool {
	if r.stopped() {
		return false
	}
	switch kind := r.decoder.PeekKind(); {
	case kind == open:
		r.token()
		return r.err == nil
	case kind == 'n' && open == '[':
		r.value()
	default:
		r.wrong(otherwise)
	}
	return false
}

// leave ends an object or array.
func (r *listReader) leave() {
	if !r.stopped() {
		r.token()
	}
}

// wrong passes over a value of another type than wanted.
func (r *listReader) wrong(key string) {
	switch r.decoder.PeekKind() {
	case '{', '[':
		r.token()
		if r.err == nil {
			r.problem(key)
			r.skipRest(r.decoder.StackDepth() - 1)
		}
	default:
		r.value()
		if r.err == nil {
			r.problem(key)
		}
	}
}

// require notes keys that an object lacks.
func (r *listReader) require(o *object, keys ...string) {
	if r.stopped() || o.at == (place{}) {
		return
	}
	for _, key := range keys {
		if i := slices.Index(o.keys, key); o.seen&(1<<i) == 0 {
			r.problemAt(o.at, "source.key_missing", "Key", key)
		}
	}
}

// token reads one token.
func (r *listReader) token() {
	if _, err := r.decoder.ReadToken(); err != nil {
		r.err = err
		return
	}
	r.start = r.decoder.InputOffset() - 1
	r.tracker.forget(r.start)
	r.length()
}

// value reads a scalar as it stands there.
func (r *listReader) value() jsontext.Value {
	value, err := r.decoder.ReadValue()
	if err != nil {
		r.err = err
		return nil
	}
	r.start = r.decoder.InputOffset() - int64(len(value))
	r.tracker.forget(r.start)
	r.length()
	return value
}

// skip passes over a value of any size.
func (r *listReader) skip() {
	depth := r.decoder.StackDepth()
	r.token()
	r.skipRest(depth)
}

// skipRest passes over what is open deeper than depth.
func (r *listReader) skipRest(depth int) {
	for r.err == nil && r.decoder.StackDepth() > depth {
		if r.decoder.StackDepth() > maxListDepth {
			r.problem("source.too_deep", "Limit", maxListDepth)
			r.err = errTooDeep
			return
		}
		r.token()
	}
}

func (r *listReader) unknownKey(name jsontext.Value, keys []string) {
	text, err := jsontext.AppendUnquote(nil, name)
	if err != nil {
		text = name
	}
	if near := nearest.To(string(text), keys); near != "" {
		r.problem("source.key_near", "Key", shown(string(text)), "Near", near)
		return
	}
	r.problem("source.key_unknown", "Key", shown(string(text)), "Known", strings.Join(keys, ", "))
}

// text reads a string; null stands for an empty one.
func (r *listReader) text() string { return r.texts.keep(r.bytes()) }

// bytes is text, good until the next read.
func (r *listReader) bytes() []byte {
	switch {
	case r.stopped():
		return nil
	case r.decoder.PeekKind() != '"' && r.decoder.PeekKind() != 'n':
		r.wrong("source.want_text")
		return nil
	}
	value := r.value()
	if len(value) < 2 || value[0] != '"' {
		return nil
	}
	if bytes.IndexByte(value, '\\') < 0 {
		return value[1 : len(value)-1]
	}
	text, err := jsontext.AppendUnquote(nil, value)
	if err != nil {
		r.err = err
	}
	return text
}

// needed is text that may not be empty.
func (r *listReader) needed() string {
	found := len(r.problems.found)
	text := r.text()
	if text == "" && !r.stopped() && found == len(r.problems.found) {
		r.problem("source.text_empty")
	}
	return text
}

func (r *listReader) email() licensing.Email { return licensing.NewEmail(r.text()) }

func (r *listReader) boolean() bool {
	if r.stopped() {
		return false
	}
	switch r.decoder.PeekKind() {
	case 't', 'f', 'n':
		return string(r.value()) == "true"
	default:
		r.wrong("source.want_boolean")
		return false
	}
}

// number reads a number that counts something.
func (r *listReader) number() int {
	if r.stopped() {
		return 0
	}
	switch r.decoder.PeekKind() {
	case 'n':
		r.value()
	case '0':
		value := r.value()
		if r.err != nil {
			return 0
		}
		n, ok := plainNumber(value)
		if !ok || n > 1<<40 {
			r.problem("source.want_count", "Value", shown(string(value)))
			return 0
		}
		return int(n)
	default:
		r.wrong("source.want_count")
	}
	return 0
}

// time reads an instant.
func (r *listReader) time() time.Time {
	text := string(r.bytes())
	if text == "" {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		r.problem("source.want_time", "Value", shown(text))
		return time.Time{}
	}
	return at.UTC()
}

// choice reads one of a few words; empty when the value is null or wrong.
func (r *listReader) choice(words ...string) string {
	found := len(r.problems.found)
	isNull := !r.stopped() && r.decoder.PeekKind() == 'n'
	text := string(r.bytes())
	if isNull || r.stopped() || found != len(r.problems.found) {
		return ""
	}
	if i := slices.Index(words, text); i >= 0 {
		return words[i]
	}
	if near := nearest.To(text, words); near != "" {
		r.problem("source.word_near", "Value", shown(text), "Near", near)
	} else {
		r.problem("source.word_unknown", "Value", shown(text), "Known", strings.Join(words, ", "))
	}
	return ""
}

// words reads texts that may not be empty, one for each element.
func (r *listReader) words(elements iter.Seq[int], read func() string) []string {
	r.Scratch.words = r.Scratch.words[:0]
	for range elements {
		if word := read(); word != "" {
			r.Scratch.words = append(r.Scratch.words, word)
		}
	}
	return r.Scratch.keptWords.keep(r.Scratch.words)
}

// repository reads "org/repo".
func (r *listReader) repository() string {
	text := r.needed()
	if owner, name, ok := strings.Cut(text, "/"); text != "" && (!ok || owner == "" || name == "" || strings.Contains(name, "/")) {
		r.problem("source.want_repository", "Value", shown(text))
	}
	return text
}
