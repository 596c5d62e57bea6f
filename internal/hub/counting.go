package hub

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/oneseat/oneseat/internal/ahead"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/internal/mixup"
	"github.com/oneseat/oneseat/licensing"
)

// shardSize is how many accounts are placed at a time.
const shardSize = 1 << 16

// counted is a count of everything, with what a result says beside it.
type counted struct {
	result *licensing.Result
	policy licensing.Policy
	meta   store.CloudMeta
	info   EnterpriseInfo
	lines  []ContractLine
	inputs []Input
	// accounts are the documents of the cloud accounts, by their number.
	accounts []string
	Rows     []licensing.ReportRow
	doubts   []Doubt
}

// Input is what a result was counted from.
type Input struct {
	Source   int64     `json:"source"`
	Host     string    `json:"host,omitempty"` // empty: the cloud side
	Seq      int64     `json:"seq"`
	Sequence int64     `json:"sequence,omitempty"`
	Digest   string    `json:"digest,omitempty"`
	SourceAt time.Time `json:"source_at,omitzero"`
	TakenAt  time.Time `json:"taken_at,omitzero"`
	Items    int64     `json:"items"`
	Signed   bool      `json:"signed,omitempty"`
}

// instanceMeta is what a snapshot of a server instance says beside its
// accounts.
type instanceMeta struct {
	ServerID  string    `json:"server_id,omitempty"`
	HostName  string    `json:"host_name"`
	PublicKey []byte    `json:"public_key,omitempty"`
	Signed    bool      `json:"signed,omitempty"`
	Warnings  []Refusal `json:"warnings,omitempty"`
}

// count counts what is there, with a pending upload in the place of what its
// source says now; nil for none.
func (s *Service) count(ctx context.Context, in *store.Inputs, pending *Upload) (*counted, error) {
	c := counter{ctx: ctx, e: s.store.For(in.Number), at: s.now(), instances: len(in.Sources), Out: counted{info: in.EnterpriseInfo, lines: in.Contract}}
	for _, src := range in.Sources {
		seq, counts := src.Seq, src.State == store.Active
		if pending != nil && pending.Source == src.Number {
			seq, counts = pending.Seq, pending.Kind != store.UploadRemoval
		}
		if src.Number != CloudSource && (!counts || seq == 0) {
			continue
		}
		if err := c.source(&src, seq); err != nil {
			return nil, err
		}
	}
	var err error
	c.Out.result, err = c.count.Result()
	c.Out.doubts = c.Watch.doubts(&c.Out)
	return &c.Out, err
}

// counter builds a count: the cloud side first, which has the empty host name
// and so comes first.
type counter struct {
	ctx   context.Context //nolint:containedctx // lives for one call of count
	e     *store.Enterprise
	at    time.Time
	index *licensing.Index
	count *licensing.Count
	Watch watch
	// instances is how many there are, or a few more.
	instances int
	Out       counted
}

func (c *counter) source(src *Source, seq int64) error {
	var snap *Snapshot
	if seq > 0 {
		var err error
		if snap, err = c.e.Snapshot(c.ctx, src.Number, seq); err != nil {
			return err
		}
	}
	if src.Number == CloudSource {
		return c.cloud(snap)
	}
	return c.instance(snap)
}

func (c *counter) input(snap *Snapshot, host string, signed bool) {
	c.Out.inputs = append(c.Out.inputs, Input{
		Source: snap.Source, Host: host, Seq: snap.Seq, Sequence: snap.Sequence, Digest: snap.Digest.String(),
		SourceAt: snap.SourceAt, TakenAt: snap.TakenAt, Items: snap.Items, Signed: signed,
	})
}

