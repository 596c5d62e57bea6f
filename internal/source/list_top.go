package source

import (
	"strconv"
	"strings"

	"github.com/oneseat/oneseat/licensing"
)

// listKeys are the keys of a cloud list's objects.
type listKeys struct {
	top, enterprise, user, email, saml, attribute, scim, organization, invitation, subscription []string
}

func newListKeys() listKeys {
	return listKeys{
		top:        []string{"format", "as_of", "enterprise", "verified_domains", "users", "invitations", "visual_studio_subscriptions"},
		enterprise: []string{"slug", "name", "total_seats_purchased", "billing", "managed_users"},
		user: []string{
			"id", "login", "name", "suspended", "two_factor", "emails", "saml_identities", "scim_identities",
			"organizations", "enterprise_roles", "outside_collaborator", "pending_organizations",
		},
		email:        []string{"email", "primary", "verified"},
		saml:         []string{"organization", "name_id", "attributes"},
		attribute:    []string{"name", "value"},
		scim:         []string{"organization", "user_name", "emails"},
		organization: []string{"login", "role"},
		invitation:   []string{"email", "organization", "repository", "kind", "created_at", "source", "state"},
		subscription: []string{"subscription_id", "email", "login"},
	}
}

// top reads the list's object.
func (r *listReader) top() {
	o := object{keys: r.keys.top}
	for key := range r.members(&o) {
		switch key {
		case "format":
			r.format()
		case "as_of":
			if at := r.time(); !at.IsZero() {
				r.out.asOf, r.out.date, r.out.someTime = at, at, false
			}
		case "enterprise":
			r.enterprise()
		case "verified_domains":
			r.out.state(topDomains)
			r.out.domains = r.words(r.eachRow(), r.needed)
		case "users":
			for range r.eachRow() {
				r.user()
			}
		case "invitations":
			r.out.state(topInvitations)
			for range r.eachRow() {
				r.invitation()
			}
		case "visual_studio_subscriptions":
			r.out.state(topSubscriptions)
			for range r.eachRow() {
				r.subscription()
			}
		}
	}
	r.require(&o, "format", "enterprise")
}

// format accepts this version's.
func (r *listReader) format() {
	text := r.text()
	version, ours := strings.CutPrefix(text, cloudListFormat)
	n, err := strconv.ParseUint(version, 10, 31)
	switch {
	case text == listFormat || r.stopped():
	case ours && err == nil && n > 1:
		r.problem("source.list_newer", "Version", n)
	default:
		r.problem("source.list_format", "Value", shown(text), "Want", listFormat)
	}
}

func (r *listReader) enterprise() {
	o := object{keys: r.keys.enterprise}
	e := &r.out.enterprise
	for key := range r.members(&o) {
		switch key {
		case "slug":
			e.Slug = r.needed()
		case "name":
			r.out.state(topName)
			e.Name = r.text()
		case "total_seats_purchased":
			r.out.state(topPurchased)
			e.Purchased = r.number()
		case "billing":
			r.out.state(topBilling)
			if r.choice("volume", "metered") == "metered" {
				e.Billing = licensing.Metered
			}
		case "managed_users":
			r.out.state(topManagedUsers)
			e.ManagedUsers = r.boolean()
		}
	}
	r.require(&o, "slug")
}

func (r *listReader) invitation() {
	o := object{keys: r.keys.invitation}
	var i licensing.Invitation
	kind := ""
	for key := range r.members(&o) {
		switch key {
		case "email":
			i.Email = r.email()
			if _, ok := i.Email.Key(); !ok && !r.stopped() {
				r.problem("source.invitation_address", "Value", i.Email.String())
			}
		case "organization":
			i.Organization = r.text()
		case "repository":
			i.Repository = r.maybeRepository()
		case "kind":
			kind = r.choice("member", "outside_collaborator")
		case "created_at":
			i.CreatedAt = r.time()
		case "source":
			i.SCIM = r.choice("member", "scim") == "scim"
		case "state":
			i.Failed = r.choice("open", "failed") == "failed"
		}
	}
	r.require(&o, "email")
	r.target(&o, &i, kind)
	r.out.Invitations = append(r.out.Invitations, i)
}

// maybeRepository is repository, where an empty text says that there is none.
func (r *listReader) maybeRepository() string {
	text := r.text()
	if text != "" && strings.Count(text, "/") != 1 {
		r.problem("source.want_repository", "Value", shown(text))
	}
	return text
}

// target settles what an invitation is to.
func (r *listReader) target(o *object, i *licensing.Invitation, kind string) {
	if r.stopped() {
		return
	}
	toRepository := i.Repository != ""
	if toRepository {
		i.Kind = licensing.InviteOutsideCollaborator
	}
	switch {
	case toRepository == (i.Organization != ""):
		r.problemAt(o.at, "source.invitation_target")
	case kind == "member" && toRepository, kind == "outside_collaborator" && !toRepository:
		r.problemAt(o.at, "source.invitation_kind", "Value", kind)
	}
}

func (r *listReader) subscription() {
	o := object{keys: r.keys.subscription}
	var s licensing.Subscription
	for key := range r.members(&o) {
		switch key {
		case "subscription_id":
			s.ID = r.text()
		case "email":
			s.Email = r.email()
		case "login":
			s.Login = r.text()
		}
	}
	if s.Email.IsZero() && s.Login == "" && !r.stopped() {
		r.problemAt(o.at, "source.subscription_whose")
	}
	r.out.Subscriptions = append(r.out.Subscriptions, s)
}
