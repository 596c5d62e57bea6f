package page

import (
	"strings"
	"time"

	"github.com/oneseat/oneseat/internal/i18n"
)

// Reader is who reads a page: their language, and the time it is.
type Reader struct {
	*i18n.Catalogue

	At time.Time
}

// Time is a day with the time of day.
func (r Reader) Time(t time.Time) string {
	return r.T("page.time", "Date", r.Date(t), "Clock", t.UTC().Format("15:04"))
}

// Exact is a time as it was noted, for hovering: to the second.
func (r Reader) Exact(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

// Ago says how long ago something was: in days, hours or minutes, whichever
// says it in one number.
func (r Reader) Ago(t time.Time) string { return r.Age(r.At.Sub(t)) }

// Age is how old something is.
func (r Reader) Age(age time.Duration) string {
	switch {
	case age < time.Minute:
		return r.T("page.now")
	case age < time.Hour:
		return r.T("page.minutes_ago", "Count", int(age/time.Minute))
	case age < 48*time.Hour:
		return r.T("page.hours_ago", "Count", int(age/time.Hour))
	default:
		return r.T("page.days_ago", "Count", int(age/(24*time.Hour)))
	}
}

// Signed is a number with its sign, for what is added: "+3", "−2", "±0".
func (r Reader) Signed(n int) string {
	switch {
	case n > 0:
		return "+" + r.Number(n)
	case n < 0:
		return "−" + r.Number(-n)
	default:
		return "±0"
	}
}

// By says who did something, in the reader's language: text is what the audit
// log has, "owner NAME", "token NAME", "command line" or the like. What has no
// words of its own is shown as it is, and an owner who is called "owner" once.
func (r Reader) By(text string) string {
	for _, of := range []struct{ before, key string }{
		{"owner ", "page.actor.owner"},
		{"billing manager ", "page.actor.billing_manager"},
		{"auditor ", "page.actor.auditor"},
		{"token ", "page.actor.token"},
	} {
		switch name, ok := strings.CutPrefix(text, of.before); {
		case ok && name+" " == of.before:
			return name
		case ok:
			return r.T(of.key, "Name", name)
		}
	}
	switch text {
	case "command line":
		return r.T("page.actor.command_line")
	case "job":
		return r.T("page.actor.job")
	case "somebody":
		return r.T("page.actor.somebody")
	default:
		return text
	}
}
