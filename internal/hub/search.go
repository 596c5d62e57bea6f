package hub

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/report"
)

// maxQuery is the longest text that is searched for, in bytes; maxWords is how
// many words of it are looked at.
const (
	maxQuery = 200
	maxWords = 8
)

// What a license filter takes beside the license types.
const (
	LicenseAny  = "any"  // whoever consumes
	LicenseNone = "none" // whoever does not
)

// What a deployment filter takes beside the deployments: an account there,
// whatever else.
const (
	WithCloud  = store.WithCloud
	WithServer = store.WithServer
)

// Query says whom to look for. What is empty filters nothing; case is ignored
// everywhere.
type Query struct {
	// Text is found in login, name, addresses that the report shows, and
	// HOST:ID: each of its words, anywhere. Masked is for whoever sees with
	// [ClosedEyes]: it is found in no address.
	Text         string
	Masked       bool
	Deployment   string // cloud, server, both or none; with_cloud or with_server
	Organization string // login
	Role         string // an enterprise role of the report, "Owner" for example
	License      string // a license type, LicenseAny or LicenseNone
	Instance     string // host name of a server instance that they have an account on
	// Only is the host name of the server instance that alone accounts for them:
	// without it they would consume no license. Anyway is one that they have an
	// account on and would consume without.
	Only, Anyway string
	// Reason is why something of theirs is theirs: one of [ReasonKinds].
	Reason string
	// Unsure is why they may be one with somebody else: one of [UnsureKinds].
	Unsure string
	// Unlisted leaves out who stands in [WorkNear]: there is something to ask
	// of them already.
	Unlisted bool
	// Accounts is how many they have at least, 0 for any number.
	Accounts int
	// Reverse turns the order around: the last first.
	Reverse bool
}

// reasonRule is the rule behind a kind of reason.
func reasonRule(kind string) licensing.Rule {
	switch kind {
	case "github":
		return licensing.R0
	case "identity":
		return licensing.R3
	case "verified":
		return licensing.R4
	case "invitation":
		return licensing.R5
	case "server_address":
		return licensing.R6
	case "no_address":
		return licensing.R7
	default:
		return licensing.R9
	}
}

// ReasonKinds are the kinds of reason that people are found by, in the order of
// the rules: joined by GitHub, by SAML or SCIM, by a verified address, by an
// invitation, by an address that servers alone have, not at all; a
// subscription's; and a tie that decided.
func ReasonKinds() []string {
	return []string{"github", "identity", "verified", "invitation", "server_address", "no_address", "subscription", "tie"}
}

// The kinds of people whom the range of a total is about.
const (
	// UnsureUndecided are known from server instances alone, and may be somebody
	// in the cloud whose addresses are hidden.
	UnsureUndecided = "undecided"
	// UnsureInvited are invited, and may stand there twice.
	UnsureInvited = "invited"
	// UnsureNothing have a cloud account that can be compared by nothing.
	UnsureNothing = "nothing"
)

// UnsureKinds are the kinds of people whom the range of a total is about.
func UnsureKinds() []string { return []string{UnsureUndecided, UnsureInvited, UnsureNothing} }

func unsureName(u licensing.Unsure) string {
	if u == licensing.Sure {
		return ""
	}
	return UnsureKinds()[u-1]
}

// MaxCounted is the most people that [Service.CountFound] counts.
const MaxCounted = 10_000

// CountFound is how many people of a result a search finds, at most
// [MaxCounted]; false: there are more, or counting them would take too long.
// It goes through the people as a search that finds nobody does.
func (s *Service) CountFound(ctx context.Context, enterprise, result int64, q Query) (int64, bool, error) {
	filter, err := q.filter()
	if err != nil {
		return 0, false, err
	}
	hurried, stop := context.WithTimeout(ctx, patience)
	defer stop()
	n, err := s.store.For(enterprise).CountFound(hurried, result, filter, MaxCounted+1)
	if err != nil && hurried.Err() != nil && ctx.Err() == nil {
		return 0, false, nil
	}
	return min(n, MaxCounted), n <= MaxCounted, err
}

// patience is how long people wait for a number that they can do without.
const patience = 3 * time.Second

// Found is a page of people.
type Found struct {
	// Result is what the people are of; every page of a search shows the same.
	Result *Result
	People []*Person
	// Next goes on behind this page; empty at the end. It tells nothing about
	// anybody.
	Next string
}

// Search gives at most limit people, [MaxPage] at most, in the order of every
// list. after is the Next of the page before; empty begins, with the current
// result. Invalid when the query or the place is none.
func (s *Service) Search(ctx context.Context, enterprise int64, q Query, after string, limit int) (*Found, error) {
	if limit < 1 || limit > MaxPage {
		return nil, errs.New(errs.Invalid, "hub.bad_page", "Most", MaxPage)
	}
	filter, err := q.filter()
	if err != nil {
		return nil, err
	}
	r, place, err := s.place(ctx, enterprise, after)
	if err == nil {
		err = q.answerable(r)
	}
	if err != nil {
		return nil, err
	}
	rows, err := s.store.For(enterprise).Search(ctx, r.Number, filter, place, limit+1)
	if err != nil {
		return nil, err
	}
	out := &Found{Result: r}
	if len(rows) > limit {
		rows = rows[:limit]
		out.Next = strconv.FormatInt(r.Number, 10) + "-" + rows[limit-1].ID.String()
	}
	for i := range rows {
		p, err := personFrom(&rows[i])
		if err != nil {
			return nil, err
		}
		out.People = append(out.People, p)
	}
	return out, nil
}

