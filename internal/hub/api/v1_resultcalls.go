package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/licensing"
)

func (v *v1) resultCalls() []call {
	return []call{
		{
			Method: http.MethodGet, Path: own + "/statement", Name: "get-statement", Access: reads(), Tag: "Results",
			Summary: "The current statement and range",
			Text:    "Licenses consumed, the sum that leads there, how sure it is, and the age of everything it rests on; recount_pending when something came since.",
			Run:     answers(v.statement),
		},
		{
			Method: http.MethodGet, Path: own + "/reconciliation", Name: "get-reconciliation", Access: reads(), Tag: "Results",
			Summary: "GitHub's figure beside the licenses here",
			Text:    "figure − counted_there_more_than_once − unexplained + one_there_several_here + only_here − only_there = licenses.",
			Run:     answers(v.reconciliation),
		},
		{
			Method: http.MethodGet, Path: own + "/results", Name: "list-results", Access: reads(), Tag: "Results",
			Summary: "History of totals, newest first", Run: answers(v.history),
		},
		{
			Method: http.MethodGet, Path: own + "/results/{result}", Name: "get-result", Access: reads(), Tag: "Results",
			Summary: "One result, or a preview", Run: answers(v.oneResult),
		},
		{
			Method: http.MethodGet, Path: own + "/results/{result}/changes", Name: "list-result-changes", Access: reads(), Tag: "Results",
			Summary: "What changed with a result, by name",
			Text:    "Of each kind the first thousand; the tallies of the result count all.",
			Run:     answers(v.changes),
		},
		{
			Method: http.MethodGet, Path: own + "/results/{result}/conflicts", Name: "list-result-conflicts", Access: reads(), Tag: "Results",
			Summary: "Ties that decided where something belongs",
			Text:    "The first thousand; the result counts all.",
			Run:     answers(v.conflicts),
		},
		v.unmatchedCall(),
		{
			Method: http.MethodPost, Path: own + "/recount", Name: "recount", Access: admins(), Tag: "Results",
			Summary: "Count now",
			Text:    "Answers when everything that was applied is counted. Counts only when something changed, unless forced: invitations lapse with time.",
			Run:     answers(v.recount),
		},
	}
}

type resultOutput struct{ Body Result }

func (v *v1) statement(ctx context.Context, _ *InEnterprise) (*resultOutput, error) {
	r, late, err := v.hub.Counted(ctx, askerOf(ctx).About.Number)
	if err != nil {
		return nil, err
	}
	out := &resultOutput{v.result(r)}
	out.Body.Behind = late
	return out, nil
}

// OfResult is the part of paths below a result.
type OfResult struct {
	InEnterprise

	Result string `path:"result" maxLength:"20" doc:"Number of a result." example:"7"`
}

// of finds the result of a path.
func (in *OfResult) of(ctx context.Context, h *hub.Service) (*hub.Result, error) {
	n, err := numberIn(in.Result, "api.no_result", "Result")
	if err != nil {
		return nil, err
	}
	return h.Result(ctx, askerOf(ctx).About.Number, n)
}

func (v *v1) oneResult(ctx context.Context, in *OfResult) (*resultOutput, error) {
	r, err := in.of(ctx, v.hub)
	if err != nil {
		return nil, err
	}
	return &resultOutput{v.result(r)}, nil
}

type historyInput struct {
	InEnterprise
	Paged

	Before int64 `query:"before" minimum:"0" doc:"Results before this number; 0 begins with the newest."`
}

type historyOutput struct {
	Linked

	Body struct {
		Results []Result `json:"results" nullable:"false" doc:"Results, newest first."`
	}
}

func (v *v1) history(ctx context.Context, in *historyInput) (*historyOutput, error) {
	list, err := v.hub.History(ctx, askerOf(ctx).About.Number, in.Before, in.PerPage)
	if err != nil {
		return nil, err
	}
	out := &historyOutput{}
	out.Body.Results = each(list, v.result)
	if len(list) == in.PerPage {
		out.Linked = nextPage(ctx, "before", strconv.FormatInt(list[len(list)-1].Number, 10))
	}
	return out, nil
}

type recountInput struct {
	InEnterprise

	Force bool `query:"force" doc:"Count even when nothing changed."`
}

func (v *v1) recount(ctx context.Context, in *recountInput) (*resultOutput, error) {
	who := askerOf(ctx)
	r, err := v.hub.Recount(ctx, who.About.Number, who.Name, in.Force)
	if err != nil {
		return nil, err
	}
	return &resultOutput{v.result(r)}, nil
}

// Change is one thing that happened to people who share accounts.
type Change struct {
	Number   int64       `json:"number" doc:"Its place in the list."`
	Kind     string      `json:"kind" enum:"joined,split,appeared,vanished,moved,altered" doc:"What happened."`
	Licenses int64       `json:"licenses" doc:"What it adds to the total."`
	Before   []Concerned `json:"before" nullable:"false" doc:"Who they were before."`
	After    []Concerned `json:"after" nullable:"false" doc:"Who they are after."`
}

// Concerned is somebody a change is about.
type Concerned struct {
	ID       string `json:"id" doc:"The person."`
	Name     string `json:"name" doc:"What to call them."`
	Accounts int    `json:"accounts" doc:"Their accounts."`
	License  string `json:"license,omitempty" doc:"Type of the license they consume; absent when none."`
}

type changesInput struct {
	OfResult
	Paged

	After int64 `query:"after" minimum:"0" doc:"Changes behind this place; 0 begins with the first."`
}

