package usagefile

import (
	"bytes"
	"errors"
	"io"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/oneseat/oneseat/licensing"
)

// tokens reads JSON of a known shape strictly: every value is of the kind the
// caller asks for, every key stands once, every text is short, and nothing is
// held that was not allowed before.
type tokens struct {
	dec    *jsontext.Decoder
	in     *budget
	limits Limits
	// header is the offset up to which the header may reach; 0 behind it.
	header int64
	// inner: these bytes come out of a seal, so their offsets mean nothing.
	inner bool
	// user is the number of the user being read; 0 outside.
	user int64
}

func newTokens(r io.Reader, limits Limits) *tokens {
	t := &tokens{limits: limits}
	t.in = &budget{r: r, over: t.overBudget}
	t.dec = jsontext.NewDecoder(t.in)
	return t
}

// peek is the kind of the next token; 0 when there is none, and then reading
// says why.
func (t *tokens) peek() jsontext.Kind {
	t.in.upTo = t.dec.InputOffset() + t.limits.tokenBytes()
	if t.header > 0 {
		t.in.upTo = min(t.in.upTo, t.header)
	}
	return t.dec.PeekKind()
}

func (t *tokens) overBudget() *Error {
	if t.header > 0 && t.in.upTo == t.header {
		return fault(CodeLimitHeader, "Limit", t.limits.HeaderBytes)
	}
	return fault(CodeLimitText, "Limit", t.limits.TextBytes)
}

// delim reads one of { } [ ].
func (t *tokens) delim(kind jsontext.Kind, key string) error {
	if t.peek() != kind {
		return t.wrongKind(key, string(rune(kind)))
	}
	_, err := t.dec.ReadToken()
	return t.check(err)
}

// name reads the next key of the object; false at the end of the object, which
// is read too.
func (t *tokens) name() (string, bool, error) {
	if t.peek() == '}' {
		_, err := t.dec.ReadToken()
		return "", false, t.check(err)
	}
	raw, err := t.value('"', "", `"…"`)
	if err != nil {
		return "", false, err
	}
	// The keys of users are not copied: a file has millions of them.
	for _, key := range [...]string{keyUserID, keyEmails, keyEmail, keyPrimary, keySecurity} {
		if string(raw[1:len(raw)-1]) == key {
			return key, true, nil
		}
	}
	text, err := t.unquote(raw)
	return text, err == nil, err
}

// text reads a string of at most limits.TextBytes.
func (t *tokens) text(key string) (string, error) {
	raw, err := t.value('"', key, `"…"`)
	if err != nil {
		return "", err
	}
	text, err := t.unquote(raw)
	if err == nil && len(text) > t.limits.TextBytes {
		return "", t.place(fault(CodeLimitText, "Limit", t.limits.TextBytes))
	}
	return text, err
}

func (t *tokens) unquote(raw []byte) (string, error) {
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1 : len(raw)-1]), nil
	}
	text, err := jsontext.AppendUnquote(nil, raw)
	return string(text), t.check(err)
}

// value reads a scalar; the bytes are good until the next read.
func (t *tokens) value(kind jsontext.Kind, key, want string) ([]byte, error) {
	if t.peek() != kind {
		return nil, t.wrongKind(key, want)
	}
	raw, err := t.dec.ReadValue()
	return raw, t.check(err)
}

func (t *tokens) boolean(key string) (bool, error) {
	kind := t.peek()
	if kind != 't' && kind != 'f' {
		return false, t.wrongKind(key, "true|false")
	}
	_, err := t.dec.ReadToken()
	return kind == 't', t.check(err)
}

// integer reads digits without sign, fraction or exponent.
func (t *tokens) integer(key string, least int64) (int64, error) {
	want := strconv.FormatInt(least, 10) + "…" + strconv.FormatInt(maxSafeNumber, 10)
	raw, err := t.value('0', key, want)
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil || n < least || n > maxSafeNumber || raw[0] == '-' {
		return 0, t.bad(key, want)
	}
	return n, nil
}

// bad is a value that is not as the format asks. Want is notation, not words:
// it stands in sentences of every language.
func (t *tokens) bad(key, want string) error {
	return t.place(fault(CodeBadValue, "Key", key, "Want", want))
}

// wrongKind says what stands where a value of another kind was wanted: a bomb
// of brackets, or just a wrong value, or no JSON at all.
func (t *tokens) wrongKind(key, want string) error {
	kind := t.dec.PeekKind()
	if kind != '{' && kind != '[' {
		if _, err := t.dec.ReadToken(); err != nil {
			return t.check(err)
		}
		return t.bad(key, want)
	}
	bad := t.bad(key, want)
	outside := t.dec.StackDepth()
	for first := true; first || t.dec.StackDepth() > outside; first = false {
		t.peek()
		if _, err := t.dec.ReadToken(); err != nil {
			return t.check(err)
		}
		if t.dec.StackDepth() > t.limits.Nesting {
			return t.place(fault(CodeLimitNesting, "Limit", t.limits.Nesting))
		}
	}
	return bad
}

func (t *tokens) place(e *Error) *Error {
	if t.inner {
		if e.Byte < 0 { // else it is from below the seal
			e.User = t.user
		}
		return e
	}
	e.User = t.user
	return e.at(t.dec.InputOffset())
}

// check turns what the decoder or a reader below it says into one of ours.
func (t *tokens) check(err error) error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return t.place(e)
	}
	code := CodeNotJSON
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		code = CodeTruncated
		if t.inner {
			code = CodeNotJSON
		}
	case errors.Is(err, jsontext.ErrDuplicateName):
		return t.duplicate(err)
	case errors.Is(err, invalidUTF8()):
		code = CodeInvalidUTF8
	}
	e := fault(code)
	if syntax, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		// Its own text shows keys on the way to the place, which may be
		// anything.
		err = syntax.Err
		if !t.inner {
			e.Byte = syntax.ByteOffset
		}
	}
	return t.place(e.because(err))
}

func (t *tokens) duplicate(err error) error {
	key := ""
	if syntax, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		key = syntax.JSONPointer.LastToken()
	}
	return t.place(fault(CodeDuplicateKey, "Key", licensing.MaskText(key)))
}

// invalidUTF8 is the error jsontext has for it and does not export.
func invalidUTF8() error {
	_, err := jsontext.AppendQuote(nil, "\xff")
	return errors.Unwrap(err)
}
