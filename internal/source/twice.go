package source

import (
	"fmt"
	"strings"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/licensing"
)

// saying is what a row says of an account.
type saying struct {
	line    int
	outcome outcome
	Email   licensing.Email
	// again: a further row was seen.
	again bool
}

// comparison goes through a file once more, for the ids that stand there more
// than once.
type comparison struct {
	csv      *csvServer
	First    map[string]saying
	merged   int
	examples []string
	problems collection
}

// compareTwice refuses rows of one id that say different things and counts
// those that say the same.
func (c *csvServer) compareTwice(summary *ServerSummary) error {
	again := &comparison{csv: c, First: map[string]saying{}}
	if err := again.run(); err != nil {
		return err
	}
	if err := again.problems.err(c.file.Name); err != nil {
		return err
	}
	if err := again.complete(); err != nil {
		return err
	}
	summary.Merged = again.merged
	if again.merged > 0 {
		summary.Warnings = append(summary.Warnings, warning("source.warn_row_twice",
			"File", c.file.Name, "Count", again.merged, "Examples", strings.Join(again.examples, ", ")))
	}
	return nil
}

func (c *comparison) run() error {
	in, err := openAndLook(c.csv.file)
	if err != nil {
		return err
	}
	defer in.closer.Close() //nolint:errcheck // it was only read
	rest, err := in.afterHeader()
	if err != nil {
		return in.file.fault(err)
	}
	blocks := newSplitter(rest, c.csv.options.Limits, in.head.header.lines+1)
	p := newParser(c.csv.file.Name, c.csv.layout, c.csv.options.Limits)
	for !c.problems.full() {
		b, ok, err := blocks.next()
		switch {
		case err != nil:
			return in.file.fault(fmt.Errorf("read %s: %w", in.file.Name, err))
		case !ok || b.damage != undamaged:
			return nil
		}
		c.block(p, b)
		blocks.recycle(b)
	}
	return nil
}

func (c *comparison) block(p *parser, b block) {
	for line, row := range p.rows(b) {
		var t tally
		a := p.read(row, line, &t)
		if a.outcome == refused {
			continue
		}
		if _, twice := c.csv.twice[string(a.id)]; !twice {
			continue
		}
		c.compare(string(a.id), saying{line: line, outcome: a.outcome, Email: licensing.NewEmail(string(a.email))}, p.place(row, line, p.layout.id))
	}
}

func (c *comparison) compare(id string, s saying, at place) {
	first, seen := c.First[id]
	if seen && !first.again {
		first.again = true
		c.First[id] = first
	}
	same := s.outcome == first.outcome && s.Email == first.Email
	switch {
	case !seen:
		c.First[id] = s
	case same:
		c.merged++
		if len(c.examples) < maxExamples {
			c.examples = append(c.examples, fmt.Sprintf("%d = %d", s.line, first.line))
		}
	default:
		c.problems.add(at, errs.New(errs.Conflict, "source.id_twice", "File", c.csv.file.Name,
			"Line", s.line, "Column", at.column, "Other", first.line, "ID", shown(id)))
	}
}

// complete refuses a file that changed since it was read first: every id that
// stood there twice must have been seen twice again, or nobody knows whether its
// rows say the same.
func (c *comparison) complete() error {
	for id := range c.csv.twice {
		if !c.First[id].again {
			return errs.New(errs.Conflict, "source.changed", "File", c.csv.file.Name)
		}
	}
	return nil
}

// maxExamples is how many places a warning names.
const maxExamples = 5
