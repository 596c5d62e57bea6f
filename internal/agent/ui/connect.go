package ui

import (
	"net/http"
	"strconv"
	"time"

	"github.com/oneseat/oneseat/internal/agent"
	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/web"
)

func (u *UI) connectRoutes() []web.Route {
	return []web.Route{
		view(string(inConnect), "connect", u.connect),
		deed(string(inConnect), "connect", u.enableConnect),
		view(string(inConnect)+"/disable", "disable-connect", u.askDisable),
		deed(string(inConnect)+"/disable", "disable-connect", u.disableConnect),
		deed(string(inConnect)+"/sync", "license-sync", u.switchSync),
		deed(string(inConnect)+"/schedule", "sync-schedule", u.schedule),
		deed(string(inConnect)+"/key", "connect-key", u.newKey),
		deed("/sync", "sync-now", u.syncNow),
	}
}

// refresh is how often a page loads itself anew while something is awaited; the
// header does it without scripts.
const refresh = 5 * time.Second

// connectPage is Connect: the pairing with a hub, license sync and its schedule,
// and what the hub is told.
type connectPage struct {
	frame

	Sync        *agent.SyncStatus
	Record      *connect.Record // what the hub is told, or would be
	HostName    string
	Fingerprint string
	// Hub is what was typed, to be typed again.
	Hub string
	// Disable says that the page asks whether Connect is to be disabled.
	Disable       bool
	Done, Refusal string
}

func (u *UI) connect(w http.ResponseWriter, r *http.Request) error {
	return u.showConnect(w, r, &connectPage{}, nil)
}

func (u *UI) askDisable(w http.ResponseWriter, r *http.Request) error {
	return u.showConnect(w, r, &connectPage{Disable: true}, nil)
}

func (u *UI) connectRefused(w http.ResponseWriter, r *http.Request, refusal error) error {
	return u.showConnect(w, r, &connectPage{Hub: r.PostFormValue("hub")}, refusal)
}

func (u *UI) showConnect(w http.ResponseWriter, r *http.Request, p *connectPage, refusal error) error {
	p.frame = u.frame(r, inConnect)
	var err error
	if p.Sync, err = u.agent.SyncStatus(r.Context()); err != nil {
		return err
	}
	if p.Record, err = u.agent.ConnectionRecord(r.Context()); err != nil {
		return err
	}
	i, err := u.agent.Instance()
	if err != nil {
		return err
	}
	p.HostName, p.Fingerprint = u.config.HostName, i.Fingerprint().Short()
	p.Done = p.done(r, p.tellable()...)
	if refusal != nil {
		p.Refusal = p.why(refusal)
	}
	p.Disable = p.Disable && (p.Sync.Connection.Connected() || p.Sync.Connection.Pairing())
	if p.Sync.Connection.Pairing() && r.Method == http.MethodGet && !p.Disable {
		awaits(w, refresh)
	}
	return page.Show(w, r, statusAfter(refusal), connectContent(p))
}

// tellable are the deeds that the page says were done: those that are still so.
func (p *connectPage) tellable() []string {
	switch c := p.Sync.Connection; {
	case c.Pairing():
		return []string{"connect"}
	case c.Syncs():
		return []string{"sync_on", "schedule", "key"}
	case c.Connected():
		return []string{"sync_off", "key"}
	default:
		return []string{"disconnect", "disconnect_untold"}
	}
}

// awaits lets the page load itself anew after some time.
func awaits(w http.ResponseWriter, after time.Duration) {
	w.Header().Set("Refresh", strconv.Itoa(int(after/time.Second)))
}

// settledSync answers a form that may have failed on the way to the hub: that is
// no failure of this server.
func (u *UI) settledSync(w http.ResponseWriter, r *http.Request, in area, done string, err error, show func(http.ResponseWriter, *http.Request, error) error) error {
	if f := connect.FailureOf(err); f != nil {
		web.Event(r.Context()).Kind = errs.Unavailable
		return show(w, r, err)
	}
	return u.settled(w, r, in, done, err, show)
}

func (u *UI) enableConnect(w http.ResponseWriter, r *http.Request) error {
	_, err := u.agent.Connect(r.Context(), visitorOf(r.Context()).Actor.Name, r.PostFormValue("hub"), r.PostFormValue("sync") == "yes")
	return u.settledSync(w, r, inConnect, "connect", err, u.connectRefused)
}

