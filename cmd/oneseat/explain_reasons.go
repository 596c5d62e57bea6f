package main

import (
	"cmp"
	"strings"

	"github.com/oneseat/oneseat/licensing"
)

// server writes a server account and why it belongs where it does.
func (e *explainer) server(p *licensing.Person, a *licensing.PlacedAccount) {
	e.out.Heading(e.T("explain.server_account", "Host", a.Host, "ID", a.ID))
	if !a.Email.IsZero() {
		e.out.Prose(2, e.T("explain.offered", "Address", a.Email.Address()))
	}
	if a.Reason.FromReport {
		e.out.Prose(2, e.T("explain.from_report", "Date", e.date(a.Reason.Source), "Host", a.Host))
	}
	e.placed(p, a)
	if a.Reason.Tie {
		e.tie(a.Reason)
	}
	if p.Cloud < 0 {
		e.misses(a)
	}
}

// placed says which rule decided, in words.
func (e *explainer) placed(p *licensing.Person, a *licensing.PlacedAccount) {
	why := a.Reason
	switch why.Rule {
	case licensing.R0:
		e.joinedByGitHub(p, why)
	case licensing.R3:
		e.because("R3", "licensing.reason.R3", "Login", p.Login, "Attribute", attributeName(why.Attribute), "Value", why.Value.Address())
	case licensing.R4:
		e.because("R4", "licensing.reason.R4", "Login", p.Login)
	case licensing.R5:
		e.because("R5", "licensing.reason.R5")
	case licensing.R6:
		e.alone(len(p.Servers) - 1)
	case licensing.R7:
		e.because("R7", "licensing.reason.R7")
	case licensing.R1, licensing.R2, licensing.R8, licensing.R9, licensing.R10:
		// no server account is placed by these
	}
}

func (e *explainer) joinedByGitHub(p *licensing.Person, why licensing.Reason) {
	key := "licensing.reason.R0_address"
	if why.Attribute == licensing.AttrReportID {
		key = "licensing.reason.R0_id"
	}
	e.because("R0", key, "Login", p.Login, "Date", e.date(why.Source))
}

// tie names the candidates among whom R10, or R0, chose.
func (e *explainer) tie(why licensing.Reason) {
	for _, k := range e.c.result.Conflicts() {
		if k.Value.Address() == why.Value.Address() && len(k.Candidates) > 1 {
			e.because("R10", "licensing.reason.R10", "Chosen", k.Chosen, "Others", bounded(k.Candidates[1:]))
			return
		}
	}
}

// misses says what was looked for in vain, and what almost matched.
func (e *explainer) misses(a *licensing.PlacedAccount) {
	if a.Email.IsZero() {
		return
	}
	if a.Reason.Rule == licensing.R6 {
		e.out.Prose(2, e.T("explain.looked_for", "Value", a.Reason.Value.Address()))
	}
	whole, ok := e.whole[a.HostID]
	if !ok {
		return
	}
	for _, miss := range e.c.nearMisses(whole) {
		e.miss(miss)
	}
}

func (e *explainer) miss(m licensing.NearMiss) {
	switch m.Kind {
	case licensing.MissUnverified:
		e.out.Prose(2, e.T("explain.miss_unverified", "Login", m.Login))
	case licensing.MissSecondary:
		e.out.Prose(2, e.T("explain.miss_secondary", "Login", m.Login, "Mine", m.Mine.Address()))
	case licensing.MissOtherDomain:
		e.out.Prose(2, e.T("explain.miss_other_domain", "Login", m.Login, "Theirs", e.visible(e.theirs(m))))
	}
}

// theirs is the cloud account's address of a near miss, or the value of its
// identity provider.
func (e *explainer) theirs(m licensing.NearMiss) licensing.CloudEmail {
	for i := range e.c.side.Accounts {
		if a := &e.c.side.Accounts[i]; a.Login == m.Login {
			for _, email := range a.Emails {
				if email.Email == m.Theirs {
					return email
				}
			}
		}
	}
	return licensing.CloudEmail{Email: m.Theirs, Verified: true}
}

// invitationHeading says what an invitation is to.
func (e *explainer) invitationHeading(inv *licensing.PlacedInvitation) {
	if to := cmp.Or(inv.Repository, inv.Organization); to != "" {
		e.out.Heading(e.T("explain.invitation", "To", to))
		return
	}
	e.out.Heading(e.T("explain.invitation_reported", "Date", e.date(inv.Reason.Source)))
}

// invitation writes an open invitation and whose it is.
func (e *explainer) invitation(p *licensing.Person, inv *licensing.PlacedInvitation) {
	e.invitationHeading(inv)
	if !inv.Email.IsZero() {
		e.out.Prose(2, e.T("explain.invited", "Address", inv.Email.Address()))
	}
	switch {
	case p.Anchor.Kind == licensing.AnchorException:
		e.because("R8", "licensing.reason.R8_exception", "Login", p.Beside)
	case p.Cloud >= 0:
		e.because("R8", "licensing.reason.R8_found", "Login", p.Login)
	default:
		e.because("R8", "licensing.reason.R8_nobody")
	}
	key := "explain.c4_no"
	if inv.Consumes {
		key = "explain.c4"
	}
	e.because("C4", key)
}

// subscription writes a Visual Studio subscription and why it is this
// person's.
func (e *explainer) subscription(p *licensing.Person, sub *licensing.PlacedSubscription) {
	e.out.Heading(strings.TrimSpace(e.T("explain.subscription", "ID", sub.ID)))
	switch {
	case sub.Row >= 0 && sub.Login != "":
		e.because("R9", "licensing.reason.R9_report", "Login", p.Login, "Date", e.date(e.c.figureDate()))
	case sub.Login != "" && strings.EqualFold(sub.Login, p.Login):
		e.because("R9", "licensing.reason.R9_login", "Login", p.Login)
	case p.Cloud >= 0 || len(p.Servers) > 0:
		e.because("R9", "licensing.reason.R9_address", "Value", sub.Email.Address())
	default:
		e.because("C7", "licensing.reason.R9_nobody")
	}
	if p.License == licensing.LicenseVisualStudio {
		e.because("C6", "explain.c6")
	} else if p.Consumes {
		e.because("C7", "explain.c7_not_bundled")
	}
}

// alone is R6: others with the same address, or none.
func (e *explainer) alone(others int) {
	if others == 0 {
		e.because("R6", "licensing.reason.R6_alone")
		return
	}
	e.because("R6", "licensing.reason.R6", "Count", others)
}
