package web

import (
	"errors"
	"net/http"
	"strings"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/i18n"
)

// kindOf is err's kind. The packages that may not import errs judge only what
// they are given, so an error of theirs that nobody put a kind to is Invalid.
func kindOf(err error) errs.Kind {
	if _, said := errors.AsType[i18n.Message](err); said && !errs.Judged(err) {
		return errs.Invalid
	}
	return errs.KindOf(err)
}

// StatusOf is the status err is answered with: what [WithStatus] says, else
// that of its kind.
func StatusOf(err error) int {
	if s, ok := errors.AsType[*shaped](err); ok && s.status != 0 {
		return s.status
	}
	switch kindOf(err) {
	case errs.Internal:
		return http.StatusInternalServerError
	case errs.Invalid:
		return http.StatusUnprocessableEntity
	case errs.Unauthenticated:
		return http.StatusUnauthorized
	case errs.Forbidden:
		return http.StatusForbidden
	case errs.NotFound:
		return http.StatusNotFound
	case errs.Conflict:
		return http.StatusConflict
	case errs.TooLarge:
		return http.StatusRequestEntityTooLarge
	case errs.RateLimited:
		return http.StatusTooManyRequests
	case errs.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// retryUnavailable is how many seconds later something that is not there may
// be there again.
const retryUnavailable = "30"

// headersOf are what the answer to err says in its headers: what HTTP asks for
// with its status, and what [WithHeader] adds.
func headersOf(err error) http.Header {
	header := http.Header{}
	for s, ok := errors.AsType[*shaped](err); ok; s, ok = errors.AsType[*shaped](s.err) {
		if s.name != "" && header.Get(s.name) == "" {
			header.Set(s.name, s.value)
		}
	}
	switch status := StatusOf(err); {
	case status == http.StatusUnauthorized && header.Get("WWW-Authenticate") == "":
		header.Set("WWW-Authenticate", `Bearer realm="OneSeat"`)
	case status == http.StatusServiceUnavailable && header.Get("Retry-After") == "":
		header.Set("Retry-After", retryUnavailable)
	}
	return header
}

// shaped is an error that says more about its answer than its kind does.
type shaped struct {
	err         error
	status      int // 0 is that of what it wraps
	name, value string
}

func (s *shaped) Error() string { return s.err.Error() }
func (s *shaped) Unwrap() error { return s.err }

// WithStatus gives err another status than its kind's: 400 for what cannot
// even be read, 412 for a condition that does not hold.
func WithStatus(status int, err error) error { return &shaped{err: err, status: status} }

// WithHeader gives the answer to err a header, such as the Location of what is
// in the way.
func WithHeader(err error, name, value string) error {
	return &shaped{err: err, status: StatusOf(err), name: name, value: value}
}

// Field is one wrong part of a request.
type Field struct {
	// Name is the field as the asker wrote it: "name", "settings.policy".
	Name string
	// Err says what is wrong with it, by a sentence of the catalogue.
	Err error
}

// Invalid is a refusal that names every field that is wrong; nil for none.
func Invalid(fields ...Field) error {
	if len(fields) == 0 {
		return nil
	}
	return errs.Wrap(errs.Invalid, fieldErrors(fields), "web.invalid_fields", "Count", len(fields), "First", fields[0].Name)
}

type fieldErrors []Field

func (f fieldErrors) Error() string {
	texts := make([]string, len(f))
	for i, field := range f {
		texts[i] = field.Name + ": " + field.Err.Error()
	}
	return strings.Join(texts, "; ")
}

// several is an error with a sentence about others.
type several interface {
	i18n.Message
	Unwrap() []error
}

// detailsOf are the single things that are wrong, when err is about several.
func detailsOf(err error, sentence func(error) string) []Detail {
	var details []Detail
	if fields, ok := errors.AsType[fieldErrors](err); ok {
		for _, f := range fields {
			details = append(details, Detail{f.Name, sentence(f.Err)})
		}
	} else if all, ok := errors.AsType[several](err); ok {
		for _, one := range all.Unwrap() {
			details = append(details, Detail{"", sentence(one)})
		}
	}
	return details
}
