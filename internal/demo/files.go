package demo

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// builder gathers accounts.
type builder struct {
	now    time.Time
	list   cloudList
	rows   map[string][][]string // of the reports, by host
	shown  []Case
	met    int
	logins map[string]bool
}

func begin(now time.Time) *builder {
	return &builder{now: now, rows: map[string][][]string{}, logins: map[string]bool{}, list: cloudList{
		Format: "oneseat-cloud-list/1", AsOf: now.Add(-2 * time.Hour), VerifiedDomains: []string{domain, acquiredDomain},
		Enterprise: enterprise{Slug: Slug, Name: Name, Purchased: Purchased, Billing: "volume"},
	}}
}

// cloudList is docs/cloud-list.md, as far as it is used here.
type cloudList struct {
	Format          string         `json:"format"`
	AsOf            time.Time      `json:"as_of"`
	Enterprise      enterprise     `json:"enterprise"`
	VerifiedDomains []string       `json:"verified_domains"`
	Users           []*cloudUser   `json:"users"`
	Invitations     []invitation   `json:"invitations"`
	Subscriptions   []subscription `json:"visual_studio_subscriptions"`
}

type enterprise struct {
	Slug      string `json:"slug"`
	Name      string `json:"name"`
	Purchased int    `json:"total_seats_purchased"`
	Billing   string `json:"billing"`
}

type cloudUser struct {
	ID            string         `json:"id"`
	Login         string         `json:"login"`
	Name          string         `json:"name"`
	Suspended     bool           `json:"suspended"`
	TwoFactor     bool           `json:"two_factor"`
	Emails        []email        `json:"emails,omitempty"`
	SAML          []samlIdentity `json:"saml_identities,omitempty"`
	SCIM          []scimIdentity `json:"scim_identities,omitempty"`
	Organizations []organization `json:"organizations,omitempty"`
	Roles         []string       `json:"enterprise_roles,omitempty"`
	Collaborates  []string       `json:"outside_collaborator,omitempty"`
}

type (
	email struct {
		Email    string `json:"email"`
		Primary  bool   `json:"primary"`
		Verified bool   `json:"verified"`
	}
	samlIdentity struct {
		Organization string `json:"organization"`
		NameID       string `json:"name_id"`
	}
	scimIdentity struct {
		Organization string `json:"organization"`
		UserName     string `json:"user_name"`
	}
	organization struct {
		Login string `json:"login"`
		Role  string `json:"role"`
	}
	invitation struct {
		Email        string    `json:"email"`
		Organization string    `json:"organization,omitempty"`
		Repository   string    `json:"repository,omitempty"`
		CreatedAt    time.Time `json:"created_at"`
		Source       string    `json:"source"`
	}
	subscription struct {
		ID    string `json:"subscription_id"`
		Email string `json:"email,omitempty"`
		Login string `json:"login,omitempty"`
	}
)

// A trait sets a cloud account apart.
type trait func(*cloudUser)

func verified(address string) trait {
	return func(u *cloudUser) { u.Emails = append(u.Emails, email{address, len(u.Emails) == 0, true}) }
}

func unverified(address string) trait {
	return func(u *cloudUser) { u.Emails = append(u.Emails, email{address, false, false}) }
}

func nameID(value string) trait {
	return func(u *cloudUser) { u.SAML = append(u.SAML, samlIdentity{NameID: value}) }
}

func userName(value string) trait {
	return func(u *cloudUser) { u.SCIM = append(u.SCIM, scimIdentity{UserName: value}) }
}

func inTeam(h human) trait {
	teams := []string{"imaging", "platform", "research", "tools"}
	return func(u *cloudUser) {
		u.Organizations = append(u.Organizations, organization{teams[h.number%len(teams)], "Member"})
	}
}

func collaborates(repository string) trait {
	return func(u *cloudUser) { u.Collaborates = append(u.Collaborates, repository) }
}

func owner(u *cloudUser)            { u.Roles = append(u.Roles, "Owner") }
func billing(u *cloudUser)          { u.Roles = append(u.Roles, "Billing manager") }
func suspendedInCloud(u *cloudUser) { u.Suspended = true }

func (b *builder) cloud(h human, traits ...trait) {
	u := &cloudUser{ID: strconv.Itoa(70001 + len(b.list.Users)), Login: h.login, Name: h.name, TwoFactor: h.number%5 != 0}
	for _, t := range traits {
		t(u)
	}
	b.list.Users = append(b.list.Users, u)
}

// state is how a server account is.
type state string

const (
	suspended state = "suspended"
	dormant   state = "dormant"
)

// server adds a server account, and gives its HOST:ID.
func (b *builder) server(host string, h human, address string, states ...state) string {
	is := map[state]bool{}
	for _, s := range states {
		is[s] = true
	}
	id := strconv.Itoa(len(b.rows[host]) + 1)
	active := b.now.Add(-time.Duration(h.number%20) * day)
	if is[dormant] {
		active = b.now.Add(-150 * day)
	}
	b.rows[host] = append(b.rows[host], []string{
		b.now.Add(-900 * day).Format(time.RFC3339), id, h.login, address, "user", strconv.FormatBool(is[suspended]), "", "1", "1", "1",
		strconv.FormatBool(is[dormant]), active.Format(time.RFC3339), strconv.Quote(h.login), "true",
	})
	return host + ":" + id
}

func (b *builder) invite(address, organization, repository string, ago time.Duration) {
	b.list.Invitations = append(b.list.Invitations, invitation{
		Email: address, Organization: organization, Repository: repository, CreatedAt: b.now.Add(-ago), Source: "member",
	})
}

func (b *builder) inviteByDirectory(address, organization string, ago time.Duration) {
	b.invite(address, organization, "", ago)
	b.list.Invitations[len(b.list.Invitations)-1].Source = "scim"
}

func (b *builder) subscribe(address, login string) {
	id := fmt.Sprintf("00000000-0000-4000-8000-%012d", len(b.list.Subscriptions)+1)
	b.list.Subscriptions = append(b.list.Subscriptions, subscription{ID: id, Email: address, Login: login})
}

func (b *builder) show(find, rule string, licenses int, why string) {
	b.shown = append(b.shown, Case{Find: find, Rule: rule, Licenses: licenses, Why: why})
}

func (b *builder) files() (*Files, error) {
	list, err := json.MarshalIndent(b.list, "", "  ")
	if err != nil {
		return nil, err
	}
	f := &Files{CloudList: append(list, '\n'), Reports: map[string][]byte{}, Cases: b.shown}
	for host, rows := range b.rows {
		var out bytes.Buffer
		w := csv.NewWriter(&out)
		_ = w.Write([]string{
			"created_at", "id", "login", "email", "role", "suspended?", "last_logged_ip", "repos", "ssh_keys", "org_memberships", "dormant?",
			"last_active", "raw_login", "2fa_enabled?",
		})
		if err := w.WriteAll(rows); err != nil {
			return nil, err
		}
		f.Reports[host] = out.Bytes()
	}
	return f, nil
}
