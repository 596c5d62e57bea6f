package report

import (
	"slices"
	"strings"

	"github.com/oneseat/oneseat/licensing"
)

// place says where a field is written. Every field is read wherever it stands.
type place uint8

const (
	always  place = 1 << iota // in JSON, whatever it holds
	whenSet                   // in JSON, when it says something
	notNull                   // in JSON an absent text is "", not null
	genA                      // a column of generation A
	genC                      // a column of generation C
	both    = genA | genC
)

// field is one member of a User: what it is called and where it stands.
type field struct {
	key   string // JSON key, and column of generation A
	where place
	// at gives a pointer to the member, of one of the types that encode and
	// decode switch over.
	at func(*User) any
}

// fields lists the members in the order in which they are written. A member
// may stand twice: under another name as well.
func fields() []field {
	return []field{
		{"github_com_login", always | notNull | both, func(u *User) any { return &u.Login }},
		{"github_com_name", always | both, func(u *User) any { return &u.Name }},
		{"enterprise_server_user_ids", always | both, func(u *User) any { return &u.ServerUsers }},
		{keyCloudUser, always | both, func(u *User) any { return &u.CloudUser }},
		{"enterprise_server_user", always | both, func(u *User) any { return &u.ServerUser }},
		{"visual_studio_subscription_user", always | both, func(u *User) any { return &u.SubscriptionUser }},
		{"license_type", always | both, func(u *User) any { return &u.LicenseType }},
		{"github_com_profile", always | both, func(u *User) any { return &u.Profile }},
		{"github_com_member_roles", always | both, func(u *User) any { return &u.MemberRoles }},
		{"github_com_enterprise_roles", always | both, func(u *User) any { return &u.EnterpriseRoles }},
		{"github_com_enterprise_role", 0, func(u *User) any { return &u.EnterpriseRoles }},
		{"github_com_verified_domain_emails", always | both, func(u *User) any { return &u.VerifiedDomainEmails }},
		{"github_com_saml_name_id", always | both, func(u *User) any { return &u.SAMLNameID }},
		{"github_com_orgs_with_pending_invites", always | both, func(u *User) any { return &u.PendingOrganizations }},
		{"github_com_two_factor_auth", always | both, func(u *User) any { return &u.TwoFactor }},
		{"github_com_two_factor_auth_required_by_date", whenSet | both, func(u *User) any { return &u.TwoFactorRequiredBy }},
		{"github_com_advanced_security_license_user", whenSet | genA, func(u *User) any { return &u.AdvancedSecurity }},
		{"github_com_cost_center", whenSet | genC, func(u *User) any { return &u.CostCenter }},
		{"github_com_code_security_license_user", whenSet | genC, func(u *User) any { return &u.CodeSecurity }},
		{"github_com_secret_protection_license_user", whenSet | genC, func(u *User) any { return &u.SecretProtection }},
		{"ghe_license_active", whenSet | genC, func(u *User) any { return &u.LicenseActive }},
		{"ghe_license_start_date", whenSet | genC, func(u *User) any { return &u.LicenseStart }},
		{"ghe_license_end_date", whenSet | genC, func(u *User) any { return &u.LicenseEnd }},
		{keyServerEmails, always | both, func(u *User) any { return &u.ServerEmails }},
		{"enterprise_server_emails", always, func(u *User) any { return &u.ServerEmails }},
		{"enterprise_server_advanced_security_user_ids", whenSet | genC, func(u *User) any { return &u.AdvancedSecurityServers }},
		{"enterprise_server_code_security_user_ids", whenSet | genC, func(u *User) any { return &u.CodeSecurityServers }},
		{"enterprise_server_secret_protection_user_ids", whenSet | genC, func(u *User) any { return &u.SecretProtectionServers }},
		{"visual_studio_license_status", always | both, func(u *User) any { return &u.SubscriptionStatus }},
		{"visual_studio_subscription_email", always | both, func(u *User) any { return &u.SubscriptionEmail }},
		{"total_user_accounts", always | both, func(u *User) any { return &u.Accounts }},
		{"invitation_email", whenSet | both, func(u *User) any { return &u.InvitationEmail }},
	}
}

const (
	keyCloudUser    = "github_com_user"
	keyServerEmails = "enterprise_server_primary_emails"
)

// required are the columns without which a CSV cannot tell people apart.
func required() []string {
	return []string{
		"github_com_login", keyCloudUser, "enterprise_server_user_ids",
		keyServerEmails, "visual_studio_subscription_email",
	}
}

// title is the column of generations B and C: "GitHub com login".
func (f field) title() string {
	if f.key == "github_com_saml_name_id" {
		return "GitHub com saml name"
	}
	words := strings.ReplaceAll(f.key, "_", " ")
	if rest, ok := strings.CutPrefix(words, "github "); ok {
		return "GitHub " + rest
	}
	return strings.ToUpper(words[:1]) + words[1:]
}

// ColumnKey is the key that a column of any generation stands for:
// "github_com_login" for "GitHub com login" and for GHE.com's "GitHub login".
// A name that is no column's comes back in the same manner of spelling.
func ColumnKey(header string) string {
	key := strings.ReplaceAll(strings.ToLower(strings.TrimSpace(header)), " ", "_")
	if rest, ok := strings.CutPrefix(key, "github_"); ok && !strings.HasPrefix(rest, "com_") {
		key = "github_com_" + rest
	}
	if key == "github_com_saml_name" {
		return "github_com_saml_name_id"
	}
	return key
}

// IsColumn says that a header is a column of a report of any generation.
func IsColumn(header string) bool {
	key := ColumnKey(header)
	return slices.ContainsFunc(fields(), func(f field) bool { return f.key == key })
}

// says is whether a member holds anything that is worth a key of its own.
func says(member any) bool {
	switch v := member.(type) {
	case *string:
		return *v != ""
	case **bool:
		return *v != nil
	case *[]string:
		return len(*v) > 0
	case *licensing.Email:
		return !v.IsZero()
	}
	return true
}
