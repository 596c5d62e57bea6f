package licensingtest

import (
	"cmp"
	"fmt"

	"github.com/oneseat/oneseat/licensing"
)

// placeKey places a key by R3 to R6.
func (p *plain) placeKey(key string) (PlainAnchor, PlainReason) {
	reason := PlainReason{Value: licensing.NewEmail(key)}
	if found, ok := p.findIdentity(key); ok {
		reason.Rule = licensing.R3
		return p.placeHit(key, found, reason)
	}
	if found, ok := p.findVerified(key); ok {
		reason.Rule = licensing.R4
		return p.placeHit(key, found, reason)
	}
	reason.Rule = licensing.R6
	if p.pending[key] {
		reason.Rule = licensing.R5
	}
	return anchorOf(licensing.AnchorAddress, key), reason
}

// placeHit fills in a reason for a value that led to a cloud account.
func (p *plain) placeHit(value string, found hit, reason PlainReason) (PlainAnchor, PlainReason) {
	reason.Attribute = found.attribute
	reason.Value = licensing.NewEmail(value)
	if found.tie() {
		reason.Tie = true
		p.note(value, found)
	}
	return p.cloudAnchor(found.account), reason
}

func (p *plain) placeServers(instances []Instance) {
	for _, instance := range instances {
		host := licensing.NormalHost(instance.Host)
		p.loaded[host] = true
		for i := range instance.Accounts {
			account := &instance.Accounts[i]
			id := licensing.HostID{Host: host, ID: account.UserID}
			key := serverKey(account)
			anchor, reason := p.placeServer(id, key)
			person := p.person(anchor)
			person.Servers = append(person.Servers, PlainAccount{HostID: id, Key: licensing.NewEmail(key), Reason: reason})
		}
	}
}

func (p *plain) placeServer(id licensing.HostID, key string) (PlainAnchor, PlainReason) {
	if anchor, reason, ok := p.placeByGitHub(id, key); ok {
		return anchor, reason
	}
	if key == "" {
		return anchorOf(licensing.AnchorHostID, id.String()), PlainReason{Rule: licensing.R7}
	}
	return p.placeKey(key)
}

// serverKey is R2: the smallest marked key, or the smallest of all when none
// is marked.
func serverKey(account *licensing.ServerAccount) string {
	marked, all, anyMarked := "", "", false
	for _, address := range account.Emails {
		key := keyOf(address.Email.Address())
		all = smaller(all, key)
		if address.Primary {
			anyMarked = true
			marked = smaller(marked, key)
		}
	}
	if anyMarked {
		return marked
	}
	return all
}

// placeByGitHub is R0: the key first, then the HOST:ID; both when they differ
// is a conflict that the key wins.
func (p *plain) placeByGitHub(id licensing.HostID, key string) (PlainAnchor, PlainReason, bool) {
	byKey, keyHit := p.findReported(key)
	byID, idHit := p.findReportedID(id.String())
	reason := PlainReason{Rule: licensing.R0}
	switch {
	case keyHit:
		anchor, reason := p.placeHit(key, byKey, reason)
		if idHit && byID.account != byKey.account {
			reason.Tie = true
			p.note(id.String(), hit{byKey.account, licensing.AttrReportID, []int{byKey.account, byID.account}})
		}
		return anchor, reason, true
	case idHit:
		anchor, reason := p.placeHit(id.String(), byID, reason)
		return anchor, reason, true
	}
	return PlainAnchor{}, reason, false
}

