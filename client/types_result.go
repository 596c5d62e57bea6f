package client

import "time"

// Result is what a recount found, or what one would find if an upload were
// applied. The keys that "oneseat match" writes too mean the same here.
type Result struct {
	Number      int64               `json:"number"`                    // number of the result; later results have greater ones
	Preview     bool                `json:"preview"`                   // true when this is what applying an upload would give
	Behind      bool                `json:"recount_pending,omitempty"` // in the current statement: something counts that is not in it yet, and a recount is under way
	Upload      string              `json:"upload,omitempty"`          // the upload a preview is of
	CreatedAt   time.Time           `json:"created_at"`                // when it was counted
	AsOf        time.Time           `json:"as_of"`                     // the instant it was counted for: it decides which invitations are open
	Actor       string              `json:"actor,omitempty"`           // who asked for it
	Version     string              `json:"version"`                   // version of OneSeat that counted
	Rules       string              `json:"rules"`                     // the rules it was counted by
	People      int64               `json:"people"`                    // people, whether they consume a license or not
	Purchased   int                 `json:"purchased"`                 // licenses bought; 0 when unknown
	Purchase    Purchase            `json:"purchase"`                  // where the number of licenses bought comes from
	Statement   Statement           `json:"statement"`                 // the sum that leads from accounts to licenses
	Range       Range               `json:"range"`                     // how sure the total is, and why
	Policy      Policy              `json:"policy"`                    // the policy it was counted under
	Domains     []string            `json:"verified_domains"`          // domains the enterprise proved it owns
	Inputs      []Input             `json:"inputs"`                    // what it was counted from, with the age of each
	Instances   []InstanceStatement `json:"instances"`                 // the sum of each server instance
	Conflicts   int                 `json:"conflicts"`                 // ties that decided where something belongs; see conflicts of the result
	Warnings    []Warning           `json:"warnings"`                  // what is worth knowing and changes nothing; first what puts the total in doubt
	Difference  Difference          `json:"difference"`                // what changed from the result before
	NamedChange int64               `json:"named_changes"`             // how many changes are kept with names; see changes of the result
}

// Purchase is where a number of licenses bought comes from.
type Purchase struct {
	Source       string `json:"source,omitempty"` // contract lines in force, else the number of the settings, else what was loaded; absent: nobody says; one of contract, settings, list
	Seats        int    `json:"seats"`            // the number; 0 when unknown
	VisualStudio int    `json:"visual_studio"`    // of these, Visual Studio subscriptions, where contract lines tell
	Lines        int    `json:"lines"`            // contract lines in force
	Listed       int    `json:"listed"`           // what the cloud list or GitHub's report says, whatever decided; 0 when nothing does
}

// Statement is the sum that must add up: accounts + invited_only −
// not_consuming − joined = licenses.
type Statement struct {
	CloudAccounts  int `json:"cloud_accounts"`  // cloud accounts
	ServerAccounts int `json:"server_accounts"` // accounts on server instances
	Accounts       int `json:"accounts"`        // both
	InvitedOnly    int `json:"invited_only"`    // people who consume a license and have no account yet
	NotConsuming   int `json:"not_consuming"`   // accounts of people who consume none
	Joined         int `json:"joined"`          // accounts saved by joining: for each person with n accounts, n − 1
	Licenses       int `json:"licenses"`        // licenses consumed
	VisualStudio   int `json:"visual_studio"`   // of these, of the type Visual Studio subscription
}

// Range says how sure the total is.
type Range struct {
	Low           int  `json:"low"`                            // no fewer licenses than this
	High          int  `json:"high"`                           // no more licenses than this
	CloudAccounts int  `json:"cloud_accounts"`                 // cloud accounts; the four ways of comparing add up to it
	ByVerified    int  `json:"comparable_by_verified_address"` // compared by a verified address
	ByIdentity    int  `json:"comparable_by_identity"`         // compared by what an identity provider asserts
	ByGitHub      int  `json:"comparable_by_github_join"`      // joined by GitHub
	ByNothing     int  `json:"comparable_by_nothing"`          // known by nothing that could be compared
	Hidden        bool `json:"hidden_addresses"`               // some cloud accounts have addresses that nobody here knows
	Undecided     int  `json:"undecided_people"`               // people without a cloud account about whom GitHub's report says nothing
	Doubled       int  `json:"invitations_maybe_twice"`        // people without account who may stand here twice
	Missing       int  `json:"missing_rows"`                   // rows that a partial report of GitHub's lacks
}

// Policy is the policy of a result.
type Policy struct {
	Billing             string `json:"billing"`              // how the enterprise pays; one of volume, metered
	ManagedUsers        bool   `json:"managed_users"`        // the enterprise manages its users
	UseGitHubJoins      bool   `json:"use_github_joins"`     // what GitHub's report joined is joined
	UnlinkedSubscribers string `json:"unlinked_subscribers"` // whether a Visual Studio subscription that belongs to nobody consumes a license; one of free, consume
}

