package agent

import (
	"context"
	"database/sql"

	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/errs"
)

// Audit keeps who changed what. Record writes in the transaction of the change;
// it may be called again when the transaction is tried again. Details hold no
// whole address.
type Audit interface {
	Record(ctx context.Context, tx *sql.Tx, actor, action, target string, details map[string]any) error
}

// What the agent records.
const (
	AuditBegin           = "oneseat.agent_begin"
	AuditSnapshot        = "oneseat.snapshot_take"
	AuditSourceUnchanged = "oneseat.source_unchanged"
	AuditSourceRefused   = "oneseat.source_refuse"
	AuditSourceHeld      = "oneseat.source_hold"
	AuditSourceConfirmed = "oneseat.source_confirm"
	AuditSourceDiscarded = "oneseat.source_discard"
	AuditUsageExport     = "oneseat.usage_export"
	AuditExportFailed    = "oneseat.usage_export_fail"
	AuditEnrolled        = "oneseat.enrolment_apply"
	AuditEnrolRefused    = "oneseat.enrolment_refuse"
	AuditLeft            = "oneseat.enrolment_end"
	AuditSeats           = "oneseat.seats_set"
	AuditResumed         = "oneseat.agent_resume"
	AuditRenewed         = "oneseat.agent_renew"

	AuditConnectBegun   = "oneseat.connect_begin"
	AuditConnectNotMade = "oneseat.connect_fail"
	AuditConnectCreated = "dotcom_connection.create"
	AuditConnectEnded   = "dotcom_connection.destroy"
	AuditTokenUpdated   = "dotcom_connection.token_updated"
	AuditUsageSynced    = "dotcom_connection.upload_license_usage"
	AuditKeyAsked       = "oneseat.connect_key"
	AuditSyncEnabled    = "oneseat.sync_enable"
	AuditSyncDisabled   = "oneseat.sync_disable"
	AuditSyncScheduled  = "oneseat.sync_schedule"
	AuditSyncAsked      = "oneseat.sync_now"
	AuditSyncFailed     = "oneseat.sync_fail"
)

// AuditActions are the actions above, for lists to choose from.
func AuditActions() []string {
	return []string{
		AuditBegin, AuditSnapshot, AuditSourceUnchanged, AuditSourceRefused, AuditSourceHeld, AuditSourceConfirmed, AuditSourceDiscarded,
		AuditUsageExport, AuditExportFailed, AuditEnrolled, AuditEnrolRefused, AuditLeft, AuditSeats, AuditResumed, AuditRenewed,
		AuditConnectBegun, AuditConnectNotMade, AuditConnectCreated, AuditConnectEnded, AuditTokenUpdated, AuditUsageSynced, AuditKeyAsked,
		AuditSyncEnabled, AuditSyncDisabled, AuditSyncScheduled, AuditSyncAsked, AuditSyncFailed,
	}
}

// record adds an entry in a transaction. Details are name and value in turn.
func (s *Service) record(ctx context.Context, tx *store.Tx, actor, action, target string, details ...any) error {
	if s.config.Audit == nil {
		return nil
	}
	return s.config.Audit.Record(ctx, tx.SQL, actor, action, target, errs.Args(details))
}

// recordAlone is record for what changed nothing else, such as a refusal.
func (s *Service) recordAlone(ctx context.Context, actor, action, target string, details ...any) error {
	return s.store.InTx(ctx, func(tx *store.Tx) error { return s.record(ctx, tx, actor, action, target, details...) })
}

// sentenceOf names the sentence of a refusal, for an entry; empty without one.
func sentenceOf(err error) string {
	if r := refusalOf(err); r != nil {
		return r.Key
	}
	return ""
}
