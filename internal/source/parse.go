package source

import (
	"bytes"
	"encoding/binary"
	"iter"
	"strings"

	"github.com/oneseat/oneseat/licensing"
)

// parsed is what a block holds.
type parsed struct {
	Accounts []licensing.ServerAccount
	// ids of every row, counted or left out, for finding those that stand
	// twice: numbers[i] is that of the account owners[i], -1 when the row is
	// left out. Ids that are no plain numbers are in texts.
	numbers []uint64
	owners  []int32
	texts   []textID
	tally   tally
	LeftOut []LeftOut // when somebody wants to be told
	Rows    []Row     // likewise

	text   strings.Builder         // all strings of the accounts
	Emails []licensing.ServerEmail // all addresses, in turn
}

// textID is an id that is no plain number.
type textID struct {
	id    string
	owner int32
}

// parser reads the rows of blocks. It is used by one goroutine at a time.
type parser struct {
	layout  layout
	scanner scanner
	file    string
	limits  Limits
	account account // of the row read last
	// tellLeftOut: somebody wants to be told of the accounts that do not count.
	tellLeftOut bool
	// tellEveryone: somebody wants to be told of all.
	tellEveryone bool
}

func newParser(file string, l layout, limits Limits) *parser {
	return &parser{layout: l, scanner: newScanner(l.comma, l.cells, l.wanted), file: file, limits: limits}
}

// outcome says what becomes of a row.
type outcome uint8

const (
	counts outcome = iota
	suspended
	builtIn
	neverSignedIn
	refused
)

// String is the cause for which an account is left out.
func (o outcome) String() string {
	return [...]string{"counts", "suspended", "built_in", "never_signed_in", "refused"}[o]
}

// parse reads a block. It keeps nothing of the block's bytes: all strings of
// the accounts share one text of their own.
func (p *parser) parse(b block) *parsed {
	out := newParsed(b.rows)
	for line, row := range p.rows(b) {
		if a := p.read(row, line, &out.tally); a.outcome != refused {
			out.add(a)
			if p.tellLeftOut && a.outcome != counts {
				out.LeftOut = append(out.LeftOut, p.leftOut(a, row))
			}
			if p.tellEveryone {
				out.Rows = append(out.Rows, p.told(a, row))
			}
		} else if out.tally.problems.full() {
			break
		}
	}
	return out
}

// rows cuts a block into its rows, empty lines left out, each with its line.
func (p *parser) rows(b block) iter.Seq2[int, []byte] {
	return func(yield func(int, []byte) bool) {
		data, line := b.data, b.line
		for len(data) > 0 {
			length := p.scanner.cut(data)
			row := p.scanner.row(data, length)
			data = data[length:]
			lines := 1
			if p.scanner.quoted != 0 {
				lines += bytes.Count(row, []byte{'\n'})
			}
			if len(row) > 0 && !yield(line, row) {
				return
			}
			line += lines
		}
	}
}

// newParsed makes room for so many rows.
func newParsed(rows int) *parsed {
	out := &parsed{
		Accounts: make([]licensing.ServerAccount, 0, rows),
		Emails:   make([]licensing.ServerEmail, 0, rows),
		numbers:  make([]uint64, 0, rows),
		owners:   make([]int32, 0, rows),
	}
	out.text.Grow(rows * usualText)
	return out
}

// add takes a row.
func (out *parsed) add(a *account) {
	owner := int32(-1)
	if a.outcome == counts {
		owner = int32(len(out.Accounts)) //nolint:gosec // a block has few rows
		out.Accounts = append(out.Accounts, licensing.ServerAccount{UserID: out.share(a.id), Emails: out.emails(a.email)})
	}
	if a.plain {
		out.numbers, out.owners = append(out.numbers, a.number), append(out.owners, owner)
	} else {
		out.texts = append(out.texts, textID{string(a.id), owner})
	}
}

// emails is the list of an account's one address, or of none.
func (out *parsed) emails(address []byte) []licensing.ServerEmail {
	if len(address) == 0 {
		return nil
	}
	at := len(out.Emails)
	out.Emails = append(out.Emails, licensing.ServerEmail{Email: licensing.NewEmail(out.share(address)), Primary: true})
	return out.Emails[at : at+1 : at+1]
}

// usualText is about how many bytes an id and an address have together.
const usualText = 40

// share adds bytes to the text and gives them as a string inside it.
func (out *parsed) share(b []byte) string {
	out.text.Write(b)
	whole := out.text.String()
	return whole[len(whole)-len(b):]
}

// account is what is read of a row.
type account struct {
	outcome outcome
	id      []byte
	email   []byte
	number  uint64 // the id, when plain
	plain   bool
}

