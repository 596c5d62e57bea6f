package api

import (
	"context"
	"net/http"
	"time"

	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/signin"
)

func (v *v1) worklistCalls() []call {
	return []call{
		{
			Method: http.MethodGet, Path: own + "/counted-more-than-once", Name: "list-counted-more-than-once", Access: reads(), Tag: "Counted more than once",
			Summary: "Who may be counted more than once, a list at a time",
			Text:    "Made after each recount; stale says that something was counted since. Each list comes in the order of worth; near then with the most licenses first. Each line says why, what to do, where and who can.",
			Run:     answers(v.worklist),
		},
		{
			Method: http.MethodPut, Path: own + "/counted-more-than-once/{list}/{person}", Name: "mark-counted-more-than-once", Access: admins(), Tag: "Counted more than once",
			Summary: "Say how far somebody is with a line",
			Text:    "Stands in the audit log. Nothing has to be ticked off: what is put right leaves its list with the next recount.",
			Run:     answers(v.markWork),
		},
	}
}

// WorkLine is somebody of a list.
type WorkLine struct {
	Person   string       `json:"person" doc:"Id of the person, of the result that the lists were made of."`
	Name     string       `json:"name" doc:"Login, else the first address, HOST:ID or invited address."`
	Servers  []string     `json:"server_instances" nullable:"false" doc:"Host names of the person's accounts."`
	Since    time.Time    `json:"since" doc:"When the person came to the list."`
	Licenses int64        `json:"licenses" doc:"near: licenses saved when everybody who almost joined the same cloud account does; fixed and gone: licenses saved."`
	Worth    string       `json:"worth,omitempty" enum:"saves,may_save,keeps,may_keep" doc:"What putting it right does to GitHub's figure: saves licenses, or keeps them from being added because GitHub does not count them yet; may, where nobody is sure who it is, or whether an invitation is the one that GitHub's report has without a name. Absent of gone."`
	Misses   []WorkMiss   `json:"near_misses,omitempty" nullable:"false" doc:"near: what almost joined, the best first."`
	Why      string       `json:"why,omitempty" enum:"nothing,no_domain,identity" doc:"members: why they are hard to compare."`
	Advice   []WorkAdvice `json:"advice" nullable:"false" doc:"What to do, the best first; in English."`
	State    string       `json:"state" enum:"todo,asked,done" doc:"How far somebody is."`
	Was      string       `json:"was,omitempty" enum:"todo,asked,done" doc:"fixed and gone: the state that was marked on the list before; note, marked_by and marked_at are of that, and nobody set state. Absent: nothing was, or a mark was set since."`
	Note     string       `json:"note,omitempty" doc:"What an owner noted; addresses in it are whole for a token that may change things."`
	Actor    string       `json:"marked_by,omitempty" doc:"Who set the state; absent: nobody did."`
	StatedAt time.Time    `json:"marked_at,omitzero" doc:"When."`
}

// WorkMiss is a near miss of one of a person's accounts.
type WorkMiss struct {
	Kind   string  `json:"kind" enum:"unverified,secondary,other_domain" doc:"What almost was."`
	Host   string  `json:"host" doc:"Host name of the instance."`
	UserID string  `json:"user_id" doc:"The account's id there."`
	Login  string  `json:"login" doc:"The cloud account."`
	Mine   string  `json:"mine" doc:"The server account's address."`
	Theirs Address `json:"theirs" doc:"The cloud account's address."`
}

// WorkAdvice is why somebody stands in a list and what to do.
type WorkAdvice struct {
	Why   string `json:"why" doc:"Why."`
	What  string `json:"what,omitempty" doc:"What to do."`
	Where string `json:"where,omitempty" doc:"Where."`
	Who   string `json:"who,omitempty" doc:"Who can."`
	Or    string `json:"or,omitempty" doc:"Another way to the same."`
	Then  string `json:"then,omitempty" doc:"What to do after that, so that the count moves."`
}

type worklistInput struct {
	InEnterprise
	Paged

	List     string `query:"list" default:"near" enum:"members,near,fixed,gone" doc:"members: hard to compare; near: almost joined; fixed: one person here, GitHub is not known to know; gone: one person everywhere."`
	Instance int64  `query:"instance" minimum:"0" doc:"Only about this server instance, by number."`
	State    string `query:"state" enum:"todo,asked,done" doc:"Only in this state."`
	After    string `query:"after" maxLength:"64" doc:"Lines behind this place, as Link has it."`
}

