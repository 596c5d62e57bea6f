package report

import (
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// token passes over one token.
func (j *JSONReader) token() error {
	if _, err := j.decoder.ReadToken(); err != nil {
		return j.fault(err)
	}
	return nil
}

// mark says that nothing before this place is kept.
func (j *JSONReader) mark() { j.meter.mark = j.decoder.InputOffset() }

// text reads a string.
func (j *JSONReader) text() (string, error) {
	token, err := j.decoder.ReadToken()
	if err != nil {
		return "", j.fault(err)
	}
	if token.Kind() != '"' {
		return "", j.fail(CodeValue, "", token.String(), 0)
	}
	return token.String(), nil
}

// number reads a total.
func (j *JSONReader) number(key string, n *int) error {
	token, err := j.decoder.ReadToken()
	if err != nil {
		return j.fault(err)
	}
	value, ok := 0, token.Kind() == 'n'
	if token.Kind() == '0' || token.Kind() == '"' {
		value, ok = parseInt(token.String())
	}
	if !ok {
		return j.fail(CodeValue, key, token.String(), 0)
	}
	*n = value
	return nil
}

// length refuses a user, or a member of a page, that is over the limit.
func (j *JSONReader) length() error {
	if j.decoder.InputOffset()-j.meter.mark <= j.limits.MaxRowBytes {
		return nil
	}
	return &Error{Code: CodeRowTooLong, Byte: j.meter.mark, Row: j.summary.Rows, Limit: j.limits.MaxRowBytes}
}

var errKeyTwice = errors.New("key stands there twice")

// twice refuses a known key that an object has twice; it was read last.
func (j *JSONReader) twice(key string) error {
	at := j.decoder.InputOffset() - int64(len(key)) - 2
	return &Error{Code: CodeJSON, Byte: at, Row: j.summary.Rows, Field: key, Err: errKeyTwice}
}

// skip passes over a value token by token.
func (j *JSONReader) skip() error {
	depth := j.decoder.StackDepth()
	for {
		if err := j.token(); err != nil {
			return err
		}
		if err := j.length(); err != nil {
			return err
		}
		switch now := j.decoder.StackDepth(); {
		case now <= depth:
			return nil
		case now > depth+maxDepth:
			return j.fail(CodeTooDeep, "", "", maxDepth)
		}
	}
}

func (j *JSONReader) fail(code Code, key, value string, limit int64) error {
	return &Error{
		Code: code, Byte: j.decoder.InputOffset(), Row: j.summary.Rows,
		Field: key, Value: shown(value), Limit: limit,
	}
}

// notReport says that the JSON read is something else.
func (j *JSONReader) notReport(missing string) error {
	return &Error{Code: CodeNotReport, Byte: j.page.start, Field: missing}
}

// fault translates an error of the decoder.
func (j *JSONReader) fault(err error) error {
	if limit := j.meter.limitError(err); limit != nil {
		limit.Row = j.summary.Rows
		return limit
	}
	syntax, ok := errors.AsType[*jsontext.SyntacticError](err)
	if !ok {
		return err // of the input
	}
	code := CodeJSON
	if errors.Is(err, io.ErrUnexpectedEOF) {
		code = CodeTruncated
	}
	return &Error{Code: code, Byte: syntax.ByteOffset, Row: j.summary.Rows, Err: syntax.Err}
}
