package licensing

import "strconv"

// Shard is a piece of an instance's accounts, placed: a few bytes an account.
// A caller places shards of some 64 k accounts, on as many goroutines as it
// likes, and adds them to a Count one after the other.
type Shard struct {
	host string
	rows []row
	// texts of the accounts that need one, in the order of rows
	ids     []string // user ids that are no small number
	keys    []newKey // keys no cloud account has (R6)
	odds    []oddText
	tallies [tallyKinds]tally
}

// row is a placed server account in twelve bytes.
type row struct {
	ref      uint32 // a key, a HOST:ID of the report, or a number in keys
	id       uint32 // the user id, or bigID + a number in ids
	instance uint16 // set when a Count takes the row
	why      why
}

// bigID marks an id that is kept as text: anything but a decimal number below
// it written without leading zeros.
const bigID = 1 << 31

type newKey struct {
	text string
	hash uint32
}

// oddText is the address of an account as it was written, where that differs
// from its key.
type oddText struct {
	row  uint32
	text string
}

// PlaceShard places accounts of one instance. It is pure: it may run beside
// other calls. The strings of accounts are kept until Count.Add has taken the
// shard.
func (ix *Index) PlaceShard(host string, accounts []ServerAccount) *Shard {
	s := &Shard{}
	ix.PlaceInto(s, host, accounts)
	return s
}

// PlaceInto is PlaceShard with the memory of a shard that was added before.
func (ix *Index) PlaceInto(s *Shard, host string, accounts []ServerAccount) {
	*s = Shard{
		host: NormalHost(host), rows: s.rows[:0],
		ids: s.ids[:0], keys: s.keys[:0], odds: s.odds[:0],
	}
	for i := range accounts {
		s.place(ix, &accounts[i])
	}
}

func (s *Shard) place(ix *Index, a *ServerAccount) {
	o := offerOf(a)
	s.tally(a, &o)
	var v verdict
	if o.ok {
		hash := ix.keys.hash(o.key)
		v = ix.judge(s.host, a.UserID, o.key, hash)
		if v.why&whyRule == whyKey {
			v.ref = uint32(len(s.keys)) //nolint:gosec // a shard is small
			s.keys = append(s.keys, newKey{o.key, hash})
		}
	} else {
		v = ix.judgeID(s.host, a.UserID)
	}
	if a.AdvancedSecurity {
		v.why |= whySecurity
	}
	if o.email.text != o.key || v.why&whyRule == why(AttrReportID) {
		v.why |= whyOdd
		s.odds = append(s.odds, oddText{uint32(len(s.rows)), o.email.text}) //nolint:gosec // as above
	}
	s.rows = append(s.rows, row{ref: v.ref, id: s.id(a.UserID), why: v.why})
}

func (s *Shard) id(text string) uint32 {
	if n, ok := smallID(text); ok {
		return n
	}
	s.ids = append(s.ids, text)
	return bigID + uint32(len(s.ids)-1) //nolint:gosec // as above
}

func smallID(text string) (uint32, bool) {
	if len(text) > 10 || text == "" || text[0] == '0' && len(text) > 1 {
		return 0, false
	}
	n := uint64(0)
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return 0, false
		}
		n = n*10 + uint64(text[i]-'0')
	}
	return uint32(n), n < bigID //nolint:gosec // asked in the same line
}

func idText(n uint32) string { return strconv.FormatUint(uint64(n), 10) }
