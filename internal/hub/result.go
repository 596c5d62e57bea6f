package hub

import (
	"fmt"
	"slices"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/licensing"
)

// rulesVersion names the rules a result was counted by.
const rulesVersion = "oneseat-rules/1"

// documentsVersion numbers what is written of people: what their documents say,
// and what is taken from them beside, such as the texts people are found by. It
// goes up with a change of either. A result whose people were written by an older
// program is counted again, once, and everybody is written anew; see
// [Service.CatchUp]. documentsOnlyHere is the first that says whom one instance
// alone accounts for; documentsNumbered finds invitations without a name by their
// numbers.
const (
	documentsOnlyHere = 1
	documentsNumbered = 2
	documentsVersion  = documentsNumbered
)

// maxListed bounds the lists of a result's document; their lengths are beside
// them.
const maxListed = 1000

// Result is what a recount found, or what one would find if an upload were
// applied.
type Result struct {
	Number    int64
	Preview   bool
	Upload    string // of a preview
	CreatedAt time.Time
	People    int64 // consuming or not
	Changes   int64 // kept with names; see Service.Changes
	Counted

	version int64
}

// Counted is what a result says, and what it was counted from: enough to count
// it again and compare.
type Counted struct {
	AsOf           time.Time                     `json:"as_of"`
	Actor          string                        `json:"actor,omitempty"`
	Version        string                        `json:"version"` // of the program
	Rules          string                        `json:"rules"`
	Documents      int                           `json:"documents,omitempty"` // see documentsVersion
	Policy         PolicyUsed                    `json:"policy"`
	Purchased      int                           `json:"purchased,omitempty"` // 0: unknown
	Purchase       Purchase                      `json:"purchase,omitzero"`   // where Purchased comes from
	Domains        []string                      `json:"verified_domains,omitempty"`
	Inputs         []Input                       `json:"inputs"`
	Statement      licensing.Statement           `json:"statement"`
	Instances      []licensing.InstanceStatement `json:"instances"`
	Visibility     licensing.Visibility          `json:"visibility"` // with the range
	Reconciliation *Reconciliation               `json:"reconciliation,omitempty"`
	Conflicts      []Conflict                    `json:"conflicts,omitempty"`
	ConflictCount  int                           `json:"conflict_count"`
	Warnings       []licensing.Warning           `json:"warnings,omitempty"`
	Unmatched      []Unmatched                   `json:"unmatched_subscriptions,omitempty"`
	Doubts         []Doubt                       `json:"doubts,omitempty"`
	Difference     Difference                    `json:"difference"`
}

// PolicyUsed is the policy of a result, by the names of the switches.
type PolicyUsed struct {
	Billing             string `json:"billing"`
	ManagedUsers        bool   `json:"managed_users"`
	UseGitHubJoins      bool   `json:"use_github_joins"`
	UnlinkedSubscribers string `json:"unlinked_subscribers"`
}

// Conflict is a tie that decided where something belongs.
type Conflict struct {
	Value      licensing.Email `json:"value"`
	Rule       string          `json:"rule"`
	Attribute  string          `json:"attribute"`
	Chosen     string          `json:"chosen"`
	Candidates []string        `json:"candidates"`
}

// whole writes and reads addresses as they are: for documents that are kept.
// Everywhere else they mask themselves.
func whole() json.Options {
	return json.JoinOptions(
		json.WithMarshalers(json.MarshalToFunc(func(enc *jsontext.Encoder, e licensing.Email) error {
			return enc.WriteToken(jsontext.String(e.Address()))
		})),
		json.WithUnmarshalers(json.UnmarshalFromFunc(func(dec *jsontext.Decoder, e *licensing.Email) error {
			token, err := dec.ReadToken()
			*e = licensing.NewEmail(token.String())
			return err
		})),
	)
}

// Reconciliation relates GitHub's figure to the licenses here.
type Reconciliation struct {
	Figure      int       `json:"figure"`
	Date        time.Time `json:"date,omitzero"`
	MoreThere   int       `json:"counted_there_more_than_once"`
	SeveralHere int       `json:"one_there_several_here"`
	OnlyHere    int       `json:"only_here"`
	OnlyThere   int       `json:"only_there"`
	Unexplained int       `json:"unexplained"`
	Licenses    int       `json:"licenses"`
	// Items are the first maxListed clusters, and everybody who is only here,
	// however many clusters stand before them; ItemCount is how many there are.
	Items     []ReconcileItem `json:"items,omitempty"`
	ItemCount int             `json:"item_count"`
}

