package ui

import (
	"net/http"
	"time"

	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/web"
)

func (u *UI) instanceSettingRoutes() []web.Route {
	return []web.Route{
		view(inServerInstances.pattern(""), "instance-settings", u.instanceSettings),
		deed(inServerInstances.pattern(""), "change-instance-settings", u.changeInstanceSettings),
	}
}

// instanceSettingsPage is Instances: by what each is known, and what holds for
// all of them.
type instanceSettingsPage struct {
	frame
	*hub.Overview

	// LeaveOut is whether accounts that never signed in are left out of reports
	// by hand.
	LeaveOut      bool
	Refusal, Done string
}

func (u *UI) instanceSettings(w http.ResponseWriter, r *http.Request) error {
	return u.showInstanceSettings(w, r, nil)
}

func (u *UI) showInstanceSettings(w http.ResponseWriter, r *http.Request, refusal error) (err error) {
	p := instanceSettingsPage{frame: u.settingsFrame(r, inServerInstances)}
	if p.Overview, err = u.hub.Overview(r.Context(), p.About.Number); err != nil {
		return err
	}
	p.LeaveOut, p.Done = p.About.Settings.LeaveOutNeverSignedIn, p.done(r, "instances", "age", "hold", "restored")
	if refusal != nil {
		p.Refusal = p.Error(refusal)
	}
	return page.Show(w, r, statusAfter(refusal), instanceSettingsContent(&p))
}

func (u *UI) changeInstanceSettings(w http.ResponseWriter, r *http.Request) error {
	v, leaveOut := visitOf(r.Context()), r.PostFormValue("never_signed_in") == "leave_out"
	_, err := u.hub.ChangeSettings(r.Context(), v.About.Number, v.Actor.Name, func(_ *string, s *hub.Settings) { s.LeaveOutNeverSignedIn = leaveOut })
	return u.settled(w, r, inServerInstances, "instances", err, u.showInstanceSettings)
}

// days is a duration in whole days.
func days(d time.Duration) int { return int(d / (24 * time.Hour)) }
