package licensing

// Placement is where a server account belongs, and why.
type Placement struct {
	Anchor Anchor
	Reason Reason
}

// verdict is a placement in five bytes: what decided, and the number of the
// key or HOST:ID that did.
type verdict struct {
	ref uint32
	why why
}

// why says what decided about an account. The low half is the attribute that
// was hit, or one of the three codes for accounts that hit no cloud account.
type why uint8

const (
	whyAlone   why = why(NoAttribute)      // R7
	whyInvited why = why(AttrReportID) + 1 // R5
	whyKey     why = why(AttrReportID) + 2 // R6

	whyRule     why = 0x0f
	whyTie      why = 0x10
	whyOdd      why = 0x20 // the address as written differs from its key
	whySecurity why = 0x40 // Advanced Security
	whyReported why = 0x80 // known from GitHub's report alone
)

func (w why) attribute() Attribute {
	if a := Attribute(w & whyRule); a <= AttrReportID {
		return a
	}
	return NoAttribute
}

func (w why) rule() Rule {
	switch w & whyRule {
	case whyAlone:
		return R7
	case whyInvited:
		return R5
	case whyKey:
		return R6
	case why(AttrVerifiedEmail):
		return R4
	case why(AttrReportEmail), why(AttrReportID):
		return R0
	default:
		return R3
	}
}

// Place says where a server account of a host belongs. It depends on nothing
// but the cloud side, the policy and the account.
func (ix *Index) Place(host string, a *ServerAccount) Placement {
	host = NormalHost(host)
	o := offerOf(a)
	if !o.ok {
		v := ix.judgeID(host, a.UserID)
		if v.why == whyAlone {
			return Placement{Anchor{AnchorHostID, HostID{host, a.UserID}.String()}, Reason{Rule: R7}}
		}
		return ix.placement(v, "")
	}
	return ix.placement(ix.judge(host, a.UserID, o.key, ix.keys.hash(o.key)), o.key)
}

// judge applies R0, R3, R4 and R5 to an account that offers a key.
func (ix *Index) judge(host, id, key string, hash uint32) verdict {
	n, found := ix.keys.find(key, hash)
	return ix.judgeKey(host, id, n, found)
}

// judgeKey is judge for a key that was looked up.
func (ix *Index) judgeKey(host, id string, n uint32, found bool) verdict {
	held := claim{account: none}
	if found {
		held = ix.keys.holder(n)
	}
	byKey := held.account != none
	if ix.report != nil && ix.policy.UseGitHubJoins && ix.report.hosts[host] {
		isReport := byKey && held.ranks&rankReport != 0
		if v := ix.judgeID(host, id); v.why != whyAlone {
			if !isReport {
				return v
			}
			if ix.report.accountOf(v.ref) != held.account {
				return verdict{n, why(AttrReportEmail) | whyTie}
			}
		}
	}
	switch {
	case byKey:
		return verdict{n, why(held.ranks.attribute()) | held.ranks.tie()}
	case found:
		return verdict{n, whyInvited}
	default:
		return verdict{0, whyKey}
	}
}

// judgeID is R0 by HOST:ID alone.
func (ix *Index) judgeID(host, id string) verdict {
	if ix.report == nil || !ix.policy.UseGitHubJoins {
		return verdict{}
	}
	n, ok := ix.report.find(host, id)
	if !ok || ix.report.accountOf(n) == none {
		return verdict{}
	}
	return verdict{n, why(AttrReportID) | ix.report.tie(n)}
}

// tie says whether R10 decided.
func (r ranks) tie() why {
	if r&rankContested != 0 {
		return whyTie
	}
	return 0
}

// personOf is the person a verdict leads to, for accounts that ended at a
// cloud account or an invitation.
func (ix *Index) personOf(v verdict) person {
	switch v.why & whyRule {
	case why(AttrReportID):
		return person(ix.report.accountOf(v.ref))
	case whyInvited:
		return ix.extraPerson(ix.invited[v.ref])
	default:
		return person(ix.keys.holder(v.ref).account)
	}
}

func (ix *Index) placement(v verdict, key string) Placement {
	r := ix.reason(v, key)
	if v.why&whyRule == whyKey {
		return Placement{Anchor{AnchorAddress, key}, r}
	}
	return Placement{ix.anchor(ix.personOf(v)), r}
}

// reason spells a verdict out. key is the account's own key.
func (ix *Index) reason(v verdict, key string) Reason {
	r := Reason{
		Rule: v.why.rule(), Attribute: v.why.attribute(),
		Tie: v.why&whyTie != 0, FromReport: v.why&whyReported != 0,
	}
	switch v.why & whyRule {
	case whyAlone:
	case why(AttrReportID):
		r.Value = Email{ix.report.hostID(v.ref).String()}
	default:
		r.Value = Email{key}
	}
	if ix.report != nil && (r.Rule == R0 || r.FromReport) {
		r.Source = ix.report.date
	}
	return r
}

// anchor names the person of a cloud account or an extra.
func (ix *Index) anchor(p person) Anchor {
	if int(p) < ix.accounts.len() {
		return Anchor{AnchorCloud, string(ix.accounts.logins.text(uint32(p)))}
	}
	x := &ix.extras[int(p)-ix.accounts.len()]
	switch x.kind {
	case extraInvited:
		return Anchor{AnchorAddress, string(ix.keys.text(x.key))}
	case extraException:
		return Anchor{AnchorException, string(ix.keys.text(x.key))}
	default:
		return Anchor{AnchorInvitation, x.text}
	}
}
