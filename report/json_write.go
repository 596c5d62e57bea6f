package report

import (
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/oneseat/oneseat/licensing"
)

// Totals are the numbers that GitHub repeats on every page.
type Totals struct {
	Consumed  int
	Purchased int // 0 when unknown
}

// Member is a further member of the answer's object, after GitHub's.
type Member struct {
	Name  string
	Value []byte // JSON
}

// JSONWriter writes one answer of consumed-licenses: one page, or everybody.
// It writes what it is given; that the totals are right is the caller's.
type JSONWriter struct {
	encoder *jsontext.Encoder
	fields  []field
	err     error
}

// NewJSONWriter begins an answer.
func NewJSONWriter(w io.Writer, totals Totals) *JSONWriter {
	j := &JSONWriter{encoder: jsontext.NewEncoder(w, jsontext.AllowDuplicateNames(true)), fields: fields()}
	j.tokens(
		jsontext.BeginObject,
		jsontext.String("total_seats_consumed"), jsontext.Int(int64(totals.Consumed)),
		jsontext.String("total_seats_purchased"), jsontext.Int(int64(totals.Purchased)),
		jsontext.String("users"), jsontext.BeginArray,
	)
	return j
}

// Write adds a user.
func (j *JSONWriter) Write(u *User) error {
	j.tokens(jsontext.BeginObject)
	for _, f := range j.fields {
		member := f.at(u)
		if f.where&always != 0 || f.where&whenSet != 0 && says(member) {
			j.tokens(jsontext.String(f.key))
			j.member(member, f.where&notNull != 0)
		}
	}
	j.tokens(jsontext.EndObject)
	return j.err
}

// Close ends the answer, with the members given last. It does not close what
// is written to.
func (j *JSONWriter) Close(more ...Member) error {
	j.tokens(jsontext.EndArray)
	for _, m := range more {
		j.tokens(jsontext.String(m.Name))
		if j.err == nil {
			j.err = j.encoder.WriteValue(m.Value)
		}
	}
	j.tokens(jsontext.EndObject)
	if j.err != nil {
		return fmt.Errorf("write report: %w", j.err)
	}
	return nil
}

func (j *JSONWriter) tokens(tokens ...jsontext.Token) {
	for _, token := range tokens {
		if j.err != nil {
			return
		}
		j.err = j.encoder.WriteToken(token)
	}
}

func (j *JSONWriter) member(member any, notNull bool) {
	switch m := member.(type) {
	case *string:
		j.text(*m, notNull)
	case *licensing.Email:
		j.text(m.Address(), notNull)
	case *licensing.LicenseType:
		j.text(string(*m), true)
	case *bool:
		j.tokens(jsontext.Bool(*m))
	case **bool:
		j.maybe(*m)
	case *int:
		j.tokens(jsontext.Int(int64(*m)))
	default:
		j.tokens(jsontext.BeginArray)
		eachText(member, func(text string) { j.text(text, true) })
		j.tokens(jsontext.EndArray)
	}
}

func (j *JSONWriter) text(text string, notNull bool) {
	if text == "" && !notNull {
		j.tokens(jsontext.Null)
		return
	}
	j.tokens(jsontext.String(text))
}

func (j *JSONWriter) maybe(b *bool) {
	if b == nil {
		j.tokens(jsontext.Null)
		return
	}
	j.tokens(jsontext.Bool(*b))
}

// eachText gives the elements of a member that is a list as text.
func eachText(member any, yield func(string)) {
	switch m := member.(type) {
	case *[]string:
		for _, text := range *m {
			yield(text)
		}
	case *[]licensing.Email:
		for _, email := range *m {
			yield(email.Address())
		}
	case *[]licensing.HostID:
		for _, id := range *m {
			yield(id.String())
		}
	}
}
