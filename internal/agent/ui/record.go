package ui

import (
	"time"

	"github.com/oneseat/oneseat/internal/agent"
	"github.com/oneseat/oneseat/internal/connect"
)

// told is an item of the connection record.
type told struct {
	Name  string // key
	Value string // empty: not known
	Why   string // key of why it is not known
	Mono  bool
	// Item is its name on the way, as [connect.Record] and the dry run have it,
	// with a dot within what is within another; empty for the token, which goes
	// beside the record.
	Item string
}

// fields are every item of the connection record: those of the documented list, in
// its order, and then those of OneSeat.
func (p *connectPage) fields() []told {
	return append(p.documented(), p.ours()...)
}

// documented are the twelve items that GitHub documents of its own record.
func (p *connectPage) documented() []told {
	r, c := p.Record, p.Sync.Connection
	token := ""
	if !c.TokenAt.IsZero() {
		token = p.T("pageconnect.record.token_at", "Time", p.Time(c.TokenAt))
	}
	tls := p.T("pageconnect.record.tls_yes")
	if r.HTTPOnly {
		tls = p.T("pageconnect.record.tls_no")
	}
	features := p.T("pageconnect.record.no_features")
	for _, one := range r.Features {
		features = p.T("pageconnect.record.feature", "Name", p.T("pageconnect.sync.title"), "Time", p.Time(one.EnabledAt))
	}
	return []told{
		{Name: "public_key", Item: "public_key", Value: r.PublicKey, Mono: true},
		{Name: "license", Item: "license", Value: deref(r.License), Why: "license", Mono: true},
		{Name: "customer", Item: "customer_name", Value: deref(r.CustomerName), Why: "customer"},
		{Name: "version", Item: "version", Value: r.Version, Why: "version"},
		{Name: "host", Item: "host_name", Value: r.HostName},
		{Name: "enterprise", Item: "enterprise", Value: r.Enterprise},
		{Name: "token", Value: token, Why: "token"},
		{Name: "tls", Item: "http_only", Value: tls},
		{Name: "features", Item: "features", Value: features},
		{Name: "dormancy", Item: "dormancy_threshold_days", Value: p.numberOf(r.DormancyThreshold), Why: "dormant"},
		{Name: "dormant", Item: "dormant_users", Value: p.numberOf(r.DormantUsers), Why: "dormant"},
		{Name: "consumed", Item: "consumed_licenses", Value: p.numberOf(r.ConsumedLicenses), Why: "consumed"},
	}
}

// ours are what a hub of OneSeat is told beside that.
func (p *connectPage) ours() []told {
	r := p.Record
	every := p.T("pageconnect.sync.off")
	if r.Sync.Every != "" {
		every = p.T("pageconnect.every." + r.Sync.Every)
	}
	return append([]told{
		{Name: "server_id", Item: "server_id", Value: r.ServerID, Mono: true},
		{Name: "source_at", Item: "source_at", Value: p.timeOf(r.SourceAt), Why: "consumed"},
		{Name: "agent", Item: "agent", Value: r.Agent, Why: "agent"},
		{Name: "sync_enabled", Item: "sync.enabled", Value: p.yes(r.Sync.Enabled)},
		{Name: "sync_every", Item: "sync.every", Value: every},
		{Name: "sync_on_change", Item: "sync.on_change", Value: p.yes(r.Sync.OnChange)},
		{Name: "sync_asks", Item: "sync.asks_for_requests", Value: p.yes(r.Sync.AsksForRequests)},
		{Name: "sync_next", Item: "sync.next_run_at", Value: p.timeOf(r.Sync.NextRunAt), Why: "next"},
	}, p.failed(&r.Sync)...)
}

// failed are what the record says of the last run when it failed.
func (p *connectPage) failed(r *connect.SyncRecord) []told {
	why := ""
	if r.Failure != nil {
		why = p.failure(&agent.Failure{Sentence: agent.Sentence{Key: r.Failure.Code, Args: r.Failure.Args}, Detail: r.Failure.Detail})
	}
	return []told{
		{Name: "sync_failure", Item: "sync.failure", Value: why, Why: "failure"},
		{Name: "sync_failure_at", Item: "sync.failure_at", Value: p.timeOf(r.FailureAt), Why: "failure"},
	}
}

func (p *connectPage) timeOf(at *time.Time) string {
	if at == nil {
		return ""
	}
	return p.Time(*at)
}

func (p *connectPage) yes(is bool) string {
	if is {
		return p.T("pageconnect.record.yes")
	}
	return p.T("pageconnect.record.no")
}
