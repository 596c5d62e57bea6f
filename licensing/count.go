package licensing

import (
	"cmp"
	"slices"
)

// Count gathers the placed accounts of the instances of an enterprise. It is
// not safe for concurrent use.
type Count struct {
	ix        *Index
	instances []instance
	byHost    map[string]int
	blocks    []block
	n         int
	ids       texts           // user ids kept as text
	idTexts   []textID        // by number
	keys      table[struct{}] // keys no cloud account has (R6)
	oddKeys   []bool          // by key: an account wrote it otherwise, or is reported
	oddTexts  texts
	read      uint32 // by approach
	// keyNumbers are the numbers of a shard's keys while it is added.
	keyNumbers []uint32
	warnings   warnings
	done       *Result
	err        error
}

type instance struct {
	host string
	// accounts of the instance in GitHub's report alone: no snapshot loaded
	reported bool
	accounts int
	block    int // the block that takes its next account
}

// block is up to 64 k accounts of one instance. An account's number is its
// block's and its place there.
type block struct {
	instance int
	rows     []row
	odds     []odd // ascending
}

// odd is the address of a block's account as it was written.
type odd struct {
	at   uint32
	text textID
}

const (
	blockBits    = 16
	blockSize    = 1 << blockBits
	firstBlock   = 1 << 6 // an instance's first block grows: small ones stay small
	maxBlocks    = 1 << (32 - blockBits)
	maxInstances = 1 << 15 // each has a block that is not full
)

// NewCount starts a count over an index.
func NewCount(ix *Index) *Count {
	keys := newTable[struct{}]()
	keys.seed = ix.keys.seed // a shard's hashes serve both
	return &Count{ix: ix, byHost: map[string]int{}, keys: keys}
}

// AddInstance announces a server instance and gives its number; the host
// named twice (case and port ignored) is an *Error.
func (c *Count) AddInstance(host string) (int, error) { return c.addInstance(NormalHost(host), false) }

func (c *Count) addInstance(host string, reported bool) (int, error) {
	if _, ok := c.byHost[host]; ok {
		return 0, &Error{Code: CodeInstanceTwice, Value: host}
	}
	if len(c.instances) == maxInstances {
		return 0, &Error{Code: CodeTooMany, Value: "instances"}
	}
	c.byHost[host] = len(c.instances)
	c.instances = append(c.instances, instance{host: host, reported: reported, block: -1})
	return len(c.instances) - 1, nil
}

// Add takes a shard of an instance. The shard may be used again afterwards.
// A shard of another index or another host, or one that comes after Result,
// makes the count fail.
func (c *Count) Add(in int, s *Shard) {
	if s.ix != c.ix || s.host != c.instances[in].host || c.done != nil {
		c.err, c.done = &Error{Code: CodeForeignShard, Value: s.host}, nil
		return
	}
	c.number(s.keys)
	odds := s.odds
	for from := 0; from < len(s.rows); {
		b := c.roomFor(in, len(s.rows)-from)
		if b == nil {
			return
		}
		at := len(b.rows)
		to := min(len(s.rows), from+blockSize-at)
		b.rows = append(b.rows, s.rows[from:to]...)
		c.instances[in].accounts += to - from
		c.n += to - from
		c.renumber(s, b.rows[at:])
		for len(odds) > 0 && int(odds[0].row) < to {
			n := uint32(at + int(odds[0].row) - from) //nolint:gosec // less than blockSize
			b.odds = append(b.odds, odd{n, c.oddTexts.add(odds[0].text)})
			odds = odds[1:]
		}
		from = to
	}
	for k := range tallyKinds {
		if s.tallies[k].count > 0 {
			c.warnings.at(k.code(), s.host).merge(&s.tallies[k])
		}
	}
}

// number interns the keys of a shard and leaves their numbers in keyNumbers.
func (c *Count) number(keys []probe) {
	c.keyNumbers = c.keyNumbers[:0]
	for len(keys) > 0 {
		n := min(len(keys), batch)
		c.read += c.keys.approach(keys[:n])
		for i := range keys[:n] {
			number, found := c.keys.confirm(&keys[i])
			if !found {
				number, _ = c.keys.internHashed(keys[i].text, keys[i].hash)
			}
			c.keyNumbers = append(c.keyNumbers, number)
		}
		keys = keys[n:]
	}
	c.oddKeys = append(c.oddKeys, make([]bool, c.keys.len()-len(c.oddKeys))...)
}

// renumber turns a shard's numbers in rows into the count's.
func (c *Count) renumber(s *Shard, rows []row) {
	for i := range rows {
		r := &rows[i]
		if r.id >= bigID {
			r.id = c.keepID(s.ids[r.id-bigID], s.host)
		}
		if r.why&whyRule == whyKey {
			r.ref = c.keyNumbers[r.ref]
			if r.why&whyOdd != 0 {
				c.oddKeys[r.ref] = true
			}
		}
	}
}

// reportedKey interns a key no cloud account has, of an account known from
// GitHub's report alone.
func (c *Count) reportedKey(text string, hash uint32) uint32 {
	n, fresh := c.keys.internHashed(text, hash)
	if fresh {
		c.oddKeys = append(c.oddKeys, false)
	}
	c.oddKeys[n] = true
	return n
}

