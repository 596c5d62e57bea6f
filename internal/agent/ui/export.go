package ui

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/oneseat/oneseat/internal/agent"
	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/web"
)

func (u *UI) exportRoutes() []web.Route {
	return []web.Route{
		view("/export", "export", u.export),
		deed("/export", "export", u.download),
		view(string(inSnapshots), "snapshots", u.snapshots),
	}
}

// exportPage is Export license usage: what will leave, and what will not.
type exportPage struct {
	frame

	// Leaving is nil when there is nothing to export; Nothing says why.
	Leaving *agent.Leaving
	Nothing string
	// Last says that the snapshot is the last one.
	Last          bool
	Note, Refusal string
}

func (u *UI) export(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	sequence, err := u.chosen(r.Context(), q.Get("sequence"), q.Get("day"))
	if err != nil {
		return u.showExport(w, r, 0, "", err)
	}
	return u.showExport(w, r, sequence, "", nil)
}

// chosen is the sequence of the snapshot that somebody wants: 0 is the last one.
func (u *UI) chosen(ctx context.Context, sequence, day string) (int64, error) {
	if day == "" {
		return number(sequence), nil
	}
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return 0, errs.Wrap(errs.Invalid, err, "pageagent.snapshots.no_day")
	}
	s, err := u.agent.SnapshotOf(ctx, at)
	return s.Sequence, err
}

// showExport shows what leaves; a refusal stands above it.
func (u *UI) showExport(w http.ResponseWriter, r *http.Request, sequence int64, note string, refusal error) error {
	p := exportPage{frame: u.frame(r, inLicense), Note: note, Last: sequence == 0}
	p.Title = p.T("pageagent.export.title")
	if refusal != nil {
		p.Refusal = p.Error(refusal)
	}
	var err error
	p.Leaving, err = u.agent.Leaving(r.Context(), sequence, note)
	if errs.KindOf(err) == errs.NotFound {
		p.Nothing = p.T("pageagent.export.nothing_do")
		if sequence != 0 {
			p.Nothing = p.Error(err)
		}
	} else if err != nil {
		return err
	}
	return page.Show(w, r, statusAfter(refusal), exportContent(&p))
}

// download answers with a usage file. It was made whole before the answer begins.
func (u *UI) download(w http.ResponseWriter, r *http.Request) error {
	request := agent.ExportRequest{Sequence: number(r.PostFormValue("sequence")), Note: r.PostFormValue("note")}
	e, err := u.agent.Export(r.Context(), visitorOf(r.Context()).Actor.Name, request)
	if page.Refused(err) && err != nil || errs.KindOf(err) == errs.NotFound {
		web.Event(r.Context()).Kind = errs.KindOf(err)
		return u.showExport(w, r, request.Sequence, request.Note, err)
	}
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Disposition", `attachment; filename="`+e.Name()+`"`)
	h.Set("Content-Length", strconv.FormatInt(e.Receipt.Bytes, 10))
	_, err = io.Copy(w, e)
	return errors.Join(err, e.Close())
}

// snapshotsPage is Snapshots: what was taken, exported and read.
type snapshotsPage struct {
	frame

	Snapshots []store.Snapshot
	Exports   []store.Export
	Readings  []*agent.Reading
	KeepDays  int
	// More is the sequence that the next page goes on behind, 0 at the end;
	// First says that this is the first page.
	More  int64
	First bool
}

// Rows of a page.
const (
	snapshotsPerPage = 50
	latest           = 10
)

func (u *UI) snapshots(w http.ResponseWriter, r *http.Request) error {
	p := snapshotsPage{frame: u.frame(r, inSnapshots)}
	before := number(r.URL.Query().Get("before"))
	p.First = before == 0
	var err error
	if p.Snapshots, err = u.agent.Snapshots(r.Context(), before, snapshotsPerPage); err != nil {
		return err
	}
	if len(p.Snapshots) == snapshotsPerPage {
		p.More = p.Snapshots[snapshotsPerPage-1].Sequence
	}
	if p.First {
		if err = u.latest(r, &p); err != nil {
			return err
		}
	}
	return page.Show(w, r, http.StatusOK, snapshotsContent(&p))
}

// latest adds what was exported and read last.
func (u *UI) latest(r *http.Request, p *snapshotsPage) error {
	st, err := u.agent.Status(r.Context())
	if err != nil {
		return err
	}
	p.KeepDays = st.KeepDays
	if p.Exports, err = u.agent.Exports(r.Context(), 0, latest); err != nil {
		return err
	}
	p.Readings, err = u.agent.Readings(r.Context(), 0, latest)
	return err
}

// days are how long snapshots are kept.
func (p *snapshotsPage) days() int {
	if p.KeepDays == 0 {
		return agent.DefaultKeepDays
	}
	return p.KeepDays
}

// sample is a field of the first user, as the visitor may see it.
func (p *exportPage) sample(f *agent.Field) string {
	switch {
	case !f.Email.IsZero():
		return p.address(f.Email)
	case f.Sample == "":
		return "–"
	default:
		return f.Sample
	}
}
