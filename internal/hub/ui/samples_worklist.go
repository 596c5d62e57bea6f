package ui

import (
	"github.com/a-h/templ"

	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/licensing"
)

// worklistStories are the states of Counted more than once?
func worklistStories() []story {
	one := func(name string, list hub.WorkList, change func(*worklistPage)) story {
		return story{name, inWorklist, func(f frame) templ.Component {
			p := &worklistPage{frame: f, Query: hub.WorkQuery{List: list}, Work: sampleWork(f)}
			change(p)
			return worklistContent(p)
		}}
	}
	return []story{
		one("worklist-unmade", hub.WorkNear, func(p *worklistPage) { p.Work = &hub.Work{} }),
		one("worklist-nobody", hub.WorkNear, func(p *worklistPage) { p.Tallies = nil }),
		one("worklist-none-like-that", hub.WorkNear, func(p *worklistPage) { p.Query.State = hub.WorkDone }),
		one("worklist-members-huge-stale", hub.WorkMembers, func(p *worklistPage) {
			p.Stale, p.More = true, "#"
			for _, why := range []hub.MemberWhy{hub.WhyNothing, hub.WhyNoDomain, hub.WhyIdentity} {
				p.add(sampleWorkLine(p, hub.WorkMembers, func(l *hub.WorkLine) { l.Why, l.Person.ID = why, string(why) }))
			}
		}),
		one("worklist-near-odd-names", hub.WorkNear, func(p *worklistPage) {
			p.Marked = "1"
			p.add(sampleWorkLine(p, hub.WorkNear, func(l *hub.WorkLine) {
				l.Saves, l.State, l.Actor, l.StatedAt, l.Note = 3, hub.WorkDone, "owner mona", p.At.AddDate(0, 0, -3), "<b>4711</b> "+rightToLeft+long(4)
			}))
			p.add(sampleWorkLine(p, hub.WorkNear, func(l *hub.WorkLine) { l.Person.ID = "2" }))
		}),
		one("worklist-fixed", hub.WorkFixed, func(p *worklistPage) {
			p.add(sampleWorkLine(p, hub.WorkFixed, func(l *hub.WorkLine) { l.Hosts = append(l.Hosts, long(5)+".acme.example") }))
		}),
		one("worklist-gone", hub.WorkGone, func(p *worklistPage) { p.add(sampleWorkLine(p, hub.WorkGone, func(*hub.WorkLine) {})) }),
		one("worklist-refused", hub.WorkNear, func(p *worklistPage) { p.Refusal = p.T("hub.bad_place") }),
	}
}

func (p *worklistPage) add(l *hub.WorkLine) { p.Lines = append(p.Lines, p.workLine(p.Work, l)) }

func sampleWork(f frame) *hub.Work {
	r := sampleResult(f.At)
	r.Domains = []string{"acme.example", "optics.example"}
	w := &hub.Work{Result: r, MadeAt: f.At}
	for i, list := range hub.WorkLists() {
		w.Tallies = append(w.Tallies, hub.WorkTally{List: list, Source: hub.Everywhere, State: hub.WorkTodo, Lines: []int64{500_000, 34_567, 12, 1}[i]})
	}
	return w
}

// sampleWorkLine is a line of somebody who almost joined in every way.
func sampleWorkLine(p *worklistPage, list hub.WorkList, change func(*hub.WorkLine)) *hub.WorkLine {
	mine, theirs := licensing.NewEmail("mona@optics.example"), licensing.NewEmail("mona@acme.example")
	person := &hub.Person{ID: "1", Name: mine}
	person.Person = licensing.Person{Cloud: -1, Login: "mona-acme", Consumes: true}
	l := &hub.WorkLine{
		List: list, Person: person, Since: p.At.AddDate(0, 0, -20), Saves: 1, State: hub.WorkTodo, Hosts: []string{"ghes-1.acme.example"},
	}
	if list == hub.WorkMembers {
		l.Hosts, person.Name = nil, licensing.NewEmail(rightToLeft+long(3))
	}
	for _, kind := range []licensing.NearMissKind{licensing.MissOtherDomain, licensing.MissUnverified, licensing.MissSecondary} {
		miss := hub.WorkMiss{Account: licensing.HostID{Host: "ghes-1.acme.example", ID: "17"}}
		miss.NearMiss.NearMiss = licensing.NearMiss{Kind: kind, Login: "mona-acme", Mine: mine, Theirs: theirs}
		l.Misses = append(l.Misses, miss)
	}
	change(l)
	return l
}