// place reads a Next: the number of the result and the id of a person.
func (s *Service) place(ctx context.Context, enterprise int64, next string) (*Result, *store.PersonID, error) {
	if next == "" {
		r, err := s.Current(ctx, enterprise)
		return r, nil, err
	}
	number, text, _ := strings.Cut(next, "-")
	n, err := strconv.ParseInt(number, 10, 64)
	id, wrong := store.ParsePersonID(text)
	if err != nil || wrong != nil {
		return nil, nil, errs.New(errs.Invalid, "hub.bad_place")
	}
	r, err := s.Result(ctx, enterprise, n)
	if errs.KindOf(err) == errs.NotFound || err == nil && r.Preview {
		return nil, nil, errs.New(errs.Invalid, "hub.bad_place")
	}
	return r, &id, err
}

func (q *Query) filter() (*store.Filter, error) {
	if max(len(q.Text), len(q.Organization), len(q.Role), len(q.Instance), len(q.Only), len(q.Anyway)) > maxQuery {
		return nil, errs.New(errs.Invalid, "hub.long_query", "Most", maxQuery)
	}
	f := &store.Filter{
		Words:      strings.Fields(Fold(searchable(q.Text))),
		Deployment: strings.ToLower(q.Deployment), Organization: strings.ToLower(searchable(q.Organization)), Role: roleNamed(q.Role),
	}
	f.Words = f.Words[:min(len(f.Words), maxWords)]
	f.Masked, f.Accounts, f.Reverse, f.Unlisted = q.Masked, q.Accounts, q.Reverse, q.Unlisted
	if err := cmp.Or(q.instances(f), q.reason(f), q.unsure(f)); err != nil {
		return nil, err
	}
	if f.Deployment != "" && !slices.Contains(deployments(), f.Deployment) {
		return nil, errs.New(errs.Invalid, "hub.bad_filter", "Value", q.Deployment, "Choices", strings.Join(deployments(), ", "))
	}
	return f, q.license(f)
}

func deployments() []string {
	return []string{"cloud", "server", "both", "none", store.WithCloud, store.WithServer}
}

// onlyHere stands in the document of somebody whom one instance alone accounts
// for. Who is on others too is no such person.
const onlyHere = `"only_here":true`

// instances looks into the documents, where every server account stands with its
// host.
func (q *Query) instances(f *store.Filter) error {
	for _, name := range []string{q.Instance, q.Only, q.Anyway} {
		if name == "" {
			continue
		}
		host, err := json.Marshal(searchable(licensing.NormalHost(name)))
		if err != nil {
			return err
		}
		f.Holds = append(f.Holds, []string{`"host":` + string(host)})
	}
	if q.Only != "" {
		f.Holds = append(f.Holds, []string{onlyHere})
	}
	if q.Anyway != "" {
		f.Lacks = append(f.Lacks, onlyHere)
	}
	return nil
}

// answerable says that a result knows what a search asks for; Unavailable when
// its people were written before that was kept, and a recount writes them anew.
func (q *Query) answerable(r *Result) error {
	if q.Only+q.Anyway != "" && r.Documents < documentsOnlyHere {
		return errs.New(errs.Unavailable, "hub.only_later")
	}
	return nil
}

// reason looks into the documents, where every reason stands with the number of
// its rule.
func (q *Query) reason(f *store.Filter) error {
	switch {
	case q.Reason == "":
	case !slices.Contains(ReasonKinds(), q.Reason):
		return errs.New(errs.Invalid, "hub.bad_filter", "Value", q.Reason, "Choices", strings.Join(ReasonKinds(), ", "))
	case q.Reason == "tie":
		f.Holds = append(f.Holds, []string{`"tie":true`})
	default:
		rule := `"rule":` + strconv.Itoa(int(reasonRule(q.Reason)))
		f.Holds = append(f.Holds, []string{rule + ",", rule + "}"})
	}
	return nil
}

// unsure looks into the documents as well.
func (q *Query) unsure(f *store.Filter) error {
	if q.Unsure == "" {
		return nil
	}
	if !slices.Contains(UnsureKinds(), q.Unsure) {
		return errs.New(errs.Invalid, "hub.bad_filter", "Value", q.Unsure, "Choices", strings.Join(UnsureKinds(), ", "))
	}
	f.Holds = append(f.Holds, []string{`"unsure":"` + q.Unsure + `"`})
	return nil
}

func (q *Query) license(f *store.Filter) error {
	yes, no := true, false
	switch {
	case q.License == "":
	case strings.EqualFold(q.License, LicenseAny):
		f.Consumes = &yes
	case strings.EqualFold(q.License, LicenseNone):
		f.Consumes = &no
	case strings.EqualFold(q.License, string(licensing.LicenseEnterprise)):
		f.License = string(licensing.LicenseEnterprise)
	case strings.EqualFold(q.License, string(licensing.LicenseVisualStudio)):
		f.License = string(licensing.LicenseVisualStudio)
	default:
		choices := []string{LicenseAny, LicenseNone, string(licensing.LicenseEnterprise), string(licensing.LicenseVisualStudio)}
		return errs.New(errs.Invalid, "hub.bad_filter", "Value", q.License, "Choices", strings.Join(choices, ", "))
	}
	return nil
}

// roleNamed spells a role as the report does; others stay as they are.
func roleNamed(role string) string {
	known := []string{
		report.RoleOwner, report.RoleMember, report.RoleOutside, report.RoleRepository, report.RolePending,
		report.RolePendingOutside, report.RoleBillingManager, report.RoleGuestCollaborator,
	}
	for _, name := range known {
		if strings.EqualFold(role, name) {
			return name
		}
	}
	return searchable(role)
}

// searchable leaves out what no stored text has and PostgreSQL takes in no
// argument.
func searchable(text string) string {
	if utf8.ValidString(text) {
		return printableKey(text)
	}
	return printableKey(strings.ToValidUTF8(text, ""))
}
