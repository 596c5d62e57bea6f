package hub

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/maphash"
	"slices"
	"strings"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/licensing"
)

// MakeWorklists brings the lists of who may be counted more than once up to the
// current result; nothing happens when they are of it. It comes after a
// recount. What an owner said of a line stays with it; who is put right leaves
// the first two lists and comes to the others.
//
// A run may end anywhere, and the next one goes on: until it does, somebody may
// stand on the list that they leave beside the one that they come to.
//
// It goes through everybody once, through the items of the server instances and
// through the cloud side, and writes the lines that differ. It may run twice:
// then one is Conflict, and trying again is right.
func (s *Service) MakeWorklists(ctx context.Context, enterprise int64) error {
	unlock, err := s.listing.lock(ctx, enterprise)
	if err != nil {
		return err
	}
	defer unlock()
	e := s.store.For(enterprise)
	in, err := e.Inputs(ctx)
	if err != nil {
		return err
	}
	made, err := e.Work(ctx)
	if err != nil || in.Result == 0 || in.Result == made.Result {
		return err
	}
	r, err := s.Result(ctx, enterprise, in.Result)
	if err != nil {
		return err
	}
	m := &listMaker{
		s: s, e: e, r: r, gap: gapOf(r), from: made.Result, ids: store.NewPersonIDs(in.Salt), w: e.WriteWork(),
		seed: maphash.MakeSeed(), sources: map[string]int64{}, whose: map[licensing.HostID]int{}, marks: map[markOf]store.WorkLine{},
	}
	for _, input := range r.Inputs {
		m.sources[input.Host] = input.Source
	}
	// First what was put right: it takes what was said of the lines that go. Last
	// who is not any more: what was said of them goes to the lines that come.
	for _, step := range []func(context.Context) error{m.fixed, m.review, m.near, m.left} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return m.w.Finish(ctx, r.Number, s.now())
}

// listMaker makes the lists of a result.
type listMaker struct {
	s       *Service
	e       *store.Enterprise
	r       *Result
	gap     *gap  // of r
	from    int64 // the result that the lists are of, 0 for none
	ids     *store.PersonIDs
	w       *store.WorkWriter
	seed    maphash.Seed
	sources map[string]int64          // by host name
	marks   map[markOf]store.WorkLine // that go back, of WorkFixed
	leave   []*listed                 // of who was put right

	// Alone are the people known from server instances alone; whose says by
	// account which of them it is.
	Alone []alonePerson
	// beside are those who are invited beside an account that they have.
	beside []besidePerson
	whose  map[licensing.HostID]int
}

// alonePerson is somebody known from server instances alone, with what they
// almost joined.
type alonePerson struct {
	id      store.PersonID
	sources []int64
	Misses  []WorkMiss
}

// besidePerson is an invitation that takes a license of its own until it is
// accepted, beside that of the cloud account with the login.
type besidePerson struct {
	id    store.PersonID
	login string
	// unsure is why it may be the same as another invitation; see [Person].
	unsure string
}

// listed merges a list into what is stored of it: what is the same stays
// untouched.
type listed struct {
	m    *listMaker
	list WorkList
	// was are the stored lines that did not come yet, by what they say.
	was map[store.PersonID]uint64
}

func (m *listMaker) list(ctx context.Context, list WorkList) (*listed, error) {
	l := &listed{m, list, map[store.PersonID]uint64{}}
	for line, err := range m.e.WorkLines(ctx, list) {
		if err != nil {
			return nil, err
		}
		l.was[line.ID] = m.stamp(&line)
	}
	return l, nil
}

// stamp is equal for lines that say the same.
func (m *listMaker) stamp(line *store.WorkLine) uint64 {
	return maphash.String(m.seed, fmt.Sprint(line.Sources, line.Saves, line.Place, "\x00", line.Document))
}

// put is a line of the list.
func (l *listed) put(ctx context.Context, line store.WorkLine) error {
	line.List = l.list
	if line.State == "" {
		line.State = WorkTodo
	}
	was, there := l.was[line.ID]
	delete(l.was, line.ID)
	if there && was == l.m.stamp(&line) {
		return nil
	}
	if !there {
		l.m.marked(&line)
	}
	return l.m.w.Write(ctx, store.WorkEdit{Line: line, New: !there})
}

