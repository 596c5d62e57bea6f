package source

import (
	"slices"
	"strings"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/licensing"
)

// top merges what files say beside the accounts.
func (m *merger) top() {
	side := m.cloud.Side
	from := map[topField]*part{}
	m.slug()
	for _, p := range m.parts {
		if p.asOf.After(side.AsOf) {
			side.AsOf = p.asOf
		}
		for f := range topFields {
			if p.stated.has(f) {
				m.topField(f, p, from)
			}
		}
	}
	m.verifiedDomains(from[topDomains] != nil)
}

// slug takes the enterprise's; a list's word goes before the name of a report's
// file. Files of two enterprises are not merged.
func (m *merger) slug() {
	var first *part // who said it, a list if there is one
	for _, p := range m.parts {
		if p.enterprise.Slug != "" && (first == nil || first.report != nil && p.report == nil) {
			first = p
		}
	}
	if first == nil {
		return
	}
	m.cloud.Side.Enterprise.Slug = first.enterprise.Slug
	for _, p := range m.parts {
		if p.enterprise.Slug == "" || strings.EqualFold(p.enterprise.Slug, first.enterprise.Slug) {
			continue
		}
		m.conflict.name = p.name
		m.problems.add(place{1, 1}, errs.New(errs.Conflict, "source.merge_enterprise",
			"File", p.name, "Other", first.name, "Slug", p.enterprise.Slug, "OtherSlug", first.enterprise.Slug,
			"Named", p.report != nil || first.report != nil))
	}
}

// topField merges one of them.
func (m *merger) topField(f topField, p *part, from map[topField]*part) {
	if old := from[f]; old != nil {
		switch {
		case !sameTop(f, old, p) && !m.settle(old, p, "", f.String()):
			return
		case sameTop(f, old, p) && !later(p, old):
			return
		}
	}
	from[f] = p
	side := m.cloud.Side
	switch f {
	case topName:
		side.Enterprise.Name = p.enterprise.Name
	case topPurchased:
		side.Enterprise.Purchased = p.enterprise.Purchased
	case topBilling:
		side.Enterprise.Billing = p.enterprise.Billing
	case topManagedUsers:
		side.Enterprise.ManagedUsers = p.enterprise.ManagedUsers
	case topDomains:
		side.VerifiedDomains = p.domains
	case topInvitations:
		side.Invitations = p.Invitations
	case topSubscriptions:
		side.Subscriptions = p.Subscriptions
	case topFields:
	}
}

func sameTop(f topField, a, b *part) bool {
	switch f {
	case topName:
		return a.enterprise.Name == b.enterprise.Name
	case topPurchased:
		return a.enterprise.Purchased == b.enterprise.Purchased
	case topBilling:
		return a.enterprise.Billing == b.enterprise.Billing
	case topManagedUsers:
		return a.enterprise.ManagedUsers == b.enterprise.ManagedUsers
	case topDomains:
		return sameSet(a.domains, b.domains, strings.ToLower)
	case topInvitations:
		return sameBag(a.Invitations, b.Invitations, invitationText)
	case topSubscriptions:
		return sameSet(a.Subscriptions, b.Subscriptions, subscriptionText)
	case topFields:
	}
	return true
}

// sameBag compares two lists as texts each of which counts as often as it
// stands there.
func sameBag[T any](a, b []T, text func(T) string) bool {
	return slices.Equal(sortedTexts(a, text), sortedTexts(b, text))
}

func sortedTexts[T any](list []T, text func(T) string) []string {
	texts := make([]string, len(list))
	for i, v := range list {
		texts[i] = text(v)
	}
	slices.Sort(texts)
	return texts
}

// verifiedDomains are those that a list names, else those of the addresses
// that reports show.
func (m *merger) verifiedDomains(named bool) {
	side := m.cloud.Side
	if !named {
		for _, p := range m.parts {
			side.VerifiedDomains = append(side.VerifiedDomains, p.reportDomains...)
		}
		slices.Sort(side.VerifiedDomains)
		side.VerifiedDomains = slices.Compact(side.VerifiedDomains)
	}
	m.domains = map[string]bool{}
	for _, domain := range side.VerifiedDomains {
		if key := domainOf(licensing.NewEmail("a@" + domain)); key != "" {
			m.domains[key] = true
		}
	}
}

// reports chooses the report that gives the figure and the rows.
func (m *merger) reports() {
	var newest *part
	for _, p := range m.parts {
		switch {
		case p.report == nil:
		case newest == nil:
			newest = p
		case m.sameReport(newest, p):
		case m.settle(newest, p, "", "users"):
			newest = p
		}
	}
	if newest == nil {
		return
	}
	m.cloud.Side.Report = newest.report
	m.subscribers(newest.Subscriptions)
	m.warnAboutLeavers(newest)
}

// subscribers adds those of whom a report says no more than that they have a
// subscription, unless a list has theirs already.
func (m *merger) subscribers(reported []licensing.Subscription) {
	side, listed := m.cloud.Side, map[string]bool{}
	for i := range side.Subscriptions {
		listed[strings.ToLower(side.Subscriptions[i].Login)] = true
	}
	for _, s := range reported {
		if !listed[strings.ToLower(s.Login)] {
			side.Subscriptions = append(side.Subscriptions, s)
		}
	}
}

// sameReport says that two reports of one date, or of unknown ones, say the
// same.
func (m *merger) sameReport(a, b *part) bool {
	return !later(a, b) && !later(b, a) && a.report.Consumed == b.report.Consumed &&
		sameBag(a.report.Rows, b.report.Rows, rowText)
}

// warnAboutLeavers counts the accounts that only older reports have.
func (m *merger) warnAboutLeavers(newest *part) {
	if len(m.parts) == 1 {
		return
	}
	current := map[string]bool{}
	for i := range newest.report.Rows {
		current[strings.ToLower(newest.report.Rows[i].Login)] = true
	}
	for _, p := range m.parts {
		if p.report == nil || p == newest {
			continue
		}
		missing := 0
		for i := range p.report.Rows {
			if key := strings.ToLower(p.report.Rows[i].Login); key != "" && !current[key] {
				missing++
			}
		}
		if missing > 0 {
			m.cloud.Warnings = append(m.cloud.Warnings, warning("source.warn_only_older", "File", p.name, "Other", newest.name, "Count", missing))
		}
	}
}
