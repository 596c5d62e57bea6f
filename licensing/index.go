package licensing

import (
	"slices"
	"strings"
)

// Index is the cloud side made ready to answer one question fast: where does
// this server account belong? It is immutable once built and safe for
// concurrent use.
type Index struct {
	policy   Policy
	accounts accounts
	keys     keyIndex
	// extras are the persons without a cloud account that the cloud side
	// knows by itself: invited people, exceptions, invitations of a report.
	extras        []extra
	invited       map[uint32]uint32 // key → extra (R5)
	exceptions    map[uint32]uint32 // key → extra (R8)
	invitations   []PlacedInvitation
	inviteOwner   []person
	resolved      map[uint32]resolved // R8, by key; while building
	subscriptions []PlacedSubscription
	report        *reportIndex
	figure        *Figure
	warnings      warnings
}

// person numbers a person inside one index or count: first the cloud
// accounts, then the extras, then what a Count adds.
type person uint32

// none is no number at all.
const none = ^uint32(0)

// Builder takes a cloud side piece by piece, for callers that read it as a
// stream; NewIndex does it in one call. The first error sticks.
type Builder struct {
	ix          *Index
	invitations []Invitation
	waiting     CloudShard
	read        uint32 // by approach
	err         error
}

// batch is how many texts are looked up together, so that the memory works
// ahead.
const batch = 1 << 9

// NewIndex indexes a cloud side under a policy. The error is an *Error.
func NewIndex(side *CloudSide, policy Policy) (*Index, error) {
	b := NewBuilder(policy)
	b.Grow(len(side.Accounts))
	for i := range side.Accounts {
		b.Account(&side.Accounts[i])
	}
	for _, inv := range side.Invitations {
		b.Invitation(inv)
	}
	for _, s := range side.Subscriptions {
		b.Subscription(s)
	}
	if side.Report != nil {
		b.Report(side.Report)
	}
	b.ix.figure = side.Figure
	return b.Index()
}

// NewBuilder starts an index.
func NewBuilder(policy Policy) *Builder {
	b := &Builder{ix: &Index{
		policy:   policy,
		accounts: accounts{logins: newTable[struct{}]()},
		keys:     newKeyIndex(),
		invited:  map[uint32]uint32{}, exceptions: map[uint32]uint32{}, resolved: map[uint32]resolved{},
	}}
	b.waiting.reset(b.ix)
	return b
}

// Grow makes room for so many further accounts, for callers who know about how
// many come: a table that grows step by step is written anew at every step.
func (b *Builder) Grow(accounts int) {
	b.ix.accounts.logins.reserve(accounts)
	b.ix.accounts.flags = slices.Grow(b.ix.accounts.flags, accounts)
	b.ix.keys.reserve(accounts * usualKeys)
}

// usualKeys is about how many keys a cloud account is found under.
const usualKeys = 2

// Account adds a cloud account (R1). Accounts are numbered in the order they
// are added. Its strings are held until some hundred more came.
func (b *Builder) Account(a *CloudAccount) {
	if len(b.waiting.flags) == batch {
		b.settle()
	}
	b.waiting.account(a, b.ix.policy)
}

// settle adds the accounts that wait.
func (b *Builder) settle() {
	b.add(&b.waiting)
	b.waiting.reset(b.ix)
}

// Invitation adds an invitation; one that is not open is ignored (C4).
func (b *Builder) Invitation(inv Invitation) {
	if _, ok := addressKey(inv.Email.text); !ok && b.err == nil {
		b.err = &Error{Code: CodeInvitationAddress, Value: inv.Organization + inv.Repository}
	}
	if isOpen(&inv, b.ix.policy.At) {
		b.invitations = append(b.invitations, inv)
	}
}

// Subscription adds a Visual Studio subscription.
func (b *Builder) Subscription(s Subscription) {
	b.ix.subscriptions = append(b.ix.subscriptions, PlacedSubscription{Subscription: s, Row: -1})
}

// Report adds GitHub's own report, after the accounts its rows name.
func (b *Builder) Report(r *GitHubReport) {
	b.settle()
	if b.err == nil {
		b.err = b.ix.addReport(r)
	}
}

// Figure notes a figure of GitHub's known without a report.
func (b *Builder) Figure(f Figure) { b.ix.figure = &f }

// Index resolves ties (R10) and invitations (R8) and gives the index. The
// builder is used up.
func (b *Builder) Index() (*Index, error) {
	ix := b.ix
	b.settle()
	if b.err != nil {
		return nil, b.err
	}
	sortInvitations(b.invitations)
	for i := range b.invitations {
		ix.placeInvitation(PlacedInvitation{Invitation: b.invitations[i], Row: -1})
	}
	ix.placeReportInvitations()
	ix.resolveAll()
	b.invitations, ix.resolved = nil, nil
	if ix.full() {
		b.err = &Error{Code: CodeTooMany, Value: "addresses"}
		return nil, b.err
	}
	return ix, nil
}

// full says that a text was lost, so that nothing of the index holds.
func (ix *Index) full() bool {
	full := ix.keys.texts.full || ix.accounts.logins.texts.full
	return full || ix.report != nil && (ix.report.ids.texts.full || ix.report.decided.texts.full)
}

// accounts are the cloud accounts in columns.
type accounts struct {
	logins table[struct{}] // lower-cased; a number here is the account's number
	shown  map[uint32]string
	flags  []accountFlags
}

// accountFlags is all that counting needs of a cloud account.
type accountFlags uint8

const (
	isSuspended accountFlags = 1 << iota
	isOutside                // already an outside collaborator (R8)
	isReported               // stands in GitHub's report
	consumesOwn              // by C1, invitations of R8 not looked at (R10)
	consumesAny              // by C1, those included
	byVerified               // comparable by a verified address
	byIdentity               // comparable by an identity attribute
	byGitHub                 // comparable by GitHub's own join
)

// show keeps a login as it was given, where that is not lower case.
func (t *accounts) show(n uint32, login string) {
	if t.shown == nil {
		t.shown = map[uint32]string{}
	}
	t.shown[n] = strings.Clone(login)
}

func (t *accounts) len() int { return len(t.flags) }

func (t *accounts) is(n uint32, f accountFlags) bool { return t.flags[n]&f != 0 }

// login is the login as it was given.
func (t *accounts) login(n uint32) string {
	if s, ok := t.shown[n]; ok {
		return s
	}
	return string(t.logins.text(n))
}
