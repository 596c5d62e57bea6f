package ui

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/web"
	"github.com/oneseat/oneseat/usagefile"
)

func (u *UI) connectRoutes() []web.Route {
	const one = account + "/instances/{instance}"
	owned := func(pattern, name string, handler web.Handler) web.Route {
		route := view(pattern, name, handler)
		route.Access = owners()
		return route
	}
	return []web.Route{
		owned(connect.PathEnter, "connect-code", u.connectHere),
		owned(account+"/connect", "connect", u.enterCode),
		deed(account+"/connect", "find-agent", u.findAgent),
		deed(account+"/connect/approve", "approve-agent", u.approveAgent),
		deed(account+"/connect/deny", "deny-agent", u.denyAgent),
		deed(one+"/sync", "sync-now", u.syncNow),
		owned(one+"/disable-connect", "disable-connect", u.askDisable),
		deed(one+"/disable-connect", "disable-connect", u.disableConnect),
		deed(inServerInstances.pattern("/hold"), "hold-syncs", u.holdSyncs),
		deed(inServerInstances.pattern("/age"), "age-objective", u.setAge),
		deed(inServerInstances.pattern("/restored"), "hub-restored", u.hubRestored),
	}
}

// connectHere leads from the address that agents show to the visitor's
// enterprise, with the code.
func (u *UI) connectHere(w http.ResponseWriter, r *http.Request) error {
	all, err := u.hub.Enterprises(r.Context())
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(e hub.EnterpriseInfo) bool { return e.Number == visitOf(r.Context()).Enterprise })
	if i < 0 {
		return noPage()
	}
	path := u.to(r, "/enterprises/"+url.PathEscape(all[i].Slug)+"/connect")
	if code := r.URL.Query().Get("code"); code != "" {
		path += "?" + url.Values{"code": {code}}.Encode()
	}
	http.Redirect(w, r, path, http.StatusSeeOther)
	return nil
}

// connectPage is where an owner types the code of an agent, and then sees who
// shows it.
type connectPage struct {
	frame

	// Code is what was typed, or what the address had.
	Code string
	// Hub is the address of this hub, as agents are told it.
	Hub string
	// Asking is who shows it; nil: nobody was looked for yet.
	Asking  *hub.Asking
	Refusal string
}

// Fingerprint is that of the key that signs the agent's usage files.
func (p *connectPage) Fingerprint() usagefile.Fingerprint {
	return usagefile.KeyFingerprint(p.Asking.InstanceKey)
}

func (u *UI) connectFrame(r *http.Request) *connectPage {
	p := &connectPage{frame: u.frame(r, inConnect, ""), Hub: web.URL(r, "", nil)}
	p.Title = p.T("pagehubconnect.enter.title")
	return p
}

func (u *UI) enterCode(w http.ResponseWriter, r *http.Request) error {
	p := u.connectFrame(r)
	p.Code = r.URL.Query().Get("code")
	return page.Show(w, r, http.StatusOK, connectContent(p))
}

func (u *UI) findAgent(w http.ResponseWriter, r *http.Request) error { return u.showAgent(w, r, nil) }

// showAgent shows who shows a code, with why a form was refused.
func (u *UI) showAgent(w http.ResponseWriter, r *http.Request, refusal error) (err error) {
	p, v := u.connectFrame(r), visitOf(r.Context())
	p.Code = r.PostFormValue("code")
	p.Asking, err = u.hub.Asking(r.Context(), v.About.Number, p.Code, v.ID)
	switch {
	case err != nil && refusal != nil:
	case err != nil && (refused(err) || errs.KindOf(err) == errs.NotFound || errs.KindOf(err) == errs.RateLimited):
		refusal = err
	case err != nil:
		return err
	}
	if p.Asking != nil {
		p.Title = p.T("pagehubconnect.approve.title", "Host", p.Asking.HostName)
	}
	if refusal != nil {
		p.Refusal = p.Error(refusal)
		web.Event(r.Context()).Kind = errs.KindOf(refusal)
	}
	return page.Show(w, r, statusAfter(refusal), connectContent(p))
}

func (u *UI) approveAgent(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r.Context())
	a := hub.Approval{Code: r.PostFormValue("code"), Actor: v.Actor.Name, Who: v.ID}
	switch r.PostFormValue("which") {
	case "same":
		a.SameAs = pathNumber(r.PostFormValue("known"))
	case "other":
		a.HostName = r.PostFormValue("host")
	}
	src, err := u.hub.ApprovePairing(r.Context(), v.About.Number, a)
	switch {
	case err == nil:
		return u.backSaying(w, r, "agent_approved", "instances", (&frame{}).id(src.Number))
	case refused(err) || errs.KindOf(err) == errs.NotFound:
		return u.showAgent(w, r, err)
	default:
		return err
	}
}

func (u *UI) denyAgent(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r.Context())
	err := u.hub.DenyPairing(r.Context(), v.About.Number, r.PostFormValue("code"), v.ID, v.Actor.Name)
	switch {
	case err == nil:
		return u.backSaying(w, r, "agent_denied", "instances")
	case refused(err) || errs.KindOf(err) == errs.NotFound:
		return u.showAgent(w, r, err)
	default:
		return err
	}
}

func (u *UI) syncNow(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r.Context())
	_, err := u.hub.SyncNow(r.Context(), v.About.Number, pathNumber(r.PathValue("instance")), v.Actor.Name)
	return u.toInstance(w, r, "sync_asked", err)
}

// toInstance answers a form of an instance's page: the page again, with what was
// done, or why nothing was.
func (u *UI) toInstance(w http.ResponseWriter, r *http.Request, done string, err error) error {
	switch {
	case err == nil:
		return u.backSaying(w, r, done, "instances", r.PathValue("instance"))
	case refused(err):
		return u.showInstance(w, r, err)
	default:
		return err
	}
}

// disablePage is the second step of Disable Connect.
type disablePage struct {
	frame

	Instance hub.SourceState
}

func (u *UI) askDisable(w http.ResponseWriter, r *http.Request) error {
	p := &disablePage{frame: u.frame(r, inInstances, "")}
	now, err := u.hub.Overview(r.Context(), p.About.Number)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(now.Instances, func(s hub.SourceState) bool { return p.id(s.Number) == r.PathValue("instance") })
	if i < 0 || !now.Instances[i].Connected() {
		return errs.New(errs.NotFound, "hub.not_connected")
	}
	p.Instance = now.Instances[i]
	p.Title = p.T("pagehubconnect.disable.title", "Host", p.Instance.HostName)
	return page.Show(w, r, http.StatusOK, disableContent(p))
}

func (u *UI) disableConnect(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r.Context())
	err := u.hub.DisableConnect(r.Context(), v.About.Number, pathNumber(r.PathValue("instance")), v.Actor.Name)
	return u.toInstance(w, r, "connect_disabled", err)
}
