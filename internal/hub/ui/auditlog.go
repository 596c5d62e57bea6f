package ui

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/oneseat/oneseat/internal/auditlog"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/web"
)

func (u *UI) auditLogRoutes() []web.Route {
	log := auditlog.New(u.desk, hub.AuditActions(), func(r *http.Request) auditlog.Around {
		f := u.settingsFrame(r, inAuditLog)
		names := sync.OnceValue(func() *entryNames { return u.entryNames(r.Context(), &f) }) // whoever exports names nothing
		return auditlog.Around{
			Frame: f.Frame, Enterprise: f.About.Number, Path: f.path(inAuditLog.parts()...), Name: f.About.Slug,
			About: func(e *signin.Entry) (words, path string) { return names().about(r.Context(), e) },
		}
	})
	return []web.Route{
		watched(inAuditLog.pattern(""), "audit-log", log.Show),
		watched(inAuditLog.pattern(".jsonl"), "audit-log-export", log.Export),
	}
}

// entryNames say what entries of the audit log are about, as people know it.
type entryNames struct {
	*UI
	*frame

	// Hosts are the instances' host names by number.
	Hosts map[int64]string
	// Current is the number of the current result; 0: there is none.
	Current int64
	// known are names by what they name: many entries of a page are about the same.
	known map[string]string
}

// entryNames reads what every page of the log needs. What cannot be read is not
// named: the log shows its own words all the same.
func (u *UI) entryNames(ctx context.Context, f *frame) *entryNames {
	n := &entryNames{UI: u, frame: f, Hosts: map[int64]string{}, known: map[string]string{}}
	if sources, err := u.hub.Sources(ctx, f.About.Number); err == nil {
		for i := range sources {
			n.Hosts[sources[i].Number] = sources[i].HostName
		}
	}
	if current, err := u.hub.CurrentNumber(ctx, f.About.Number); err == nil {
		n.Current = current
	}
	return n
}

// once names something that may have been named already.
func (n *entryNames) once(what string, name func() string) string {
	text, ok := n.known[what]
	if !ok {
		text = name()
		n.known[what] = text
	}
	return text
}

// about says what an entry of the audit log is about, where the entry has a
// number or an id.
func (n *entryNames) about(ctx context.Context, e *signin.Entry) (words, path string) {
	host, _ := e.Details["host"].(string)
	switch string(e.Action) {
	case hub.AuditReport:
		return n.once("result "+e.Target, func() string { return n.aResult(ctx, e.Target) }), ""
	case hub.AuditReveal, hub.AuditWork:
		id, ok := strings.CutPrefix(e.Target, "person ")
		if !ok {
			return "", ""
		}
		return n.once("person "+id, func() string { return n.aPerson(ctx, id) }), n.path("people", id)
	case hub.AuditUpload, hub.AuditLoad, hub.AuditUndo, hub.AuditRemoval, hub.AuditConfirm, hub.AuditImport, hub.AuditApply, hub.AuditDiscard,
		hub.AuditSupersede, hub.AuditRefuse, hub.AuditSyncHold:
		return n.once("upload "+e.Target, func() string { return n.anUpload(ctx, e) }), n.path("uploads", e.Target)
	case hub.AuditContractAdd, hub.AuditContractChange, hub.AuditContractRemove:
		return n.T("pagesettings.audit.about_contract", "Number", e.Target), n.path("settings", "licenses")
	case hub.AuditAgeObjective:
		return n.aSource(e.Target)
	case hub.AuditConnect, hub.AuditDisconnect, hub.AuditConnectToken, hub.AuditConnectRefuse, hub.AuditSyncRequest:
		return n.T("pagesettings.audit.about_connection", "Host", host), ""
	default:
		return "", ""
	}
}

// aResult names a count by when it was.
func (n *entryNames) aResult(ctx context.Context, target string) string {
	date := ""
	if number, err := strconv.ParseInt(target, 10, 64); err == nil {
		if at, err := n.hub.CountedAt(ctx, n.About.Number, number); err == nil {
			date = n.Time(at)
		}
	}
	return n.T("pagesettings.audit.about_result", "Date", date, "Number", target)
}

// aPerson is what a person is called who is there still; the log holds no whole
// address, and its page shows none.
func (n *entryNames) aPerson(ctx context.Context, id string) string {
	p, err := n.hub.Person(ctx, n.About.Number, n.Current, id)
	if err != nil {
		return n.T("pagesettings.audit.about_person")
	}
	if number, is := hub.NamelessNumber(p.Name); is {
		return n.T("ui.people.nameless", "Number", number)
	}
	return hub.ClosedEyes().Reported(p.Name)
}

// anUpload is its kind, its file and whose accounts they are.
func (n *entryNames) anUpload(ctx context.Context, e *signin.Entry) string {
	kind, _ := e.Details["kind"].(string)
	name, file, host := n.T("pagesettings.audit.about_upload"), "", ""
	if u, err := n.hub.Upload(ctx, n.About.Number, e.Target); err == nil {
		kind, file, host = string(u.Kind), signin.Masked(u.FileName), n.Hosts[u.Source]
	}
	if kind != "" {
		name = n.T("ui.upload_kind." + kind)
	}
	return strings.Join(slices.DeleteFunc([]string{name, file, host}, func(text string) bool { return text == "" }), " · ")
}

// aSource is the cloud side, or the instance of a number.
func (n *entryNames) aSource(target string) (words, path string) {
	number, err := strconv.ParseInt(target, 10, 64)
	switch host := n.Hosts[number]; {
	case err == nil && number == hub.CloudSource:
		return n.settingName(inCloudSide), n.path(inCloudSide.parts()...)
	case host != "":
		return host, n.path("instances", target)
	default:
		return n.T("pagesettings.audit.about_instance", "Number", target), ""
	}
}
