package licensing_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/licensing/licensingtest"
)

// worked is one line of the worked expectations, computed by hand.
type worked struct {
	name string
	// servers are "HOST ADDRESS…", the primary address marked with a star;
	// user ids are numbered from 1 on each host.
	servers []string
	cloud   []licensing.CloudAccount
	// invitations are "KIND ADDRESS" with "scim" or an age in hours after it.
	invitations   []string
	subscriptions []string // addresses
	policy        func(*licensing.Policy)

	licenses int
	// people are "ANCHOR ACCOUNTS LICENSE RULES": the rules of the server
	// accounts, of invitations and of subscriptions, in that order.
	people    []string
	conflicts []string // "VALUE in ATTRIBUTE: LOGINS", the chosen one first
	warnings  []licensing.WarningCode
}

// TestWorked runs every worked expectation against the engine and against the
// plain reference.
func TestWorked(t *testing.T) {
	t.Parallel()
	for _, w := range slices.Concat(workedJoins(), workedConsuming(), workedInvited(), workedTexts()) {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			side, instances := w.enterprise(t)
			policy := licensing.Documented(side.Enterprise, licensingtest.At())
			if w.policy != nil {
				w.policy(&policy)
			}
			if err := licensingtest.Check(side, instances); err != nil {
				t.Fatalf("impossible: %v", err)
			}
			w.checkPlain(t, licensingtest.Plain(side, policy, instances))
			w.checkEngine(t, mustCount(t, side, policy, instances))
		})
	}
}

// workedJoins are the lines about who is one person: R1 to R7 and R10.
func workedJoins() []worked {
	return []worked{
		{
			name:    "verified address",
			servers: []string{"s1 a@x.example*"}, cloud: accounts(member("mona"), verified("a@x.example")),
			licenses: 1, people: []string{"cloud:mona 2 Enterprise R4"},
		},
		{
			name:     "same address on two instances, written differently",
			servers:  []string{"s1 A@X.example*", "s2 a@x.example*"},
			licenses: 1, people: []string{"address:a@x.example 2 Enterprise R6 R6"},
		},
		{
			name:    "NameID, and only another address verified",
			servers: []string{"s1 a@x.example*"}, cloud: accounts(member("mona"), nameID("a@x.example"), verified("p@home.example")),
			licenses: 1, people: []string{"cloud:mona 2 Enterprise R3"},
		},
		{
			name:    "an identity of one goes before a verified address of another",
			servers: []string{"s1 a@x.example*"},
			cloud: slices.Concat(
				accounts(member("one"), scimEmails("a@x.example")), accounts(member("two"), verified("a@x.example"))),
			licenses: 2, people: []string{"cloud:one 2 Enterprise R3", "cloud:two 1 Enterprise"},
		},
		{
			name:    "SCIM user name and SAML username are one rank: a tie",
			servers: []string{"s1 a@x.example*"},
			cloud: slices.Concat(
				accounts(member("b"), scimUserName("a@x.example")), accounts(member("a"), saml("username", "a@x.example"))),
			licenses: 2, people: []string{"cloud:a 2 Enterprise R3 tie", "cloud:b 1 Enterprise"},
			conflicts: []string{"a@x.example in username: a b"},
		},
		{
			name:    "an unverified address joins nobody",
			servers: []string{"s1 a@x.example*"}, cloud: accounts(member("mona"), unverified("a@x.example")),
			licenses: 2, people: []string{"address:a@x.example 1 Enterprise R6", "cloud:mona 1 Enterprise"},
		},
		{
			name:     "two addresses on two instances, both verified by one account",
			servers:  []string{"s1 a@x.example*", "s2 b@x.example*"},
			cloud:    accounts(member("mona"), verified("a@x.example"), verified("b@x.example")),
			licenses: 1, people: []string{"cloud:mona 3 Enterprise R4 R4"},
		},
		{
			name:    "a secondary address joins nobody",
			servers: []string{"s1 b@x.example* a@x.example"}, cloud: accounts(member("mona"), verified("a@x.example")),
			licenses: 2, people: []string{"address:b@x.example 1 Enterprise R6", "cloud:mona 1 Enterprise"},
		},
		{
			name:    "none marked: the smallest key, with a warning",
			servers: []string{"s1 b@x.example a@x.example"}, cloud: accounts(member("mona"), verified("b@x.example")),
			licenses: 2, people: []string{"address:a@x.example 1 Enterprise R6", "cloud:mona 1 Enterprise"},
			warnings: []licensing.WarningCode{licensing.WarnNoPrimary},
		},
		{
			name:    "a marked primary that is no address: the others do not step in",
			servers: []string{"s1 none* a@x.example"}, cloud: accounts(member("mona"), verified("a@x.example")),
			licenses: 2, people: []string{"account:s1:1 1 Enterprise R7", "cloud:mona 1 Enterprise"},
			warnings: []licensing.WarningCode{licensing.WarnNoAddress},
		},
		{
			name:     "no address, twice",
			servers:  []string{"s1", "s1"},
			licenses: 2, people: []string{"account:s1:1 1 Enterprise R7", "account:s1:2 1 Enterprise R7"},
			warnings: []licensing.WarningCode{licensing.WarnNoAddress},
		},
	}
}

