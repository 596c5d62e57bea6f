package licensingtest

import (
	"cmp"
	"maps"
	"slices"

	"github.com/oneseat/oneseat/licensing"
)

// accounts is a set of cloud accounts per value.
type accounts map[string]map[int]bool

func (a accounts) add(value string, account int) {
	if value == "" {
		return
	}
	if a[value] == nil {
		a[value] = map[int]bool{}
	}
	a[value][account] = true
}

// cloudValues are the values that rules R3 and R4 look among.
type cloudValues struct {
	ranked   map[licensing.Attribute]accounts // R3, by rank
	verified accounts                         // R4
}

// ranks are the attributes of R3 in their order.
func ranks() []licensing.Attribute {
	return []licensing.Attribute{
		licensing.AttrClaimName, licensing.AttrClaimEmail, licensing.AttrUserName,
		licensing.AttrNameID, licensing.AttrEmails,
	}
}

// samlRank is the rank of a SAML attribute; names compare exactly.
func samlRank(name string) (licensing.Attribute, bool) {
	switch name {
	case "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name":
		return licensing.AttrClaimName, true
	case "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress":
		return licensing.AttrClaimEmail, true
	case "username":
		return licensing.AttrUserName, true
	case "NameID":
		return licensing.AttrNameID, true
	case "emails":
		return licensing.AttrEmails, true
	}
	return licensing.NoAttribute, false
}

func (p *plain) readCloud() {
	p.cloud = cloudValues{ranked: map[licensing.Attribute]accounts{}, verified: accounts{}}
	for _, rank := range ranks() {
		p.cloud.ranked[rank] = accounts{}
	}
	for i := range p.side.Accounts {
		account := &p.side.Accounts[i]
		p.login[lower(account.Login)] = i
		p.own = append(p.own, p.consumesOnItsOwn(account))
		person := p.person(p.cloudAnchor(i)) // R1
		person.Login = lower(account.Login)
		p.readAccount(i, account)
	}
}

func (p *plain) readAccount(i int, account *licensing.CloudAccount) {
	for _, address := range account.Emails {
		if address.Verified {
			p.cloud.verified.add(keyOf(address.Email.Address()), i)
		}
	}
	for _, identity := range account.SAML {
		p.cloud.ranked[licensing.AttrNameID].add(keyOf(identity.NameID.Address()), i)
		for _, attribute := range identity.Attributes {
			if rank, ok := samlRank(attribute.Name); ok {
				p.cloud.ranked[rank].add(keyOf(attribute.Value.Address()), i)
			}
		}
	}
	for _, identity := range account.SCIM {
		p.cloud.ranked[licensing.AttrUserName].add(keyOf(identity.UserName.Address()), i)
		for _, address := range identity.Emails {
			p.cloud.ranked[licensing.AttrEmails].add(keyOf(address.Address()), i)
		}
	}
}

// hit is a cloud account that a value led to. Candidates are all that have the
// value, in the order of R10.
type hit struct {
	account    int
	attribute  licensing.Attribute
	candidates []int
}

func (h hit) tie() bool { return len(h.candidates) > 1 }

// findIdentity is R3: the first rank with a hit decides.
func (p *plain) findIdentity(key string) (hit, bool) {
	for _, rank := range ranks() {
		if found := p.cloud.ranked[rank][key]; len(found) > 0 {
			return p.choose(key, rank, found), true
		}
	}
	return hit{}, false
}

// findVerified is R4.
func (p *plain) findVerified(key string) (hit, bool) {
	found := p.cloud.verified[key]
	if len(found) == 0 {
		return hit{}, false
	}
	return p.choose(key, licensing.AttrVerifiedEmail, found), true
}

// choose is R10. The key is "" where a HOST:ID was looked for: then no
// candidate has it as a verified address.
func (p *plain) choose(key string, attribute licensing.Attribute, found map[int]bool) hit {
	candidates := slices.Collect(maps.Keys(found))
	slices.SortFunc(candidates, func(a, b int) int {
		return cmp.Or(
			trueFirst(p.cloud.verified[key][a], p.cloud.verified[key][b]),
			trueFirst(p.own[a], p.own[b]),
			cmp.Compare(lower(p.side.Accounts[a].Login), lower(p.side.Accounts[b].Login)),
		)
	})
	return hit{candidates[0], attribute, candidates}
}

func trueFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	default:
		return 1
	}
}

// note reports a tie that decided something.
func (p *plain) note(value string, found hit) {
	conflict := PlainConflict{
		Value: licensing.NewEmail(value), Attribute: found.attribute,
		Chosen: lower(p.side.Accounts[found.account].Login),
	}
	for _, candidate := range found.candidates {
		conflict.Candidates = append(conflict.Candidates, lower(p.side.Accounts[candidate].Login))
	}
	p.conflict[conflict.identity()] = conflict
}

func compareConflicts(a, b PlainConflict) int {
	return cmp.Compare(a.identity(), b.identity())
}
