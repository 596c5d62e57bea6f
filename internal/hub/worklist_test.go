package hub_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/internal/source"
	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/usagefile"
)

// workWorld is an enterprise with people whose addresses differ, small enough to be
// looked through by hand.
type workWorld struct {
	cloud  map[string]worldAccount // by login
	server []map[string][]string   // by instance, then user id: the first is primary
	agents []*agent
}

type worldAccount struct {
	verified, unverified []string
	nameID               string
	member               bool
}

func worldDomains() []string { return []string{"acme.example", "optics.example"} }

func newWorkWorld() *workWorld {
	return &workWorld{
		cloud: map[string]worldAccount{}, server: []map[string][]string{{}, {}},
		agents: []*agent{newAgent(1, "one.acme.example"), newAgent(2, "two.acme.example")},
	}
}

func (w *workWorld) clone() *workWorld {
	return &workWorld{maps.Clone(w.cloud), []map[string][]string{maps.Clone(w.server[0]), maps.Clone(w.server[1])}, w.agents}
}

// address is one of few, so that they meet.
func (w *workWorld) address(r *rand.Rand) string {
	domain := []string{"acme.example", "optics.example", "old.example", "home.example"}[r.IntN(4)]
	return fmt.Sprintf("p%d@%s", r.IntN(12), domain)
}

// step changes a few things somewhere.
func (w *workWorld) step(r *rand.Rand) *workWorld {
	next := w.clone()
	for range 1 + r.IntN(8) {
		if r.IntN(2) == 0 {
			a := worldAccount{member: r.IntN(5) > 0}
			for range r.IntN(3) {
				if e := w.address(r); r.IntN(3) == 0 {
					a.unverified = append(a.unverified, e)
				} else {
					a.verified = append(a.verified, e)
				}
			}
			if r.IntN(4) == 0 {
				a.nameID = w.address(r)
			}
			next.cloud[fmt.Sprintf("login%02d", r.IntN(14))] = a
			continue
		}
		in, id := r.IntN(2), fmt.Sprint(r.IntN(10))
		if r.IntN(4) == 0 {
			delete(next.server[in], id)
			continue
		}
		addresses := []string{w.address(r)}
		if r.IntN(3) == 0 {
			if second := w.address(r); second != addresses[0] {
				addresses = append(addresses, second)
			}
		}
		next.server[in][id] = addresses
	}
	return next
}

// list is the cloud side as a cloud list.
func (w *workWorld) list() string {
	type email struct {
		Email    string `json:"email"`
		Verified bool   `json:"verified"`
	}
	var users []map[string]any
	for _, login := range slices.Sorted(maps.Keys(w.cloud)) {
		a := w.cloud[login]
		var emails []email
		for _, e := range a.verified {
			emails = append(emails, email{e, true})
		}
		for _, e := range a.unverified {
			if !slices.Contains(a.verified, e) {
				emails = append(emails, email{e, false})
			}
		}
		user := map[string]any{"login": login, "emails": emails}
		if a.nameID != "" {
			user["saml_identities"] = []map[string]any{{"name_id": a.nameID}}
		}
		if a.member {
			user["organizations"] = []map[string]any{{"login": "eng", "role": "Member"}}
		}
		users = append(users, user)
	}
	text, err := json.Marshal(map[string]any{
		"format": "oneseat-cloud-list/1", "as_of": "2026-11-20T08:00:00Z", "enterprise": map[string]any{"slug": "acme"},
		"verified_domains": worldDomains(), "users": users,
	})
	if err != nil {
		panic(err)
	}
	return string(text)
}

func (w *workWorld) users(in int) []licensing.ServerAccount {
	var out []licensing.ServerAccount
	for _, id := range slices.Sorted(maps.Keys(w.server[in])) {
		a := licensing.ServerAccount{UserID: id}
		for i, e := range w.server[in][id] {
			a.Emails = append(a.Emails, licensing.ServerEmail{Email: licensing.NewEmail(e), Primary: i == 0})
		}
		out = append(out, a)
	}
	return out
}

// worldLines are the lists as a test says them: "list name saves".
type worldLines []string