type changesOutput struct {
	Linked

	Body struct {
		Changes []Change `json:"changes" nullable:"false" doc:"Changes, by kind."`
	}
}

func (v *v1) changes(ctx context.Context, in *changesInput) (*changesOutput, error) {
	r, err := in.of(ctx, v.hub)
	if err != nil {
		return nil, err
	}
	return v.changesOf(ctx, r.Number, in.After, in.PerPage)
}

// changesOf is a page of the changes of a result.
func (v *v1) changesOf(ctx context.Context, result, after int64, limit int) (*changesOutput, error) {
	list, err := v.hub.Changes(ctx, askerOf(ctx).About.Number, result, after, limit)
	if err != nil {
		return nil, err
	}
	if err := v.reads(ctx, result); err != nil {
		return nil, err
	}
	out := &changesOutput{}
	out.Body.Changes = each(list, change)
	if len(list) == limit {
		out.Linked = nextPage(ctx, "after", strconv.FormatInt(list[len(list)-1].N, 10))
	}
	return out, nil
}

func change(c hub.Change) Change {
	return Change{Number: c.N, Kind: c.Kind, Licenses: c.Licenses, Before: each(c.Before, concerned), After: each(c.After, concerned)}
}

func concerned(c hub.Concerned) Concerned {
	return Concerned{ID: c.ID, Name: reported(c.Name), Accounts: c.Accounts, License: string(c.License)}
}

// Conflict is a tie that decided where something belongs.
type Conflict struct {
	Value      Address  `json:"value" doc:"What hit several accounts."`
	Rule       string   `json:"rule" doc:"The rule that was applied."`
	Attribute  string   `json:"attribute" doc:"Where the value stood."`
	Chosen     string   `json:"chosen" doc:"Login that won."`
	Candidates []string `json:"candidates" nullable:"false" doc:"All of them, the chosen one first."`
}

type conflictsOutput struct {
	Body struct {
		Conflicts []Conflict `json:"conflicts" nullable:"false" doc:"Ties."`
		Count     int        `json:"count" doc:"How many there are, listed or not."`
	}
}

func (v *v1) conflicts(ctx context.Context, in *OfResult) (*conflictsOutput, error) {
	r, err := in.of(ctx, v.hub)
	if err != nil {
		return nil, err
	}
	if err := v.reads(ctx, r.Number); err != nil {
		return nil, err
	}
	eyes := eyesOn(r, &licensing.Person{Cloud: -1})
	out := &conflictsOutput{}
	out.Body.Count = r.ConflictCount
	out.Body.Conflicts = each(r.Conflicts, func(c hub.Conflict) Conflict {
		return Conflict{eyes.asserted(c.Value), c.Rule, c.Attribute, c.Chosen, list(c.Candidates)}
	})
	return out, nil
}

// Reconciliation relates GitHub's figure to the licenses here.
type Reconciliation struct {
	Result      int64           `json:"result" doc:"Number of the result."`
	Figure      int             `json:"figure" doc:"GitHub's figure."`
	Date        time.Time       `json:"date,omitzero" doc:"When GitHub showed it; absent when unknown."`
	MoreThere   int             `json:"counted_there_more_than_once" doc:"Licenses that GitHub counts for one person more than once."`
	SeveralHere int             `json:"one_there_several_here" doc:"People who are one at GitHub and several here."`
	OnlyHere    int             `json:"only_here" doc:"People who are only here."`
	OnlyThere   int             `json:"only_there" doc:"People who are only at GitHub."`
	Unexplained int             `json:"unexplained" doc:"What no row tells about."`
	Licenses    int             `json:"licenses" doc:"Licenses here."`
	ItemCount   int             `json:"item_count" doc:"How many items there are, listed or not."`
	Items       []ReconcileItem `json:"items" nullable:"false" doc:"What the terms consist of: the first thousand, and behind them too everybody who is only here, by cause."`
}

// ReconcileItem is people there and here that share accounts and differ in
// number.
type ReconcileItem struct {
	Term  string   `json:"term" doc:"The term it adds to."`
	Count int      `json:"count" doc:"What it adds."`
	Cause string   `json:"cause" doc:"Why, as far as it can be told."`
	There []string `json:"there" nullable:"false" doc:"Rows of GitHub's report, each by what it names first."`
	Here  []string `json:"here" nullable:"false" doc:"Ids of people here."`
}

type reconciliationOutput struct{ Body Reconciliation }

func (v *v1) reconciliation(ctx context.Context, _ *InEnterprise) (*reconciliationOutput, error) {
	r, err := v.hub.Current(ctx, askerOf(ctx).About.Number)
	if err != nil {
		return nil, err
	}
	rc := r.Reconciliation
	if rc == nil {
		return nil, errs.New(errs.NotFound, "api.no_reconciliation")
	}
	if err := v.reads(ctx, r.Number); err != nil {
		return nil, err
	}
	return &reconciliationOutput{Reconciliation{
		Result: r.Number, Figure: rc.Figure, Date: rc.Date, MoreThere: rc.MoreThere, SeveralHere: rc.SeveralHere,
		OnlyHere: rc.OnlyHere, OnlyThere: rc.OnlyThere, Unexplained: rc.Unexplained, Licenses: rc.Licenses,
		ItemCount: rc.ItemCount, Items: each(rc.Items, reconcileItem),
	}}, nil
}

func reconcileItem(i hub.ReconcileItem) ReconcileItem {
	return ReconcileItem{Term: i.Term, Count: i.Count, Cause: i.Cause, There: each(i.There, reported), Here: list(i.Here)}
}
