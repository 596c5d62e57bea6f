package hub

import (
	"context"
	"database/sql"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store"
)

// Audit keeps who changed what, and who read whole addresses. Record writes in
// the transaction of the change, so that there is no change without its entry
// and no entry without its change; it may be called again when the transaction
// is tried again. Details hold no whole address.
type Audit interface {
	Record(ctx context.Context, tx *sql.Tx, enterprise int64, actor, action, target string, details map[string]any) error
}

// What the hub records. Where GitHub's audit log has an action of the same
// meaning (license-sync.md 18), its name is used.
const (
	AuditEnterprise = "business.create"
	AuditSettings   = "oneseat.settings_change"
	AuditFigure     = "oneseat.github_figure_set"
	AuditRecipient  = "oneseat.recipient_change"
	// AuditUpload is a usage file, or a server's own report, that arrived; a
	// sync's too.
	AuditUpload    = "dotcom_connection.upload_license_usage"
	AuditLoad      = "oneseat.cloud_load"
	AuditUndo      = "oneseat.undo"            // asked for, not yet applied
	AuditRemoval   = "oneseat.instance_remove" // asked for, not yet applied
	AuditConfirm   = "oneseat.instance_confirm"
	AuditImport    = "business.import_license_usage" // usage that counts from now on
	AuditApply     = "oneseat.upload_apply"          // anything else that counts from now on
	AuditDiscard   = "oneseat.upload_discard"
	AuditSupersede = "oneseat.upload_supersede"
	AuditRefuse    = "oneseat.upload_refuse"
	AuditReveal    = "oneseat.address_reveal"
	AuditExport    = "oneseat.person_export"
	AuditErase     = "oneseat.person_erase"
	AuditReport    = "oneseat.report_read"
	AuditEnrolment = "oneseat.enrolment_make"

	AuditContractAdd    = "oneseat.contract_line_add"
	AuditContractChange = "oneseat.contract_line_change"
	AuditContractRemove = "oneseat.contract_line_remove"

	AuditWork = "oneseat.worklist_mark"

	// Those of Connect: a connection is what GitHub's log calls the installation
	// of an app. Its token is updated when the first one is given, and when its
	// key changes; the others, one an hour, are no news.
	AuditConnect       = "enterprise_installation.create"
	AuditDisconnect    = "enterprise_installation.destroy"
	AuditConnectToken  = "enterprise_installation.token_updated"
	AuditConnectDeny   = "oneseat.connect_deny"
	AuditConnectRefuse = "oneseat.connect_refuse" // a token: a second machine, or a copy of what was said before
	AuditConnectResume = "oneseat.connect_resume"
	AuditSyncRequest   = "oneseat.sync_request"
	AuditSyncHold      = "oneseat.sync_hold"
	AuditAgeObjective  = "oneseat.age_objective_set"
)

// AuditActions are the actions above, for lists to choose from.
func AuditActions() []string {
	return []string{
		AuditEnterprise, AuditSettings, AuditFigure, AuditRecipient, AuditUpload, AuditLoad, AuditUndo, AuditRemoval,
		AuditConfirm, AuditImport, AuditApply, AuditDiscard, AuditSupersede, AuditRefuse, AuditReveal, AuditExport, AuditErase,
		AuditReport, AuditEnrolment, AuditContractAdd, AuditContractChange, AuditContractRemove, AuditWork,
		AuditConnect, AuditDisconnect, AuditConnectToken, AuditConnectDeny, AuditConnectRefuse, AuditConnectResume,
		AuditSyncRequest, AuditSyncHold, AuditAgeObjective,
	}
}

// record adds an entry in a transaction. Details are name and value in turn.
func (s *Service) record(ctx context.Context, tx *store.Tx, actor, action, target string, details ...any) error {
	if s.audit == nil {
		return nil
	}
	return s.audit.Record(ctx, tx.SQL, tx.Enterprise(), actor, action, target, errs.Args(details))
}

// recordUpload adds an entry about an upload.
func (s *Service) recordUpload(ctx context.Context, tx *store.Tx, actor, action string, u *Upload, details ...any) error {
	details = append(details, "kind", string(u.Kind))
	if u.Source != nowhere {
		details = append(details, "source", u.Source)
	}
	return s.record(ctx, tx, actor, action, u.ID, details...)
}

// arrived is the action of an upload that begins.
func arrived(kind UploadKind) string {
	switch kind {
	case store.UploadUsage, store.UploadCSV:
		return AuditUpload
	case store.UploadCloud:
		return AuditLoad
	case store.UploadUndo:
		return AuditUndo
	default:
		return AuditRemoval
	}
}

// applied is the action of an upload that counts from now on.
func applied(kind UploadKind) string {
	switch kind {
	case store.UploadUsage, store.UploadCSV:
		return AuditImport
	default:
		return AuditApply
	}
}

// refusalDetails names the sentence of a refusal, without its values.
func refusalDetails(r *Refusal) []any {
	if r == nil {
		return nil
	}
	return []any{"sentence", r.Key}
}

// ended is the action of an upload that does not count.
func ended(ending UploadState) string {
	switch ending {
	case store.Discarded:
		return AuditDiscard
	case store.Superseded:
		return AuditSupersede
	default:
		return AuditRefuse
	}
}
