package licensing

// Result is the people of an enterprise and what they consume. It is
// immutable and safe for concurrent use.
type Result struct {
	c *Count
	// people are numbered: cloud accounts, extras, keys of the count, then
	// accounts that stand alone (loners).
	total  int
	loners []uint32 // by loner: its first account, or none until it has one
	// byPerson lists accounts person by person; first[p] to first[p+1].
	byPerson []uint32
	first    []uint32
	// subsOf and invitesOf list what gathers at a person.
	subsOf    map[person][]int
	invitesOf map[person][]int
	subs      []PlacedSubscription
	unmatched []int // subscriptions that belong to nobody
	// unmatchedNames are their anchors' texts, where the policy makes people
	// of them.
	unmatchedNames []string
	order          []person
	state          []personState // by person: all that exist

	statement Statement
	instances []InstanceStatement
	vis       Visibility
	reconcile *Reconciliation
	conflicts []Conflict
	warnings  []Warning
}

// personState is what counting decided about a person.
type personState uint8

const (
	consumesLicense personState = 1 << iota
	consumesVisualStudio
)

// Runner runs tasks that do not depend on each other, in any order or at the
// same time, and returns when all are done. A task may run tasks of its own.
type Runner func(tasks ...func())

// Result groups the accounts by anchor, counts and checks the statement.
// Nothing can be added afterwards; asked again it gives the same result. The
// error is an *Error.
func (c *Count) Result() (*Result, error) {
	return c.ResultWith(inTurn)
}

// inTurn is the Runner of a caller with one processor.
func inTurn(tasks ...func()) {
	for _, task := range tasks {
		task()
	}
}

// ResultWith is Result for callers that lend it more than one processor: the
// engine itself starts no goroutines.
func (c *Count) ResultWith(run Runner) (*Result, error) {
	if c.done != nil {
		return c.done, nil
	}
	if c.err == nil {
		c.err = c.addReported()
	}
	if c.err == nil && (c.keys.texts.full || c.ids.full || c.oddTexts.full) {
		c.err = &Error{Code: CodeTooMany, Value: "accounts"}
	}
	if c.err != nil {
		return nil, c.err
	}
	r := &Result{c: c}
	cloud := make([]person, c.ix.accounts.len())
	run(func() { r.gather(run) }, func() { c.ix.sortLogins(cloud) })
	r.order = append(make([]person, 0, len(r.state)), cloud...)[:len(r.state)]
	from, others := r.ix().accounts.len(), textSort{text: r.firstAddress, rest: r.restOf}
	others.into(r.order[from:], from, run,
		func() { r.instances = r.instanceStatements() },
		func() { r.conflicts = r.findConflicts() },
	)
	if err := r.addUp(); err != nil {
		return nil, err
	}
	c.done = r
	r.vis = r.visibility()
	if r.vis.Doubled > 0 {
		c.warnings.at(WarnInvitedTwice, "").count = r.vis.Doubled
	}
	r.warnings = c.allWarnings()
	r.reconcile = r.reconciliation()
	return r, nil
}

// gather brings together what belongs to each person, and counts.
func (r *Result) gather(run Runner) {
	r.group(run)
	r.placeSubscriptions()
	r.c.keys.slots = nil // nobody looks a key up any more
	r.placeInvitations()
	r.consume()
}

func (r *Result) ix() *Index { return r.c.ix }

// keyPerson is the first person that is a key of the count.
func (r *Result) keyPerson() int { return r.ix().accounts.len() + len(r.ix().extras) }

// lonerPerson is the first person that is an account without key.
func (r *Result) lonerPerson() int { return r.keyPerson() + r.c.keys.len() }

// personOf is the person of an account, once the loners have their numbers.
func (r *Result) personOf(row *row) person {
	switch row.why & whyRule {
	case whyAlone:
		return person(r.lonerPerson()) + person(row.ref) //nolint:gosec // fewer than none
	case whyKey:
		return person(r.keyPerson()) + person(row.ref) //nolint:gosec // fewer than none
	default:
		return r.ix().personOf(verdict{row.ref, row.why})
	}
}

