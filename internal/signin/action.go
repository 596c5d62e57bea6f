package signin

import "slices"

// Action is what happened, as the audit log names it. Where GitHub's audit log
// has a name for the same thing it is that name; the others begin with
// "oneseat.".
type Action string

// The actions, each described by the sentence "audit." + action of the
// catalogue. What is not here cannot be recorded.
const (
	CreatedEnterprise Action = "business.create"
	ChangedSettings   Action = "oneseat.change_settings"

	UploadedUsage     Action = "dotcom_connection.upload_license_usage"
	AppliedUsage      Action = "business.import_license_usage"
	LoadedCloudList   Action = "oneseat.load_cloud_list"
	AppliedCloudList  Action = "oneseat.apply_cloud_list"
	DiscardedUpload   Action = "oneseat.discard_upload"
	Undid             Action = "oneseat.undo"
	ConfirmedInstance Action = "enterprise_installation.create"
	RemovedInstance   Action = "enterprise_installation.destroy"
	AskedRecount      Action = "oneseat.recount"

	RevealedAddress Action = "oneseat.reveal_address"
	ExportedPerson  Action = "oneseat.export_person"
	ErasedPerson    Action = "oneseat.erase_person"

	CreatedToken Action = "oneseat.create_token"
	RevokedToken Action = "oneseat.revoke_token"

	InvitedOwner          Action = "business.invite_admin"
	AddedOwner            Action = "business.add_admin"
	RemovedOwner          Action = "business.remove_admin"
	InvitedBillingManager Action = "business.invite_billing_manager"
	AddedBillingManager   Action = "oneseat.add_billing_manager"
	RemovedBillingManager Action = "oneseat.remove_billing_manager"
	InvitedAuditor        Action = "oneseat.invite_auditor"
	AddedAuditor          Action = "oneseat.add_auditor"
	RemovedAuditor        Action = "oneseat.remove_auditor"

	ForgotEntries Action = "oneseat.forget_audit_entries"
)

// Actions are all actions, in the order of the documentation.
func Actions() []Action {
	return []Action{
		CreatedEnterprise, ChangedSettings,
		UploadedUsage, AppliedUsage, LoadedCloudList, AppliedCloudList, DiscardedUpload, Undid,
		ConfirmedInstance, RemovedInstance, AskedRecount,
		RevealedAddress, ExportedPerson, ErasedPerson,
		CreatedToken, RevokedToken,
		InvitedOwner, AddedOwner, RemovedOwner,
		InvitedBillingManager, AddedBillingManager, RemovedBillingManager,
		InvitedAuditor, AddedAuditor, RemovedAuditor,
		ForgotEntries,
	}
}

func (a Action) known() bool { return slices.Contains(Actions(), a) }

// Message is the key of the sentence that says what the action means.
func (a Action) Message() (key string, args map[string]any) { return "audit." + string(a), nil }
