package licensing

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/zeebo/xxh3"
)

// extraKind says which person without a cloud account an extra is.
type extraKind uint8

const (
	extraInvited   extraKind = iota // R8: an invited address nobody has
	extraException                  // R8's exception
	extraRow                        // an invitation in a report that names no address
)

// extra is a person the cloud side knows without a cloud account.
type extra struct {
	kind        extraKind
	key         uint32 // invited and exception
	text        string // row: what follows "invitation:"
	beside      uint32 // exception: the cloud account; else none
	consumes    bool   // by C4
	invitations []uint32
}

// invitationLife is how long an invitation that did not come through SCIM is
// open (C4).
const invitationLife = 7 * 24 * time.Hour

func isOpen(inv *Invitation, at time.Time) bool {
	return !inv.Failed && (inv.SCIM || inv.CreatedAt.IsZero() || at.Sub(inv.CreatedAt) <= invitationLife)
}

// inviteConsumes is C4 for an open invitation.
func (p Policy) inviteConsumes(kind InvitationKind) bool {
	return !p.ManagedUsers && (kind == InviteOutsideCollaborator || p.Billing != Metered)
}

// placeInvitation is R8: the address is resolved like a server key by R3, R4
// and R10; R0 is not asked.
func (ix *Index) placeInvitation(inv PlacedInvitation) {
	inv.Consumes = inv.Row >= 0 || ix.policy.inviteConsumes(inv.Kind)
	key, _ := addressKey(inv.Email.text)
	n := ix.keys.keyNumber(key)
	inv.Reason = Reason{Rule: R8, Value: Email{key}}
	if inv.Row >= 0 {
		inv.Reason.Source, inv.Reason.FromReport = ix.report.date, true
	}
	to := ix.invitedTo(n)
	if to.account == none {
		ix.invite(inv, ix.extraFor(ix.invited, n, extraInvited, none))
		return
	}
	account := to.account
	inv.Reason.Attribute, inv.Reason.Tie = to.attribute, to.tie
	if inv.Row >= 0 || ix.isException(&inv, account) {
		ix.invite(inv, ix.extraFor(ix.exceptions, n, extraException, account))
		return
	}
	ix.invitations = append(ix.invitations, inv)
	ix.inviteOwner = append(ix.inviteOwner, person(account))
	if inv.Consumes && !ix.accounts.is(account, isSuspended) {
		ix.accounts.flags[account] |= consumesAny
	}
}

// resolved is what R8 made of a key.
type resolved struct {
	account   uint32 // none: nobody has it
	attribute Attribute
	tie       bool
}

// invitedTo applies R3, R4 and R10 to a key, once however many invitations
// there are to it.
func (ix *Index) invitedTo(key uint32) resolved {
	if to, ok := ix.resolved[key]; ok {
		return to
	}
	if c := ix.keys.contested[key]; c != nil {
		c.settle()
	}
	to := resolved{account: none}
	if candidates, rank := ix.winner(ix.keys.claims(key), allRanks&^rankReport); len(candidates) > 0 {
		to = resolved{candidates[0].account, rank.attribute(), len(candidates) > 1}
	}
	ix.resolved[key] = to
	return to
}

// isException: an e-mail invitation as outside collaborator to an account
// that is one already takes a license of its own until it is accepted.
func (ix *Index) isException(inv *PlacedInvitation, account uint32) bool {
	return inv.Kind == InviteOutsideCollaborator &&
		ix.accounts.is(account, isOutside) && !ix.accounts.is(account, isSuspended)
}

// extraFor gives the extra of a key, made when it is the key's first.
func (ix *Index) extraFor(of map[uint32]uint32, key uint32, kind extraKind, beside uint32) uint32 {
	n, ok := of[key]
	if !ok {
		n = uint32(len(ix.extras)) //nolint:gosec // fewer than invitations
		of[key] = n
		ix.extras = append(ix.extras, extra{kind: kind, key: key, beside: beside})
	}
	return n
}

func (ix *Index) invite(inv PlacedInvitation, to uint32) {
	x := &ix.extras[to]
	x.consumes = x.consumes || inv.Consumes
	x.invitations = append(x.invitations, uint32(len(ix.invitations))) //nolint:gosec // as above
	ix.invitations = append(ix.invitations, inv)
	ix.inviteOwner = append(ix.inviteOwner, ix.extraPerson(to))
}

func (ix *Index) extraPerson(n uint32) person { return person(uint32(ix.accounts.len()) + n) } //nolint:gosec // as above

// placeReportInvitations makes a person of every row of GitHub's report that
// is an invitation: it consumes, and is a person of its own. Equal rows that
// name no address are counted by number.
func (ix *Index) placeReportInvitations() {
	if ix.report == nil {
		return
	}
	seen := map[string]int{}
	for _, row := range ix.report.invitationRows() {
		r := &ix.report.rows[row]
		inv := PlacedInvitation{Invitation: Invitation{Email: r.InvitationEmail}, Row: row, Consumes: true}
		if _, ok := addressKey(r.InvitationEmail.text); ok {
			ix.placeInvitation(inv)
			continue
		}
		inv.Reason = Reason{Rule: R8, Source: ix.report.date, FromReport: true}
		seen[r.Detail]++
		text := strconv.FormatUint(xxh3.HashString(r.Detail), 16) + "#" + strconv.Itoa(seen[r.Detail])
		ix.extras = append(ix.extras, extra{kind: extraRow, text: text, beside: none})
		ix.invite(inv, uint32(len(ix.extras)-1)) //nolint:gosec // as above
	}
}

// sortInvitations brings invitations into an order of their own, so that the
// order they were given in changes nothing.
func sortInvitations(all []Invitation) {
	slices.SortFunc(all, func(a, b Invitation) int {
		return cmp.Or(
			cmp.Compare(a.Email.text, b.Email.text),
			cmp.Compare(a.Kind, b.Kind),
			cmp.Compare(a.Organization, b.Organization),
			cmp.Compare(a.Repository, b.Repository),
			a.CreatedAt.Compare(b.CreatedAt),
			firstTrue(a.SCIM, b.SCIM),
		)
	})
}

// Lapses is when the invitation stops being open by itself; zero: it never does,
// or nobody knows when it was sent.
func (i Invitation) Lapses() time.Time {
	if i.SCIM || i.CreatedAt.IsZero() {
		return time.Time{}
	}
	return i.CreatedAt.Add(invitationLife)
}