func (u *UI) disableConnect(w http.ResponseWriter, r *http.Request) error {
	told, err := u.agent.Disconnect(r.Context(), visitorOf(r.Context()).Actor.Name)
	done := "disconnect"
	if !told {
		done = "disconnect_untold"
	}
	return u.settledSync(w, r, inConnect, done, err, u.connectRefused)
}

func (u *UI) switchSync(w http.ResponseWriter, r *http.Request) error {
	actor := visitorOf(r.Context()).Actor.Name
	if r.PostFormValue("to") == "on" {
		return u.settledSync(w, r, inConnect, "sync_on", u.agent.EnableSync(r.Context(), actor), u.connectRefused)
	}
	return u.settledSync(w, r, inConnect, "sync_off", u.agent.DisableSync(r.Context(), actor), u.connectRefused)
}

func (u *UI) schedule(w http.ResponseWriter, r *http.Request) error {
	at, err := time.Parse("15:04", r.PostFormValue("at"))
	if err != nil {
		err = errs.Wrap(errs.Invalid, err, "agentsync.bad_time")
	} else {
		err = u.agent.SetSchedule(r.Context(), visitorOf(r.Context()).Actor.Name, agent.SyncSettings{
			Every: agent.Every(r.PostFormValue("every")), Weekday: time.Weekday(number(r.PostFormValue("weekday"))), Day: int(number(r.PostFormValue("day"))),
			Hour: at.Hour(), Minute: at.Minute(), OnChange: r.PostFormValue("on_change") == "yes", Asks: r.PostFormValue("asks") == "yes",
		})
	}
	return u.settledSync(w, r, inConnect, "schedule", err, u.connectRefused)
}

func (u *UI) newKey(w http.ResponseWriter, r *http.Request) error {
	return u.settledSync(w, r, inConnect, "key", u.agent.RotateKey(r.Context(), visitorOf(r.Context()).Actor.Name), u.connectRefused)
}

func (u *UI) syncNow(w http.ResponseWriter, r *http.Request) error {
	_, err := u.agent.SyncNow(r.Context(), visitorOf(r.Context()).Actor.Name)
	return u.settledSync(w, r, inLicense, "sync", err, u.showLicense)
}

// why is the sentence of an error; where the catalogue has none for what the hub
// says, its own words.
func (f *frame) why(err error) string {
	if failed := connect.FailureOf(err); failed != nil {
		return f.failure(&agent.Failure{Sentence: agent.Sentence{Key: failed.Key, Args: failed.Args}, Detail: failed.Detail})
	}
	return f.Error(err)
}

// failure is why something failed, as it was kept.
func (f *frame) failure(why *agent.Failure) string {
	if text := f.say(&why.Sentence); text != why.Key || why.Detail == "" {
		return text
	}
	return why.Detail
}

// runState is a run's state in words, and the colour of its label.
func (f *frame) runState(r *agent.Run) (text, label string) {
	text = f.T("pageconnect.run." + string(r.State))
	switch r.State {
	case store.RunSucceeded:
		return text, "success"
	case store.RunFailed:
		return text, "danger"
	case store.RunRetrying, store.RunHeld:
		return text, "attention"
	case store.RunWaiting, store.RunRunning, store.RunChecking:
		return text, "accent"
	case store.RunSuperseded:
	}
	return text, "secondary"
}

// weekdays are those of the week, Monday first, by number.
func (p *connectPage) weekdays() []time.Weekday {
	return []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday}
}

// every is how often license sync comes round once it is enabled here.
func (p *connectPage) every() agent.Every {
	if c := p.Sync.Connection; c != nil && c.Sync.Every != "" {
		return c.Sync.Every
	}
	return agent.Weekly
}

// kept says what of the last connection is in force again with the next one; it is
// empty when nothing is.
func (p *connectPage) kept() string {
	c := p.Sync.Connection
	if c == nil || c.Sync.Every == "" {
		return ""
	}
	said := p.T("pageconnect.kept")
	if c.Sync.Asks {
		said += " " + p.T("pageconnect.kept_asks", "Hub", c.Hub)
	}
	return said
}

// direct is where the owner types the code, with the code where the hub gives such
// an address.
func (p *connectPage) direct() string {
	if code := p.Sync.Connection.Code; code.Direct == "" {
		return code.Page
	}
	return p.Sync.Connection.Code.Direct
}
