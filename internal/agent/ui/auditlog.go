package ui

import (
	"net/http"

	"github.com/oneseat/oneseat/internal/agent"
	"github.com/oneseat/oneseat/internal/auditlog"
	"github.com/oneseat/oneseat/internal/web"
)

func (u *UI) auditLogRoutes() []web.Route {
	log := auditlog.New(u.desk, agent.AuditActions(), func(r *http.Request) auditlog.Around {
		f := u.frame(r, inAuditLog)
		return auditlog.Around{Frame: f.Frame, Enterprise: agent.Enterprise, Path: string(inAuditLog), Name: "agent"}
	})
	return []web.Route{
		view(string(inAuditLog), "audit-log", log.Show),
		view(string(inAuditLog)+".jsonl", "audit-log-export", log.Export),
	}
}
