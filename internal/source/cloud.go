package source

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/licensing"
)

// CloudOptions choose how a cloud side is read.
type CloudOptions struct {
	Limits Limits
	// AllowPartial reads a REST answer that lacks rows; the number missing is
	// in the report and in a warning.
	AllowPartial bool
}

// Cloud is a cloud side with what was noticed in its files.
type Cloud struct {
	Side     *licensing.CloudSide
	Warnings []Warning
	// Lists and Reports are how many of either were read.
	Lists, Reports int
}

// maxFiles is how many files a cloud side may be read from.
const maxFiles = 200

// ReadCloud reads a cloud side from files, each a cloud list or a report of
// GitHub's, and merges them by login. The order of files never matters.
//
// The date of a list is its as_of, that of a report the one in its file name;
// either, when missing, is [File.Date], which may also say the time where a
// report's name has only the day: without it the report is no newer and no
// older than anything else of that day. For each field of an account, and for
// each of the lists beside the accounts, the file with the later date counts.
// Two files of equal or unknown date that differ in a field are refused. A file
// that says nothing of a field leaves it to the others.
//
// A report speaks of its addresses, its SAML name id and its roles as far as
// GitHub shows them there: see the functions in agree.go. Of several reports
// the one with the latest date gives the figure, the rows and GitHub's joins;
// older ones add only the accounts it lacks, which a warning counts: an account
// in any loaded report consumes.
//
// Addresses that a report shows lie in verified domains, because GitHub shows
// no others; their domains count as verified unless a list names the domains.
//
// A context that ends stops the reading between two people; the error is its
// own.
func ReadCloud(ctx context.Context, files []File, options CloudOptions) (*Cloud, error) {
	options.Limits = options.Limits.orDefaults()
	if len(files) > maxFiles {
		return nil, errs.New(errs.TooLarge, "source.too_many_files", "Count", len(files), "Limit", maxFiles)
	}
	parts := make([]*part, 0, len(files))
	for _, f := range files {
		p, err := readPart(ctx, f, options)
		if err != nil {
			return nil, err
		}
		parts = append(parts, p)
	}
	return merge(parts)
}

// readPart reads one file.
func readPart(ctx context.Context, f File, options CloudOptions) (*part, error) {
	in, err := openAndLook(f)
	if err != nil {
		return nil, err
	}
	defer in.closer.Close() //nolint:errcheck // it was only read
	if err := in.notCloud(); err != nil {
		return nil, err
	}
	if in.head.kind == cloudList {
		return readList(ctx, in, options.Limits)
	}
	return readReport(ctx, in, options)
}

// merge makes one cloud side of several parts.
func merge(parts []*part) (*Cloud, error) {
	m := &merger{parts: parts, cloud: &Cloud{Side: &licensing.CloudSide{}}}
	m.order()
	m.top()
	m.accounts()
	m.reports()
	if err := m.problems.err(m.conflict.name); err != nil {
		return nil, err
	}
	for _, p := range m.parts {
		if p.report != nil {
			m.cloud.Reports++
		} else {
			m.cloud.Lists++
		}
		m.cloud.Warnings = append(m.cloud.Warnings, p.warnings...)
	}
	m.warnAboutOlder()
	return m.cloud, nil
}

// merger is a merge under way.
type merger struct {
	parts []*part // by date, unknown dates last
	cloud *Cloud
	// lists and reports are what either kind of files says: a list's word and a
	// report's are kept apart until all files were heard.
	Lists, Reported voice
	domains         map[string]bool
	overruled       map[overruled]overruledBy
	problems        collection
	conflict        struct{ name string }
}

// order brings the parts into an order that does not depend on that of the
// files.
func (m *merger) order() {
	slices.SortStableFunc(m.parts, func(a, b *part) int {
		return cmp.Or(
			-cmp.Compare(btoi(!a.date.IsZero()), btoi(!b.date.IsZero())),
			a.date.Compare(b.date), cmp.Compare(a.name, b.name),
		)
	})
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// later says that part a goes before part b, because it is newer. A day without
// a time is no later and no earlier than any time of that day.
func later(a, b *part) bool {
	return !a.date.IsZero() && !b.date.IsZero() && a.date.After(b.date) && !sometime(a, b)
}

// sometime says that two parts are of one day, and at least one of them has no
// time.
func sometime(a, b *part) bool { return (a.someTime || b.someTime) && sameDay(a.date, b.date) }

// settle says which of two parts that differ counts: true when it is the new
// one. When neither is later, it is a problem.
func (m *merger) settle(old, now *part, login, field string) bool {
	switch {
	case later(now, old):
		return true
	case later(old, now):
		return false
	}
	args := []any{"File", now.name, "Other", old.name, "Field", field, "Login", shown(login), "Day", ""}
	if sometime(old, now) {
		args[len(args)-1] = now.date.Format(time.DateOnly)
	}
	key := "source.merge_account"
	if login == "" {
		key = "source.merge_differs"
	}
	m.conflict.name = now.name
	m.problems.add(place{len(m.problems.found) + 1, 1}, errs.New(errs.Conflict, key, args...))
	return false
}
