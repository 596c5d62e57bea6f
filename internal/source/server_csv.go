package source

import (
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"sync"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/licensing"
)

// csvServer reads a server's CSV. An id that stands twice is found by an
// [idSet]; its second row is held back, and in the end the file is read once
// more to see whether such rows say the same, so that neither speed nor memory
// is spent on rows that never repeat.
type csvServer struct {
	file     File
	options  ServerOptions
	header   header
	layout   layout
	closer   io.Closer
	splitter *splitter

	mu       sync.Mutex // for what follows
	seen     *idSet
	twice    map[string]struct{} // ids seen more than once
	rows     int
	accounts int
	tally    tally
	stopped  bool

	dormant dormancy // of the first rows
}

// maxTwice is how many ids of a file may stand there more than once.
const maxTwice = 100_000

func newCSVServer(in *opened, options ServerOptions) (*csvServer, error) {
	h := in.head.header
	if h.unfinished {
		return nil, errs.New(errs.TooLarge, "source.row_too_long", "File", in.file.Name, "Line", h.lines, "Limit", headBytes)
	}
	l, err := newLayout(in.file.Name, h, options.LeaveOutNeverSignedIn, options.Everyone != nil)
	if err != nil {
		return nil, err
	}
	sample := in.sample()
	rest, err := in.afterHeader()
	if err != nil {
		return nil, in.file.fault(err)
	}
	return &csvServer{
		file: in.file, options: options, header: h, layout: l, closer: in.closer,
		splitter: newSplitter(rest, options.Limits, h.lines+1),
		dormant:  dormancyOf(h, sample),
		seen:     newIDSet(rand.Uint64()), twice: map[string]struct{}{}, //nolint:gosec // against chance, not against attack
	}, nil
}

// afterHeader is the text behind the header, with line ends as they are read.
func (in *opened) afterHeader() (io.Reader, error) {
	h := in.head.header
	if _, err := io.CopyN(io.Discard, in.text, int64(h.length)); err != nil {
		return nil, fmt.Errorf("read %s: %w", in.file.Name, err)
	}
	if h.loneCR {
		return crReader{in.text}, nil
	}
	return in.text, nil
}

// crReader makes a newline of each CR.
type crReader struct{ in io.Reader }

func (r crReader) Read(p []byte) (int, error) {
	n, err := r.in.Read(p)
	for i, c := range p[:n] {
		if c == '\r' {
			p[i] = '\n'
		}
	}
	return n, err
}

func (c *csvServer) next() (Block, error) {
	c.mu.Lock()
	stopped := c.stopped
	c.mu.Unlock()
	if stopped {
		return Block{}, io.EOF
	}
	b, ok, err := c.splitter.next()
	switch {
	case err != nil:
		return Block{}, c.file.fault(fmt.Errorf("read %s: %w", c.file.Name, err))
	case !ok:
		return Block{}, io.EOF
	case b.damage != undamaged:
		c.mu.Lock()
		defer c.mu.Unlock()
		c.tally.problems.add(place{b.line, 1}, c.damaged(b))
		return Block{}, io.EOF
	}
	return Block{csv: b}, nil
}

// damaged is the refusal of what a splitter cannot go on after: of a row that
// does not end, the quotation mark that swallowed its end, if one did.
func (c *csvServer) damaged(b block) error {
	if b.damage == inputTooLong {
		return errs.New(errs.TooLarge, "source.file_too_long", "File", c.file.Name, "Limit", c.options.Limits.MaxBytes)
	}
	p := newParser(c.file.Name, c.layout, c.options.Limits)
	row := b.data[:p.scanner.cut(b.data)]
	if at, open := p.scanner.misquoted(row); at >= 0 && !open {
		return p.refuse("source.quote", within(row, b.line, at))
	}
	return errs.New(errs.TooLarge, "source.row_too_long", "File", c.file.Name, "Line", b.line, "Limit", c.options.Limits.MaxRowBytes)
}