// fresh counts the workWorld with nothing but the engine.
func (w *workWorld) fresh(t *testing.T) (*licensing.CloudSide, *licensing.Index, *licensing.Result) {
	t.Helper()
	cloud, err := source.ReadCloud(t.Context(), []source.File{text("cloud.json", w.list())}, source.CloudOptions{})
	if err != nil {
		t.Fatal(err)
	}
	ix, err := licensing.NewIndex(cloud.Side, licensing.Documented(cloud.Side.Enterprise, at()))
	if err != nil {
		t.Fatal(err)
	}
	count := licensing.NewCount(ix)
	for i, a := range w.agents {
		n, err := count.AddInstance(a.host)
		if err != nil {
			t.Fatal(err)
		}
		count.Add(n, ix.PlaceShard(a.host, w.users(i)))
	}
	r, err := count.Result()
	if err != nil {
		t.Fatal(err)
	}
	return cloud.Side, ix, r
}

func plainName(p *licensing.Person) string {
	if p.Login != "" {
		return p.Login
	}
	if emails := p.PrimaryEmails(); len(emails) > 0 {
		return emails[0].Address()
	}
	return p.Servers[0].String()
}

// want are the lists of members and near misses, looked for among everybody.
func (w *workWorld) want(t *testing.T) worldLines {
	t.Helper()
	side, ix, r := w.fresh(t)
	accounts := func(yield func(*licensing.CloudAccount) bool) {
		for i := range side.Accounts {
			if !yield(&side.Accounts[i]) {
				return
			}
		}
	}
	consumes, best := map[string]bool{}, map[string]string{}
	alone := false
	for p := range r.All() {
		consumes[p.Login] = consumes[p.Login] || p.Cloud >= 0 && p.Consumes
		if p.Cloud >= 0 || len(p.Servers) == 0 {
			continue
		}
		alone = true
		var found []licensing.NearMiss
		for _, a := range p.Servers {
			in := slices.IndexFunc(w.agents, func(x *agent) bool { return x.host == a.Host })
			users := w.users(in)
			mine := users[slices.IndexFunc(users, func(u licensing.ServerAccount) bool { return u.UserID == a.ID })]
			found = append(found, ix.NearMisses(&mine, accounts, worldDomains())...)
		}
		slices.SortStableFunc(found, func(x, y licensing.NearMiss) int {
			if x.Kind != y.Kind {
				return int(x.Kind) - int(y.Kind)
			}
			return strings.Compare(x.Login, y.Login)
		})
		if len(found) > 0 {
			best[plainName(&p)] = found[0].Login
		}
	}
	var out worldLines
	for name, login := range best {
		saves := -1
		for _, other := range best {
			if other == login {
				saves++
			}
		}
		if consumes[login] {
			saves++
		}
		if saves > 0 {
			out = append(out, fmt.Sprintf("near %s %d", name, saves))
		}
	}
	for p := range r.All() {
		if p.Cloud < 0 || !p.Consumes || len(p.Servers) > 0 || !alone {
			continue
		}
		a := w.cloud[p.Login]
		inside := slices.ContainsFunc(a.verified, func(e string) bool {
			return strings.HasSuffix(e, "@acme.example") || strings.HasSuffix(e, "@optics.example")
		})
		if !inside {
			out = append(out, "members "+p.Login+" 0")
		}
	}
	return out
}

// accountsOf are a person's accounts, for comparing people of two counts.
func accountsOf(p *licensing.Person) []string {
	var out []string
	if p.Login != "" {
		out = append(out, "cloud:"+p.Login)
	}
	for _, a := range p.Servers {
		out = append(out, a.String())
	}
	return out
}

// followed is somebody who was several: one account of each that they were.
type followed struct{ parts []string }

// follow gives who is one person and was several, by name: those that became so
// from before to after, and those of old that still are.
func follow(old map[string]followed, before, after *licensing.Result) map[string]followed {
	whose := map[string]int{}
	n := 0
	for p := range before.All() {
		if n++; p.Consumes {
			for _, a := range accountsOf(&p) {
				whose[a] = n
			}
		}
	}
	out := map[string]followed{}
	for p := range after.All() {
		if !p.Consumes {
			continue
		}
		name, mine := plainName(&p), accountsOf(&p)
		parts := map[int]string{}
		for _, a := range mine {
			if i := whose[a]; i > 0 && parts[i] == "" {
				parts[i] = a
			}
		}
		f := old[name]
		if len(parts) > 1 {
			f = followed{slices.Collect(maps.Values(parts))}
		}
		held := 0
		for _, part := range f.parts {
			if slices.Contains(mine, part) {
				held++
			}
		}
		if held > 1 {
			out[name] = f
		}
	}
	return out
}

