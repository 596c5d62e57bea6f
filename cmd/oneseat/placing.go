package main

import (
	"context"
	"errors"
	"hash/maphash"
	"io"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/oneseat/oneseat/internal/mixup"
	"github.com/oneseat/oneseat/internal/source"
	"github.com/oneseat/oneseat/licensing"
)

// placing reads the accounts of one instance and places them on every core:
// one goroutine reads, several parse and place, and the caller's takes what
// was placed. The order in which shards come changes nothing.
type placing struct {
	in    *source.Server
	index *licensing.Index
	host  string
	take  func(shard *licensing.Shard, accounts int)
	// seed is that of digest, the sum of the hashes of all accounts: whatever
	// their order, the same accounts give the same.
	seed   maphash.Seed
	digest atomic.Uint64
	// Sample is taken of the first block, of at most sampled accounts.
	Sample  mixup.Sample
	sampled int
}

// reading is a block, with whether it is the first.
type reading struct {
	source.Block
	first bool
}

// placed is a shard with the number of its accounts.
type placed struct {
	shard    *licensing.Shard
	accounts int
}

// run ends when the file does, when something is wrong with it, or between two
// shards when the context is done. Nothing that was taken counts when it gives
// an error.
func (p *placing) run(ctx context.Context) (*source.ServerSummary, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	workers := runtime.GOMAXPROCS(0)
	blocks := make(chan reading, workers)
	shards := make(chan placed, workers)
	var readErr error
	var working sync.WaitGroup
	working.Go(func() {
		defer close(blocks)
		readErr = p.read(ctx, blocks)
	})
	for range workers {
		working.Go(func() { p.place(blocks, shards) })
	}
	go func() {
		working.Wait()
		close(shards)
	}()
	for s := range shards {
		p.take(s.shard, s.accounts)
	}
	if readErr == nil {
		readErr = ctx.Err()
	}
	if readErr != nil {
		return nil, readErr
	}
	return p.in.Finish()
}

func (p *placing) read(ctx context.Context, blocks chan<- reading) error {
	for first := true; ; first = false {
		b, err := p.in.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		select {
		case blocks <- reading{b, first}:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (p *placing) place(blocks <-chan reading, shards chan<- placed) {
	for b := range blocks {
		accounts := p.in.Parse(b.Block)
		if b.first {
			p.Sample = mixup.SampleOf(accounts, p.sampled)
		}
		p.digest.Add(p.sum(accounts))
		shards <- placed{p.index.PlaceShard(p.host, accounts), len(accounts)}
	}
}

// sum is the digest of a block. Ids and addresses are hashed with what cannot
// stand in them between them.
func (p *placing) sum(accounts []licensing.ServerAccount) uint64 {
	var h maphash.Hash
	h.SetSeed(p.seed)
	total := uint64(0)
	for i := range accounts {
		h.Reset()
		h.WriteString(accounts[i].UserID)
		for _, e := range accounts[i].Emails {
			h.WriteByte(0)
			h.WriteString(e.Email.Address())
		}
		total += h.Sum64()
	}
	return total
}