// close removes the lines that did not come.
func (l *listed) close(ctx context.Context) error {
	for id := range l.was {
		if err := l.m.w.Write(ctx, store.WorkEdit{Line: store.WorkLine{List: l.list, ID: id}, Gone: true}); err != nil {
			return err
		}
	}
	return nil
}

// review goes through the people and makes the list of members.
func (m *listMaker) review(ctx context.Context) error {
	var members []store.WorkLine
	for p, err := range m.e.PeopleToReview(ctx, m.r.Number) {
		if err != nil {
			return err
		}
		var d personDocument
		if err := json.Unmarshal([]byte(p.Document), &d); err != nil {
			return fmt.Errorf("document of person %s: %w", p.ID, err)
		}
		switch {
		case d.Beside != "":
			m.beside = append(m.beside, besidePerson{p.ID, d.Beside, d.Unsure})
			continue
		case d.Cloud == nil && len(d.Servers) == 0:
			continue
		case d.Cloud == nil:
			m.addAlone(p.ID, &d)
			continue
		}
		line, hard, err := m.member(p.ID, &d)
		if err != nil {
			return err
		}
		if hard {
			members = append(members, line)
		}
	}
	if len(m.Alone) == 0 {
		members = nil
	}
	list, err := m.list(ctx, WorkMembers)
	if err != nil {
		return err
	}
	for i := range members {
		if err := list.put(ctx, members[i]); err != nil {
			return err
		}
	}
	return list.close(ctx)
}

func (m *listMaker) addAlone(id store.PersonID, d *personDocument) {
	p := alonePerson{id: id}
	for _, a := range d.Servers {
		m.whose[licensing.HostID{Host: a.Host, ID: a.ID}] = len(m.Alone)
		if source, known := m.sources[a.Host]; known && !slices.Contains(p.sources, source) {
			p.sources = append(p.sources, source)
		}
	}
	slices.Sort(p.sources)
	m.Alone = append(m.Alone, p)
}

// member is the line of somebody in the cloud, and whether they are hard to
// compare.
func (m *listMaker) member(id store.PersonID, d *personDocument) (store.WorkLine, bool, error) {
	a, err := store.DecodeCloudAccount(string(d.Cloud))
	if err != nil {
		return store.WorkLine{}, false, err
	}
	why := whyHard(&a, d, m.r)
	reasons := []MemberWhy{WhyNothing, WhyNoDomain, WhyIdentity}
	rank := slices.Index(reasons, why)
	if outsider(&a) { // they are not expected to have an address to compare
		rank += len(reasons)
	}
	return store.WorkLine{
		ID: id, Place: fmt.Sprintf("%d%s", rank, strings.ToLower(a.Login)), Document: string(why), Since: m.r.CreatedAt,
	}, why != "", nil
}

// whyHard says why a cloud account is hard to compare; empty: it is not. With
// managed users an address needs no verified domain, and without a verified
// domain none can be missing.
func whyHard(a *licensing.CloudAccount, d *personDocument, r *Result) MemberWhy {
	verified, identity := a.Comparable()
	switch {
	case len(d.ReportEmails) > 0: // GitHub joined them
		return ""
	case !verified && !identity:
		return WhyNothing
	case r.Policy.ManagedUsers || len(r.Domains) == 0 || len(d.Shown) > 0:
		return ""
	case identity:
		return WhyIdentity
	default:
		return WhyNoDomain
	}
}

// consumesNow says that somebody of the result consumes; false: or is not of it.
func (m *listMaker) consumesNow(ctx context.Context, id store.PersonID) (bool, error) {
	d, err := m.document(ctx, m.r.Number, id)
	return d != nil && d.Consumes, err
}

// document is that of a person of a result; nil when there is none.
func (m *listMaker) document(ctx context.Context, result int64, id store.PersonID) (*personDocument, error) {
	stored, err := m.e.Person(ctx, result, id)
	if errs.KindOf(err) == errs.NotFound {
		return nil, nil //nolint:nilnil // nobody is an answer here
	}
	if err != nil {
		return nil, err
	}
	var d personDocument
	if err := json.Unmarshal([]byte(stored.Document), &d); err != nil {
		return nil, fmt.Errorf("document of person %s: %w", id, err)
	}
	return &d, nil
}