// worldKit brings a workWorld into a hub.
type worldKit struct {
	*kit
}

func (k *worldKit) bring(w *workWorld) {
	k.t.Helper()
	k.apply(k.load(w.list()))
	for i, a := range w.agents {
		users := w.users(i)
		u, err := k.receive(k.export(a, usagefile.Users(func(yield func(licensing.ServerAccount, error) bool) {
			for _, user := range users {
				if !yield(user, nil) {
					return
				}
			}
		})))
		if err != nil {
			k.t.Fatal(err)
		}
		if u.State == store.Waiting {
			u = k.confirm(a, u)
		}
		k.apply(u)
	}
}

func (k *kit) makeLists() {
	k.t.Helper()
	if err := k.hub.MakeWorklists(k.t.Context(), k.e); err != nil {
		k.t.Fatal(err)
	}
}

// lines are the lists, read in pages of three.
func (k *kit) lines(list hub.WorkList, instance int64, state hub.WorkState) []*hub.WorkLine {
	k.t.Helper()
	var out []*hub.WorkLine
	for after := ""; ; {
		page, err := k.hub.Worklist(k.t.Context(), k.e, hub.WorkQuery{List: list, Instance: instance, State: state}, after, 3)
		if err != nil {
			k.t.Fatal(err)
		}
		out = append(out, page.Lines...)
		if after = page.Next; after == "" {
			if n := page.Work.Lines(list, instance, state); n != int64(len(out)) {
				k.t.Errorf("%s is said to have %d lines about %d in state %q, and has %d", list, n, instance, state, len(out))
			}
			return out
		}
	}
}

func said(lines []*hub.WorkLine) worldLines {
	var out worldLines
	for _, l := range lines {
		saves := l.Saves
		if l.List == hub.WorkFixed || l.List == hub.WorkGone {
			saves = 0 // looked at elsewhere
		}
		out = append(out, fmt.Sprintf("%s %s %d", l.List, l.Person.Name.Address(), saves))
	}
	return out
}

// TestWorklistsAreWhatAPlainSearchFinds walks through random worlds: after every
// change the lists have exactly whom a search through everybody finds, over the
// engine's own count.
func TestWorklistsAreWhatAPlainSearchFinds(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := &worldKit{newKit(t, db)}
		r := rand.New(rand.NewPCG(3, 4))
		w := newWorkWorld()
		for range 6 {
			w = w.step(r)
		}
		k.bring(w)
		k.makeLists()
		_, _, before := w.fresh(t)
		var fixed map[string]followed
		seen := map[string]int{}
		for range 8 {
			next := w.step(r)
			k.bringAndFollow(w, next, &fixed, before)
			w = next
			_, _, before = w.fresh(t)
			want := w.want(t)
			for name := range fixed {
				want = append(want, "fixed "+name+" 0")
			}
			got := slices.Concat(said(k.lines(hub.WorkMembers, 0, "")), said(k.lines(hub.WorkNear, 0, "")),
				said(k.lines(hub.WorkFixed, 0, "")), said(k.lines(hub.WorkGone, 0, "")))
			slices.Sort(want)
			slices.Sort(got)
			if diff := gocmp.Diff(want, got); diff != "" {
				t.Fatalf("want - got +:\n%s", diff)
			}
			for _, line := range got {
				list, _, _ := strings.Cut(line, " ")
				seen[list]++
			}
		}
		if seen["members"] < 8 || seen["near"] < 8 || seen["fixed"] < 4 {
			t.Errorf("the worlds are too simple: %v", seen)
		}
	})
}

// bringAndFollow brings a next workWorld and follows who became one: an upload at a
// time, as the hub counts.
func (k *worldKit) bringAndFollow(was, next *workWorld, fixed *map[string]followed, before *licensing.Result) {
	k.t.Helper()
	now := was.clone()
	for i := -1; i < len(next.agents); i++ {
		if i < 0 {
			now.cloud = next.cloud
		} else {
			now.server[i] = next.server[i]
		}
		_, _, after := now.fresh(k.t)
		*fixed, before = follow(*fixed, before, after), after
	}
	k.bring(next)
	k.makeLists()
}

