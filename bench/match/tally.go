package match

import (
	"crypto/md5"
	"encoding/binary"
	"strconv"

	"github.com/oneseat/oneseat/licensing"
)

// tallier counts people and their accounts, given in order.
type tallier struct {
	tally            Tally
	people, accounts digest
	line             []byte
}

func newTallier() *tallier {
	return &tallier{tally: Tally{LicensesByType: map[string]int{}, Reasons: map[string]int{}}}
}

// person adds the next person of the order.
func (t *tallier) person(anchor string, accounts int, license licensing.LicenseType) {
	t.line = strconv.AppendInt(t.line[:0], int64(t.tally.People), 10)
	t.line = append(append(t.line, '\t'), anchor...)
	t.line = strconv.AppendInt(append(t.line, '\t'), int64(accounts), 10)
	t.line = append(append(t.line, '\t'), license...)
	t.people.add(t.line)
	t.tally.People++
	if license != "" {
		t.tally.Licenses++
		t.tally.LicensesByType[string(license)]++
	}
}

// account adds a server account of any person.
func (t *tallier) account(id licensing.HostID, anchor string, why licensing.Reason) {
	rule := why.Rule.String()
	t.line = append(t.line[:0], id.Host...)
	t.line = append(append(t.line, ':'), id.ID...)
	t.line = append(append(t.line, '\t'), anchor...)
	t.line = append(append(t.line, '\t'), rule...)
	t.line = append(append(t.line, '\t'), why.Value.Address()...)
	t.line = strconv.AppendUint(append(t.line, '\t'), uint64(why.Attribute), 10)
	t.line = strconv.AppendBool(append(t.line, '\t'), why.Tie)
	t.accounts.add(t.line)
	t.tally.Reasons[rule]++
	if why.Tie {
		t.tally.Ties++
	}
}

func (t *tallier) done() Tally {
	t.tally.PeopleDigest, t.tally.AccountsDigest = t.people.String(), t.accounts.String()
	return t.tally
}

// digest is the sum of the low halves of the MD5 of lines, modulo 2^64: DuckDB
// can compute it too, in any order.
type digest uint64

func (d *digest) add(line []byte) {
	sum := md5.Sum(line)
	*d += digest(binary.LittleEndian.Uint64(sum[8:]))
}

func (d *digest) String() string { return strconv.FormatUint(uint64(*d), 10) }
