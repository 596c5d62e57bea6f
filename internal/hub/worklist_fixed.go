package hub

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/licensing"
)

// maxLooked is how many results are looked through for who was put right since
// the lists were made last: they are made after each, unless nobody worked for
// long.
const maxLooked = 100

// repair is somebody who was several people and is one.
type repair struct {
	// Parts are digests of what the people they were consist of, one of each:
	// an account, or the anchor of who has none. Empty: GitHub's report alone
	// says that they were several.
	Parts []string `json:"parts,omitempty"`
	// Was is where an owner said what is said; nil: nobody did before they were
	// put right.
	Was *movedMark `json:"was,omitempty"`

	since   time.Time
	saves   int64
	said    WorkMark // of the line that they come from
	actor   string
	at      time.Time
	sources []int64
	there   bool // GitHub's report has several rows of them
}

// repairs are those known of, by who they are now.
type repairs map[store.PersonID]*repair

// fixed makes the lists of who was put right: those who stand there and are
// one person still, those who joined since, and those of whom GitHub's report
// has several rows. Whoever is not put right any more stays until
// [listMaker.left].
func (m *listMaker) fixed(ctx context.Context) error {
	fixed, err := m.list(ctx, WorkFixed)
	if err != nil {
		return err
	}
	gone, err := m.list(ctx, WorkGone)
	if err != nil {
		return err
	}
	all := repairs{}
	for _, step := range []func(context.Context, repairs) error{m.stored, m.joinedSince, m.severalThere} {
		if err := step(ctx, all); err != nil {
			return err
		}
	}
	for id, r := range all {
		stands, err := m.stands(ctx, id, r)
		if err != nil {
			return err
		}
		switch {
		case !stands:
			m.goesBack(r)
		case !m.confirmed(r):
			err = fixed.put(ctx, m.repaired(id, r))
		case r.since.After(m.s.now().AddDate(0, 0, -keptDays)):
			line := m.repaired(id, r)
			line.State = WorkDone
			err = gone.put(ctx, line)
		}
		if err != nil {
			return err
		}
	}
	m.leave = []*listed{fixed, gone}
	return nil
}

// left removes who is not put right any more from the lists that say so. It comes
// last: what an owner said of them stands there until it stands on the line that
// they went back to, wherever a run ends.
func (m *listMaker) left(ctx context.Context) error {
	for _, list := range m.leave {
		if err := list.close(ctx); err != nil {
			return err
		}
	}
	return nil
}

// repaired is the line of somebody who was put right: those whom GitHub counts
// several times come first, then the newest.
func (m *listMaker) repaired(id store.PersonID, r *repair) store.WorkLine {
	document, _ := json.Marshal(r) // texts alone
	worth := worthOf(m.gap.hasSources(r.sources), false)
	return store.WorkLine{
		ID: id, Place: fmt.Sprintf("%s%016x", worth.rank(), math.MaxInt64-r.since.UnixMicro()), Sources: r.sources, Saves: r.saves,
		Document: string(document), Since: r.since, State: r.said.State, Note: r.said.Note, Actor: r.actor, StatedAt: r.at,
	}
}

// stored takes who is on the two lists.
func (m *listMaker) stored(ctx context.Context, all repairs) error {
	for _, list := range []WorkList{WorkFixed, WorkGone} {
		for line, err := range m.e.WorkLines(ctx, list) {
			if err != nil {
				return err
			}
			r := &repair{since: line.Since, saves: line.Saves, said: WorkMark{line.State, line.Note}, actor: line.Actor, at: line.StatedAt}
			if err := json.Unmarshal([]byte(line.Document), r); err != nil {
				return fmt.Errorf("line of person %s: %w", line.ID, err)
			}
			if list == WorkGone {
				r.said.State = WorkTodo // should it come back
			}
			all[line.ID] = r
		}
	}
	return nil
}

// joinedSince takes who became one in the results since the lists were made,
// of each the first thousand that have names.
func (m *listMaker) joinedSince(ctx context.Context, all repairs) error {
	results, err := m.since(ctx)
	if err != nil {
		return err
	}
	for _, r := range results {
		changes, err := m.s.Changes(ctx, m.e.Number(), r.Number, 0, maxNamed) // those that joined come first
		if err != nil {
			return err
		}
		before, err := m.s.History(ctx, m.e.Number(), r.Number, 1)
		if err != nil {
			return err
		}
		if len(before) == 0 { // the first result: nobody was there before
			continue
		}
		backs, err := m.wentBack(ctx, before[0], r)
		if err != nil {
			return err
		}
		for i := range changes {
			if changes[i].Kind != kindNames()[0] {
				break
			}
			if err := m.joined(ctx, &joins{before: before[0], r: r, backs: backs, c: &changes[i]}, all); err != nil {
				return err
			}
		}
	}
	return nil
}

// since are the results that the lists know nothing of, the oldest first.
func (m *listMaker) since(ctx context.Context) ([]*Result, error) {
	var out []*Result
	for before := int64(0); len(out) < maxLooked; {
		page, err := m.s.History(ctx, m.e.Number(), before, 10)
		if err != nil {
			return nil, err
		}
		for _, r := range page {
			if r.Number > m.from && len(out) < maxLooked {
				out = append(out, r)
			}
			before = r.Number
		}
		if len(page) == 0 || before <= m.from {
			break
		}
	}
	slices.Reverse(out)
	return out, nil
}

// joins is a change by which people become one: of the result r, from the one
// that was current before, with the lists that r went back to.
type joins struct {
	before, r *Result
	backs     []wentBack
	c         *Change
}

