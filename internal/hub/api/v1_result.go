package api

import (
	"slices"
	"time"

	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/licensing"
)

// Result is what a recount found, or what one would find if an upload were
// applied. The keys that "oneseat match" writes too mean the same here.
type Result struct {
	Number      int64               `json:"number" doc:"Number of the result; later results have greater ones."`
	Preview     bool                `json:"preview" doc:"True when this is what applying an upload would give."`
	Behind      bool                `json:"recount_pending,omitempty" doc:"In the current statement: something counts that is not in it yet, and a recount is under way."`
	Upload      string              `json:"upload,omitempty" doc:"The upload a preview is of."`
	CreatedAt   time.Time           `json:"created_at" doc:"When it was counted."`
	AsOf        time.Time           `json:"as_of" doc:"The instant it was counted for: it decides which invitations are open."`
	Actor       string              `json:"actor,omitempty" doc:"Who asked for it."`
	Version     string              `json:"version" doc:"Version of OneSeat that counted."`
	Rules       string              `json:"rules" doc:"The rules it was counted by."`
	People      int64               `json:"people" doc:"People, whether they consume a license or not."`
	Purchased   int                 `json:"purchased" doc:"Licenses bought; 0 when unknown."`
	Purchase    Purchase            `json:"purchase" doc:"Where the number of licenses bought comes from."`
	Statement   Statement           `json:"statement" doc:"The sum that leads from accounts to licenses."`
	Range       Range               `json:"range" doc:"How sure the total is, and why."`
	Policy      Policy              `json:"policy" doc:"The policy it was counted under."`
	Domains     []string            `json:"verified_domains" nullable:"false" doc:"Domains the enterprise proved it owns."`
	Inputs      []Input             `json:"inputs" nullable:"false" doc:"What it was counted from, with the age of each."`
	Instances   []InstanceStatement `json:"instances" nullable:"false" doc:"The sum of each server instance."`
	Conflicts   int                 `json:"conflicts" doc:"Ties that decided where something belongs; see conflicts of the result."`
	Warnings    []Warning           `json:"warnings" nullable:"false" doc:"What is worth knowing and changes nothing; first what puts the total in doubt."`
	Difference  Difference          `json:"difference" doc:"What changed from the result before."`
	NamedChange int64               `json:"named_changes" doc:"How many changes are kept with names; see changes of the result."`
}

// Purchase is where a number of licenses bought comes from.
type Purchase struct {
	Source       string `json:"source,omitempty" enum:"contract,settings,list" doc:"Contract lines in force, else the number of the settings, else what was loaded; absent: nobody says."`
	Seats        int    `json:"seats" doc:"The number; 0 when unknown."`
	VisualStudio int    `json:"visual_studio" doc:"Of these, Visual Studio subscriptions, where contract lines tell."`
	Lines        int    `json:"lines" doc:"Contract lines in force."`
	Listed       int    `json:"listed" doc:"What the cloud list or GitHub's report says, whatever decided; 0 when nothing does."`
}

func purchaseOf(p hub.Purchase) Purchase {
	return Purchase{string(p.Source), p.Seats, p.VisualStudio, p.Lines, p.Listed}
}

// Statement is the sum that must add up: accounts + invited_only −
// not_consuming − joined = licenses.
type Statement struct {
	CloudAccounts  int `json:"cloud_accounts" doc:"Cloud accounts."`
	ServerAccounts int `json:"server_accounts" doc:"Accounts on server instances."`
	Accounts       int `json:"accounts" doc:"Both."`
	InvitedOnly    int `json:"invited_only" doc:"People who consume a license and have no account yet."`
	NotConsuming   int `json:"not_consuming" doc:"Accounts of people who consume none."`
	Joined         int `json:"joined" doc:"Accounts saved by joining: for each person with n accounts, n − 1."`
	Licenses       int `json:"licenses" doc:"Licenses consumed."`
	VisualStudio   int `json:"visual_studio" doc:"Of these, of the type Visual Studio subscription."`
}

// Range says how sure the total is.
type Range struct {
	Low           int  `json:"low" doc:"No fewer licenses than this."`
	High          int  `json:"high" doc:"No more licenses than this."`
	CloudAccounts int  `json:"cloud_accounts" doc:"Cloud accounts; the four ways of comparing add up to it."`
	ByVerified    int  `json:"comparable_by_verified_address" doc:"Compared by a verified address."`
	ByIdentity    int  `json:"comparable_by_identity" doc:"Compared by what an identity provider asserts."`
	ByGitHub      int  `json:"comparable_by_github_join" doc:"Joined by GitHub."`
	ByNothing     int  `json:"comparable_by_nothing" doc:"Known by nothing that could be compared."`
	Hidden        bool `json:"hidden_addresses" doc:"Some cloud accounts have addresses that nobody here knows."`
	Undecided     int  `json:"undecided_people" doc:"People without a cloud account about whom GitHub's report says nothing."`
	Doubled       int  `json:"invitations_maybe_twice" doc:"People without account who may stand here twice."`
	Missing       int  `json:"missing_rows" doc:"Rows that a partial report of GitHub's lacks."`
}

// Policy is the policy of a result.
type Policy struct {
	Billing             string `json:"billing" enum:"volume,metered" doc:"How the enterprise pays."`
	ManagedUsers        bool   `json:"managed_users" doc:"The enterprise manages its users."`
	UseGitHubJoins      bool   `json:"use_github_joins" doc:"What GitHub's report joined is joined."`
	UnlinkedSubscribers string `json:"unlinked_subscribers" enum:"free,consume" doc:"Whether a Visual Studio subscription that belongs to nobody consumes a license."`
}