// TestWorklistHealsItself: what an owner said stays while a line stands; what is
// put right leaves by itself, waits until GitHub is known to know, and is gone
// when it does.
func TestWorklistHealsItself(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		log := &recorded{}
		k := &worldKit{newKit(t, db, func(c *hub.Config) { c.Audit = log })}
		w := newWorkWorld()
		w.cloud["mona"] = worldAccount{verified: []string{"mona@acme.example"}, member: true}
		w.cloud["jun"] = worldAccount{verified: []string{"jun@home.example"}, member: true}
		w.server[0] = map[string][]string{"1": {"mona@optics.example"}, "2": {"else@old.example"}}
		w.server[1] = map[string][]string{"7": {"mona@old.example", "mona@acme.example"}}
		k.bring(w)
		if work, err := k.hub.Work(t.Context(), k.e); err != nil || work.Result != nil {
			t.Fatalf("before they were made: %+v, %v", work, err)
		}
		k.makeLists()
		k.wantLines(hub.WorkNear, "near mona@old.example 2", "near mona@optics.example 2")
		k.wantLines(hub.WorkMembers, "members jun 0")

		line := k.lines(hub.WorkNear, 0, "")[0]
		if line.Misses[0].Account.Host != line.Hosts[0] || !line.Misses[0].Verified || line.Misses[0].Login != "mona" {
			t.Errorf("the evidence is %+v", line.Misses)
		}
		for i, l := range k.lines(hub.WorkNear, 0, "") {
			mark := hub.WorkMark{State: hub.WorkAsked, Note: fmt.Sprint("  ticket ", i, "\x00 ")}
			if err := k.hub.MarkWork(t.Context(), k.e, hub.WorkNear, l.Person.ID, mark, "owner mona"); err != nil {
				t.Fatal(err)
			}
		}
		if got := strings.Join(log.actions, " "); strings.Count(got, hub.AuditWork) != 2 {
			t.Errorf("the log has %s", got)
		}
		k.wantLines(hub.WorkNear, "near mona@old.example 2", "near mona@optics.example 2")
		if got := len(k.lines(hub.WorkNear, 0, hub.WorkAsked)) + 10*len(k.lines(hub.WorkNear, 0, hub.WorkTodo)); got != 2 {
			t.Errorf("%d lines asked and ten for each to do", got)
		}

		w = w.clone()
		w.server[0]["1"] = []string{"mona@acme.example"}
		k.bring(w)
		if work, err := k.hub.Work(t.Context(), k.e); err != nil || !work.Stale {
			t.Errorf("the lists are not said to be stale: %v", err)
		}
		k.makeLists()
		k.wantLines(hub.WorkNear, "near mona@old.example 1")
		if l := k.lines(hub.WorkNear, 0, "")[0]; l.State != hub.WorkAsked || l.Actor != "owner mona" || !strings.HasPrefix(l.Note, "ticket") || strings.Contains(l.Note, "\x00") {
			t.Errorf("the mark did not stay: %+v", l)
		}
		k.wantLines(hub.WorkFixed, "fixed mona 0")
		if l := k.lines(hub.WorkFixed, 0, "")[0]; l.Saves != 1 || l.State != hub.WorkTodo || !strings.HasPrefix(l.Note, "ticket") {
			t.Errorf("put right: %+v", l)
		}
		if n := len(k.lines(hub.WorkFixed, k.instance("one.acme.example"), "")) - len(k.lines(hub.WorkFixed, k.instance("two.acme.example"), "")); n != 1 {
			t.Errorf("the line is not listed for its instance alone")
		}

		k.figure(k.clock())
		k.makeLists()
		k.wantLines(hub.WorkFixed)
		k.wantLines(hub.WorkGone, "gone mona 0")

		delete(w.cloud, "mona")
		k.bring(w)
		k.makeLists()
		k.wantLines(hub.WorkGone)
	})
}

