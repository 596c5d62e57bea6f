package ui

import (
	"net/http"
	"strconv"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/web"
)

func (u *UI) instanceRoutes() []web.Route {
	return []web.Route{
		view(account+"/instances", "instances", u.instances),
		view(account+"/instances/{instance}", "instance", u.instance),
		deed(account+"/instances/{instance}/remove", "remove-instance", u.removeInstance),
		deed(account+"/instances/{instance}/undo", "undo-instance", u.undoInstance),
	}
}

// instancesPage is Enterprise Server instances: what came from each, how old it
// is and whom it alone accounts for.
type instancesPage struct {
	frame
	*hub.Overview

	// Enrolment is what agents are enrolled with; nil for readers.
	Enrolment *enrolmentBox
	// Done is what a form did.
	Done string
}

func (u *UI) instances(w http.ResponseWriter, r *http.Request) error {
	f := u.frame(r, inInstances, "")
	f.Title = f.T("ui.nav.instances")
	now, err := u.hub.Overview(r.Context(), f.About.Number)
	if err != nil {
		return err
	}
	box, err := u.enrolmentBox(&f)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, instancesContent(&instancesPage{f, now, box, f.done(r, "agent_denied")}))
}

// instancePage is one instance with its history.
type instancePage struct {
	frame
	hub.SourceState

	Now *hub.Overview
	// Connect is its connection.
	Connect   connectionView
	Snapshots []hub.Snapshot
	// Done is what a form did; Refusal is why what it asked for was not done.
	Done, Refusal string
	// Reason is what the form said.
	Reason string
}

// maxSnapshots is how much of an instance's history a page shows.
const maxSnapshots = 50

func (u *UI) instance(w http.ResponseWriter, r *http.Request) error {
	return u.showInstance(w, r, nil)
}

// showInstance shows an instance, with why a form was refused.
func (u *UI) showInstance(w http.ResponseWriter, r *http.Request, refusal error) error {
	f := u.frame(r, inInstances, "")
	now, err := u.hub.Overview(r.Context(), f.About.Number)
	if err != nil {
		return err
	}
	number := r.PathValue("instance")
	for _, s := range now.Instances {
		if f.id(s.Number) == number {
			return u.instanceFound(w, r, instancePage{frame: f, SourceState: s, Now: now}, refusal)
		}
	}
	if refusal != nil { // of one that was removed
		return refusal
	}
	return errs.New(errs.NotFound, "hub.no_source", "Number", number)
}

func (u *UI) instanceFound(w http.ResponseWriter, r *http.Request, p instancePage, refusal error) (err error) {
	p.Title = p.HostName
	if p.Snapshots, err = u.hub.Snapshots(r.Context(), p.About.Number, p.Number, maxSnapshots); err != nil {
		return err
	}
	p.Connect.SourceState = &p.SourceState
	if p.Connect.Record, err = hub.RecordOf(p.Connection); err != nil {
		return err
	}
	if p.Connect.Request, err = u.hub.LastSyncRequest(r.Context(), p.About.Number, p.Number); err != nil {
		return err
	}
	if p.Done = p.done(r, "agent_approved", "sync_asked", "connect_disabled"); p.Done != "" && p.Connect.awaits(p.At) {
		w.Header().Set("Refresh", refresh)
	}
	status := http.StatusOK
	if refusal != nil {
		p.Refusal, p.Reason, status = p.Error(refusal), r.PostFormValue("reason"), web.StatusOf(refusal)
	}
	return page.Show(w, r, status, instanceContent(&p))
}

// id is a number in a path.
func (f *frame) id(n int64) string { return strconv.FormatInt(n, 10) }

// pathNumber is a number of the path or a form; 0, which nothing has, for
// anything else.
func pathNumber(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func (u *UI) removeInstance(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r.Context())
	n := pathNumber(r.PathValue("instance"))
	upload, err := u.hub.RemoveInstance(r.Context(), v.About.Number, n, r.PostFormValue("reason"), hub.Arrival{Actor: v.Actor.Name})
	return u.toPreview(w, r, upload, err)
}

func (u *UI) undoInstance(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r.Context())
	n, snapshot := pathNumber(r.PathValue("instance")), pathNumber(r.PostFormValue("snapshot"))
	upload, err := u.hub.Undo(r.Context(), v.About.Number, n, snapshot, r.PostFormValue("reason"), hub.Arrival{Actor: v.Actor.Name})
	return u.toPreview(w, r, upload, err)
}

// toPreview leads to an upload that waits for a decision, or says on the
// instance's page why there is none.
func (u *UI) toPreview(w http.ResponseWriter, r *http.Request, upload *hub.Upload, err error) error {
	switch {
	case err == nil:
		return u.back(w, r, "uploads", upload.ID)
	case refused(err):
		return u.showInstance(w, r, err)
	default:
		return err
	}
}

// sourceHistory is what a source said so far.
type sourceHistory struct {
	Source    *hub.SourceState
	Snapshots []hub.Snapshot
	// Undo is the path of the form that goes back to one.
	Undo []string
}

// Items is the key of what a snapshot has so many of: the cloud side's has
// invitations, subscriptions and rows of GitHub's report beside accounts.
func (h *sourceHistory) Items() string {
	if h.Source.Number == hub.CloudSource {
		return "ui.history.entries"
	}
	return "ui.sources.accounts"
}

// PartOf is the sum of the instance's part in the total.
func (p *instancePage) PartOf() []sumLine {
	s := p.Statement
	why := p.T("ui.part.only_here_why")
	if p.Unknown() {
		why = p.T("ui.part.not_there", "Count", s.OnlyHere)
	}
	return []sumLine{
		{Text: p.T("ui.part.accounts"), Value: p.Frame.Number(s.Accounts), Path: p.who("instance", p.HostName)},
		{Text: p.T("ui.part.repeated"), Value: p.Frame.Signed(-s.Repeated), Path: p.who("instance", p.HostName, "accounts", "2")},
		{Text: p.T("ui.part.without"), Why: p.T("ui.part.without_why"), Value: p.Frame.Signed(-s.ConsumeWithout), Path: p.who("anyway", p.HostName)},
		{Text: p.T("ui.part.only_here"), Why: why, Value: p.Frame.Number(s.OnlyHere), Total: true, Path: p.who("only", p.HostName)},
	}
}