// joined takes who became one in a change: whoever consumes and holds what
// several consuming people before held. Who was one already before a list that
// was taken back is left out.
func (m *listMaker) joined(ctx context.Context, j *joins, all repairs) error {
	held, err := m.holders(ctx, j.before.Number, j.c.Before)
	if err != nil {
		return err
	}
	for _, p := range j.c.After {
		d, err := m.documentOf(ctx, j.r.Number, p.ID)
		if err != nil {
			return err
		}
		if d == nil || !d.Consumes {
			continue
		}
		parts := held.parts(d.identities())
		if len(parts) < 2 {
			continue
		}
		since, again, err := m.oneAgain(ctx, j, d, parts)
		if err != nil {
			return err
		}
		if again {
			continue
		}
		id, err := store.ParsePersonID(p.ID)
		if err != nil { // names were forgotten
			continue
		}
		if known := all[id]; known != nil && known.since.Equal(since) { // of a run that was cut off, with what was said
			continue
		}
		found := &repair{since: since, saves: int64(len(parts) - 1)}
		for _, identity := range parts {
			digest := digestOf(identity)
			found.Parts = append(found.Parts, hex.EncodeToString(digest[:]))
		}
		if err := m.note(ctx, j.c, found); err != nil {
			return err
		}
		all[id] = found
	}
	return nil
}

// holders say whose an identity is in a result, by the ids of people.
type holders map[string]string

// holders are those among some people who are of a result and consume.
func (m *listMaker) holders(ctx context.Context, result int64, among []Concerned) (holders, error) {
	out := holders{}
	for _, p := range among {
		d, err := m.documentOf(ctx, result, p.ID)
		if err != nil {
			return nil, err
		}
		if d == nil || !d.Consumes {
			continue
		}
		for _, identity := range d.identities() {
			out[identity] = p.ID
		}
	}
	return out, nil
}

// parts are the first of some identities of each who holds any.
func (h holders) parts(identities []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, identity := range identities {
		if whose, known := h[identity]; known && !seen[whose] {
			seen[whose] = true
			out = append(out, identity)
		}
	}
	return out
}

// note takes what an owner said of whom they were.
func (m *listMaker) note(ctx context.Context, c *Change, r *repair) error {
	for _, list := range []WorkList{WorkMembers, WorkNear} {
		for _, p := range c.Before {
			id, err := store.ParsePersonID(p.ID)
			if err != nil {
				continue
			}
			line, err := m.e.WorkLine(ctx, list, id)
			switch {
			case errs.KindOf(err) == errs.NotFound:
			case err != nil:
				return err
			case !line.StatedAt.IsZero():
				r.said, r.actor, r.at = WorkMark{WorkTodo, line.Note}, line.Actor, line.StatedAt
				r.Was = &movedMark{list, p.ID, line.State, line.StatedAt.UnixMicro()}
			}
		}
	}
	return nil
}

func (m *listMaker) documentOf(ctx context.Context, result int64, person string) (*personDocument, error) {
	id, err := store.ParsePersonID(person)
	if err != nil {
		return nil, nil //nolint:nilerr,nilnil // names were forgotten
	}
	return m.document(ctx, result, id)
}

// severalThere takes those of whom GitHub's report has several rows.
func (m *listMaker) severalThere(_ context.Context, all repairs) error {
	if m.r.Reconciliation == nil {
		return nil
	}
	for _, item := range m.r.Reconciliation.Items {
		if item.Term != "more_there" {
			continue
		}
		for _, person := range item.Here {
			id, err := store.ParsePersonID(person)
			if err != nil {
				return err
			}
			if all[id] == nil && !aside(item.Cause) {
				all[id] = &repair{since: m.r.CreatedAt, saves: int64(item.Count)}
			}
			if all[id] != nil {
				all[id].there = true
			}
		}
	}
	return nil
}

// aside says that a row of GitHub's report is of no account, so that no sync
// takes it away: an invitation is accepted, a subscription linked.
func aside(cause string) bool {
	return cause == licensing.CauseInvitation.String() || cause == licensing.CauseSubscription.String()
}

// stands says that somebody is still the one they became, and notes the
// instances of their accounts.
func (m *listMaker) stands(ctx context.Context, id store.PersonID, r *repair) (bool, error) {
	d, err := m.document(ctx, m.r.Number, id)
	if err != nil || d == nil || !d.Consumes {
		return false, err
	}
	for _, a := range d.Servers {
		if source, known := m.sources[a.Host]; known && !slices.Contains(r.sources, source) {
			r.sources = append(r.sources, source)
		}
	}
	slices.Sort(r.sources)
	if len(r.Parts) == 0 {
		return true, nil
	}
	held := 0
	for _, identity := range d.identities() {
		digest := digestOf(identity)
		if slices.Contains(r.Parts, hex.EncodeToString(digest[:])) {
			held++
		}
	}
	return held > 1, nil
}

// confirmed says that GitHub is known to count somebody once: its report has no
// second row of them and knows their instances, or, where a figure is all there
// is, or not all that differs is listed, GitHub counted after they became one.
func (m *listMaker) confirmed(r *repair) bool {
	rec := m.r.Reconciliation
	if rec == nil || r.there || m.unknown(r.sources) {
		return false
	}
	if rec.Unexplained == 0 && len(rec.Items) == rec.ItemCount {
		return true
	}
	return !rec.Date.Before(r.since)
}

// unknown says that GitHub's report does not know one of the instances: what it
// does not say of somebody there confirms nothing.
func (m *listMaker) unknown(sources []int64) bool {
	return slices.ContainsFunc(sources, func(source int64) bool { return m.gap.sources[source] })
}
