package ui

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/oneseat/oneseat/internal/agent"
	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/web"
)

func (u *UI) licenseRoutes() []web.Route {
	return []web.Route{
		view("/{$}", "license", u.license),
		deed("/collect", "collect", u.collect),
		deed("/readings/{number}/confirm", "confirm", u.confirm),
		deed("/readings/{number}/discard", "discard", u.discard),
		deed("/seats", "seats", u.seats),
		deed("/resume", "resume", u.resume),
		deed("/renew", "renew", u.renew),
	}
}

// licensePage is License: the licenses of this instance, and how the agent is.
type licensePage struct {
	frame

	Status *agent.Status
	// Sync is how Connect and license sync are, Runs the newest of its runs.
	Sync *agent.SyncStatus
	Runs []*agent.Run
	// Made is the newest usage file that was made to be carried; none, or one.
	Made []store.Export
	// Next is when the source is looked at next; zero: nobody knows.
	Next          time.Time
	Done, Refusal string
}

func (u *UI) license(w http.ResponseWriter, r *http.Request) error { return u.showLicense(w, r, nil) }

func (u *UI) showLicense(w http.ResponseWriter, r *http.Request, refusal error) error {
	p := licensePage{frame: u.frame(r, inLicense)}
	var err error
	if p.Status, err = u.agent.Status(r.Context()); err != nil {
		return err
	}
	if p.Sync, err = u.agent.SyncStatus(r.Context()); err != nil {
		return err
	}
	if p.Runs, err = u.agent.Runs(r.Context(), 0, latest); err != nil {
		return err
	}
	if p.Made, err = u.agent.Exports(r.Context(), 0, 1); err != nil {
		return err
	}
	if after := p.moves(); after > 0 && r.Method == http.MethodGet {
		awaits(w, after)
	}
	if u.config.Next != nil && p.Status.Source != "" {
		p.Next = u.config.Next(p.At)
	}
	p.Done = p.done(r, "collect", "confirm", "discard", "seats", "resume", "renew")
	if len(p.Sync.Unwell) == 0 && p.Sync.Connection.Connected() {
		p.Done += p.done(r, "sync")
	}
	if refusal != nil {
		p.Refusal = p.why(refusal)
	}
	return page.Show(w, r, statusAfter(refusal), licenseContent(&p))
}

// soon is how near the next attempt of a run is that a page waits for.
const soon = 10 * time.Minute

// moves says after what time something may have come of a run, so that the page
// looks by itself; 0: nothing will before long. For one that failed and is tried
// again that is when it is due, so that a form in the page stays as it is until
// then, and one that is due in hours is not waited for.
func (p *licensePage) moves() time.Duration {
	switch run := p.Sync.Open; {
	case run == nil:
		return 0
	case run.State != store.RunRetrying:
		return refresh
	case run.DueAt.Before(p.At.Add(soon)):
		return max(refresh, run.DueAt.Sub(p.At))
	default:
		return 0
	}
}

// collect asks for the source to be read. That it was refused is no refusal of
// the form: the page shows what came of the reading.
func (u *UI) collect(w http.ResponseWriter, r *http.Request) error {
	before, err := u.agent.Readings(r.Context(), 0, 1)
	if err != nil {
		return err
	}
	err = u.agent.CollectLater(r.Context(), visitorOf(r.Context()).Actor.Name)
	if err != nil && u.hasRead(r, before) {
		err = nil
	}
	return u.settled(w, r, inLicense, "collect", err, u.showLicense)
}

// hasRead says that there is a later reading than one, to tell what came of it.
func (u *UI) hasRead(r *http.Request, before []*agent.Reading) bool {
	now, err := u.agent.Readings(r.Context(), 0, 1)
	return err == nil && len(now) > 0 && (len(before) == 0 || now[0].Number > before[0].Number)
}

func (u *UI) confirm(w http.ResponseWriter, r *http.Request) error {
	_, err := u.agent.Confirm(r.Context(), visitorOf(r.Context()).Actor.Name, number(r.PathValue("number")))
	return u.settled(w, r, inLicense, "confirm", err, u.showLicense)
}

func (u *UI) discard(w http.ResponseWriter, r *http.Request) error {
	err := u.agent.Discard(r.Context(), visitorOf(r.Context()).Actor.Name, number(r.PathValue("number")))
	return u.settled(w, r, inLicense, "discard", err, u.showLicense)
}