// workedConsuming are the lines about who consumes: C1 to C3.
func workedConsuming() []worked {
	return []worked{
		{
			name:    "unaffiliated, but with a server account",
			servers: []string{"s1 a@x.example*"}, cloud: accounts(login("mona"), verified("a@x.example")),
			licenses: 1, people: []string{"cloud:mona 2 Enterprise R4"},
		},
		{
			name:    "suspended, but with a server account",
			servers: []string{"s1 a@x.example*"}, cloud: accounts(member("mona"), suspended, verified("a@x.example")),
			licenses: 1, people: []string{"cloud:mona 2 Enterprise R4"},
		},
		{
			name:     "suspended",
			cloud:    accounts(member("mona"), suspended, verified("a@x.example")),
			licenses: 0, people: []string{"cloud:mona 1 none"},
		},
		{
			name:        "suspended and invited",
			cloud:       accounts(member("mona"), suspended, verified("a@x.example")),
			invitations: []string{"member a@x.example"},
			licenses:    0, people: []string{"cloud:mona 1 none R8"},
		},
		{
			name:        "unaffiliated and invited",
			cloud:       accounts(login("mona"), verified("a@x.example")),
			invitations: []string{"member A@x.example"},
			licenses:    1, people: []string{"cloud:mona 1 Enterprise R8"},
		},
		{
			name:    "metered: a subscription of somebody without a cloud account does not bundle",
			servers: []string{"s1 a@x.example*"}, subscriptions: []string{"a@x.example"}, policy: metered,
			licenses: 1, people: []string{"address:a@x.example 1 Enterprise R6 R9"},
		},
	}
}

// workedInvited are the lines about invitations: R5, R8 and C4.
func workedInvited() []worked {
	return []worked{
		{
			name:        "an outside collaborator invited as one: beside the person until accepted",
			cloud:       accounts(login("mona"), collaborator, verified("a@x.example")),
			invitations: []string{"collaborator a@x.example"},
			licenses:    2, people: []string{"cloud:mona 1 Enterprise", "exception:a@x.example 0 Enterprise R8 beside mona"},
		},
		{
			name:        "metered: an invitation to an organization does not consume",
			invitations: []string{"member new@x.example", "collaborator ext@x.example"}, policy: metered,
			licenses: 1, people: []string{"address:ext@x.example 0 Enterprise R8", "address:new@x.example 0 none R8"},
		},
		{
			name:        "managed users: no invitation consumes",
			invitations: []string{"member new@x.example"}, policy: managedUsers,
			licenses: 0, people: []string{"address:new@x.example 0 none R8"},
		},
		{
			name:    "a server account and an invitation",
			servers: []string{"s1 a@x.example*"}, invitations: []string{"member a@x.example"},
			licenses: 1, people: []string{"address:a@x.example 1 Enterprise R5 R8"},
		},
		{
			name:        "two invitations to one address",
			invitations: []string{"member a@x.example", "collaborator a@x.example"},
			licenses:    1, people: []string{"address:a@x.example 0 Enterprise R8 R8"},
		},
		{
			name:        "eight days old: expired, unless it came through SCIM",
			invitations: []string{"member a@x.example 192", "member b@x.example 192 scim"},
			licenses:    1, people: []string{"address:b@x.example 0 Enterprise R8"},
		},
		{
			name:    "a server account, an invitation and a subscription",
			servers: []string{"s1 a@x.example*"}, invitations: []string{"member a@x.example"}, subscriptions: []string{"a@x.example"},
			licenses: 1, people: []string{"address:a@x.example 1 Visual Studio subscription R5 R8 R9"},
		},
	}
}

