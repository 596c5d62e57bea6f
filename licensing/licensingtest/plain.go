package licensingtest

import (
	"maps"
	"slices"

	"github.com/oneseat/oneseat/licensing"
)

// Instance is a server instance with the accounts of its snapshot.
type Instance struct {
	Host     string
	Accounts []licensing.ServerAccount
}

// PlainResult is what the rules give for an enterprise.
type PlainResult struct {
	// People in the order of their anchors, those who consume nothing
	// included.
	People    []*PlainPerson
	Statement licensing.Statement
	// Instances are the loaded ones, sorted by host.
	Instances  []licensing.InstanceStatement
	Visibility PlainVisibility
	// Reconciliation is nil when no figure of GitHub's is known.
	Reconciliation *PlainReconciliation
	// Conflicts are the ties that decided something, sorted by text.
	Conflicts []PlainConflict
	// Unmatched are the subscriptions that are nobody's (R9), whether or not
	// the policy makes each of them a person.
	Unmatched []licensing.Subscription
}

// PlainPerson is what gathers at one anchor.
type PlainPerson struct {
	Anchor        PlainAnchor
	Login         string // lower-cased; empty without a cloud account
	Servers       []PlainAccount
	Invitations   []PlainInvitation
	Subscriptions []PlainSubscription
	// Rows of GitHub's report that stand for the person, ascending.
	Rows     []int
	Consumes bool
	License  licensing.LicenseType
	OnlyHost string // the instance that alone accounts for them
	Beside   string // lower-cased login an exception stands beside
}

// PlainAnchor is an anchor: its kind and its text without the kind.
type PlainAnchor struct {
	Kind licensing.AnchorKind
	Text licensing.Email
}

// PlainReason is why something was placed where it is.
type PlainReason struct {
	Rule       licensing.Rule
	Value      licensing.Email
	Attribute  licensing.Attribute
	Tie        bool
	FromReport bool
}

// PlainAccount is a placed server account; Key is what it offered (R2).
type PlainAccount struct {
	HostID licensing.HostID
	Key    licensing.Email
	Reason PlainReason
}

// PlainInvitation is a placed open invitation; Row is -1 for one of the list.
type PlainInvitation struct {
	Invitation licensing.Invitation
	Row        int
	Consumes   bool
	Reason     PlainReason
}

// PlainSubscription is a placed subscription; Row is -1 for one of the list.
type PlainSubscription struct {
	Subscription licensing.Subscription
	Row          int
	Reason       PlainReason
}

// PlainConflict is a tie that decided something: the attribute the value stood
// in and all candidates, lower-cased, the chosen one first and the others in
// the order of R10.
type PlainConflict struct {
	Value      licensing.Email
	Attribute  licensing.Attribute
	Chosen     string
	Candidates []string
}

// Accounts is the number of cloud and server accounts of a person.
func (p *PlainPerson) Accounts() int {
	if p.Login != "" {
		return len(p.Servers) + 1
	}
	return len(p.Servers)
}

// plain is the state of one computation.
type plain struct {
	side   *licensing.CloudSide
	policy licensing.Policy

	login    map[string]int // lower-cased login → account
	cloud    cloudValues
	report   reportValues
	own      []bool // by account: consumes by C1 on its own
	pending  map[string]bool
	people   map[PlainAnchor]*PlainPerson
	conflict map[string]PlainConflict
	loaded   map[string]bool // normal hosts with a snapshot
	orphans  []licensing.Subscription
}

// Plain computes everything the rules say of an enterprise. Input must pass
// [Check].
func Plain(side *licensing.CloudSide, policy licensing.Policy, instances []Instance) *PlainResult {
	p := &plain{
		side: side, policy: policy,
		login: map[string]int{}, pending: map[string]bool{},
		people: map[PlainAnchor]*PlainPerson{}, conflict: map[string]PlainConflict{},
		loaded: map[string]bool{},
	}
	p.readCloud()                 // R1 and the values of R3 and R4
	p.readReport()                // the values of R0
	p.placeInvitations()          // R8
	p.placeServers(instances)     // R0, R2 to R7
	p.placeReported()             // accounts of hosts without a snapshot
	p.placeSubscriptions()        // R9
	p.placeRows()                 // which rows stand for whom
	people := p.consumingPeople() // C1 to C6
	result := &PlainResult{
		People:    people,
		Statement: statementOf(people),
		Instances: p.instancesOf(people),
		Unmatched: p.orphans,
		Conflicts: slices.SortedFunc(maps.Values(p.conflict), compareConflicts),
	}
	result.Visibility = p.visibilityOf(people, result.Statement.Licenses)
	result.Reconciliation = p.reconcile(people, result.Statement.Licenses)
	return result
}

// person gives the person at an anchor, new if nothing gathered there before.
func (p *plain) person(anchor PlainAnchor) *PlainPerson {
	known, ok := p.people[anchor]
	if !ok {
		known = &PlainPerson{Anchor: anchor}
		p.people[anchor] = known
	}
	return known
}

func (p *plain) cloudAnchor(account int) PlainAnchor {
	return anchorOf(licensing.AnchorCloud, lower(p.side.Accounts[account].Login))
}

func anchorOf(kind licensing.AnchorKind, text string) PlainAnchor {
	return PlainAnchor{Kind: kind, Text: licensing.NewEmail(text)}
}