// TestMarksGoWithTheirPeopleAndComeBack: a line that is put right says what an
// owner had marked and not what nobody did, also when GitHub confirms it, and
// the line that comes back when that is undone has its mark as before. A mark
// that is set meanwhile is the one that comes back.
func TestMarksGoWithTheirPeopleAndComeBack(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := &worldKit{newKit(t, db)}
		w := newWorkWorld()
		w.cloud["mona"] = worldAccount{verified: []string{"mona@acme.example"}, member: true}
		w.server[0] = map[string][]string{"1": {"mona@optics.example"}}
		bring := func(address string) {
			w = w.clone()
			w.server[0]["1"] = []string{address}
			k.bring(w)
			k.makeLists()
		}
		bring("mona@optics.example")
		mark := func(list hub.WorkList, state hub.WorkState, note string) *hub.WorkLine {
			line := k.lines(list, 0, "")[0]
			if err := k.hub.MarkWork(t.Context(), k.e, list, line.Person.ID, hub.WorkMark{State: state, Note: note}, "owner mona"); err != nil {
				t.Fatal(err)
			}
			return k.lines(list, 0, "")[0]
		}
		want := func(list hub.WorkList, like *hub.WorkLine, state, was hub.WorkState) {
			t.Helper()
			lines := k.lines(list, 0, "")
			if len(lines) != 1 {
				t.Fatalf("%s has %d lines", list, len(lines))
			}
			got := lines[0]
			if got.State != state || got.Was != was || got.Note != like.Note || got.Actor != like.Actor || !got.StatedAt.Equal(like.StatedAt) {
				t.Errorf("%s: %s, was %q, %q by %s at %s, want %s, %q of %+v", list, got.State, got.Was, got.Note, got.Actor, got.StatedAt, state, was, like)
			}
		}
		asked := mark(hub.WorkNear, hub.WorkAsked, "ticket 42")
		bring("mona@acme.example")
		want(hub.WorkFixed, asked, hub.WorkTodo, hub.WorkAsked)
		bring("mona@optics.example")
		want(hub.WorkNear, asked, hub.WorkAsked, "")
		bring("mona@acme.example")
		done := mark(hub.WorkFixed, hub.WorkDone, "ticket 43")
		want(hub.WorkFixed, done, hub.WorkDone, "")
		bring("mona@optics.example")
		want(hub.WorkNear, done, hub.WorkDone, "")
		bring("mona@acme.example")
		k.figure(k.clock())
		k.makeLists()
		want(hub.WorkGone, done, hub.WorkDone, hub.WorkDone)
	})
}

// TestWorklistKnowsWhoJoinedAfterADiscardedPreview: previews take numbers of
// results too, and what one would have changed is not what was before.
func TestWorklistKnowsWhoJoinedAfterADiscardedPreview(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := &worldKit{newKit(t, db)}
		w := newWorkWorld()
		w.cloud["mona"] = worldAccount{verified: []string{"mona@acme.example"}, member: true}
		w.server[0] = map[string][]string{"1": {"mona@optics.example"}}
		k.bring(w)
		k.makeLists()

		w.cloud["jun"] = worldAccount{verified: []string{"jun@acme.example"}, member: true}
		if _, err := k.hub.Discard(t.Context(), k.e, k.load(w.list()).ID, "mona"); err != nil {
			t.Fatal(err)
		}
		w.cloud["mona"] = worldAccount{verified: []string{"mona@acme.example", "mona@optics.example"}, member: true}
		k.apply(k.load(w.list()))
		k.makeLists()
		k.wantLines(hub.WorkFixed, "fixed mona 0")
	})
}

// TestGoingBackPutsNobodyRight: who came apart by a list that was taken back was
// one person before it, and there is nothing for GitHub to follow.
func TestGoingBackPutsNobodyRight(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := &worldKit{newKit(t, db)}
		w := newWorkWorld()
		w.cloud["mona"] = worldAccount{verified: []string{"mona@acme.example"}, member: true}
		w.server[0] = map[string][]string{"1": {"mona@acme.example"}}
		k.bring(w)
		k.makeLists()
		right, err := k.hub.Snapshots(t.Context(), k.e, hub.CloudSource, 1)
		if err != nil || len(right) != 1 {
			t.Fatalf("%d snapshots, %v", len(right), err)
		}
		w.cloud["mona"] = worldAccount{verified: []string{"mona@wrong.example"}, member: true}
		k.apply(k.load(w.list()))
		k.makeLists()
		back, err := k.hub.Undo(t.Context(), k.e, hub.CloudSource, right[0].Seq, "it was wrong", hub.Arrival{Actor: "mona"})
		if err != nil {
			t.Fatal(err)
		}
		k.apply(back)
		k.makeLists()
		k.wantLines(hub.WorkFixed)
		k.wantLines(hub.WorkGone)
	})
}