// workedTexts are the lines about address keys.
func workedTexts() []worked {
	return []worked{
		{
			name:    "a tag after a plus is part of the address",
			servers: []string{"s1 a+ci@x.example*"}, cloud: accounts(member("mona"), verified("a@x.example")),
			licenses: 2, people: []string{"address:a+ci@x.example 1 Enterprise R6", "cloud:mona 1 Enterprise"},
		},
		{
			name:    "decomposed letters and an international domain",
			servers: []string{"s1 a\u0308@bu\u0308cher.example*"}, cloud: accounts(member("mona"), verified("ä@xn--bcher-kva.example")),
			licenses: 1, people: []string{"cloud:mona 2 Enterprise R4"},
		},
		{
			name:    "sharp s is a letter of its own in a domain",
			servers: []string{"s1 a@straße.example*"}, cloud: accounts(member("mona"), verified("a@strasse.example")),
			licenses: 2, people: []string{"address:a@xn--strae-oqa.example 1 Enterprise R6", "cloud:mona 1 Enterprise"},
		},
		{
			name:    "underscore and trailing dot",
			servers: []string{"s1 a@a_b.example.*"}, cloud: accounts(member("mona"), verified("A@A_B.example")),
			licenses: 1, people: []string{"cloud:mona 2 Enterprise R4"},
		},
		{
			name:    "two @ are no address",
			servers: []string{"s1 a@b@x.example*"}, cloud: accounts(member("mona"), verified("a@b.example")),
			licenses: 2, people: []string{"account:s1:1 1 Enterprise R7", "cloud:mona 1 Enterprise"},
			warnings: []licensing.WarningCode{licensing.WarnNoAddress},
		},
		{
			name:    "lower case without context",
			servers: []string{"s1 ΟΔΟΣ@x.example*"}, cloud: accounts(member("mona"), verified("οδοσ@x.example")),
			licenses: 1, people: []string{"cloud:mona 2 Enterprise R4"},
		},
	}
}

func (w *worked) enterprise(t *testing.T) (*licensing.CloudSide, []licensingtest.Instance) {
	t.Helper()
	side := &licensing.CloudSide{Accounts: w.cloud}
	for _, text := range w.invitations {
		side.Invitations = append(side.Invitations, mustInvitation(t, text))
	}
	for i, address := range w.subscriptions {
		side.Subscriptions = append(side.Subscriptions,
			licensing.Subscription{ID: fmt.Sprint("vs-", i), Email: licensing.NewEmail(address)})
	}
	var instances []licensingtest.Instance
	for _, text := range w.servers {
		instances = addServer(instances, strings.Fields(text))
	}
	return side, instances
}

func addServer(instances []licensingtest.Instance, words []string) []licensingtest.Instance {
	at := slices.IndexFunc(instances, func(i licensingtest.Instance) bool { return i.Host == words[0] })
	if at < 0 {
		at = len(instances)
		instances = append(instances, licensingtest.Instance{Host: words[0]})
	}
	account := licensing.ServerAccount{UserID: fmt.Sprint(len(instances[at].Accounts) + 1)}
	for _, word := range words[1:] {
		address, primary := strings.CutSuffix(word, "*")
		account.Emails = append(account.Emails, licensing.ServerEmail{Email: licensing.NewEmail(address), Primary: primary})
	}
	instances[at].Accounts = append(instances[at].Accounts, account)
	return instances
}

func mustInvitation(t *testing.T, text string) licensing.Invitation {
	t.Helper()
	words := strings.Fields(text)
	invitation := licensing.Invitation{Email: licensing.NewEmail(words[1]), Organization: "eng", CreatedAt: licensingtest.At()}
	if words[0] == "collaborator" {
		invitation.Kind = licensing.InviteOutsideCollaborator
		invitation.Organization, invitation.Repository = "", "eng/app"
	}
	for _, word := range words[2:] {
		if word == "scim" {
			invitation.SCIM = true
			continue
		}
		hours, err := time.ParseDuration(word + "h")
		if err != nil {
			t.Fatalf("invitation %q: %v", text, err)
		}
		invitation.CreatedAt = licensingtest.At().Add(-hours)
	}
	return invitation
}

func (w *worked) checkEngine(t *testing.T, r *licensing.Result) {
	t.Helper()
	var people, conflicts []string
	for p := range r.All() {
		var rules []string
		for _, a := range p.Servers {
			rules = append(rules, ruleText(a.Reason.Rule, a.Reason.Tie))
		}
		for _, i := range p.Invitations {
			rules = append(rules, ruleText(i.Reason.Rule, i.Reason.Tie))
		}
		for _, s := range p.Subscriptions {
			rules = append(rules, ruleText(s.Reason.Rule, s.Reason.Tie))
		}
		people = append(people, personText(p.Anchor.ID(), p.Accounts(), p.License, rules, p.Beside))
	}
	for _, c := range r.Conflicts() {
		conflicts = append(conflicts, fmt.Sprintf("%s in %s: %s", c.Value.Address(), c.Attribute, strings.Join(c.Candidates, " ")))
	}
	var warnings []licensing.WarningCode
	for _, warning := range r.Warnings() {
		warnings = append(warnings, warning.Code)
	}
	w.check(t, "engine", r.Statement().Licenses, people, conflicts)
	if diff := cmp.Diff(w.warnings, warnings, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("engine: warnings (-want +got):\n%s", diff)
	}
}

