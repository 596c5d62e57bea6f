// Package recordpage shows the connection record ([connect.Record]) item by item,
// the same on both sides: on the agent, where it is said, and on the hub, where it
// was heard. It deliberately knows neither role: what only one of them can say, why
// an item is not known or what a failure is called, it is given.
//
// Start at [Items]; [List] shows them.
//
// Invariant: every item of the record is shown, and nothing else but the token,
// which goes beside it (license-sync.md 3.3). A test of each side holds its page to
// the fields of the type.
package recordpage

import (
	"cmp"
	"strings"
	"time"

	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/page"
)

// Item is an item of the record in a reader's words.
type Item struct {
	Name  string // short, for tests; "pageconnect.record." and it is the key of its label
	Value string // empty: not known
	Mono  bool
	// Why is what to do about an item that is not known; empty: nothing to say.
	Why string
	// Wire is its name on the way, as [connect.Record] and the agent's dry run have
	// it, with a dot within what is within another; empty for the token.
	Wire string

	why string // key behind "pageconnect.record.why.", before anybody is told
}

// Side is what a side knows beside the record.
type Side struct {
	// TokenAt is when the agent was given its last token; zero: never.
	TokenAt time.Time
	// Failure is the sentence of a failed run in the reader's language.
	Failure func(*connect.Sentence) string
	// Remedies says that the reader can do something about what is not known: the
	// agent's settings are theirs.
	Remedies bool
}

// Items are all items: those that GitHub documents of its own record, in the order
// of its list, and then those of OneSeat.
func Items(r *page.Reader, record *connect.Record, side Side) []Item {
	l := list{r, record, side}
	all := append(l.documented(), l.ours()...)
	for i := range all {
		if one := &all[i]; side.Remedies && one.Value == "" && one.why != "" {
			one.Why = r.T("pageconnect.record.why." + one.why)
		}
	}
	return all
}

type list struct {
	*page.Reader

	record *connect.Record
	side   Side
}

// documented are the twelve items of license-sync.md 3.3.
func (l *list) documented() []Item {
	r, token := l.record, ""
	if !l.side.TokenAt.IsZero() {
		token = l.T("pageconnect.record.token_at", "Time", l.Time(l.side.TokenAt))
	}
	tls := l.T("pageconnect.record.tls_yes")
	if r.HTTPOnly {
		tls = l.T("pageconnect.record.tls_no")
	}
	return []Item{
		{Name: "public_key", Wire: "public_key", Value: r.PublicKey, Mono: true},
		{Name: "license", Wire: "license", Value: deref(r.License), why: "license", Mono: true},
		{Name: "customer", Wire: "customer_name", Value: deref(r.CustomerName), why: "customer"},
		{Name: "version", Wire: "version", Value: r.Version, why: "version"},
		{Name: "host", Wire: "host_name", Value: r.HostName},
		{Name: "enterprise", Wire: "enterprise", Value: r.Enterprise},
		{Name: "token", Value: token, why: "token"},
		{Name: "tls", Wire: "http_only", Value: tls},
		{Name: "features", Wire: "features", Value: l.features()},
		{Name: "dormancy", Wire: "dormancy_threshold_days", Value: l.days(r.DormancyThreshold), why: "dormant"},
		{Name: "dormant", Wire: "dormant_users", Value: l.number(r.DormantUsers), why: "dormant"},
		{Name: "consumed", Wire: "consumed_licenses", Value: l.number(r.ConsumedLicenses), why: "consumed"},
	}
}

func (l *list) features() string {
	var all []string
	for _, feature := range l.record.Features {
		name := feature.Name
		if name == connect.FeatureSync {
			name = l.T("pageconnect.sync.title")
		}
		all = append(all, l.T("pageconnect.record.feature", "Name", name, "Time", l.Time(feature.EnabledAt)))
	}
	return cmp.Or(strings.Join(all, ", "), l.T("pageconnect.record.no_features"))
}

// ours are what a hub of OneSeat is told beside that.
func (l *list) ours() []Item {
	r, s := l.record, &l.record.Sync
	failure := ""
	if s.Failure != nil {
		failure = l.side.Failure(s.Failure)
	}
	return []Item{
		{Name: "server_id", Wire: "server_id", Value: r.ServerID, Mono: true},
		{Name: "source_at", Wire: "source_at", Value: l.time(r.SourceAt), why: "consumed"},
		{Name: "agent", Wire: "agent", Value: r.Agent, why: "agent"},
		{Name: "sync_enabled", Wire: "sync.enabled", Value: l.yes(s.Enabled)},
		{Name: "sync_every", Wire: "sync.every", Value: l.every(s.Every)},
		{Name: "sync_on_change", Wire: "sync.on_change", Value: l.yes(s.OnChange)},
		{Name: "sync_asks", Wire: "sync.asks_for_requests", Value: l.yes(s.AsksForRequests)},
		{Name: "sync_next", Wire: "sync.next_run_at", Value: l.time(s.NextRunAt), why: "next"},
		{Name: "sync_failure", Wire: "sync.failure", Value: failure, why: "failure"},
		{Name: "sync_failure_at", Wire: "sync.failure_at", Value: l.time(s.FailureAt), why: "failure"},
	}
}

// every is how often the agent syncs. One that is newer than this program may say
// a word that nobody here knows.
func (l *list) every(word string) string {
	if word == "" {
		return l.T("pageconnect.sync.off")
	}
	key := "pageconnect.every." + word
	if said := l.T(key); said != key {
		return said
	}
	return word
}

func (l *list) yes(is bool) string {
	if is {
		return l.T("pageconnect.record.yes")
	}
	return l.T("pageconnect.record.no")
}

func (l *list) time(at *time.Time) string {
	if at == nil {
		return ""
	}
	return l.Time(*at)
}

func (l *list) number(n *int64) string {
	if n == nil {
		return ""
	}
	return l.Number(int(*n))
}

func (l *list) days(n *int64) string {
	if n == nil {
		return ""
	}
	return l.T("pagehubconnect.record.days", "Count", *n)
}

func deref(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}
