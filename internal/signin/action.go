package signin

import "regexp"

// Action is what happened, as the audit log names it: "area.what_happened".
// Where GitHub's audit log has a name for the same thing it is that name; the
// others begin with "oneseat.". Roles have actions of their own beside the
// ones below.
type Action string

// The actions of this package.
const (
	TokenCreated Action = "oneseat.token_create" //nolint:gosec // a name, no credential
	TokenRevoked Action = "oneseat.token_revoke" //nolint:gosec // a name, no credential

	OwnerInvited          Action = "business.invite_admin"
	OwnerAdded            Action = "business.add_admin"
	OwnerRemoved          Action = "business.remove_admin"
	BillingManagerInvited Action = "business.invite_billing_manager"
	BillingManagerAdded   Action = "oneseat.billing_manager_add"
	BillingManagerRemoved Action = "oneseat.billing_manager_remove"
	AuditorInvited        Action = "oneseat.auditor_invite"
	AuditorAdded          Action = "oneseat.auditor_add"
	AuditorRemoved        Action = "oneseat.auditor_remove"
	RoleChanged           Action = "oneseat.role_change"

	SignedIn     Action = "oneseat.sign_in"
	SignInFailed Action = "oneseat.sign_in_fail"
	SignedOut    Action = "oneseat.sign_out"
	SessionEnded Action = "oneseat.session_end"

	PasswordSet       Action = "oneseat.password_set"
	SecondFactorSet   Action = "oneseat.second_factor_set"
	RecoveryCodesMade Action = "oneseat.recovery_codes_make"
	RecoveryCodeUsed  Action = "oneseat.recovery_code_use"
	IdentityLinked    Action = "oneseat.identity_link"

	SingleSignOnEnforced Action = "oneseat.single_sign_on_enforce"
	SingleSignOnReleased Action = "oneseat.single_sign_on_release"

	EntriesForgotten Action = "oneseat.audit_log_forget"
)

// Actions are the actions of this package, in the order of the documentation.
func Actions() []Action {
	return []Action{
		TokenCreated, TokenRevoked,
		OwnerInvited, OwnerAdded, OwnerRemoved,
		BillingManagerInvited, BillingManagerAdded, BillingManagerRemoved,
		AuditorInvited, AuditorAdded, AuditorRemoved, RoleChanged,
		SignedIn, SignInFailed, SignedOut, SessionEnded,
		PasswordSet, SecondFactorSet, RecoveryCodesMade, RecoveryCodeUsed, IdentityLinked,
		SingleSignOnEnforced, SingleSignOnReleased,
		EntriesForgotten,
	}
}

var actionNames = regexp.MustCompile(`^[a-z][a-z_]{0,30}\.[a-z][a-z_]{0,60}$`)

// Message is the key of the sentence that says what the action means.
func (a Action) Message() (key string, args map[string]any) { return "audit." + string(a), nil }
