package store

import (
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/oneseat/oneseat/licensing"
)

// The documents of the cloud side. Their keys are those of the cloud list
// where it has them; what is empty is left out.
type (
	cloudDocument struct {
		ID                   string               `json:"id,omitempty"`
		Login                string               `json:"login"`
		Name                 string               `json:"name,omitempty"`
		Suspended            bool                 `json:"suspended,omitzero"`
		TwoFactor            *bool                `json:"two_factor,omitzero"`
		Emails               []cloudEmail         `json:"emails,omitempty"`
		SAML                 []samlDocument       `json:"saml_identities,omitempty"`
		SCIM                 []scimDocument       `json:"scim_identities,omitempty"`
		Organizations        []membershipDocument `json:"organizations,omitempty"`
		EnterpriseRoles      []string             `json:"enterprise_roles,omitempty"`
		OutsideCollaborator  []string             `json:"outside_collaborator,omitempty"`
		PendingOrganizations []string             `json:"pending_organizations,omitempty"`
		Reported             bool                 `json:"reported,omitzero"`
	}
	cloudEmail struct {
		Email    string `json:"email"`
		Primary  bool   `json:"primary,omitzero"`
		Verified bool   `json:"verified,omitzero"`
	}
	samlDocument struct {
		Organization string              `json:"organization,omitempty"`
		NameID       string              `json:"name_id,omitempty"`
		Attributes   []attributeDocument `json:"attributes,omitempty"`
	}
	attributeDocument struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	scimDocument struct {
		Organization string   `json:"organization,omitempty"`
		UserName     string   `json:"user_name,omitempty"`
		Emails       []string `json:"emails,omitempty"`
	}
	membershipDocument struct {
		Login string `json:"login"`
		Role  string `json:"role"`
	}
	invitationDocument struct {
		Email        string `json:"email"`
		Organization string `json:"organization,omitempty"`
		Repository   string `json:"repository,omitempty"`
		Outside      bool   `json:"outside_collaborator,omitzero"`
		CreatedAt    int64  `json:"created_at,omitzero"`
		SCIM         bool   `json:"scim,omitzero"`
		Failed       bool   `json:"failed,omitzero"`
	}
	subscriptionDocument struct {
		ID    string `json:"subscription_id,omitempty"`
		Email string `json:"email,omitempty"`
		Login string `json:"login,omitempty"`
	}
	reportRowDocument struct {
		Login             string           `json:"login,omitempty"`
		Servers           []hostIDDocument `json:"server_accounts,omitempty"`
		ServerEmails      []string         `json:"server_emails,omitempty"`
		SubscriptionEmail string           `json:"subscription_email,omitempty"`
		InvitationEmail   string           `json:"invitation_email,omitempty"`
		Detail            string           `json:"detail,omitempty"`
	}
	hostIDDocument struct {
		Host string `json:"host"`
		ID   string `json:"id"`
	}
)

// CloudAccountItem is a cloud account as an item.
func CloudAccountItem(a *licensing.CloudAccount) (Item, error) {
	d := cloudDocument{
		ID: a.ID, Login: a.Login, Name: a.Name, Suspended: a.Suspended, TwoFactor: a.TwoFactor,
		EnterpriseRoles: a.EnterpriseRoles, OutsideCollaborator: a.OutsideCollaborator,
		PendingOrganizations: a.PendingOrganizations, Reported: a.Reported,
	}
	for _, e := range a.Emails {
		d.Emails = append(d.Emails, cloudEmail{e.Email.Address(), e.Primary, e.Verified})
	}
	for _, id := range a.SAML {
		s := samlDocument{Organization: id.Organization, NameID: id.NameID.Address()}
		for _, at := range id.Attributes {
			s.Attributes = append(s.Attributes, attributeDocument{at.Name, at.Value.Address()})
		}
		d.SAML = append(d.SAML, s)
	}
	for _, id := range a.SCIM {
		d.SCIM = append(d.SCIM, scimDocument{id.Organization, id.UserName.Address(), addresses(id.Emails)})
	}
	for _, m := range a.Organizations {
		d.Organizations = append(d.Organizations, membershipDocument(m))
	}
	return encode(KindCloudAccount, strings.ToLower(a.Login), d)
}

// DecodeCloudAccount undoes [CloudAccountItem] for a document.
func DecodeCloudAccount(document string) (licensing.CloudAccount, error) {
	d, err := decode[cloudDocument](document)
	a := licensing.CloudAccount{
		ID: d.ID, Login: d.Login, Name: d.Name, Suspended: d.Suspended, TwoFactor: d.TwoFactor,
		EnterpriseRoles: d.EnterpriseRoles, OutsideCollaborator: d.OutsideCollaborator,
		PendingOrganizations: d.PendingOrganizations, Reported: d.Reported,
	}
	for _, e := range d.Emails {
		a.Emails = append(a.Emails, licensing.CloudEmail{Email: licensing.NewEmail(e.Email), Primary: e.Primary, Verified: e.Verified})
	}
	for _, s := range d.SAML {
		id := licensing.SAMLIdentity{Organization: s.Organization, NameID: licensing.NewEmail(s.NameID)}
		for _, at := range s.Attributes {
			id.Attributes = append(id.Attributes, licensing.SAMLAttribute{Name: at.Name, Value: licensing.NewEmail(at.Value)})
		}
		a.SAML = append(a.SAML, id)
	}
	for _, s := range d.SCIM {
		a.SCIM = append(a.SCIM, licensing.SCIMIdentity{
			Organization: s.Organization, UserName: licensing.NewEmail(s.UserName), Emails: emailsOf(s.Emails),
		})
	}
	for _, m := range d.Organizations {
		a.Organizations = append(a.Organizations, licensing.Membership(m))
	}
	return a, err
}