func (c *Count) keepID(text, host string) uint32 {
	if text == "" && c.err == nil {
		c.err = &Error{Code: CodeNoUserID, Value: host}
	}
	if len(c.idTexts) == bigID {
		c.err = &Error{Code: CodeTooMany, Value: "user ids"}
		return bigID
	}
	c.idTexts = append(c.idTexts, c.ids.add(text))
	return bigID + uint32(len(c.idTexts)-1) //nolint:gosec // fewer than bigID
}

// roomFor is the block that takes the next of n more accounts of an instance;
// nil when there are too many.
func (c *Count) roomFor(in, n int) *block {
	at := &c.instances[in]
	if at.block < 0 || len(c.blocks[at.block].rows) == blockSize {
		if len(c.blocks) == maxBlocks {
			c.err = &Error{Code: CodeTooMany, Value: "accounts"}
			return nil
		}
		c.blocks = append(c.blocks, block{instance: in, rows: make([]row, 0, min(blockSize, firstBlock+at.accounts+n))})
		at.block = len(c.blocks) - 1
	}
	return &c.blocks[at.block]
}

// each walks the accounts with their numbers.
func (c *Count) each(do func(account uint32, r *row)) {
	for n := range c.blocks {
		rows := c.blocks[n].rows
		for i := range rows {
			do(uint32(n<<blockBits|i), &rows[i]) //nolint:gosec // fewer than maxBlocks
		}
	}
}

func (c *Count) row(account uint32) *row {
	return &c.blocks[account>>blockBits].rows[account&(blockSize-1)]
}

// instanceOf is the instance of an account.
func (c *Count) instanceOf(account uint32) int { return c.blocks[account>>blockBits].instance }

func (c *Count) hostOf(account uint32) string { return c.instances[c.instanceOf(account)].host }

func (c *Count) userID(r *row) string {
	if r.id < bigID {
		return idText(r.id)
	}
	return string(c.ids.get(c.idTexts[r.id-bigID]))
}

func (c *Count) hostID(account uint32) HostID {
	return HostID{c.hostOf(account), c.userID(c.row(account))}
}

// key is the key an account offered; nil when it offered none, or was placed
// by its HOST:ID (then the written address still gives it).
func (c *Count) key(r *row) []byte {
	switch r.why & whyRule {
	case whyAlone, why(AttrReportID):
		return nil
	case whyKey:
		return c.keys.text(r.ref)
	default:
		return c.ix.keys.text(r.ref)
	}
}

// email is the address of an account as it was written; nil for one known
// from GitHub's report alone.
func (c *Count) email(account uint32, r *row) []byte {
	if r.why&whyReported != 0 {
		return nil
	}
	if r.why&whyOdd == 0 {
		return c.key(r)
	}
	odds := c.blocks[account>>blockBits].odds
	at, _ := slices.BinarySearchFunc(odds, account&(blockSize-1), func(o odd, a uint32) int { return cmp.Compare(o.at, a) })
	return c.oddTexts.get(odds[at].text)
}

// addReported adds the server accounts GitHub's report names on hosts without
// a loaded snapshot: each belongs to its row's person.
func (c *Count) addReported() error {
	ri := c.ix.report
	if ri == nil {
		return nil
	}
	loaded := make(map[string]bool, len(c.byHost))
	for host := range c.byHost {
		loaded[host] = true
		if !ri.hosts[host] {
			c.warnings.at(WarnUnknownHost, host).add(host)
		}
	}
	people := map[uint32]verdict{}
	for n := range ri.ids.len() {
		id := ri.hostID(uint32(n))
		if loaded[id.Host] {
			continue
		}
		in, ok := c.byHost[id.Host]
		if !ok {
			var err error
			if in, err = c.addInstance(id.Host, true); err != nil {
				return err
			}
		}
		c.addReportedAccount(in, uint32(n), id, people)
	}
	return nil
}

func (c *Count) addReportedAccount(in int, n uint32, id HostID, people map[uint32]verdict) {
	ri := c.ix.report
	v := verdict{n, why(AttrReportID) | ri.tie(n)}
	if ri.accountOf(n) == none {
		row := ri.idRow[n]
		known, ok := people[row]
		if !ok {
			known = c.rowVerdict(row)
			people[row] = known
		}
		v = known
	}
	v.why |= whyReported
	small, ok := smallID(id.ID)
	if !ok {
		small = c.keepID(id.ID, id.Host)
	}
	if b := c.roomFor(in, 1); b != nil {
		b.rows = append(b.rows, row{v.ref, small, v.why})
		c.instances[in].accounts++
		c.n++
	}
}

// rowVerdict places the person of a report row without login by its key.
func (c *Count) rowVerdict(row uint32) verdict {
	key, ok := c.ix.report.rows[row].rowKey()
	if !ok {
		return verdict{row, whyAlone}
	}
	hash := c.ix.keys.hash(key)
	v := c.ix.judge("", "", key, hash)
	if v.why&whyRule == whyKey {
		v.ref = c.reportedKey(key, hash)
	}
	return v
}

// allWarnings are those of the cloud side and of the accounts.
func (c *Count) allWarnings() []Warning {
	all := append(c.ix.warnings.sorted(), c.warnings.sorted()...)
	slices.SortStableFunc(all, func(a, b Warning) int { return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.Host, b.Host)) })
	return all
}
