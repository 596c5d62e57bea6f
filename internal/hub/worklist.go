package hub

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/licensing"
)

// What surfaces see of the lists of who may be counted more than once.
type (
	// WorkList is one of the lists.
	WorkList = store.WorkList
	// WorkState is how far somebody is with a line.
	WorkState = store.WorkState
	// WorkTally is how many lines of a list are in a state.
	WorkTally = store.WorkTally
)

// The lists.
const (
	// WorkMembers are members of the cloud who consume, have no server account,
	// and are hard to compare: by nothing at all, or without an address in a
	// verified domain. Nobody is on it while nobody is known from a server
	// instance alone: then there is nobody they could also be.
	WorkMembers = store.WorkMembers
	// WorkNear are people known from server instances alone, one of whose
	// accounts almost joined a cloud account, where joining would save a license;
	// and invitations that take a license beside an account until accepted.
	WorkNear = store.WorkNear
	// WorkFixed are people who were several here and are one, and of whom
	// GitHub is not known to know it yet; and people of whom GitHub's report has
	// several rows.
	WorkFixed = store.WorkFixed
	// WorkGone are people who were on WorkFixed, or would have been, and are one
	// person at GitHub as well.
	WorkGone = store.WorkGone
)

// The states.
const (
	WorkTodo  = store.WorkTodo
	WorkAsked = store.WorkAsked
	WorkDone  = store.WorkDone
)

// WorkLists are the lists in the order of work.
func WorkLists() []WorkList { return []WorkList{WorkMembers, WorkNear, WorkFixed, WorkGone} }

// WorkStates are the states in the order of work.
func WorkStates() []WorkState { return []WorkState{WorkTodo, WorkAsked, WorkDone} }

// Work says what the lists are of and how long they are.
type Work struct {
	// Result is what they were made of, and stays as it is from the first question
	// about it on; nil: they were not made yet.
	Result *Result
	MadeAt time.Time
	// Stale: something was counted since, and they are about to be made anew.
	Stale bool
	// Tallies are how many lines there are; see Lines.
	Tallies []WorkTally

	// found is what GitHub's figure lacks of Result, once somebody asked.
	look  sync.Once
	found *gap
}

// Lines is how many lines of a list are in a state, any when that is empty, of
// those about an instance, of all when that is 0.
func (w *Work) Lines(list WorkList, instance int64, state WorkState) int64 {
	n := int64(0)
	for _, t := range w.Tallies {
		if t.List == list && t.Source == sourceOf(instance) && (state == "" || t.State == state) {
			n += t.Lines
		}
	}
	return n
}

// Done is how many lines of a list are marked as done; see Open for what that
// means.
func (w *Work) Done(list WorkList) int64 { return w.Lines(list, 0, WorkDone) }

// Open is how many lines of a list are left to look at: on WorkMembers a line
// that is marked as done is not, because nothing that is loaded ever says that
// somebody has no account anywhere else. On the other lists what was done shows
// by the files that come after it, and every line that stands is open.
func (w *Work) Open(list WorkList) int64 {
	n := w.Lines(list, 0, "")
	if list == WorkMembers {
		n -= w.Done(list)
	}
	return n
}

// Everywhere is the source of the tallies of whole lists.
const Everywhere = store.Everywhere

func sourceOf(instance int64) int64 {
	if instance == 0 {
		return store.Everywhere
	}
	return instance
}

// Work gives the lists' lengths, without reading a line of them.
func (s *Service) Work(ctx context.Context, enterprise int64) (*Work, error) {
	w, err := s.store.For(enterprise).Work(ctx)
	if err != nil || w.Result == 0 {
		return &Work{}, err
	}
	r, err := s.Result(ctx, enterprise, w.Result)
	if err != nil {
		return nil, err
	}
	in, err := s.store.For(enterprise).Inputs(ctx)
	if err != nil {
		return nil, err
	}
	return &Work{Result: r, MadeAt: w.MadeAt, Stale: in.Result != w.Result, Tallies: w.Tallies}, nil
}

// WorkQuery says which lines to give. What is empty filters nothing.
type WorkQuery struct {
	List     WorkList
	Instance int64 // number of a server instance
	State    WorkState
}