// InvitationItem is an invitation as an item; [CloudItems] gives it its key.
func InvitationItem(v *licensing.Invitation) (Item, error) {
	return encode(KindInvitation, "", invitationDocument{
		Email: v.Email.Address(), Organization: v.Organization, Repository: v.Repository,
		Outside: v.Kind == licensing.InviteOutsideCollaborator, CreatedAt: micros(v.CreatedAt), SCIM: v.SCIM, Failed: v.Failed,
	})
}

// DecodeInvitation undoes [InvitationItem].
func DecodeInvitation(document string) (licensing.Invitation, error) {
	d, err := decode[invitationDocument](document)
	v := licensing.Invitation{
		Email: licensing.NewEmail(d.Email), Organization: d.Organization, Repository: d.Repository,
		CreatedAt: instant(d.CreatedAt), SCIM: d.SCIM, Failed: d.Failed,
	}
	if d.Outside {
		v.Kind = licensing.InviteOutsideCollaborator
	}
	return v, err
}

// SubscriptionItem is a subscription as an item; [CloudItems] gives it its key.
func SubscriptionItem(s *licensing.Subscription) (Item, error) {
	return encode(KindSubscription, "", subscriptionDocument{s.ID, s.Email.Address(), s.Login})
}

// DecodeSubscription undoes [SubscriptionItem].
func DecodeSubscription(document string) (licensing.Subscription, error) {
	d, err := decode[subscriptionDocument](document)
	return licensing.Subscription{ID: d.ID, Email: licensing.NewEmail(d.Email), Login: d.Login}, err
}

// ReportRowItem is a row of GitHub's report as an item; [CloudItems] gives it its
// key.
func ReportRowItem(r *licensing.ReportRow) (Item, error) {
	d := reportRowDocument{
		Login: r.Login, ServerEmails: addresses(r.ServerEmails), SubscriptionEmail: r.SubscriptionEmail.Address(),
		InvitationEmail: r.InvitationEmail.Address(), Detail: r.Detail,
	}
	for _, id := range r.ServerAccounts {
		d.Servers = append(d.Servers, hostIDDocument(id))
	}
	return encode(KindReportRow, "", d)
}

// DecodeReportRow undoes [ReportRowItem].
func DecodeReportRow(document string) (licensing.ReportRow, error) {
	d, err := decode[reportRowDocument](document)
	r := licensing.ReportRow{
		Login: d.Login, ServerEmails: emailsOf(d.ServerEmails), SubscriptionEmail: licensing.NewEmail(d.SubscriptionEmail),
		InvitationEmail: licensing.NewEmail(d.InvitationEmail), Detail: d.Detail,
	}
	for _, id := range d.Servers {
		r.ServerAccounts = append(r.ServerAccounts, licensing.HostID(id))
	}
	return r, err
}

func encode(kind ItemKind, key string, document any) (Item, error) {
	text, err := json.Marshal(document, jsontext.AllowInvalidUTF8(true))
	if err != nil {
		return Item{}, fmt.Errorf("document of kind %s: %w", kind, err)
	}
	return Item{Kind: kind, Key: key, Document: string(text)}, nil
}

func decode[T any](document string) (T, error) {
	var d T
	if err := json.Unmarshal([]byte(document), &d); err != nil {
		return d, fmt.Errorf("document of the cloud side: %w", err)
	}
	return d, nil
}

func addresses(emails []licensing.Email) []string {
	var out []string
	for _, e := range emails {
		out = append(out, e.Address())
	}
	return out
}

func emailsOf(texts []string) []licensing.Email {
	var out []licensing.Email
	for _, text := range texts {
		out = append(out, licensing.NewEmail(text))
	}
	return out
}

// CloudMeta is what the cloud side says beside its items.
type CloudMeta struct {
	Name            string      `json:"name,omitempty"`
	Purchased       int         `json:"purchased,omitempty"`
	Metered         bool        `json:"metered,omitzero"`
	ManagedUsers    bool        `json:"managed_users,omitzero"`
	AsOf            time.Time   `json:"as_of,omitzero"`
	VerifiedDomains []string    `json:"verified_domains,omitempty"`
	Report          *ReportMeta `json:"report,omitempty"`
	Counts          CloudCounts `json:"counts,omitzero"`
}

// CloudCounts is how many of each kind a cloud side has.
type CloudCounts struct {
	Accounts      int `json:"accounts,omitempty"`
	Invitations   int `json:"invitations,omitempty"`
	Subscriptions int `json:"subscriptions,omitempty"`
	Rows          int `json:"report_rows,omitempty"` // of GitHub's report
}

// ReportMeta is what GitHub's report says beside its rows.
type ReportMeta struct {
	Date     time.Time `json:"date,omitzero"`
	Consumed int       `json:"consumed"`
	Missing  int       `json:"missing,omitempty"`
}