type worklistOutput struct {
	Linked

	Body struct {
		Result int64      `json:"result" doc:"Number of the result that the lists were made of; 0: they are not made yet."`
		MadeAt time.Time  `json:"made_at,omitzero" doc:"When."`
		Stale  bool       `json:"stale" doc:"Something was counted since."`
		Open   WorkCounts `json:"open" doc:"Lines left to look at, the number that the pages show. Of members those marked as done are none; of the other lists every line is open until the files that come after it take it away."`
		Done   WorkCounts `json:"done" doc:"Lines marked as done."`
		Lines  []WorkLine `json:"lines" nullable:"false" doc:"A page of the list."`
	}
}

// WorkCounts is a number of lines of each list.
type WorkCounts struct {
	Members int64 `json:"members" doc:"Hard to compare."`
	Near    int64 `json:"near" doc:"Almost joined."`
	Fixed   int64 `json:"fixed" doc:"Waiting for a sync."`
	Gone    int64 `json:"gone" doc:"Confirmed."`
}

func (v *v1) worklist(ctx context.Context, in *worklistInput) (*worklistOutput, error) {
	q := hub.WorkQuery{List: hub.WorkList(in.List), Instance: in.Instance, State: hub.WorkState(in.State)}
	page, err := v.hub.Worklist(ctx, askerOf(ctx).About.Number, q, in.After, in.PerPage)
	if err != nil {
		return nil, err
	}
	out := &worklistOutput{}
	out.Body.Lines = []WorkLine{}
	if page.Result == nil {
		return out, nil
	}
	if err := v.reads(ctx, page.Result.Number); err != nil {
		return nil, err
	}
	out.Body.Result, out.Body.MadeAt, out.Body.Stale = page.Result.Number, page.MadeAt, page.Stale
	out.Body.Open, out.Body.Done = workCounts(page.Open), workCounts(page.Done)
	for _, l := range page.Lines {
		line := v.workLine(page.Work, l)
		if !askerOf(ctx).May(signin.AdminEnterprise) {
			line.Note = signin.Masked(line.Note)
		}
		out.Body.Lines = append(out.Body.Lines, line)
	}
	if page.Next != "" {
		out.Linked = nextPage(ctx, "after", page.Next)
	}
	return out, nil
}

func workCounts(of func(hub.WorkList) int64) WorkCounts {
	return WorkCounts{of(hub.WorkMembers), of(hub.WorkNear), of(hub.WorkFixed), of(hub.WorkGone)}
}

func (v *v1) workLine(w *hub.Work, l *hub.WorkLine) WorkLine {
	eyes := eyesOn(w.Result, &l.Person.Person)
	out := WorkLine{
		Person: l.Person.ID, Name: reported(l.Person.Name), Servers: list(l.Hosts), Since: l.Since, Licenses: l.Saves, Why: string(l.Why),
		State: string(l.State), Was: string(l.Was), Note: l.Note, Actor: l.Actor, StatedAt: l.StatedAt,
	}
	if l.List != hub.WorkGone {
		out.Worth = string(w.Worth(l))
	}
	for i := range l.Misses {
		m := &l.Misses[i]
		if m.Invitation {
			continue // the advice says it
		}
		out.Misses = append(out.Misses, WorkMiss{
			nearMissKind(m.Kind), m.Account.Host, m.Account.ID, m.Login, reported(m.Mine), eyes.missed(&m.NearMiss.NearMiss),
		})
	}
	for _, a := range w.Advice(l, eyes.Eyes) {
		out.Advice = append(out.Advice, WorkAdvice{v.said(a.Why), v.said(a.What), v.said(a.Where), v.said(a.Who), v.said(a.Or), v.said(a.Then)})
	}
	return out
}

// said is a sentence of the hub's; empty: there is none.
func (v *v1) said(s hub.Sentence) string {
	if s.IsZero() {
		return ""
	}
	args := s.Args
	if !s.Date.IsZero() {
		args = append([]any{"Date", s.Date.UTC().Format(time.DateOnly)}, args...)
	}
	return v.sentences.T(s.Key, args...)
}

type markInput struct {
	InEnterprise

	List   string `path:"list" enum:"members,near,fixed" doc:"The list."`
	Person string `path:"person" maxLength:"64" doc:"Id of the person." example:"9f86d081884c7d659a2feaa0c55ad015"`
	Body   struct {
		State string `json:"state" enum:"todo,asked,done" doc:"How far somebody is."`
		Note  string `json:"note,omitempty" maxLength:"500" doc:"For whoever works on; empty removes it."`
	}
}

func (v *v1) markWork(ctx context.Context, in *markInput) (*struct{}, error) {
	who := askerOf(ctx)
	mark := hub.WorkMark{State: hub.WorkState(in.Body.State), Note: in.Body.Note}
	return nil, v.hub.MarkWork(ctx, who.About.Number, hub.WorkList(in.List), in.Person, mark, who.Name)
}