// WorkPage is a page of a list.
type WorkPage struct {
	*Work

	Lines []*WorkLine
	// Next goes on behind this page; empty at the end. It tells nothing about
	// anybody.
	Next string
}

// WorkLine is a person of a list, with what there is to know to act.
type WorkLine struct {
	List   WorkList
	Person *Person
	// Since is when the person came to the list.
	Since time.Time
	// Saves is how many licenses would be saved by putting right whom the line
	// is about: everybody who almost joined the same cloud account. Of
	// WorkFixed and WorkGone: how many were saved.
	Saves int64
	// Hosts are the server instances of the person's accounts.
	Hosts []string
	// Why a member is hard to compare.
	Why MemberWhy
	// Misses are what almost joined, the best first.
	Misses []WorkMiss

	State    WorkState
	Note     string
	Actor    string // who set the state; empty: nobody did
	StatedAt time.Time
	// Was is the state that the mark was set to before the line came to
	// WorkFixed: then Note, Actor and StatedAt are of that, and State is nobody's.
	// Empty: nothing was, or somebody set a mark since.
	Was WorkState
}

// WorkMiss is a near miss of one of a person's server accounts; or, as
// Invitation, of an invitation To an organization or repository that takes a
// license of its own, beside the account Login, until it is accepted.
type WorkMiss struct {
	NearMiss

	Account    licensing.HostID
	Invitation bool
	To         string
	// Attribute is where the invited address stands among those of Login.
	Attribute licensing.Attribute
	// Near is the cloud account of Login; nil for an Invitation, and when it was
	// forgotten since.
	Near *licensing.CloudAccount
}

// MemberWhy says why a member is hard to compare.
type MemberWhy string

// Why, the hardest first.
const (
	WhyNothing  MemberWhy = "nothing"   // neither a verified address nor an identity is known
	WhyNoDomain MemberWhy = "no_domain" // no verified address is in a verified domain
	WhyIdentity MemberWhy = "identity"  // as before, but an identity provider says something of them
)

// Worklist gives at most limit lines of a list, [MaxPage] at most, in its order,
// behind the Next of the page before; empty begins. It costs what it shows: for
// each line some rows by their keys.
//
// Invalid when the query or the place is none: the line that was to be gone on
// behind may have left the list since.
func (s *Service) Worklist(ctx context.Context, enterprise int64, q WorkQuery, after string, limit int) (*WorkPage, error) {
	if limit < 1 || limit > MaxPage {
		return nil, errs.New(errs.Invalid, "hub.bad_page", "Most", MaxPage)
	}
	if err := q.check(); err != nil {
		return nil, err
	}
	place, err := placeOf(after)
	if err != nil {
		return nil, err
	}
	w, err := s.Work(ctx, enterprise)
	if err != nil || w.Result == nil {
		return &WorkPage{Work: w}, err
	}
	rows, err := s.store.For(enterprise).WorkPage(ctx, q.List, sourceOf(q.Instance), q.State, place, limit+1)
	if errs.KindOf(err) == errs.NotFound {
		err = errs.New(errs.Invalid, "hub.bad_place")
	}
	if err != nil {
		return nil, err
	}
	out := &WorkPage{Work: w}
	if len(rows) > limit {
		rows = rows[:limit]
		out.Next = rows[limit-1].ID.String()
	}
	in, err := s.store.For(enterprise).Inputs(ctx)
	if err != nil {
		return nil, err
	}
	ids := store.NewPersonIDs(in.Salt)
	for i := range rows {
		line, err := s.workLine(ctx, enterprise, w.Result, ids, &rows[i])
		if errs.KindOf(err) == errs.NotFound { // the lists are being made anew
			continue
		}
		if err != nil {
			return nil, err
		}
		out.Lines = append(out.Lines, line)
	}
	return out, nil
}