// goBack goes back to the n-th newest list of a source, 0 for the one that counts.
func (k *worldKit) goBack(source int64, n int) *hub.Upload {
	k.t.Helper()
	lists, err := k.hub.Snapshots(k.t.Context(), k.e, source, n+1)
	if err != nil || len(lists) != n+1 {
		k.t.Fatalf("%d snapshots, %v", len(lists), err)
	}
	u, err := k.hub.Undo(k.t.Context(), k.e, source, lists[n].Seq, "it was wrong", hub.Arrival{Actor: "mona"})
	if err != nil {
		k.t.Fatal(err)
	}
	return u
}

// TestGoingForwardAgainWaitsForGitHubAgain: going back to the list that was taken
// back by mistake joins again whom that list had put right, and GitHub still has
// to follow, unless it has. Going back and forth over a wrong list puts nobody
// right.
func TestGoingForwardAgainWaitsForGitHubAgain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := &worldKit{newKit(t, db)}
		w := newWorkWorld()
		w.cloud["mona"] = worldAccount{verified: []string{"mona@wrong.example"}, member: true}
		w.server[0] = map[string][]string{"1": {"mona@acme.example"}}
		k.bring(w)
		k.makeLists()
		w.cloud["mona"] = worldAccount{verified: []string{"mona@acme.example"}, member: true}
		k.apply(k.load(w.list()))
		k.makeLists()
		k.wantLines(hub.WorkFixed, "fixed mona 0")
		right := k.lines(hub.WorkFixed, 0, "")[0].Since
		for range 3 { // also over the copies that going back makes
			k.apply(k.goBack(hub.CloudSource, 1))
			k.makeLists()
			k.wantLines(hub.WorkFixed)
			k.apply(k.goBack(hub.CloudSource, 1))
			k.makeLists()
			k.wantLines(hub.WorkFixed, "fixed mona 0")
		}
		if got := k.lines(hub.WorkFixed, 0, "")[0].Since; got.After(right) {
			t.Errorf("they are one since %s, not only since %s", right, got)
		}
		k.figure(k.clock())
		k.makeLists()
		k.wantLines(hub.WorkFixed)
		w.cloud["mona"] = worldAccount{verified: []string{"mona@wrong.example"}, member: true}
		k.apply(k.load(w.list()))
		k.makeLists()
		k.apply(k.goBack(hub.CloudSource, 1))
		k.makeLists()
		k.wantLines(hub.WorkFixed)
		k.wantLines(hub.WorkGone, "gone mona 0")
	})
}

// TestGoingBackPutsOthersRightStill: what another source brings is counted with a
// list that somebody went back to, and whom it joins GitHub still has to follow.
func TestGoingBackPutsOthersRightStill(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := &worldKit{newKit(t, db)}
		w := newWorkWorld()
		w.cloud["mona"] = worldAccount{verified: []string{"mona@acme.example"}, member: true}
		w.cloud["jun"] = worldAccount{verified: []string{"jun@acme.example"}, member: true}
		w.server[0] = map[string][]string{"1": {"mona@acme.example"}, "2": {"jun@old.example"}, "3": {"kim@old.example"}}
		w.server[1] = map[string][]string{"7": {"kim@home.example"}}
		k.bring(w)
		w.cloud["mona"] = worldAccount{verified: []string{"mona@wrong.example"}, member: true}
		k.apply(k.load(w.list()))
		k.makeLists()
		k.wantLines(hub.WorkFixed)

		back := k.goBack(hub.CloudSource, 1)
		w.server[0] = map[string][]string{"1": {"mona@acme.example"}, "2": {"jun@acme.example"}, "3": {"kim@home.example"}}
		u, err := k.receive(k.export(w.agents[0], func(yield func(licensing.ServerAccount, error) bool) {
			for _, user := range w.users(0) {
				if !yield(user, nil) {
					return
				}
			}
		}))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := k.hub.Apply(t.Context(), k.e, back.ID, "mona"); err != nil {
			t.Fatal(err)
		}
		err = k.config.Store.For(k.e).InTx(t.Context(), func(tx *store.Tx) error { return tx.Apply(t.Context(), u, k.clock()) }) // as a sync is: without a count of its own
		if err != nil {
			t.Fatal(err)
		}
		after, err := k.hub.Recount(t.Context(), k.e, "mona", false)
		if err != nil {
			t.Fatal(err)
		}
		if joined := after.Difference.Tallies[0]; joined.Count != 3 { // mona is one again
			t.Fatalf("the result that counts both says %+v", joined)
		}
		k.makeLists()
		got := said(k.lines(hub.WorkFixed, 0, ""))
		slices.Sort(got)
		if diff := gocmp.Diff(worldLines{"fixed jun 0", "fixed kim@home.example 0"}, got); diff != "" {
			t.Errorf("want - got +:\n%s", diff)
		}
	})
}