// ReconcileItem is people there and here that share accounts and differ in
// number.
type ReconcileItem struct {
	Term  string            `json:"term"`
	Count int               `json:"count"`
	Cause string            `json:"cause"`
	There []licensing.Email `json:"there,omitempty"` // rows of GitHub's report, each by what it names first
	Here  []string          `json:"here,omitempty"`  // ids of people
}

// say writes down what a count found.
func (s *Service) say(c *counted, o *order, d Difference, actor string) ([]byte, error) {
	all := c.result.Conflicts()
	purchase := purchaseOf(c.lines, c.info.Settings, c.meta.Purchased, c.policy.At)
	doc := Counted{
		AsOf: c.policy.At, Actor: actor, Version: s.version, Rules: rulesVersion, Documents: documentsVersion, Policy: policyUsed(c.policy),
		Purchased: purchase.Seats, Purchase: purchase, Domains: c.meta.VerifiedDomains, Inputs: c.inputs,
		Statement: c.result.Statement(), Instances: c.result.Instances(), Visibility: c.result.Visibility(),
		Warnings: c.result.Warnings(), Unmatched: unmatchedOf(c.result), Doubts: c.doubts, ConflictCount: len(all), Difference: d,
	}
	for _, k := range all[:min(len(all), maxListed)] {
		doc.Conflicts = append(doc.Conflicts, Conflict{k.Value, k.Rule.String(), k.Attribute.String(), k.Chosen, k.Candidates})
	}
	doc.Reconciliation = reconciliationOf(c, o)
	return json.Marshal(&doc, whole())
}

func policyUsed(p licensing.Policy) PolicyUsed {
	used := PolicyUsed{Billing: "volume", ManagedUsers: p.ManagedUsers, UseGitHubJoins: p.UseGitHubJoins, UnlinkedSubscribers: "free"}
	if p.Billing == licensing.Metered {
		used.Billing = "metered"
	}
	if p.ConsumeUnlinkedSubscribers {
		used.UnlinkedSubscribers = "consume"
	}
	return used
}

func reconciliationOf(c *counted, o *order) *Reconciliation {
	rc := c.result.Reconciliation()
	if rc == nil {
		return nil
	}
	out := &Reconciliation{
		Figure: rc.Figure, Date: rc.Date, MoreThere: rc.MoreThere, SeveralHere: rc.SeveralHere, OnlyHere: rc.OnlyHere,
		OnlyThere: rc.OnlyThere, Unexplained: rc.Unexplained, Licenses: rc.Licenses, ItemCount: len(rc.Items),
	}
	clusters := 0
	for _, item := range rc.Items {
		if item.Term != licensing.TermOnlyHere {
			clusters++
			if clusters > maxListed {
				continue
			}
		}
		v := ReconcileItem{Term: item.Term.String(), Count: item.Count, Cause: item.Cause.String()}
		for _, row := range item.Rows {
			v.There = append(v.There, rowName(&c.Rows[row]))
		}
		slices.SortFunc(v.There, func(a, b licensing.Email) int { return cmpText(a.Address(), b.Address()) })
		for _, place := range item.People {
			v.Here = append(v.Here, o.ids[place].String())
		}
		out.Items = append(out.Items, v)
	}
	return out
}

func cmpText(a, b string) int { return slices.Compare([]byte(a), []byte(b)) }

// rowName is what a row of GitHub's report names first.
func rowName(r *licensing.ReportRow) licensing.Email {
	switch {
	case r.Login != "":
		return licensing.NewEmail(r.Login)
	case len(r.ServerEmails) > 0:
		return r.ServerEmails[0]
	case len(r.ServerAccounts) > 0:
		return licensing.NewEmail(r.ServerAccounts[0].String())
	case !r.SubscriptionEmail.IsZero():
		return r.SubscriptionEmail
	default:
		return r.InvitationEmail
	}
}

// current says that a result is of the inputs there are, and its people are as
// they are written now.
func (r *Result) current(in *store.Inputs) bool {
	return r.version == in.Version && r.Documents == documentsVersion
}

func resultFrom(r *store.Result) (*Result, error) {
	out := &Result{
		Number: r.Number, Preview: r.Kind == store.PreviewResult, Upload: r.Upload, CreatedAt: r.CreatedAt,
		People: r.People, Changes: r.Changes, version: r.Version,
	}
	if err := json.Unmarshal(r.Document, &out.Counted, whole()); err != nil {
		return nil, fmt.Errorf("document of result %d: %w", r.Number, err)
	}
	return out, nil
}
