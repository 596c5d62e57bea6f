package hub

import (
	"context"
	"strings"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/licensing"
)

// maxSearches is how many searches for near misses run at the same time; others
// wait.
const maxSearches = 2

// NearMiss is a cloud account that a server account almost joined.
type NearMiss struct {
	licensing.NearMiss
	// Person is the id of whose the cloud account is, in the same result.
	Person string
}

// NearMisses looks for what almost joined a server account of a person, at most
// [licensing.MaxNearMisses], best first: none when the person has a cloud
// account. NotFound when the person has no such account.
//
// It goes through the cloud side that the result was counted with, one account
// after the other, so that it costs time in proportion to the cloud side (some
// eight seconds for a million accounts) and no memory; no index is built.
// Unavailable when as many wait for it as may.
func (s *Service) NearMisses(ctx context.Context, enterprise, result int64, person string, account licensing.HostID) ([]NearMiss, error) {
	r, err := s.Result(ctx, enterprise, result)
	if err != nil {
		return nil, err
	}
	p, err := s.Person(ctx, enterprise, result, person)
	if err != nil {
		return nil, err
	}
	if _, err := r.instanceOf(p, account); err != nil || p.Account != nil {
		return nil, err
	}
	mine, err := serverAccount(ctx, s.store.For(enterprise), r, p, account)
	if err != nil {
		return nil, err
	}
	found, err := s.nearMisses(ctx, enterprise, r, mine)
	if err != nil || len(found) == 0 {
		return found, err
	}
	in, err := s.store.For(enterprise).Inputs(ctx)
	if err != nil {
		return nil, err
	}
	ids := store.NewPersonIDs(in.Salt)
	for i := range found {
		found[i].Person = cloudPerson(ids, found[i].Login)
	}
	return found, nil
}

// cloudPerson is the id of whose a cloud account is.
func cloudPerson(ids *store.PersonIDs, login string) string {
	return ids.Of("cloud:" + strings.ToLower(login)).String()
}

// serverAccount is a server account of a person as a result was counted with.
func serverAccount(ctx context.Context, e *store.Enterprise, r *Result, p *Person, account licensing.HostID) (*licensing.ServerAccount, error) {
	source, err := r.instanceOf(p, account)
	if err != nil {
		return nil, err
	}
	document, err := e.Item(ctx, source.Source, source.Seq, store.KindServerAccount, account.ID)
	if err != nil {
		return nil, err
	}
	var decoder store.AccountDecoder
	mine, err := decoder.Decode(&store.Item{Kind: store.KindServerAccount, Key: account.ID, Document: document})
	return &mine, err
}

// instanceOf is the input that a server account of a person came from.
func (r *Result) instanceOf(p *Person, account licensing.HostID) (Input, error) {
	for i := range p.Person.Servers {
		if p.Person.Servers[i].HostID != account {
			continue
		}
		for _, in := range r.Inputs {
			if in.Source != CloudSource && in.Host == account.Host {
				return in, nil
			}
		}
	}
	return Input{}, errs.New(errs.NotFound, "hub.no_account")
}

func (s *Service) nearMisses(ctx context.Context, enterprise int64, r *Result, mine *licensing.ServerAccount) ([]NearMiss, error) {
	select {
	case s.waiting <- struct{}{}:
		defer func() { <-s.waiting }()
	default:
		return nil, errs.New(errs.Unavailable, "hub.near_misses_busy")
	}
	select {
	case s.searches <- struct{}{}:
		defer func() { <-s.searches }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	cloud := cloudScan{ctx: ctx, e: s.store.For(enterprise), seq: r.cloudSeq()}
	index, err := licensing.NewIndex(&licensing.CloudSide{}, licensing.Policy{})
	if err != nil {
		return nil, err
	}
	found := index.NearMisses(mine, cloud.accounts, r.Domains)
	out := make([]NearMiss, 0, len(found))
	for _, m := range found {
		out = append(out, NearMiss{NearMiss: m})
	}
	return out, cloud.err
}

// cloudSeq is the pointer of the cloud side that a result was counted with, 0
// when there was none.
func (r *Result) cloudSeq() int64 {
	for _, in := range r.Inputs {
		if in.Source == CloudSource {
			return in.Seq
		}
	}
	return 0
}

// cloudScan goes through cloud accounts; the first error ends it and stays.
type cloudScan struct {
	ctx context.Context //nolint:containedctx // lives for one call of nearMisses
	e   *store.Enterprise
	seq int64
	err error
}

func (c *cloudScan) accounts(yield func(*licensing.CloudAccount) bool) {
	for item, err := range c.e.Items(c.ctx, CloudSource, c.seq) {
		if err != nil {
			c.err = err
			return
		}
		if item.Kind != store.KindCloudAccount {
			if item.Kind > store.KindCloudAccount {
				return // the kinds come in order
			}
			continue
		}
		a, err := store.DecodeCloudAccount(item.Document)
		if err != nil {
			c.err = err
			return
		}
		if !yield(&a) {
			return
		}
	}
}