// seats notes how many licenses there are; nothing, or 0, forgets it.
func (u *UI) seats(w http.ResponseWriter, r *http.Request) error {
	text := strings.TrimSpace(r.PostFormValue("seats"))
	seats, err := strconv.ParseInt(text, 10, 64)
	switch {
	case text == "":
		seats, err = 0, nil
	case err != nil:
		err = errs.Wrap(errs.Invalid, err, "pageagent.seats_number")
	}
	if err == nil {
		err = u.agent.SetSeats(r.Context(), visitorOf(r.Context()).Actor.Name, seats)
	}
	return u.settled(w, r, inLicense, "seats", err, u.showLicense)
}

func (u *UI) resume(w http.ResponseWriter, r *http.Request) error {
	err := confirmed(r)
	if err == nil {
		err = u.agent.Resume(r.Context(), visitorOf(r.Context()).Actor.Name, number(r.PostFormValue("after")))
	}
	return u.settled(w, r, inLicense, "resume", err, u.showLicense)
}

func (u *UI) renew(w http.ResponseWriter, r *http.Request) error {
	err := confirmed(r)
	if err == nil {
		err = u.agent.Renew(r.Context(), visitorOf(r.Context()).Actor.Name)
	}
	return u.settled(w, r, inLicense, "renew", err, u.showLicense)
}

// number is a number of an address or a form, 0 when there is none; nothing has
// the number 0.
func number(text string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// begins says that no usage left the agent yet.
func (p *licensePage) begins() bool {
	left := p.Sync.Delivered != nil || len(p.Made) > 0
	return p.Status.Trouble == nil && (p.Status.Current == nil || p.Status.Enrolment == nil || !left)
}

// total is what the page shows as the total.
func (p *licensePage) total() string {
	if p.Status.Licenses.From == agent.TotalUnknown {
		return "–"
	}
	return p.count(p.Status.Licenses.Total)
}

// totalFrom says where the total comes from.
func (p *licensePage) totalFrom() string {
	switch p.Status.Licenses.From {
	case agent.TotalOwner:
		return p.T("pageagent.total.owner")
	case agent.TotalEnrolment:
		return p.T("pageagent.total.enrolment", "Enterprise", p.Status.Enrolment.Name)
	case agent.TotalUnknown:
	}
	return p.T("pageagent.total.unknown")
}

func (p *licensePage) consumed() string {
	if p.Status.Licenses.Consumed < 0 {
		return "–"
	}
	return p.count(p.Status.Licenses.Consumed)
}

func (p *licensePage) available() string {
	switch l := &p.Status.Licenses; {
	case !l.Known():
		return "–"
	case l.Available < 0:
		return p.Signed(int(l.Available))
	default:
		return p.count(l.Available)
	}
}

// failed says that the last reading was refused, and that nothing graver waits for
// an owner.
func (p *licensePage) failed() bool {
	last := p.Status.Last
	return last != nil && last.State == store.Refused && last.Refusal != nil && p.Status.Held == nil && p.Status.Trouble == nil
}

// counts says what counts after a reading that failed.
func (p *licensePage) counts() string {
	if p.Status.Current == nil {
		return p.T("pageagent.license.failed_first")
	}
	return p.T("pageagent.license.failed_kept")
}

// unwell are the reasons why somebody should look after license sync; nil for none.
func (p *licensePage) unwell() []string {
	var why []string
	for i := range p.Sync.Unwell {
		if p.Status.Trouble == nil || p.Sync.Unwell[i].Key != p.Status.Trouble.Key {
			if cause := p.Sync.Unwell[i].Cause; cause != nil {
				why = append(why, p.failure(cause))
			}
			why = append(why, p.say(&p.Sync.Unwell[i].Sentence))
		}
	}
	return why
}

// said says that the failure of a run is among the reasons above it.
func (p *licensePage) said(r *agent.Run) bool {
	return r.Failure != nil && slices.ContainsFunc(p.Sync.Unwell, func(w agent.Worry) bool { return w.Cause == r.Failure })
}

// startTime is how long after license sync was enabled its first run begins at
// most, while the agent runs.
const startTime = time.Hour

// cause says why there is a run. The first one comes because license sync was
// enabled, whatever the schedule says.
func (p *licensePage) cause(r *agent.Run) string {
	c := p.Sync.Connection
	if r.Cause != store.BySchedule || !c.Syncs() || !p.first(r, c.Sync.EnabledAt) {
		return p.T("pageconnect.cause." + string(r.Cause))
	}
	return p.T("pageconnect.cause.enabled")
}

// first says that a run is the first one after an instant, and soon after it.
func (p *licensePage) first(r *agent.Run, enabled time.Time) bool {
	after := r.AskedAt.Sub(enabled)
	return after >= 0 && after < startTime && !slices.ContainsFunc(p.Runs, func(o *agent.Run) bool {
		return o.Number < r.Number && !o.AskedAt.Before(enabled)
	})
}