// read reads the row that was cut last. What it gives is good until the next.
func (p *parser) read(row []byte, line int, t *tally) *account {
	s, l, a := &p.scanner, &p.layout, &p.account
	a.outcome, a.email = refused, nil
	if s.quoted != 0 || s.cells != l.cells || int64(len(row)) > p.limits.MaxRowBytes {
		if err := p.misshapen(row, line); err != nil {
			t.problems.add(place{line, 1}, err)
			return a
		}
	}
	a.id = s.cell(row, l.id)
	a.number, a.plain = plainNumber(a.id)
	if !a.plain && !p.strangeID(a, row, line, t) {
		return a
	}
	a.outcome = p.outcome(row, line, t)
	if a.outcome == counts {
		a.email = s.cell(row, l.email)
		if !isPlainText(a.email) && !p.strangeEmail(a, row, line, t) {
			a.outcome = refused
		}
	}
	return a
}

// leftOut is the account of the row that was cut last, as strings of its own.
func (p *parser) leftOut(a *account, row []byte) LeftOut {
	l := LeftOut{UserID: string(a.id), Email: licensing.NewEmail(string(p.scanner.cell(row, p.layout.email))), Cause: a.outcome.String()}
	if p.layout.login >= 0 {
		l.Login = string(p.scanner.cell(row, p.layout.login))
	}
	return l
}

// told is the account of the row that was cut last, counted or not.
func (p *parser) told(a *account, row []byte) Row {
	r := Row{LeftOut: p.leftOut(a, row)}
	if a.outcome == counts {
		r.Email, r.Cause = licensing.NewEmail(string(a.email)), "" // as it was read, with what was repaired
	}
	switch l := &p.layout; {
	case l.loggedIP < 0 && l.since < 0:
	case p.signedIn(row):
		r.SignIn = SignInSeen
	default:
		r.SignIn = SignInNone
	}
	return r
}

// signedIn says that a row shows a sign-in.
func (p *parser) signedIn(row []byte) bool {
	s, l := &p.scanner, &p.layout
	return l.loggedIP >= 0 && len(s.cell(row, l.loggedIP)) > 0 || l.since >= 0 && len(s.cell(row, l.since)) > 0
}

// outcome says whether an account counts.
func (p *parser) outcome(row []byte, line int, t *tally) outcome {
	s, l := &p.scanner, &p.layout
	if l.suspended >= 0 {
		cell := s.cell(row, l.suspended)
		if string(cell) != "false" {
			switch value, ok := boolean(cell); {
			case !ok:
				at := p.place(row, line, l.suspended)
				t.problems.add(at, p.refuse("source.suspended", at, "Value", shown(string(cell))))
				return refused
			case value:
				t.suspended++
				return suspended
			}
		}
	}
	if l.login >= 0 && isBuiltIn(s.cell(row, l.login)) {
		t.builtIn++
		return builtIn
	}
	if !l.leaveOut || p.signedIn(row) {
		return counts
	}
	t.neverSignedIn++
	return neverSignedIn
}

// isBuiltIn recognises the accounts every instance has, by their exact names.
func isBuiltIn(login []byte) bool {
	return string(login) == "ghost" || string(login) == "scim-admin"
}

func boolean(cell []byte) (value, ok bool) {
	switch strings.ToLower(string(bytes.TrimSpace(cell))) {
	case "true", "1", "yes":
		return true, true
	case "false", "0", "no", "":
		return false, true
	}
	return false, false
}

// plainNumber reads an id that is a number as a program writes it: digits, no
// leading zero, at most 18 of them.
func plainNumber(id []byte) (uint64, bool) {
	if len(id) == 0 || len(id) > 18 || id[0] == '0' && len(id) > 1 {
		return 0, false
	}
	n := uint64(0)
	for _, c := range id {
		if c-'0' > 9 {
			return 0, false
		}
		n = n*10 + uint64(c-'0')
	}
	return n, true
}

// isPlainText says that text is printable ASCII without white space at its
// ends, or empty.
func isPlainText(text []byte) bool {
	if len(text) == 0 {
		return true
	}
	if text[0] == ' ' || text[len(text)-1] == ' ' {
		return false
	}
	for ; len(text) >= 8; text = text[8:] {
		word := binary.LittleEndian.Uint64(text)
		// A byte is below the space when subtracting one from it borrows, and
		// above ASCII, or 0x7f, when adding one shows in its highest bit.
		if ((word-everyByte*' ')|(word&lowBits+everyByte)|word)&^lowBits != 0 {
			return false
		}
	}
	for _, c := range text {
		if c < ' ' || c >= 0x7f {
			return false
		}
	}
	return true
}