// group numbers the loners and sorts the accounts by person: a counting sort,
// stable in the order of accounts. Memory is what it waits for, so that each
// task counts and places the accounts of some of the people.
func (r *Result) group(run Runner) {
	r.numberLoners()
	r.total = r.lonerPerson() + len(r.loners)
	people := r.people(run)
	r.first = make([]uint32, r.total+2)
	next := r.first[1:] // becomes the cursor of each person
	ofSome(run, r.total, func(low, high person) {
		for _, ofBlock := range people {
			for _, p := range ofBlock {
				if low <= p && p < high {
					next[p+1]++
				}
			}
		}
	})
	for p := range r.total {
		next[p+1] += next[p]
	}
	r.byPerson = make([]uint32, r.c.n)
	ofSome(run, r.total, func(low, high person) {
		for n, ofBlock := range people {
			for i, p := range ofBlock {
				if low <= p && p < high {
					r.byPerson[next[p]] = uint32(n<<blockBits | i) //nolint:gosec // fewer than maxBlocks
					next[p]++
				}
			}
		}
	})
	r.first = r.first[:r.total+1]
}

// people are those of the accounts, block by block.
func (r *Result) people(run Runner) [][]person {
	people := make([][]person, len(r.c.blocks))
	var tasks []func()
	for start, end := range pieces(len(people)) {
		tasks = append(tasks, func() {
			for n := start; n < end; n++ {
				rows := r.c.blocks[n].rows
				people[n] = make([]person, len(rows))
				for i := range rows {
					people[n][i] = r.personOf(&rows[i])
				}
			}
		})
	}
	run(tasks...)
	return people
}

// ofSome runs a task for each half of the people.
func ofSome(run Runner, total int, do func(low, high person)) {
	half := person(total / 2) //nolint:gosec // fewer than none
	run(func() { do(0, half) }, func() { do(half, person(none)) })
}

// numberLoners gives every account without a key a person of its own (R7);
// those of one row of GitHub's report share theirs.
func (r *Result) numberLoners() {
	ofRow := map[uint32]uint32{}
	r.c.each(func(a uint32, row *row) {
		if row.why&whyRule != whyAlone {
			return
		}
		if row.why&whyReported != 0 {
			n, ok := ofRow[row.ref]
			if ok {
				row.ref = n
				return
			}
			ofRow[row.ref] = uint32(len(r.loners)) //nolint:gosec // fewer than none
		}
		row.ref = uint32(len(r.loners)) //nolint:gosec // as above
		r.loners = append(r.loners, a)
	})
}

func (r *Result) eachAccount(do func(account uint32, p person)) {
	r.c.each(func(a uint32, row *row) { do(a, r.personOf(row)) })
}

// accountsOf are the server accounts of a person.
func (r *Result) accountsOf(p person) []uint32 { return r.byPerson[r.first[p]:r.first[p+1]] }

func (r *Result) isCloud(p person) bool { return int(p) < r.ix().accounts.len() }

// extraOf is the extra a person is, or nil.
func (r *Result) extraOf(p person) *extra {
	n := int(p) - r.ix().accounts.len()
	if n < 0 || n >= len(r.ix().extras) {
		return nil
	}
	return &r.ix().extras[n]
}

// anchorOf names any person of the result.
func (r *Result) anchorOf(p person) Anchor {
	switch n := int(p); {
	case n < r.keyPerson():
		return r.ix().anchor(p)
	case n < r.lonerPerson():
		return Anchor{AnchorAddress, string(r.c.keys.text(uint32(n - r.keyPerson())))} //nolint:gosec // as above
	case n < r.total:
		return Anchor{AnchorHostID, r.firstHostID(p)}
	default:
		return Anchor{AnchorSubscription, r.unmatchedNames[n-r.total]}
	}
}

// firstHostID is the smallest HOST:ID of a person.
func (r *Result) firstHostID(p person) string {
	smallest := ""
	for _, a := range r.accountsOf(p) {
		if id := r.c.hostID(a).String(); smallest == "" || id < smallest {
			smallest = id
		}
	}
	return smallest
}