// placeInvitations is R8: those of the list that are open, and the rows of
// GitHub's report that are invitations.
func (p *plain) placeInvitations() {
	for _, invitation := range p.side.Invitations {
		if p.open(&invitation) {
			p.placeInvitation(PlainInvitation{Invitation: invitation, Row: -1, Consumes: p.invitationConsumes(&invitation)})
		}
	}
	twins := map[string]int{}
	for i, row := range p.rows() {
		if !rowInvitation(&row) {
			continue
		}
		placed := PlainInvitation{Invitation: licensing.Invitation{Email: row.InvitationEmail}, Row: i, Consumes: true}
		if keyOf(row.InvitationEmail.Address()) != "" {
			p.placeInvitation(placed)
			continue
		}
		twins[row.Detail]++
		person := p.person(anchorOf(licensing.AnchorInvitation, fmt.Sprintf("%s#%d", row.Detail, twins[row.Detail])))
		placed.Reason = PlainReason{Rule: licensing.R8, FromReport: true}
		person.Invitations = append(person.Invitations, placed)
	}
}

// placeInvitation places one. A row of GitHub's report is a license of its own
// there, so the account it leads to is another person's.
func (p *plain) placeInvitation(placed PlainInvitation) {
	key := keyOf(placed.Invitation.Email.Address())
	placed.Reason = PlainReason{Rule: licensing.R8, Value: licensing.NewEmail(key), FromReport: placed.Row >= 0}
	found, ok := p.findIdentity(key)
	if !ok {
		found, ok = p.findVerified(key)
	}
	anchor, beside := anchorOf(licensing.AnchorAddress, key), ""
	switch {
	case !ok:
		p.pending[key] = true
	case placed.Row >= 0 || p.isException(&placed.Invitation, found.account):
		_, placed.Reason = p.placeHit(key, found, placed.Reason)
		anchor = anchorOf(licensing.AnchorException, key)
		beside = lower(p.side.Accounts[found.account].Login)
	default:
		anchor, placed.Reason = p.placeHit(key, found, placed.Reason)
	}
	person := p.person(anchor)
	person.Beside = beside
	person.Invitations = append(person.Invitations, placed)
}

// isException: an outside_collaborator invitation to an account, not
// suspended, that is an outside collaborator already.
func (p *plain) isException(invitation *licensing.Invitation, account int) bool {
	to := &p.side.Accounts[account]
	return invitation.Kind == licensing.InviteOutsideCollaborator && !to.Suspended && len(to.OutsideCollaborator) > 0
}

// placeSubscriptions is R9.
func (p *plain) placeSubscriptions() {
	for _, subscription := range p.side.Subscriptions {
		p.placeSubscription(PlainSubscription{Subscription: subscription, Row: -1})
	}
	for i, row := range p.rows() {
		if rowSubscription(&row) {
			p.placeSubscription(PlainSubscription{
				Subscription: licensing.Subscription{Email: row.SubscriptionEmail, Login: cmp.Or(row.Login, row.SubscriptionLogin)}, Row: i,
			})
		}
	}
}

func (p *plain) placeSubscription(placed PlainSubscription) {
	placed.Reason.Rule = licensing.R9
	anchor, ok := p.subscriberOf(&placed)
	if !ok {
		p.orphans = append(p.orphans, placed.Subscription)
		if !p.policy.ConsumeUnlinkedSubscribers {
			return
		}
		anchor = anchorOf(licensing.AnchorSubscription, fmt.Sprintf("%s#%d", placed.Subscription.ID, len(p.orphans)))
	}
	person := p.person(anchor)
	person.Subscriptions = append(person.Subscriptions, placed)
}

func (p *plain) subscriberOf(placed *PlainSubscription) (PlainAnchor, bool) {
	if account, ok := p.login[lower(placed.Subscription.Login)]; ok {
		return p.cloudAnchor(account), true
	}
	key := keyOf(placed.Subscription.Email.Address())
	if key == "" {
		return PlainAnchor{}, false
	}
	if found, ok := p.findReported(key); ok {
		var anchor PlainAnchor
		anchor, placed.Reason = p.placeHit(key, found, placed.Reason)
		return anchor, true
	}
	anchor, reason := p.placeKey(key)
	reason.Rule = licensing.R9
	placed.Reason = reason
	return anchor, anchor.Kind == licensing.AnchorCloud || p.people[anchor] != nil
}