// instance is the number of a server instance.
func (k *kit) instance(host string) int64 {
	k.t.Helper()
	sources, err := k.hub.Sources(k.t.Context(), k.e)
	if err != nil {
		k.t.Fatal(err)
	}
	return sources[slices.IndexFunc(sources, func(s hub.Source) bool { return s.HostName == host })].Number
}

// figure types in how many licenses GitHub showed at a time.
func (k *kit) figure(date time.Time) {
	k.t.Helper()
	if _, err := k.hub.SetGitHubFigure(k.t.Context(), k.e, &hub.GitHubFigure{Licenses: 4, Date: date}, "mona"); err != nil {
		k.t.Fatal(err)
	}
	if _, err := k.hub.Recount(k.t.Context(), k.e, "mona", false); err != nil {
		k.t.Fatal(err)
	}
}

func (k *kit) wantLines(list hub.WorkList, want ...string) {
	k.t.Helper()
	if diff := gocmp.Diff(worldLines(want), said(k.lines(list, 0, ""))); diff != "" {
		k.t.Fatalf("%s, want - got +:\n%s", list, diff)
	}
}

// recorded are the actions of an audit log.
type recorded struct{ actions []string }

func (r *recorded) Record(_ context.Context, _ *sql.Tx, _ int64, _, action, _ string, _ map[string]any) error {
	r.actions = append(r.actions, action)
	return nil
}

// TestWorklistRefusals: what is none is refused, and says so.
func TestWorklistRefusals(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := &worldKit{newKit(t, db)}
		w := newWorkWorld()
		w.cloud["mona"] = worldAccount{verified: []string{"mona@acme.example"}, member: true}
		w.server[0] = map[string][]string{"1": {"mona@optics.example"}}
		k.bring(w)
		k.makeLists()
		id := k.lines(hub.WorkNear, 0, "")[0].Person.ID
		mark := func(list hub.WorkList, person string, m hub.WorkMark) error {
			return k.hub.MarkWork(t.Context(), k.e, list, person, m, "mona")
		}
		wantError(t, mark(hub.WorkGone, id, hub.WorkMark{State: hub.WorkDone}), errs.Invalid, "hub.bad_filter")
		wantError(t, mark(hub.WorkNear, id, hub.WorkMark{State: "maybe"}), errs.Invalid, "hub.bad_filter")
		wantError(t, mark(hub.WorkNear, id, hub.WorkMark{State: hub.WorkDone, Note: strings.Repeat("x", 501)}), errs.Invalid, "hub.long_note")
		wantError(t, mark(hub.WorkMembers, id, hub.WorkMark{State: hub.WorkDone}), errs.NotFound, "hub.no_work_line")
		wantError(t, mark(hub.WorkNear, "nobody", hub.WorkMark{State: hub.WorkDone}), errs.NotFound, "hub.no_person")
		for _, q := range []struct {
			query hub.WorkQuery
			after string
			want  string
		}{
			{hub.WorkQuery{List: "none"}, "", "hub.bad_filter"},
			{hub.WorkQuery{List: hub.WorkNear, State: "maybe"}, "", "hub.bad_filter"},
			{hub.WorkQuery{List: hub.WorkNear}, "x", "hub.bad_place"},
			{hub.WorkQuery{List: hub.WorkNear}, strings.Repeat("0", 32), "hub.bad_place"},
		} {
			_, err := k.hub.Worklist(t.Context(), k.e, q.query, q.after, 3)
			wantError(t, err, errs.Invalid, q.want)
		}
	})
}

