package main

import (
	"slices"
	"strings"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/nearest"
	"github.com/oneseat/oneseat/licensing"
)

// maxExplained is how many people one address may lead to.
const maxExplained = 5

// question is what --explain asks about: a login, an address or HOST:ID.
type question struct {
	text  string
	Key   licensing.Key // of an address
	isKey bool
	id    licensing.HostID // of HOST:ID; empty otherwise
}

func ask(text string) question {
	q := question{text: text}
	q.Key, q.isKey = licensing.NewEmail(text).Key()
	if at := strings.LastIndexByte(text, ':'); !q.isKey && at > 0 && at < len(text)-1 {
		q.id = licensing.HostID{Host: licensing.NormalHost(text[:at]), ID: text[at+1:]}
	}
	return q
}

// find gives the people asked about, in order: of a login or HOST:ID one, of
// an address everybody who has it anywhere.
func (c *counted) find(q question) []licensing.Person {
	var found []licensing.Person
	for p := range c.result.All() {
		if c.isAskedFor(&p, q) {
			found = append(found, p)
			if len(found) == maxExplained {
				break
			}
		}
	}
	return found
}

func (c *counted) isAskedFor(p *licensing.Person, q question) bool {
	switch {
	case q.isKey:
		return c.hasKey(p, q.Key)
	case q.id.Host != "":
		for i := range p.Servers {
			if p.Servers[i].HostID == q.id {
				return true
			}
		}
		return false
	default:
		return p.Login != "" && strings.EqualFold(p.Login, q.text)
	}
}

// hasKey says that an address stands anywhere among what is known of a person.
func (c *counted) hasKey(p *licensing.Person, key licensing.Key) bool {
	is := func(e licensing.Email) bool {
		k, ok := e.Key()
		return ok && k == key
	}
	if slices.ContainsFunc(p.PrimaryEmails(), is) {
		return true
	}
	for i := range p.Invitations {
		if is(p.Invitations[i].Email) {
			return true
		}
	}
	for i := range p.Subscriptions {
		if is(p.Subscriptions[i].Email) {
			return true
		}
	}
	return p.Cloud >= 0 && cloudHas(&c.side.Accounts[p.Cloud], is)
}

// cloudHas says that an address or identity value of a cloud account is one.
func cloudHas(a *licensing.CloudAccount, is func(licensing.Email) bool) bool {
	for _, e := range a.Emails {
		if is(e.Email) {
			return true
		}
	}
	for i := range a.SAML {
		if is(a.SAML[i].NameID) {
			return true
		}
		for _, at := range a.SAML[i].Attributes {
			if is(at.Value) {
				return true
			}
		}
	}
	for i := range a.SCIM {
		if is(a.SCIM[i].UserName) || slices.ContainsFunc(a.SCIM[i].Emails, is) {
			return true
		}
	}
	return false
}

// nobody is the error for a question nobody answers to, with the nearest
// login or instance.
func (c *counted) nobody(q question) error {
	switch {
	case q.isKey:
		return errs.New(errs.NotFound, "explain.no_address", "Address", licensing.NewEmail(q.text))
	case q.id.Host != "":
		return c.noAccount(q.id)
	}
	var logins []string
	for i := range c.side.Accounts {
		logins = append(logins, c.side.Accounts[i].Login)
	}
	if near := nearest.To(q.text, logins); near != "" {
		return errs.New(errs.NotFound, "explain.no_login_near", "Login", q.text, "Near", near)
	}
	return errs.New(errs.NotFound, "explain.no_login", "Login", q.text)
}

func (c *counted) noAccount(id licensing.HostID) error {
	var hosts []string
	for _, in := range c.result.Instances() {
		if in.Host == id.Host {
			return errs.New(errs.NotFound, "explain.no_id", "Host", id.Host, "ID", id.ID)
		}
		hosts = append(hosts, in.Host)
	}
	if near := nearest.To(id.Host, hosts); near != "" {
		return errs.New(errs.NotFound, "explain.no_host_near", "Host", id.Host, "Near", near+":"+id.ID)
	}
	return errs.New(errs.NotFound, "explain.no_host", "Host", id.Host, "Hosts", strings.Join(hosts[:min(len(hosts), maxNames)], ", "))
}