// cloud indexes the cloud side; without a snapshot it is empty.
func (c *counter) cloud(snap *Snapshot) error {
	if snap != nil {
		if err := json.Unmarshal(snap.Meta, &c.Out.meta); err != nil {
			return fmt.Errorf("meta of snapshot %d: %w", snap.Seq, err)
		}
		c.input(snap, "", false)
	}
	c.Out.policy = policyOf(c.Out.info.Settings, c.Out.meta, c.at)
	b := licensing.NewBuilder(c.Out.policy)
	if snap != nil {
		for item, err := range ahead.Of(c.e.Items(c.ctx, CloudSource, snap.Seq)) {
			if err == nil {
				err = c.cloudItem(b, &item)
			}
			if err != nil {
				return err
			}
		}
	}
	if m := c.Out.meta.Report; m != nil {
		c.Watch.size = mixup.SampleSize(c.instances)
		b.Report(&licensing.GitHubReport{Date: m.Date, Rows: c.Out.Rows, Consumed: m.Consumed, Missing: m.Missing})
	}
	if f := c.Out.info.Settings.GitHubFigure; f != nil {
		b.Figure(licensing.Figure{Licenses: f.Licenses, Date: f.Date})
	}
	var err error
	if c.index, err = b.Index(); err != nil {
		return err
	}
	c.count = licensing.NewCount(c.index)
	return nil
}

func (c *counter) cloudItem(b *licensing.Builder, item *store.Item) error {
	switch item.Kind {
	case store.KindCloudAccount:
		a, err := store.DecodeCloudAccount(item.Document)
		c.Out.accounts = append(c.Out.accounts, item.Document)
		b.Account(&a)
		return err
	case store.KindInvitation:
		v, err := store.DecodeInvitation(item.Document)
		b.Invitation(v)
		return err
	case store.KindSubscription:
		v, err := store.DecodeSubscription(item.Document)
		b.Subscription(v)
		return err
	case store.KindReportRow:
		row, err := store.DecodeReportRow(item.Document)
		c.Out.Rows = append(c.Out.Rows, row)
		return err
	default:
		return fmt.Errorf("an item of kind %q on the cloud side", item.Kind)
	}
}

// instance places the accounts of a server instance, shard by shard.
func (c *counter) instance(snap *Snapshot) error {
	var meta instanceMeta
	if err := json.Unmarshal(snap.Meta, &meta); err != nil {
		return fmt.Errorf("meta of snapshot %d: %w", snap.Seq, err)
	}
	c.input(snap, licensing.NormalHost(meta.HostName), meta.Signed)
	number, err := c.count.AddInstance(meta.HostName)
	if err != nil {
		return err
	}
	c.Watch.begin(meta.HostName, snap.Items)
	place := func(accounts []licensing.ServerAccount) {
		c.Watch.accounts(accounts)
		c.count.Add(number, c.index.PlaceShard(meta.HostName, accounts))
	}
	var decoder store.AccountDecoder
	accounts := make([]licensing.ServerAccount, 0, min(snap.Items, shardSize))
	for item, err := range ahead.Of(c.e.Items(c.ctx, snap.Source, snap.Seq)) {
		if err != nil {
			return err
		}
		c.Watch.item(&item)
		a, err := decoder.Decode(&item)
		if err != nil {
			return err
		}
		if accounts = append(accounts, a); len(accounts) == shardSize {
			place(accounts)
			accounts = accounts[:0]
		}
	}
	place(accounts)
	return nil
}

// policyOf is what owners decided over what the cloud side says.
func policyOf(v Settings, m store.CloudMeta, at time.Time) licensing.Policy {
	p := licensing.Policy{
		At: at, ManagedUsers: m.ManagedUsers, UseGitHubJoins: !v.IgnoreGitHubJoins,
		ConsumeUnlinkedSubscribers: v.ConsumeUnlinkedSubscribers,
	}
	if v.Billing == "metered" || v.Billing == "" && m.Metered {
		p.Billing = licensing.Metered
	}
	if v.ManagedUsers != nil {
		p.ManagedUsers = *v.ManagedUsers
	}
	return p
}
