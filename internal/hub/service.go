package hub

import (
	"context"
	"crypto/rand"
	"database/sql"
	"sync"
	"time"

	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/internal/ratelimit"
)

// Config is what a Service depends on.
type Config struct {
	Store *store.Store
	// Keys are the unsealing keys of the enterprises.
	Keys KeyDir
	// Enqueue adds a job that calls [Service.Recount], in the transaction of
	// the change it follows from. Nil: whoever applies also recounts.
	Enqueue func(ctx context.Context, tx *sql.Tx, enterprise int64) error
	// EnqueueAt adds a job that does not run before a time and counts what came
	// until it runs; see [EnqueueRecountAt]. Nil: Enqueue is called instead.
	EnqueueAt func(ctx context.Context, tx *sql.Tx, r Gathered) error
	// Audit is told of every change, in its transaction; nil: nobody is.
	Audit Audit
	// Now is the clock.
	Now func() time.Time
	// Version of the program, for what a result says about itself.
	Version string
}

// Service is the hub. It is safe for concurrent use.
type Service struct {
	store     *store.Store
	keys      KeyDir
	enqueue   func(ctx context.Context, tx *sql.Tx, enterprise int64) error
	enqueueAt func(ctx context.Context, tx *sql.Tx, r Gathered) error
	audit     Audit
	now       func() time.Time
	version   string

	unfinished unfinished
	// keysChange keeps changes of key files one after the other.
	keysChange sync.Mutex

	// counting keeps recounts of one enterprise one after the other in this
	// process; the store keeps those of other processes apart.
	counting keyed
	// listing does the same for the lists of who may be counted more than once.
	listing keyed
	// searches has a place for each search for near misses that runs, waiting
	// one for each that waits as well.
	searches, waiting chan struct{}
	// refusals counts the refused files of whoever brings them; pairings, codes
	// and tokens what agents and owners ask for on the way to a connection.
	refusals, pairings, codes, tokens *ratelimit.Limiter
}

// New makes a hub.
func New(c Config) *Service {
	return &Service{
		store: c.Store, keys: c.Keys, enqueue: c.Enqueue, enqueueAt: c.EnqueueAt, audit: c.Audit, now: c.Now, version: c.Version,
		searches: make(chan struct{}, maxSearches), waiting: make(chan struct{}, maxSearches+maxWaiting),
		refusals: ratelimit.New(maxRefusals, maxRefused, c.Now), pairings: ratelimit.New(pairingsAnHour, maxRefused, c.Now),
		codes: ratelimit.New(codesAnHour, maxRefused, c.Now), tokens: ratelimit.New(tokensAnHour, maxRefused, c.Now),
	}
}

// Recover takes back what was being written when the program ended. Call it
// once, before anything else.
func (s *Service) Recover(ctx context.Context) error {
	return s.store.Recover(ctx, "hub.interrupted", s.now())
}

// recountLater enqueues a recount in a transaction.
func (s *Service) recountLater(ctx context.Context, tx *store.Tx, enterprise int64) error {
	if s.enqueue == nil {
		return nil
	}
	return s.enqueue(ctx, tx.SQL, enterprise)
}

// newID names an upload; nobody can guess one.
func newID() string { return rand.Text() }

// keyed is a lock for each enterprise. The zero value is ready.
type keyed struct {
	mu    sync.Mutex
	locks map[int64]chan struct{}
}

// lock takes the lock of a number and gives what frees it. Who waits for it
// waits as long as their context lasts.
func (k *keyed) lock(ctx context.Context, number int64) (func(), error) {
	k.mu.Lock()
	if k.locks == nil {
		k.locks = map[int64]chan struct{}{}
	}
	if k.locks[number] == nil {
		k.locks[number] = make(chan struct{}, 1)
	}
	one := k.locks[number]
	k.mu.Unlock()
	select {
	case one <- struct{}{}:
		return func() { <-one }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
