package source

import (
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	// day is a date in a file name, with whatever a file system allows between
	// the numbers, and clock a time of day behind it.
	day   = regexp.MustCompile(`^(20\d\d)[-_.]?(\d\d)[-_.]?(\d\d)`)
	clock = regexp.MustCompile(`^[T_. -]{0,3}(\d\d)[-_.: hH]?(\d\d)(?:[-_.: mM]?(\d\d))?(?:\D|$)`)
	// epoch is a number of seconds since 1970, from 2017 to 2033.
	epoch = regexp.MustCompile(`(?:^|\D)(1[5-9]\d{8})(?:\D|$)`)
	// reportName is how GitHub calls a downloaded report.
	reportName = regexp.MustCompile(`^consumed[_-]licenses[-_](.+?)[-_]$`)
)

// nameDate is the date in a file's name, UTC; zero when there is none. Of
// several the last counts. GitHub does not publish how it writes the timestamp,
// so every usual way is read.
func nameDate(name string) time.Time {
	at, _ := dateIn(base(name))
	return at
}

// reportDate is when a report was made: what its name says, else what whoever
// gave it says, who may also say the time of a day that the name has.
func (f File) reportDate() time.Time {
	date := nameDate(f.Name)
	if date.IsZero() || isDay(date) && sameDay(date, f.Date) {
		return f.Date
	}
	return date
}

// isDay says that a date has no time of day.
func isDay(date time.Time) bool { return !date.IsZero() && date.Equal(date.Truncate(24*time.Hour)) }

// sameDay says that two dates are of one day, UTC.
func sameDay(a, b time.Time) bool {
	return a.UTC().Truncate(24 * time.Hour).Equal(b.UTC().Truncate(24 * time.Hour))
}

// dateIn finds the last date, or else the last number of seconds, and where it
// begins; -1: nowhere. Digits on either side make another number of it.
func dateIn(base string) (found time.Time, begins int) {
	begins = -1
	for i := 0; i < len(base); {
		if length, at := dateAt(base, i); length > 0 {
			found, begins = at, i
			i += length
			continue
		}
		i++
	}
	if begins >= 0 {
		return found, begins
	}
	for _, m := range epoch.FindAllStringSubmatchIndex(base, -1) {
		if seconds, err := strconv.ParseInt(base[m[2]:m[3]], 10, 64); err == nil {
			found, begins = time.Unix(seconds, 0).UTC(), m[2]
		}
	}
	return found, begins
}

// dateAt reads a date that begins at a byte, with the time of day behind it
// when that is one; the length is 0 when no date begins there.
func dateAt(base string, i int) (length int, at time.Time) {
	m := day.FindStringSubmatch(base[i:])
	if m == nil || i > 0 && isDigit(base[i-1]) {
		return 0, time.Time{}
	}
	length = len(m[0])
	rest := base[i+length:]
	n := numbers(m[1:])
	if t := clock.FindStringSubmatch(rest); t != nil {
		if at, ok := instant(n, numbers(t[1:])); ok {
			return length, at
		}
	}
	if rest != "" && isDigit(rest[0]) {
		return 0, time.Time{}
	}
	at, ok := instant(n, [3]int{})
	if !ok {
		return 0, time.Time{}
	}
	return length, at
}

func isDigit(c byte) bool { return c-'0' <= 9 }

// numbers are the values of three groups of digits; 0 for one that is absent.
func numbers(groups []string) (n [3]int) {
	for i, digits := range groups {
		if number, err := strconv.Atoi(digits); err == nil {
			n[i] = number
		}
	}
	return n
}

// instant makes a time of numbers; false when they are none.
func instant(d, t [3]int) (time.Time, bool) {
	at := time.Date(d[0], time.Month(d[1]), d[2], t[0], t[1], t[2], 0, time.UTC)
	same := at.Month() == time.Month(d[1]) && at.Day() == d[2] && at.Hour() == t[0] && at.Minute() == t[1] && at.Second() == t[2]
	return at, same
}

// base is a file's name without directory and extension.
func base(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	return strings.TrimSuffix(strings.TrimSuffix(name, path.Ext(name)), ".csv")
}

// nameSlug is the enterprise in the name of a downloaded report; empty when
// the name has another form.
func nameSlug(name string) string {
	base := base(name)
	_, at := dateIn(base)
	if at < 0 {
		return ""
	}
	if m := reportName.FindStringSubmatch(base[:at]); m != nil {
		return m[1]
	}
	return ""
}
