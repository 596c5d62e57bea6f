package source

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/licensing"
)

// listFormat is the version of the cloud list that is read.
const listFormat = cloudListFormat + "1"

// listReader reads a cloud list as it streams by. Problems are gathered, up to
// MaxProblems; err is what it cannot read on after.
type listReader struct {
	file     string
	decoder  *jsontext.Decoder
	tracker  *tracker
	problems collection
	err      error
	// start is where the value read last begins.
	start  int64
	keys   listKeys
	out    *part
	logins map[string]place
	limits Limits
	// interrupted is asked before each row whether somebody wants to stop.
	interrupted func() error

	rows  int   // people, invitations, subscriptions and domains so far
	began int64 // where the row being read begins; outside
	rowAt place // the same

	Accounts growing[licensing.CloudAccount]
	states   growing[fieldSet]
	texts    texts
	Scratch  scratch
	yes, no  *bool // shared by all accounts
}

// scratch holds what lists are gathered in, and the pieces they are kept in.
type scratch struct {
	Emails      []licensing.CloudEmail
	SAML        []licensing.SAMLIdentity
	Attributes  []licensing.SAMLAttribute
	SCIM        []licensing.SCIMIdentity
	SCIMEmails  []licensing.Email
	memberships []licensing.Membership
	words       []string

	KeptEmails      lists[licensing.CloudEmail]
	KeptSAML        lists[licensing.SAMLIdentity]
	KeptAttributes  lists[licensing.SAMLAttribute]
	KeptSCIM        lists[licensing.SCIMIdentity]
	KeptSCIMEmails  lists[licensing.Email]
	keptMemberships lists[licensing.Membership]
	keptWords       lists[string]
}

// readList reads a cloud list.
func readList(ctx context.Context, in *opened, limits Limits) (*part, error) {
	t := &tracker{in: in.text, longest: limits.MaxRowBytes, most: limits.MaxBytes}
	r := &listReader{
		file: in.file.Name, decoder: jsontext.NewDecoder(t, jsontext.AllowDuplicateNames(true)), tracker: t, keys: newListKeys(),
		out: &part{name: in.file.Name, date: in.file.Date, someTime: isDay(in.file.Date)}, logins: map[string]place{}, limits: limits,
		yes: new(true), no: new(false), interrupted: ctx.Err, began: outside,
	}
	r.top()
	r.end()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if r.err != nil && !errors.Is(r.err, errTooDeep) {
		r.problems.add(r.fault())
	}
	if err := r.problems.err(r.file); err != nil {
		return nil, err
	}
	r.out.Accounts, r.out.states = r.Accounts.all(), r.states.all()
	if p := r.out; len(p.Accounts)+len(p.Invitations)+len(p.Subscriptions)+len(p.domains) == 0 {
		p.warnings = append(p.warnings, warning("source.warn_cloud_empty", "File", p.name))
	}
	return r.out, nil
}

// outside of rows is where a list says something of itself.
const outside = -1

// eachRow counts the elements of the array that comes next as elements does, and
// against the limit of rows; each may be as long as a row.
func (r *listReader) eachRow() iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range r.elements() {
			r.began = r.decoder.InputOffset()
			r.rowAt = r.tracker.place(r.began)
			if r.rows++; r.rows > r.limits.MaxRows {
				r.err = errTooMuch
			}
			if err := r.interrupted(); err != nil {
				r.err = err
			}
			if !yield(i) {
				return
			}
			r.began = outside
		}
	}
}

// length stops in a row that is over the limit.
func (r *listReader) length() {
	if r.began != outside && r.decoder.InputOffset()-r.began > r.limits.MaxRowBytes {
		r.err = errLongRow
	}
}

// end reads what follows the list, which must be nothing.
func (r *listReader) end() {
	if r.err != nil {
		return
	}
	kind := r.decoder.PeekKind()
	rest := r.decoder.UnreadBuffer()
	at := r.decoder.InputOffset() + int64(len(rest)-len(bytes.TrimLeft(rest, " \t\r\n")))
	_, err := r.decoder.ReadToken()
	switch {
	case errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
	case err != nil && kind == jsontext.KindInvalid && len(rest) == 0:
		r.err = err
	default:
		r.start = at
		r.problem("source.list_trailing")
	}
}

// fault says where and why reading ended.
func (r *listReader) fault() (place, error) {
	if err := r.tracker.limit(r.file, r.err); err != nil {
		return r.tracker.place(r.tracker.mark), err
	}
	syntax, ok := errors.AsType[*jsontext.SyntacticError](r.err)
	if !ok {
		if errors.Is(r.err, errLongRow) {
			return r.rowAt, errs.New(errs.TooLarge, "source.text_too_long", "File", r.file,
				"Line", r.rowAt.line, "Column", r.rowAt.column, "Limit", r.limits.MaxRowBytes)
		}
		if errors.Is(r.err, errTooMuch) {
			return place{}, errs.New(errs.TooLarge, "source.too_many_rows", "File", r.file, "Limit", r.limits.MaxRows)
		}
		return place{}, File{Name: r.file}.fault(r.err)
	}
	at := r.tracker.place(syntax.ByteOffset)
	return at, syntaxFault(r.file, at, syntax)
}

var (
	errTooMuch = errors.New("more than the limit")
	errLongRow = errors.New("row over the limit")
	errTooDeep = errors.New("nested too deep") // said already
)

// syntaxFault is the refusal of JSON that is not well formed.
func syntaxFault(file string, at place, syntax *jsontext.SyntacticError) error {
	key := "source.json_syntax"
	if errors.Is(syntax, io.ErrUnexpectedEOF) {
		key = "source.json_truncated"
	}
	return errs.Wrap(errs.Invalid, syntax.Err, key, "File", file, "Line", at.line, "Column", at.column,
		"Path", jsonPath(syntax.JSONPointer), "Cause", syntax.Err.Error())
}

// problem notes what is wrong with the value read last.
func (r *listReader) problem(key string, args ...any) {
	r.problemAt(r.tracker.place(r.start), key, args...)
}

func (r *listReader) problemAt(at place, key string, args ...any) {
	all := append([]any{"File", r.file, "Line", at.line, "Column", at.column, "Path", jsonPath(r.decoder.StackPointer())}, args...)
	r.problems.add(at, errs.New(errs.Invalid, key, all...))
}

// stopped says that reading on is of no use.
func (r *listReader) stopped() bool { return r.err != nil || r.problems.full() }

// jsonPath is a JSON pointer as people write it: users[3].emails[0].
func jsonPath(pointer jsontext.Pointer) string {
	var b strings.Builder
	for token := range pointer.Tokens() {
		if _, err := strconv.Atoi(token); err == nil {
			b.WriteString("[" + token + "]")
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(shown(token))
	}
	return b.String()
}
