package ui

import (
	"net/http"
	"strings"

	"github.com/oneseat/oneseat/internal/auditlog"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/web"
)

func (u *UI) auditLogRoutes() []web.Route {
	log := auditlog.New(u.desk, hub.AuditActions(), func(r *http.Request) auditlog.Around {
		f := u.settingsFrame(r, inAuditLog)
		return auditlog.Around{Frame: f.Frame, Enterprise: f.About.Number, Path: f.path(inAuditLog.parts()...), Name: f.About.Slug, About: f.entryAbout}
	})
	return []web.Route{
		watched(inAuditLog.pattern(""), "audit-log", log.Show),
		watched(inAuditLog.pattern(".jsonl"), "audit-log-export", log.Export),
	}
}

// entryAbout says what an entry of the audit log is about, where the entry has a
// number or an id.
func (f *frame) entryAbout(e *signin.Entry) (words, path string) {
	host, _ := e.Details["host"].(string)
	switch string(e.Action) {
	case hub.AuditReport:
		return f.T("pagesettings.audit.about_result", "Number", e.Target), ""
	case hub.AuditReveal, hub.AuditWork:
		id, ok := strings.CutPrefix(e.Target, "person ")
		if !ok {
			return "", ""
		}
		return f.T("pagesettings.audit.about_person"), f.path("people", id)
	case hub.AuditUpload, hub.AuditLoad, hub.AuditUndo, hub.AuditRemoval, hub.AuditConfirm, hub.AuditImport, hub.AuditApply, hub.AuditDiscard,
		hub.AuditSupersede, hub.AuditRefuse:
		kind, _ := e.Details["kind"].(string)
		if kind == "" {
			return f.T("pagesettings.audit.about_upload"), f.path("uploads", e.Target)
		}
		return f.T("ui.upload_kind." + kind), f.path("uploads", e.Target)
	case hub.AuditContractAdd, hub.AuditContractChange, hub.AuditContractRemove:
		return f.T("pagesettings.audit.about_contract", "Number", e.Target), f.path("settings", "licenses")
	case hub.AuditAgeObjective:
		return f.T("pagesettings.audit.about_instance", "Number", e.Target), f.path("instances", e.Target)
	case hub.AuditConnect, hub.AuditDisconnect, hub.AuditConnectToken, hub.AuditConnectRefuse, hub.AuditSyncRequest:
		return f.T("pagesettings.audit.about_connection", "Host", host), ""
	default:
		return "", ""
	}
}