// Input is what a result was counted from.
type Input struct {
	Instance int64     `json:"instance,omitempty" doc:"Number of the server instance; none for the cloud side."`
	HostName string    `json:"host_name,omitempty" doc:"Its host name; none for the cloud side."`
	Snapshot int64     `json:"snapshot" doc:"Number of the snapshot."`
	Sequence int64     `json:"sequence,omitempty" doc:"Sequence of its usage file."`
	Digest   string    `json:"digest,omitempty" doc:"Digest of its accounts, of a usage file."`
	SourceAt time.Time `json:"source_at,omitzero" doc:"When the accounts were as they are; absent when unknown."`
	TakenAt  time.Time `json:"taken_at,omitzero" doc:"When the snapshot was taken."`
	Items    int64     `json:"items" doc:"Accounts, and of the cloud side also invitations, subscriptions and report rows."`
	Signed   bool      `json:"signed" doc:"It came in a signed usage file."`
}

// InstanceStatement is the sum of one server instance: accounts − repeated −
// consume_without = only_here.
type InstanceStatement struct {
	Host           string `json:"host" doc:"Host name."`
	FromReport     bool   `json:"from_report" doc:"Known from GitHub's report alone: no snapshot is here."`
	Accounts       int    `json:"accounts" doc:"Accounts on the instance."`
	Repeated       int    `json:"repeated" doc:"Further accounts of people who have one here."`
	ConsumeWithout int    `json:"consume_without" doc:"People who would consume a license without this instance."`
	OnlyHere       int    `json:"only_here" doc:"Licenses that this instance alone accounts for."`
}

// Warning is worth knowing and changes nothing.
type Warning struct {
	Code     string   `json:"code,omitempty" doc:"Short name of what was noticed."`
	Host     string   `json:"host,omitempty" doc:"The server instance concerned."`
	Count    int      `json:"count,omitempty" doc:"How often."`
	Examples []string `json:"examples,omitempty" nullable:"false" doc:"A few user ids, logins or host names; never addresses."`
	Message  string   `json:"message" doc:"The sentence for a person."`
}

// Difference is what changed from one result to another.
type Difference struct {
	Licenses int           `json:"licenses" doc:"What was added to the total; may be negative."`
	Digest   string        `json:"digest" doc:"Equal for equal differences."`
	Tallies  []ChangeTally `json:"tallies" nullable:"false" doc:"How often each kind of change happened."`
}

// ChangeTally is how often a kind of change happened.
type ChangeTally struct {
	Kind     string `json:"kind" enum:"joined,split,appeared,vanished,moved,altered" doc:"What happened to people."`
	Count    int    `json:"count" doc:"How often."`
	Licenses int    `json:"licenses" doc:"What it added to the total."`
}

// result shows a result.
func (v *v1) result(r *hub.Result) Result {
	p := r.Policy
	out := Result{
		Number: r.Number, Preview: r.Preview, Upload: r.Upload, CreatedAt: r.CreatedAt, AsOf: r.AsOf, Actor: r.Actor,
		Version: r.Version, Rules: r.Rules, People: r.People, Purchased: r.Purchased, Purchase: purchaseOf(r.Purchase), Statement: Statement(r.Statement),
		Range: rangeOf(r.Visibility), Policy: Policy{p.Billing, p.ManagedUsers, p.UseGitHubJoins, p.UnlinkedSubscribers},
		Domains: list(r.Domains), Inputs: each(r.Inputs, inputOf), Instances: each(r.Instances, instanceStatement),
		Conflicts: r.ConflictCount, Warnings: slices.Concat(each(r.Doubts, v.doubted), each(r.Warnings, v.counted)), NamedChange: r.Changes,
	}
	out.Difference = Difference{Licenses: r.Difference.Licenses, Digest: r.Difference.Digest, Tallies: each(r.Difference.Tallies, tally)}
	return out
}

func rangeOf(v licensing.Visibility) Range {
	return Range{
		Low: v.Low, High: v.High, CloudAccounts: v.Accounts, ByVerified: v.ByVerified, ByIdentity: v.ByIdentity,
		ByGitHub: v.ByGitHub, ByNothing: v.ByNothing, Hidden: v.Hidden, Undecided: v.Undecided, Doubled: v.Doubled, Missing: v.Missing,
	}
}

func inputOf(in hub.Input) Input {
	return Input{
		Instance: in.Source, HostName: in.Host, Snapshot: in.Seq, Sequence: in.Sequence, Digest: in.Digest,
		SourceAt: in.SourceAt, TakenAt: in.TakenAt, Items: in.Items, Signed: in.Signed,
	}
}

func instanceStatement(s licensing.InstanceStatement) InstanceStatement {
	return InstanceStatement{
		Host: s.Host, FromReport: s.Reported, Accounts: s.Accounts, Repeated: s.Repeated,
		ConsumeWithout: s.ConsumeWithout, OnlyHere: s.OnlyHere,
	}
}

func tally(t hub.ChangeTally) ChangeTally { return ChangeTally(t) }

// doubted is what puts the total in doubt.
func (v *v1) doubted(d hub.Doubt) Warning {
	return Warning{Code: d.Code, Host: d.Host, Message: v.sentence(d.Message())}
}

// counted is a warning of a count.
func (v *v1) counted(w licensing.Warning) Warning {
	key, args := w.Message()
	return Warning{Code: string(w.Code), Host: w.Host, Count: w.Count, Examples: w.Examples, Message: v.sentence(key, args)}
}

// list is a slice that is shown as [] when it is empty.
func list[T any](values []T) []T {
	if values == nil {
		return []T{}
	}
	return values
}

// each shows every value of a slice.
func each[T, U any](values []T, show func(T) U) []U {
	out := make([]U, 0, len(values))
	for _, value := range values {
		out = append(out, show(value))
	}
	return out
}
