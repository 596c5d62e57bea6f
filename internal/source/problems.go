package source

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/oneseat/oneseat/internal/errs"
)

// Problems are several refusals of one file, in the order of their places. A
// file with a single problem is refused with that alone.
type Problems struct {
	File string
	// List holds the first [MaxProblems].
	List []error
	// More says that there are more than are listed.
	More bool
}

// MaxProblems is how many problems of a file are named.
const MaxProblems = 20

// Error is the technical text: all of them, a line each.
func (p *Problems) Error() string {
	texts := make([]string, len(p.List))
	for i, err := range p.List {
		texts[i] = err.Error()
	}
	return strings.Join(texts, "\n")
}

// Unwrap gives the problems one by one.
func (p *Problems) Unwrap() []error { return p.List }

// Message names the sentence for the list; a reader with more room shows the
// problems themselves.
func (p *Problems) Message() (key string, args map[string]any) {
	key = "source.problems"
	if p.More {
		key = "source.problems_and_more"
	}
	return key, map[string]any{"File": p.File, "Count": len(p.List), "First": p.List[0]}
}

// problem is a refusal and where it stands.
type problem struct {
	at  place
	err error
}

// collection gathers the problems of one file. The zero value is empty.
type collection struct {
	found []problem
	more  bool
}

func (c *collection) add(at place, err error) {
	c.found = append(c.found, problem{at, err})
	if len(c.found) > MaxProblems {
		c.sort()
		c.found, c.more = c.found[:MaxProblems], true
	}
}

func (c *collection) sort() {
	slices.SortStableFunc(c.found, func(a, b problem) int {
		return cmp.Or(cmp.Compare(a.at.line, b.at.line), cmp.Compare(a.at.column, b.at.column))
	})
}

// full says that enough was found to stop looking: more than is named, so that
// it is known that there is more.
func (c *collection) full() bool { return c.more }

// err is nil when nothing was found.
func (c *collection) err(file string) error {
	c.sort()
	switch len(c.found) {
	case 0:
		return nil
	case 1:
		return c.found[0].err
	}
	all := &Problems{File: file, More: c.more}
	for _, p := range c.found {
		all.List = append(all.List, p.err)
	}
	return all
}

// Warning is something worth telling that stops nothing.
type Warning struct {
	key  string
	args map[string]any
}

func warning(key string, args ...any) Warning { return Warning{key, errs.Args(args)} }

// Message names the sentence for a person.
func (w Warning) Message() (key string, args map[string]any) { return w.key, w.args }

// String is the technical text.
func (w Warning) String() string {
	names := make([]string, 0, len(w.args))
	for name := range w.args {
		names = append(names, name)
	}
	slices.Sort(names)
	var b strings.Builder
	b.WriteString(w.key)
	for _, name := range names {
		fmt.Fprintf(&b, " %s=%v", name, w.args[name])
	}
	return b.String()
}