// Input is what a result was counted from.
type Input struct {
	Instance int64     `json:"instance,omitempty"`  // number of the server instance; none for the cloud side
	HostName string    `json:"host_name,omitempty"` // its host name; none for the cloud side
	Snapshot int64     `json:"snapshot"`            // number of the snapshot
	Sequence int64     `json:"sequence,omitempty"`  // sequence of its usage file
	Digest   string    `json:"digest,omitempty"`    // digest of its accounts, of a usage file
	SourceAt time.Time `json:"source_at,omitzero"`  // when the accounts were as they are; absent when unknown
	TakenAt  time.Time `json:"taken_at,omitzero"`   // when the snapshot was taken
	Items    int64     `json:"items"`               // accounts, and of the cloud side also invitations, subscriptions and report rows
	Signed   bool      `json:"signed"`              // it came in a signed usage file
}

// InstanceStatement is the sum of one server instance: accounts − repeated −
// consume_without = only_here.
type InstanceStatement struct {
	Host           string `json:"host"`            // host name
	FromReport     bool   `json:"from_report"`     // known from GitHub's report alone: no snapshot is here
	Accounts       int    `json:"accounts"`        // accounts on the instance
	Repeated       int    `json:"repeated"`        // further accounts of people who have one here
	ConsumeWithout int    `json:"consume_without"` // people who would consume a license without this instance
	OnlyHere       int    `json:"only_here"`       // licenses that this instance alone accounts for
}

// Warning is worth knowing and changes nothing.
type Warning struct {
	Code     string   `json:"code,omitempty"`     // short name of what was noticed
	Host     string   `json:"host,omitempty"`     // the server instance concerned
	Count    int      `json:"count,omitempty"`    // how often
	Examples []string `json:"examples,omitempty"` // a few user ids, logins or host names; never addresses
	Message  string   `json:"message"`            // the sentence for a person
}

// Difference is what changed from one result to another.
type Difference struct {
	Licenses int           `json:"licenses"` // what was added to the total; may be negative
	Digest   string        `json:"digest"`   // equal for equal differences
	Tallies  []ChangeTally `json:"tallies"`  // how often each kind of change happened
}

// ChangeTally is how often a kind of change happened.
type ChangeTally struct {
	Kind     string `json:"kind"`     // what happened to people; one of joined, split, appeared, vanished, moved, altered
	Count    int    `json:"count"`    // how often
	Licenses int    `json:"licenses"` // what it added to the total
}

// Change is one thing that happened to people who share accounts.
type Change struct {
	Number   int64       `json:"number"`   // its place in the list
	Kind     string      `json:"kind"`     // what happened; one of joined, split, appeared, vanished, moved, altered
	Licenses int64       `json:"licenses"` // what it adds to the total
	Before   []Concerned `json:"before"`   // who they were before
	After    []Concerned `json:"after"`    // who they are after
}

// Concerned is somebody a change is about.
type Concerned struct {
	ID       string `json:"id"`                // the person
	Name     string `json:"name"`              // what to call them
	Accounts int    `json:"accounts"`          // their accounts
	License  string `json:"license,omitempty"` // type of the license they consume; absent when none
}

// Conflict is a tie that decided where something belongs.
type Conflict struct {
	Value      Address  `json:"value"`      // what hit several accounts
	Rule       string   `json:"rule"`       // the rule that was applied
	Attribute  string   `json:"attribute"`  // where the value stood
	Chosen     string   `json:"chosen"`     // login that won
	Candidates []string `json:"candidates"` // all of them, the chosen one first
}

// Reconciliation relates GitHub's figure to the licenses here.
type Reconciliation struct {
	Result      int64           `json:"result"`                       // number of the result
	Figure      int             `json:"figure"`                       // GitHub's figure
	Date        time.Time       `json:"date,omitzero"`                // when GitHub showed it; absent when unknown
	MoreThere   int             `json:"counted_there_more_than_once"` // licenses that GitHub counts for one person more than once
	SeveralHere int             `json:"one_there_several_here"`       // people who are one at GitHub and several here
	OnlyHere    int             `json:"only_here"`                    // people who are only here
	OnlyThere   int             `json:"only_there"`                   // people who are only at GitHub
	Unexplained int             `json:"unexplained"`                  // what no row tells about
	Licenses    int             `json:"licenses"`                     // licenses here
	ItemCount   int             `json:"item_count"`                   // how many items there are, listed or not
	Items       []ReconcileItem `json:"items"`                        // what the terms consist of: the first thousand
}

// ReconcileItem is people there and here that share accounts and differ in
// number.
type ReconcileItem struct {
	Term  string   `json:"term"`  // the term it adds to
	Count int      `json:"count"` // what it adds
	Cause string   `json:"cause"` // why, as far as it can be told
	There []string `json:"there"` // rows of GitHub's report, each by what it names first
	Here  []string `json:"here"`  // ids of people here
}
