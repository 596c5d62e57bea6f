package hub

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/licensing"
)

// longestName bounds the name of an enterprise, in characters.
const longestName = 200

// checkHost refuses what cannot be the host name of a server instance, however
// it came: in a usage file, beside a report by hand, or from an owner.
func checkHost(host string) error {
	switch {
	case licensing.NormalHost(host) == "":
		return errs.New(errs.Invalid, "hub.no_host")
	case !licensing.IsHost(host):
		return errs.New(errs.Invalid, "hub.bad_host", "Host", oneLine(host))
	default:
		return nil
	}
}

// checkName refuses what cannot name an enterprise in a table of one line each.
func checkName(name string) error {
	if name == "" || name != oneLine(name) || utf8.RuneCountInString(name) > longestName {
		return errs.New(errs.Invalid, "hub.bad_name", "Most", longestName)
	}
	return nil
}

// checkDate refuses a date that is still to come: what has it would be young for
// ever, and its age is shown wherever a total rests on it. Any date of the past
// is taken, as its age tells how little it is worth.
func (s *Service) checkDate(date time.Time) error {
	if s.isAhead(date) {
		return errs.New(errs.Invalid, "hub.date_ahead", "Date", date.UTC().Format(time.RFC3339))
	}
	return nil
}

// isAhead leaves a day for clocks that are wrong and days that begin elsewhere.
func (s *Service) isAhead(date time.Time) bool { return date.After(s.now().Add(24 * time.Hour)) }

// oneLine is a text from outside as tables, logs and terminals show it: white
// space of any kind is a space, and what does not print is left out. Databases
// keep it: it is UTF-8 without NUL.
func oneLine(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsPrint(r):
			return r
		default:
			return -1
		}
	}, strings.ToValidUTF8(text, "")))
}
