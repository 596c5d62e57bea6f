package ui

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
)

// holdSyncs says from how many licenses on a sync waits for an owner.
func (u *UI) holdSyncs(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r.Context())
	var most *int
	err := error(nil)
	if r.PostFormValue("hold") == "hold" {
		n, bad := strconv.Atoi(strings.TrimSpace(r.PostFormValue("licenses")))
		if bad != nil {
			err = errs.New(errs.Invalid, "hub.bad_hold", "Most", hub.MaxSeats)
		}
		most = &n
	}
	if err == nil {
		_, err = u.hub.ChangeSettings(r.Context(), v.About.Number, v.Actor.Name, func(_ *string, s *hub.Settings) { s.HoldSyncs = most })
	}
	return u.settled(w, r, inServerInstances, "hold", err, u.showInstanceSettings)
}

// setAge says how old what counts of a source may be.
func (u *UI) setAge(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r.Context())
	days := 0
	if typed := strings.TrimSpace(r.PostFormValue("days")); typed != "" {
		n, err := strconv.Atoi(typed)
		if err != nil || n == 0 {
			n = -1 // which is refused as any that cannot be
		}
		days = n
	}
	source, err := strconv.ParseInt(r.PostFormValue("source"), 10, 64)
	if err != nil {
		return noPage()
	}
	err = u.hub.SetAgeObjective(r.Context(), v.About.Number, source, days, v.Actor.Name)
	return u.settled(w, r, inServerInstances, "age", err, u.showInstanceSettings)
}

// hubRestored says that this hub was restored from a backup.
func (u *UI) hubRestored(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r.Context())
	_, err := u.hub.ResumeConnect(r.Context(), v.About.Number, v.Actor.Name)
	return u.settled(w, r, inServerInstances, "restored", err, u.showInstanceSettings)
}

// Ages are the sources whose age is watched: the cloud side first.
func (p *instanceSettingsPage) Ages() []hub.SourceState {
	return append([]hub.SourceState{p.Cloud}, p.Instances...)
}

// Hold is from how many licenses on a sync waits; empty: it never does.
func (p *instanceSettingsPage) Hold() string {
	if p.About.Settings.HoldSyncs == nil {
		return ""
	}
	return strconv.Itoa(*p.About.Settings.HoldSyncs)
}

// ageTyped is an objective as the form has it; empty: the usual one.
func ageTyped(s *hub.SourceState) string {
	if s.AgeDays == 0 {
		return ""
	}
	return strconv.Itoa(s.AgeDays)
}