func (c *csvServer) parse(b Block) []licensing.ServerAccount {
	p := newParser(c.file.Name, c.layout, c.options.Limits)
	p.tellLeftOut, p.tellEveryone = c.options.LeftOut != nil, c.options.Everyone != nil
	out := p.parse(b.csv)
	c.splitter.recycle(b.csv)
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, a := range out.LeftOut {
		c.options.LeftOut(a)
	}
	if len(out.Rows) > 0 {
		c.options.Everyone(out.Rows)
	}
	c.tally.merge(&out.tally)
	c.rows += len(out.numbers) + len(out.texts)
	accounts := c.claim(out)
	c.accounts += len(accounts)
	c.limit(b.csv.line)
	return accounts
}

// claim takes the ids of a block and gives its accounts without those whose id
// was seen before.
func (c *csvServer) claim(out *parsed) []licensing.ServerAccount {
	drop := map[int32]struct{}{}
	for i, n := range out.numbers {
		if !c.seen.addNumber(n) {
			drop[out.owners[i]] = struct{}{}
			c.twice[strconv.FormatUint(n, 10)] = struct{}{}
		}
	}
	for _, text := range out.texts {
		if !c.seen.addText(text.id) {
			drop[text.owner] = struct{}{}
			c.twice[text.id] = struct{}{}
		}
	}
	if len(drop) == 0 {
		return out.Accounts
	}
	kept := out.Accounts[:0]
	for i := range out.Accounts {
		if _, dropped := drop[int32(i)]; !dropped {
			kept = append(kept, out.Accounts[i])
		}
	}
	return kept
}

// limit stops when enough is wrong or too much was read.
func (c *csvServer) limit(line int) {
	switch {
	case c.stopped:
		return
	case c.rows > c.options.Limits.MaxRows:
		c.tally.problems.add(place{line, 1}, errs.New(errs.TooLarge, "source.too_many_rows", "File", c.file.Name, "Limit", c.options.Limits.MaxRows))
	case len(c.twice) > maxTwice:
		c.tally.problems.add(place{line, 1}, errs.New(errs.Invalid, "source.too_many_twice", "File", c.file.Name, "Limit", maxTwice))
	case !c.tally.problems.full():
		return
	}
	c.stopped = true
}

func (c *csvServer) finish() (*ServerSummary, error) {
	if err := c.tally.problems.err(c.file.Name); err != nil {
		return nil, err
	}
	t := &c.tally
	if t.utf8.count > 0 && t.windows.count > 0 {
		return nil, errs.New(errs.Invalid, "source.mixed_encoding", "File", c.file.Name,
			"Line", t.windows.first.line, "Column", t.windows.first.column, "Other", t.utf8.first.line)
	}
	summary := &ServerSummary{Accounts: c.accounts, Suspended: t.suspended, BuiltIn: t.builtIn, NeverSignedIn: t.neverSignedIn}
	if len(c.twice) > 0 {
		if err := c.compareTwice(summary); err != nil {
			return nil, err
		}
	}
	summary.Warnings = append(summary.Warnings, c.warnings()...)
	return summary, nil
}

func (c *csvServer) warnings() []Warning {
	var all []Warning
	if c.header.comma != ',' {
		all = append(all, warning("source.warn_separator", "File", c.file.Name))
	}
	all = append(all, repairs(c.file.Name, c.tally.windows, c.tally.doubled)...)
	all = append(all, c.doubts()...)
	if c.accounts == 0 && c.rows == 0 {
		all = append(all, warning("source.warn_no_rows", "File", c.file.Name))
	}
	if c.accounts == 0 && c.rows > 0 {
		all = append(all, warning("source.warn_no_accounts", "File", c.file.Name, "Count", c.rows))
	}
	return all
}

// Close closes the file.
func (c *csvServer) Close() error { return c.closer.Close() }
