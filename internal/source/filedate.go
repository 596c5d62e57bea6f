package source

import (
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

var (
	// stamp is a date in a file name, with or without a time of day and with
	// whatever a file system allows between the numbers.
	stamp = regexp.MustCompile(`(20\d\d)[-_.]?(\d\d)[-_.]?(\d\d)(?:[T_. -]{0,3}(\d\d)[-_.: hH]?(\d\d)(?:[-_.: mM]?(\d\d))?)?`)
	// epoch is a number of seconds since 1970, from 2017 to 2033.
	epoch = regexp.MustCompile(`(?:^|\D)(1[5-9]\d{8})(?:\D|$)`)
	// reportName is how GitHub calls a downloaded report.
	reportName = regexp.MustCompile(`^consumed[_-]licenses[-_](.+?)[-_]$`)
)

// nameDate is the date in a file's name, UTC; zero when there is none. Of
// several the last counts. GitHub does not publish how it writes the timestamp,
// so every usual way is read.
func nameDate(name string) time.Time {
	base := base(name)
	all := stamp.FindAllStringSubmatch(base, -1)
	for _, match := range slices.Backward(all) {
		if at, ok := stampTime(match); ok {
			return at
		}
	}
	if m := epoch.FindStringSubmatch(base); m != nil {
		seconds, err := strconv.ParseInt(m[1], 10, 64)
		if err == nil {
			return time.Unix(seconds, 0).UTC()
		}
	}
	return time.Time{}
}

// base is a file's name without directory and extension.
func base(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	return strings.TrimSuffix(strings.TrimSuffix(name, path.Ext(name)), ".csv")
}

// stampTime makes a time of a match; false when its numbers are none.
func stampTime(match []string) (time.Time, bool) {
	n := make([]int, len(match))
	for i, digits := range match[1:] {
		if number, err := strconv.Atoi(digits); err == nil { // a time of day may be absent
			n[i+1] = number
		}
	}
	at := time.Date(n[1], time.Month(n[2]), n[3], n[4], n[5], n[6], 0, time.UTC)
	same := at.Month() == time.Month(n[2]) && at.Day() == n[3] && at.Hour() == n[4] && at.Minute() == n[5] && at.Second() == n[6]
	return at, same
}

// nameSlug is the enterprise in the name of a downloaded report; empty when
// the name has another form.
func nameSlug(name string) string {
	base := base(name)
	at := stamp.FindAllStringIndex(base, -1)
	if seconds := epoch.FindStringSubmatchIndex(base); len(at) == 0 && seconds != nil {
		at = [][]int{seconds[2:4]}
	}
	if len(at) == 0 {
		return ""
	}
	if m := reportName.FindStringSubmatch(base[:at[len(at)-1][0]]); m != nil {
		return m[1]
	}
	return ""
}