func (w *worked) checkPlain(t *testing.T, r *licensingtest.PlainResult) {
	t.Helper()
	var people, conflicts []string
	for _, p := range r.People {
		var rules []string
		for _, a := range p.Servers {
			rules = append(rules, ruleText(a.Reason.Rule, a.Reason.Tie))
		}
		for _, i := range p.Invitations {
			rules = append(rules, ruleText(i.Reason.Rule, i.Reason.Tie))
		}
		for _, s := range p.Subscriptions {
			rules = append(rules, ruleText(s.Reason.Rule, s.Reason.Tie))
		}
		people = append(people, personText(p.Anchor.ID(), p.Accounts(), p.License, rules, p.Beside))
	}
	for _, c := range r.Conflicts {
		conflicts = append(conflicts, fmt.Sprintf("%s in %s: %s", c.Value.Address(), c.Attribute, strings.Join(c.Candidates, " ")))
	}
	w.check(t, "plain", r.Statement.Licenses, people, conflicts)
}

func (w *worked) check(t *testing.T, who string, licenses int, people, conflicts []string) {
	t.Helper()
	if licenses != w.licenses {
		t.Errorf("%s: %d licenses, want %d", who, licenses, w.licenses)
	}
	slices.Sort(people)
	if diff := cmp.Diff(w.people, people, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s: people (-want +got):\n%s", who, diff)
	}
	if diff := cmp.Diff(w.conflicts, conflicts, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s: conflicts (-want +got):\n%s", who, diff)
	}
}

func ruleText(rule licensing.Rule, tie bool) string {
	if tie {
		return rule.String() + " tie"
	}
	return rule.String()
}

func personText(anchor string, accounts int, license licensing.LicenseType, rules []string, beside string) string {
	if license == "" {
		license = "none"
	}
	words := append([]string{anchor, fmt.Sprint(accounts), string(license)}, rules...)
	if beside != "" {
		words = append(words, "beside", beside)
	}
	return strings.Join(words, " ")
}

// accounts is one cloud account with things done to it.
func accounts(account licensing.CloudAccount, with ...func(*licensing.CloudAccount)) []licensing.CloudAccount {
	for _, do := range with {
		do(&account)
	}
	return []licensing.CloudAccount{account}
}

func login(login string) licensing.CloudAccount { return licensing.CloudAccount{Login: login} }

func member(login string) licensing.CloudAccount {
	return licensing.CloudAccount{Login: login, Organizations: []licensing.Membership{{Login: "eng", Role: "Member"}}}
}

func verified(address string) func(*licensing.CloudAccount) { return email(address, true) }

func unverified(address string) func(*licensing.CloudAccount) { return email(address, false) }

func email(address string, verified bool) func(*licensing.CloudAccount) {
	return func(a *licensing.CloudAccount) {
		a.Emails = append(a.Emails, licensing.CloudEmail{Email: licensing.NewEmail(address), Verified: verified})
	}
}

func nameID(value string) func(*licensing.CloudAccount) {
	return func(a *licensing.CloudAccount) {
		a.SAML = append(a.SAML, licensing.SAMLIdentity{NameID: licensing.NewEmail(value)})
	}
}

func saml(name, value string) func(*licensing.CloudAccount) {
	return func(a *licensing.CloudAccount) {
		a.SAML = append(a.SAML, licensing.SAMLIdentity{
			Attributes: []licensing.SAMLAttribute{{Name: name, Value: licensing.NewEmail(value)}},
		})
	}
}

func scimUserName(value string) func(*licensing.CloudAccount) {
	return func(a *licensing.CloudAccount) {
		a.SCIM = append(a.SCIM, licensing.SCIMIdentity{UserName: licensing.NewEmail(value)})
	}
}

func scimEmails(value string) func(*licensing.CloudAccount) {
	return func(a *licensing.CloudAccount) {
		a.SCIM = append(a.SCIM, licensing.SCIMIdentity{Emails: []licensing.Email{licensing.NewEmail(value)}})
	}
}

func suspended(a *licensing.CloudAccount) { a.Suspended = true }

func collaborator(a *licensing.CloudAccount) { a.OutsideCollaborator = []string{"eng/app"} }

func metered(p *licensing.Policy) { p.Billing = licensing.Metered }

func managedUsers(p *licensing.Policy) { p.ManagedUsers = true }