// WorkOf gives the lines about a person, in the order of the lists, and behind
// them those of whoever is nearest to the person's cloud account; nobody stands
// in most. The lists may be of an earlier result than the current one.
func (s *Service) WorkOf(ctx context.Context, enterprise int64, person string) (*WorkPage, error) {
	id, err := store.ParsePersonID(person)
	if err != nil {
		return nil, err
	}
	w, err := s.Work(ctx, enterprise)
	if err != nil || w.Result == nil {
		return &WorkPage{Work: w}, err
	}
	in, err := s.store.For(enterprise).Inputs(ctx)
	if err != nil {
		return nil, err
	}
	out, ids := &WorkPage{Work: w}, store.NewPersonIDs(in.Salt)
	for _, list := range WorkLists() {
		row, err := s.store.For(enterprise).WorkLine(ctx, list, id)
		var line *WorkLine
		if err == nil {
			line, err = s.workLine(ctx, enterprise, w.Result, ids, row)
		}
		if errs.KindOf(err) == errs.NotFound { // of the list, or the lists are being made anew
			continue
		}
		if err != nil {
			return nil, err
		}
		out.Lines = append(out.Lines, line)
	}
	return out, s.nearTo(ctx, enterprise, id, ids, out)
}

// nearTo adds the lines of whoever is nearest to a person's cloud account.
func (s *Service) nearTo(ctx context.Context, enterprise int64, id store.PersonID, ids *store.PersonIDs, out *WorkPage) error {
	p, err := s.Person(ctx, enterprise, out.Result.Number, id.String())
	if errs.KindOf(err) == errs.NotFound || err == nil && p.Account == nil {
		return nil
	}
	if err != nil {
		return err
	}
	rows, err := s.store.For(enterprise).WorkAt(ctx, WorkNear, nearPlaces(strings.ToLower(p.Person.Login)), licensing.MaxNearMisses)
	if err != nil {
		return err
	}
	for i := range rows {
		line, err := s.workLine(ctx, enterprise, out.Result, ids, &rows[i])
		if errs.KindOf(err) == errs.NotFound { // the lists are being made anew
			continue
		}
		if err != nil {
			return err
		}
		out.Lines = append(out.Lines, line)
	}
	return nil
}

// nearPlaces begin the places of the lines that are nearest to the cloud account
// of a login, in their order.
func nearPlaces(login string) []string {
	var out []string
	for _, worth := range WorkWorths() {
		for saves := int64(maxNearSaves); saves > 0; saves-- {
			out = append(out, nearPlace(worth, saves, login)+"\x01")
		}
	}
	return out
}

func placeOf(after string) (*store.PersonID, error) {
	if after == "" {
		return nil, nil //nolint:nilnil // no place is an answer here
	}
	id, err := store.ParsePersonID(after)
	if err != nil {
		return nil, errs.New(errs.Invalid, "hub.bad_place")
	}
	return &id, nil
}

func (q *WorkQuery) check() error {
	if err := oneOf(q.List, WorkLists()); err != nil {
		return err
	}
	if q.State == "" {
		return nil
	}
	return oneOf(q.State, WorkStates())
}

// workLine looks up whom a line is about.
func (s *Service) workLine(ctx context.Context, enterprise int64, r *Result, ids *store.PersonIDs, row *store.WorkLine) (*WorkLine, error) {
	p, err := s.Person(ctx, enterprise, r.Number, row.ID.String())
	if err != nil {
		return nil, err
	}
	out := &WorkLine{
		List: row.List, Person: p, Since: row.Since, Saves: row.Saves, Hosts: hostsOf(p),
		State: row.State, Note: row.Note, Actor: row.Actor, StatedAt: row.StatedAt,
	}
	switch row.List {
	case WorkMembers:
		out.Why = MemberWhy(row.Document)
	case WorkNear:
		out.Misses, err = s.workMisses(ctx, enterprise, r, p, row.Document)
		for i := range out.Misses {
			out.Misses[i].Person = cloudPerson(ids, out.Misses[i].Login)
		}
	case WorkFixed, WorkGone:
		out.Was, err = wasOf(row)
	}
	return out, err
}

// hostsOf are the server instances of a person's accounts, each once.
func hostsOf(p *Person) []string {
	var out []string
	seen := map[string]bool{}
	for i := range p.Person.Servers {
		if host := p.Person.Servers[i].Host; !seen[host] {
			seen[host] = true
			out = append(out, host)
		}
	}
	return out
}