// TestWorklistNamesInvitationsBesideAnAccount: somebody with an account whose
// invitation takes a license of its own stands on the list until it is gone.
func TestWorklistNamesInvitationsBesideAnAccount(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := &worldKit{newKit(t, db)}
		list := func(invitation string) string {
			return `{"format": "oneseat-cloud-list/1", "as_of": "2026-11-19T06:00:00Z", "enterprise": {"slug": "acme"}, "users": [
				{"login": "Gil", "emails": [{"email": "gil@partner.example", "verified": true}], "outside_collaborator": ["acme/tools"]}]` + invitation + `}`
		}
		k.apply(k.load(list(`, "invitations": [{"email": "gil@partner.example", "repository": "acme/other", "kind": "outside_collaborator"}]`)))
		k.makeLists()
		lines := k.lines(hub.WorkNear, 0, "")
		if len(lines) != 1 || !lines[0].Misses[0].Invitation || lines[0].Misses[0].Login != "Gil" || lines[0].Saves != 1 {
			t.Fatalf("the list has %+v", lines)
		}
		of, err := k.hub.WorkOf(t.Context(), k.e, lines[0].Person.ID)
		if err != nil || len(of.Lines) != 1 || of.Lines[0].List != hub.WorkNear {
			t.Errorf("the person stands on %+v, %v", of, err)
		}
		gil, err := k.hub.Person(t.Context(), k.e, of.Result.Number, lines[0].Misses[0].Person)
		if err != nil || gil.Person.Login != "Gil" {
			t.Errorf("the account is that of %+v, %v", gil, err)
		}
		nearest, err := k.hub.WorkOf(t.Context(), k.e, gil.ID)
		if err != nil || len(nearest.Lines) != 1 || nearest.Lines[0].Person.ID != lines[0].Person.ID {
			t.Errorf("nearest to the account is %+v, %v", nearest, err)
		}
		k.apply(k.load(list("")))
		k.makeLists()
		k.wantLines(hub.WorkNear)
	})
}

// TestInvitationThatGitHubLacksIsKnownBehindAThousandClusters: what a result
// lists of the reconciliation is cut, but never of whom GitHub's figure lacks.
func TestInvitationThatGitHubLacksIsKnownBehindAThousandClusters(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		const clusters = 1001
		rows, twice := make([]string, 0, 2*clusters), people{}
		for i := range clusters {
			id, address := fmt.Sprint(i), fmt.Sprintf("m%d@acme.example", i)
			rows = append(rows, fmt.Sprintf(`{"github_com_user": true, "github_com_login": "m%d", "github_com_verified_domain_emails": [%q], "license_type": "Enterprise"}`, i, address),
				fmt.Sprintf(`{"github_com_user": false, "enterprise_server_user": true, "enterprise_server_user_ids": ["one.acme.example:%d"], "license_type": "Enterprise"}`, i))
			twice[id] = address
		}
		u, err := k.hub.LoadCloud(t.Context(), k.e, []source.File{
			text("report.json", fmt.Sprintf(`{"total_seats_consumed": %d, "total_seats_purchased": 9, "users": [%s]}`, len(rows), strings.Join(rows, ","))),
			text("cloud.json", `{"format": "oneseat-cloud-list/1", "as_of": "2026-11-20T08:00:00Z", "enterprise": {"slug": "acme"}, "verified_domains": ["acme.example"],
				"users": [{"login": "gil", "emails": [{"email": "gil@partner.example", "verified": true}], "outside_collaborator": ["acme/tools"]}],
				"invitations": [{"email": "gil@partner.example", "repository": "acme/other", "kind": "outside_collaborator"}]}`),
		}, false, arrival())
		if err != nil {
			t.Fatal(err)
		}
		k.apply(u)
		rc := k.join(newAgent(1, "one.acme.example"), twice).Reconciliation
		if rc.MoreThere != clusters || rc.OnlyHere != 2 || len(rc.Items) >= rc.ItemCount {
			t.Fatalf("%d counted more than once, %d only here, %d items of %d", rc.MoreThere, rc.OnlyHere, len(rc.Items), rc.ItemCount)
		}
		k.makeLists()
		page, err := k.hub.Worklist(t.Context(), k.e, hub.WorkQuery{List: hub.WorkNear}, "", 3)
		if err != nil || len(page.Lines) != 1 || page.Worth(page.Lines[0]) != hub.WorthKeeps {
			t.Fatalf("the list has %+v, %v, and not an invitation that keeps a license", page, err)
		}
	})
}
