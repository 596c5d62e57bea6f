package licensing

import "strconv"

// Shard is a piece of an instance's accounts, placed: a few bytes an account.
// A caller places shards of some 64 k accounts, on as many goroutines as it
// likes, and adds them to a Count one after the other.
type Shard struct {
	ix   *Index
	host string
	rows []row
	// texts of the accounts that need one, in the order of rows
	ids     []string // user ids that are no small number
	keys    []probe  // keys no cloud account has (R6)
	odds    []oddText
	tallies [tallyKinds]tally
	offers  []offer
	probes  []probe // of the offers
	read    uint32  // by approach
}

// row is a placed server account in twelve bytes.
type row struct {
	// ref is a key of the index (R0 by address, R3 to R5), a HOST:ID of the
	// report (R0), a number in the shard's or count's keys (R6), and for R7 the
	// report's row until loners are numbered and the loner after that.
	ref uint32
	id  uint32 // the user id, or bigID + a number in ids
	why why
}

// bigID marks an id that is kept as text: anything but a decimal number below
// it written without leading zeros.
const bigID = 1 << 31

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
		ix: ix, host: NormalHost(host), rows: s.rows[:0],
		ids: s.ids[:0], keys: s.keys[:0], odds: s.odds[:0], offers: s.offers[:0], probes: s.probes[:0],
	}
	for len(accounts) > 0 {
		n := min(len(accounts), batch)
		s.placeBatch(ix, accounts[:n])
		accounts = accounts[n:]
	}
	clear(s.offers)
	clear(s.probes)
}

// placeBatch places a number of accounts at once, so that the memory works
// ahead.
func (s *Shard) placeBatch(ix *Index, accounts []ServerAccount) {
	s.offers, s.probes = s.offers[:0], s.probes[:0]
	for i := range accounts {
		o := offerOf(&accounts[i])
		s.tally(&accounts[i], &o)
		s.offers, s.probes = append(s.offers, o), append(s.probes, ix.keys.probe(o.key))
	}
	s.read += ix.keys.approach(s.probes)
	for i := range accounts {
		s.place(ix, &accounts[i], &s.offers[i], &s.probes[i])
	}
}

func (s *Shard) place(ix *Index, a *ServerAccount, o *offer, p *probe) {
	v := ix.judgeOffer(s.host, a.UserID, o, p)
	if v.why&whyRule == whyKey {
		v.ref = uint32(len(s.keys)) //nolint:gosec // a shard is small
		s.keys = append(s.keys, probe{text: p.text, hash: p.hash})
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

func (ix *Index) judgeOffer(host, id string, o *offer, p *probe) verdict {
	if !o.ok {
		return ix.judgeID(host, id)
	}
	n, found := ix.keys.confirm(p)
	return ix.judgeKey(host, id, n, found)
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
	return uint32(n), n < bigID
}

func idText(n uint32) string { return strconv.FormatUint(uint64(n), 10) }
