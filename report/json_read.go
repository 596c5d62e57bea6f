package report

import (
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// JSONReader reads answers of consumed-licenses: one page, an array of pages,
// or pages one after another as "gh api --paginate" writes them.
type JSONReader struct {
	decoder *jsontext.Decoder
	meter   *meter
	limits  Limits
	fields  map[string]numbered
	page    page
	where   state
	wrapped bool // inside an array of pages
	pages   int
	start   int64 // of the user read last
	// cloudUserSaid: the user being read says whether there is a cloud account.
	cloudUserSaid bool
	seen          keySet // of that user
	summary       Summary
	err           error
}

// state is where in an answer the reader stands.
type state uint8

const (
	betweenPages state = iota
	inPage
	inUsers
)

// numbered is a field with its bit in a keySet.
type numbered struct {
	field
	bit int
}

// keySet are the known keys that an object was seen to have. Unknown ones are
// not remembered, so that their number costs nothing.
type keySet uint64

// add says whether a key is new.
func (s *keySet) add(bit int) bool {
	before := *s
	*s |= 1 << bit
	return before != *s
}

// page is what one page says of itself.
type page struct {
	start               int64
	users, hasTotal     bool
	seen                keySet
	consumed, purchased int
}

// NewJSONReader begins to read. Nothing is read before the first Read.
func NewJSONReader(r io.Reader, limits Limits) *JSONReader {
	limits = limits.orDefaults()
	m := &meter{in: r, limits: limits}
	byKey := map[string]numbered{}
	for i, f := range fields() {
		byKey[f.key] = numbered{f, i}
	}
	return &JSONReader{decoder: jsontext.NewDecoder(m, jsontext.AllowDuplicateNames(true)), meter: m, limits: limits, fields: byKey}
}

// Read gives the next user, overwriting *u; [io.EOF] after the last one, and
// then only when nothing is missing. Any other error is an [*Error] or the
// input's own, and stays.
func (j *JSONReader) Read(u *User) error {
	for j.err == nil {
		if j.where == inUsers && j.decoder.PeekKind() == '{' {
			j.err = j.user(u)
			return j.err
		}
		j.err = j.step()
	}
	return j.err
}

// Summary says what the report states. It is complete after [io.EOF].
func (j *JSONReader) Summary() Summary { return j.summary }

// Offset is where the user read last begins, in bytes of the input.
func (j *JSONReader) Offset() int64 { return j.start }

// step reads up to the next place where a user can begin.
func (j *JSONReader) step() error {
	j.mark()
	switch j.where {
	case inUsers:
		return j.endUsers()
	case inPage:
		return j.pageMember()
	default:
		return j.betweenPages()
	}
}

func (j *JSONReader) betweenPages() error {
	switch kind := j.decoder.PeekKind(); {
	case kind == '{':
		j.page = page{start: j.decoder.InputOffset()}
		j.where = inPage
		return j.token()
	case kind == '[' && !j.wrapped:
		j.wrapped = true
		return j.token()
	case kind == ']' && j.wrapped:
		j.wrapped = false
		return j.token()
	}
	_, err := j.decoder.ReadToken()
	switch {
	case errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		return j.end()
	case err != nil:
		return j.fault(err)
	}
	return j.notReport("users")
}

func (j *JSONReader) pageMember() error {
	if j.decoder.PeekKind() == '}' {
		return j.endPage()
	}
	key, err := j.text()
	if err != nil {
		return err
	}
	known := slices.Index([]string{"users", "total_seats_consumed", "total_seats_purchased"}, key)
	if known >= 0 && !j.page.seen.add(known) {
		return j.twice(key)
	}
	switch key {
	case "users":
		if j.decoder.PeekKind() != '[' {
			return j.notReport("users")
		}
		j.page.users = true
		j.where = inUsers
		return j.token()
	case "total_seats_consumed":
		j.page.hasTotal = true
		return j.number(key, &j.page.consumed)
	case "total_seats_purchased":
		return j.number(key, &j.page.purchased)
	}
	return j.skip()
}

func (j *JSONReader) endUsers() error {
	if kind := j.decoder.PeekKind(); kind != ']' && kind != jsontext.KindInvalid {
		return j.notReport("users")
	}
	j.where = inPage
	return j.token()
}

func (j *JSONReader) endPage() error {
	switch {
	case !j.page.users:
		return j.notReport("users")
	case !j.page.hasTotal:
		return j.notReport("total_seats_consumed")
	}
	before := j.summary
	j.summary.Consumed, j.summary.Purchased = j.page.consumed, j.page.purchased
	if j.pages > 0 && (before.Consumed != j.page.consumed || before.Purchased != j.page.purchased) {
		j.summary.TotalsChanged = true
	}
	j.pages++
	j.where = betweenPages
	return j.token()
}

// end is after the last page.
func (j *JSONReader) end() error {
	if j.pages == 0 {
		return j.notReport("users")
	}
	missing := max(0, j.summary.Consumed-j.summary.Rows)
	if missing > 0 && !j.limits.AllowPartial {
		return &Error{
			Code: CodePartial, Byte: j.page.start, Field: "total_seats_consumed",
			Got: j.summary.Rows, Want: j.summary.Consumed,
		}
	}
	j.summary.Missing = missing
	return io.EOF
}

func (j *JSONReader) user(u *User) error {
	if j.summary.Rows >= j.limits.MaxRows {
		return j.fail(CodeTooManyRows, "", "", int64(j.limits.MaxRows))
	}
	*u = User{}
	j.mark()
	if err := j.token(); err != nil {
		return err
	}
	j.start = j.decoder.InputOffset() - 1
	j.summary.Rows++
	j.cloudUserSaid, j.seen = false, 0
	for j.decoder.PeekKind() != '}' {
		key, err := j.text()
		if err != nil {
			return err
		}
		if err := j.userMember(u, key); err != nil {
			return err
		}
		if err := j.length(); err != nil {
			return err
		}
	}
	if code := u.settle(j.cloudUserSaid); code != "" {
		return j.fail(code, keyCloudUser, "true", 0)
	}
	return j.token()
}

// userMember reads the value of a user's member.
func (j *JSONReader) userMember(u *User, key string) error {
	f, known := j.fields[key]
	switch {
	case !known:
		return j.skip()
	case !j.seen.add(f.bit):
		return j.twice(key)
	}
	if j.decoder.PeekKind() == '[' {
		return j.list(key, f.at(u))
	}
	token, err := j.decoder.ReadToken()
	if err != nil {
		return j.fault(err)
	}
	text := ""
	switch token.Kind() {
	case 'n':
	case '"', 't', 'f', '0':
		text = token.String()
	default:
		return j.fail(CodeValue, key, token.String(), 0)
	}
	if code := setText(f.at(u), text); code != "" {
		return j.fail(code, key, text, 0)
	}
	if key == keyCloudUser {
		j.cloudUserSaid = strings.TrimSpace(text) != ""
	}
	return nil
}

// list reads an array of texts.
func (j *JSONReader) list(key string, member any) error {
	if err := j.token(); err != nil {
		return err
	}
	var values []string
	for j.decoder.PeekKind() == '"' {
		value, err := j.text()
		if err != nil {
			return err
		}
		if value != "" {
			values = append(values, value)
		}
	}
	if kind := j.decoder.PeekKind(); kind != ']' && kind != jsontext.KindInvalid {
		return j.fail(CodeValue, key, kind.String(), 0)
	}
	if code := setList(member, values); code != "" {
		return j.fail(code, key, firstBad(values), 0)
	}
	return j.token()
}

// firstBad is the first value that is no host and id.
func firstBad(values []string) string {
	for _, value := range values {
		if _, ok := ParseHostID(value); !ok {
			return value
		}
	}
	return ""
}
