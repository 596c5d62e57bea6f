package main

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/oneseat/oneseat/client"
	"github.com/oneseat/oneseat/internal/errs"
)

// asker is what every command has that asks a hub.
type asker struct {
	configuration
	whose
	asking
}

// client gives who asks the hub of the settings.
func (o *asker) client(s *session, command string) (*client.Client, error) {
	if err := o.check(s.settings); err != nil {
		return nil, err
	}
	if o.Enterprise == "" {
		return nil, usage("usage.option_missing", "Option", "--enterprise SLUG", "Command", command)
	}
	token, err := s.settings.secret("token", o.Token, o.TokenFile)
	if err != nil {
		return nil, err
	}
	if token == "" {
		return nil, usage("settings.no_token", "Command", command)
	}
	return client.New(client.Config{
		Hub: o.Hub, Enterprise: o.Enterprise, Token: token, UserAgent: "oneseat/" + readBuild().Version,
	})
}

// refused gives an error of asking a hub its sentence: the hub's own, or that
// the hub does not answer.
func (o *asker) refused(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	if e, ok := errors.AsType[*client.Error](err); ok {
		return sentences(e)
	}
	if _, ok := errors.AsType[interface {
		error
		Message() (string, map[string]any)
	}](err); ok {
		return err
	}
	return errs.Wrap(errs.Unavailable, err, "client.unreachable", "Hub", o.Hub, "Cause", cause(err))
}

// sentences are the single things that are wrong, as the commands that read
// files have them: of a file those alone, of a call behind the hub's sentence.
func sentences(e *client.Error) error {
	refusal := func(sentence string) error {
		return errs.Wrap(kindOf(e.Status), e, "client.refused", "Sentence", sentence)
	}
	var all []error
	if len(e.Errors) == 0 || slices.ContainsFunc(e.Errors, func(one client.FieldError) bool { return one.Field != "" }) {
		all = append(all, refusal(e.Detail))
	}
	for _, one := range e.Errors {
		if one.Field != "" {
			one.Detail = one.Field + ": " + one.Detail
		}
		all = append(all, refusal(one.Detail))
	}
	return errors.Join(all...)
}

// kindOf is what a status means.
func kindOf(status int) errs.Kind {
	switch status {
	case http.StatusUnauthorized:
		return errs.Unauthenticated
	case http.StatusForbidden:
		return errs.Forbidden
	case http.StatusNotFound:
		return errs.NotFound
	case http.StatusConflict:
		return errs.Conflict
	case http.StatusRequestEntityTooLarge:
		return errs.TooLarge
	case http.StatusTooManyRequests:
		return errs.RateLimited
	default:
		if status >= http.StatusInternalServerError {
			return errs.Unavailable
		}
		return errs.Invalid
	}
}

// isStatus says that the hub refused with a status.
func isStatus(err error, status ...int) bool {
	e, ok := errors.AsType[*client.Error](err)
	for _, one := range status {
		if ok && e.Status == one {
			return true
		}
	}
	return false
}

// age is how long ago something was, roughly.
func (s *session) age(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d < time.Minute:
		return s.T("time.moment")
	case d < 2*time.Hour:
		return s.T("time.minutes", "Count", int(d/time.Minute))
	case d < 2*day:
		return s.T("time.hours", "Count", int(d/time.Hour))
	default:
		return s.T("time.days", "Count", int(d/day))
	}
}
