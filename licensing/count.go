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
	blocks    [][]row
	n         int
	ids       texts    // user ids kept as text
	idTexts   []textID // by number
	keys      table    // keys no cloud account has (R6)
	oddKeys   []bool   // by key: an account wrote it otherwise, or is reported
	runs      []run    // which accounts came from which instance
	odds      []odd    // by account, ascending
	oddTexts  texts
	warnings  warnings
	err       error
}

type instance struct {
	host string
	// accounts of the instance in GitHub's report alone: no snapshot loaded
	reported bool
}

type odd struct {
	account uint32
	text    textID
}

// run is a stretch of accounts of one instance, up to the next run's first.
type run struct {
	first    uint32
	instance uint16
}

const (
	blockBits    = 16
	firstBlock   = 1 << 6 // the first block grows, so that small enterprises stay small
	maxInstances = 1 << 16
)

// NewCount starts a count over an index.
func NewCount(ix *Index) *Count {
	keys := newTable()
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
	c.instances = append(c.instances, instance{host, reported})
	return len(c.instances) - 1, nil
}

// Add takes a shard of an instance. The shard may be used again afterwards.
func (c *Count) Add(in int, s *Shard) {
	if uint64(c.n)+uint64(len(s.rows)) >= uint64(none) { //nolint:gosec // lengths are not negative
		c.err = &Error{Code: CodeTooMany, Value: "accounts"}
		return
	}
	for i := range s.keys {
		c.keys.touch(s.keys[i].hash)
	}
	for _, o := range s.odds {
		c.odds = append(c.odds, odd{uint32(c.n) + o.row, c.oddTexts.add(o.text)}) //nolint:gosec // fewer than none
	}
	for _, p := range s.rows {
		if p.id >= bigID {
			text := s.ids[p.id-bigID]
			if text == "" {
				c.err = &Error{Code: CodeNoUserID, Value: s.host}
			}
			p.id = c.keepID(text)
		}
		if p.why&whyRule == whyKey {
			k := s.keys[p.ref]
			p.ref = c.key6(k.text, k.hash, p.why)
		}
		p.instance = uint16(in) //nolint:gosec // fewer than maxInstances
		c.push(p)
	}
	for k := range tallyKinds {
		if s.tallies[k].count > 0 {
			c.warnings.at(k.code(), s.host).merge(&s.tallies[k])
		}
	}
}

// key6 interns a key no cloud account has.
func (c *Count) key6(text string, hash uint32, w why) uint32 {
	n, fresh := c.keys.internHashed(text, hash)
	if fresh {
		c.oddKeys = append(c.oddKeys, false)
	}
	if w&(whyOdd|whyReported) != 0 {
		c.oddKeys[n] = true
	}
	return n
}

func (c *Count) keepID(text string) uint32 {
	c.idTexts = append(c.idTexts, c.ids.add(text))
	return bigID + uint32(len(c.idTexts)-1) //nolint:gosec // fewer than accounts
}

func (c *Count) push(r row) {
	if c.n>>blockBits == len(c.blocks) {
		c.blocks = append(c.blocks, make([]row, 0, min(1<<blockBits, firstBlock+c.n)))
	}
	if len(c.runs) == 0 || c.runs[len(c.runs)-1].instance != r.instance {
		c.runs = append(c.runs, run{uint32(c.n), r.instance}) //nolint:gosec // fewer than none
	}
	last := len(c.blocks) - 1
	c.blocks[last] = append(c.blocks[last], r)
	c.n++
}

func (c *Count) row(account uint32) *row {
	return &c.blocks[account>>blockBits][account&(1<<blockBits-1)]
}

// instanceOf is the instance of an account, without reading its row.
func (c *Count) instanceOf(account uint32) uint16 {
	at, found := slices.BinarySearchFunc(c.runs, account, func(r run, a uint32) int { return cmp.Compare(r.first, a) })
	if !found {
		at--
	}
	return c.runs[at].instance
}

func (c *Count) userID(r *row) string {
	if r.id < bigID {
		return idText(r.id)
	}
	return string(c.ids.get(c.idTexts[r.id-bigID]))
}

func (c *Count) hostID(r *row) HostID { return HostID{c.instances[r.instance].host, c.userID(r)} }

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
	at, _ := slices.BinarySearchFunc(c.odds, account, func(o odd, a uint32) int { return cmp.Compare(o.account, a) })
	return c.oddTexts.get(c.odds[at].text)
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
		id := splitHostID(string(ri.ids.text(uint32(n))))
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
		small = c.keepID(id.ID)
	}
	c.push(row{v.ref, small, uint16(in), v.why}) //nolint:gosec // fewer than maxInstances
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
		v.ref = c.key6(key, hash, whyReported)
	}
	return v
}

// allWarnings are those of the cloud side and of the accounts.
func (c *Count) allWarnings() []Warning {
	all := append(c.ix.warnings.sorted(), c.warnings.sorted()...)
	slices.SortStableFunc(all, func(a, b Warning) int { return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.Host, b.Host)) })
	return all
}
