package ui

import (
	"net/http"

	"github.com/oneseat/oneseat/internal/auditlog"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/web"
)

func (u *UI) auditLogRoutes() []web.Route {
	log := auditlog.New(u.desk, hub.AuditActions(), func(r *http.Request) auditlog.Around {
		f := u.settingsFrame(r, inAuditLog)
		return auditlog.Around{Frame: f.Frame, Enterprise: f.About.Number, Path: f.path(inAuditLog.parts()...), Name: f.About.Slug}
	})
	return []web.Route{
		watched(inAuditLog.pattern(""), "audit-log", log.Show),
		watched(inAuditLog.pattern(".jsonl"), "audit-log-export", log.Export),
	}
}
