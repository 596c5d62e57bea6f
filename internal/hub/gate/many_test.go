package gate_test

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/internal/job"
	"github.com/oneseat/oneseat/internal/signin"
)

// How large the crowd is. What a hub has to bear is
//
//	go test ./internal/hub/gate -run ManyAtOnce/sqlite -v -agents 200 -accounts 5000 -haste 1 -disk
var (
	manyAgents   = flag.Int("agents", 50, "how many agents deliver in the same minute")
	manyAccounts = flag.Int("accounts", 40, "how many accounts each of them delivers, a fifth of which everybody has")
	manyHaste    = flag.Float64("haste", 100, "how many times sooner than told agents come again; 1: when told")
	manyDisk     = flag.Bool("disk", false, "wait for the disk and for locks as a hub does, not as tests do")
)

const (
	// mostRecounts is how often the hub counts while a crowd comes.
	mostRecounts = 5
	// deadline is how long somebody waits for a page while it does.
	deadline = 30 * time.Second
)

// TestManyAtOnce: none is refused without being told when to come again, all get
// in, they are counted together, and the hub answers people and programs all the
// time.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.EachLocation(t, store.Migrations(), func(t *testing.T, location string) {
		c := database.Config{Location: location, Volatile: true, Wait: time.Minute}
		if *manyDisk {
			c = database.Config{Location: location}
		}
		k := newKit(t, dbtest.Open(t, c))
		readers := k.readers(k.whole())
		files := k.crowd()
		before := k.recounts()
		readers.start()
		began := time.Now()
		k.come(files)
		k.licenses(*manyAgents*(*manyAccounts-shared()) + shared())
		readers.stop()
		t.Logf("the total counted them all after %.0f s and %d recounts", time.Since(began).Seconds(), k.recounts()-before)
		if n := k.recounts() - before; n < 1 || n > mostRecounts {
			t.Errorf("%d recounts, want at most %d", n, mostRecounts)
		}
		k.wantAllIn()
		k.idle()
		readers.report()
	}, job.Migrate, signin.Migrate)
}

// shared is how many accounts of an instance every other one has too.
func shared() int { return *manyAccounts / 5 }

// delivery is an agent with the file that it delivers.
type delivery struct {
	*agent

	file []byte
}

// crowd are agents that are connected and have a token.
func (k *kit) crowd() []delivery {
	k.t.Helper()
	out := make([]delivery, 0, *manyAgents)
	for n := range *manyAgents {
		a := k.agent(n+1, fmt.Sprintf("ghes-%d.acme.example", n+1)).pairFrom(fmt.Sprint("address ", n/20))
		a.mustMint()
		people := make([]string, *manyAccounts)
		for i := range people {
			if people[i] = fmt.Sprintf("u%d-%d@acme.example", n, i); i < shared() {
				people[i] = fmt.Sprintf("all-%d@acme.example", i)
			}
		}
		out = append(out, delivery{a, a.export(people...)})
	}
	return out
}

// come lets all of them deliver at once, until all are in.
func (k *kit) come(all []delivery) {
	k.t.Helper()
	began := time.Now()
	var refused atomic.Int64
	var group sync.WaitGroup
	failed := make(chan error, len(all))
	for _, d := range all {
		group.Go(func() { failed <- d.sendUntil(d.file, &refused) })
	}
	group.Wait()
	close(failed)
	for err := range failed {
		must(k.t, err)
	}
	k.t.Logf("%d agents of %d accounts were in after %.0f s, told %d times to come again",
		len(all), *manyAccounts, time.Since(began).Seconds(), refused.Load())
}

// sendUntil sends a file again and again, as long as the hub says when.
func (a *agent) sendUntil(file []byte, refused *atomic.Int64) error {
	for {
		_, err := a.send(file, "")
		f := connect.FailureOf(err)
		if f == nil {
			return err
		}
		if f.Kind != connect.KindBusy || f.RetryAfter == 0 {
			return fmt.Errorf("refused without being told when to come again: %w", err)
		}
		refused.Add(1)
		time.Sleep(time.Duration(float64(f.RetryAfter) / *manyHaste))
	}
}

// recounts is how many results there are.
func (k *kit) recounts() int {
	k.t.Helper()
	list, err := k.hub.History(k.t.Context(), k.acme.Number, 0, 100)
	must(k.t, err)
	return len(list)
}

// wantAllIn demands that what each delivered counts, with all its accounts.
func (k *kit) wantAllIn() {
	k.t.Helper()
	o, err := k.hub.Overview(k.t.Context(), k.acme.Number)
	must(k.t, err)
	if len(o.Instances) != *manyAgents {
		k.t.Errorf("%d instances, want %d", len(o.Instances), *manyAgents)
	}
	for i := range o.Instances {
		s := &o.Instances[i]
		if s.Statement == nil || s.Statement.Accounts != *manyAccounts {
			k.t.Errorf("%s counts with %+v", s.HostName, s.Statement)
		}
	}
}

// idle waits until nothing follows any more from what came.
func (k *kit) idle() {
	k.t.Helper()
	current, err := k.hub.Current(k.t.Context(), k.acme.Number)
	must(k.t, err)
	for until := time.Now().Add(patience); time.Now().Before(until); time.Sleep(20 * time.Millisecond) {
		made, err := store.New(k.db).For(k.acme.Number).Work(k.t.Context())
		must(k.t, err)
		if made.Result == current.Number {
			return
		}
	}
	k.t.Fatal("the lists of who may be counted more than once are not of the current result")
}

// readers are people and programs with something to read.
func (k *kit) readers(in surfaces) *readers {
	person := http.Header{"Cookie": {in.person.String()}}
	program := http.Header{"Authorization": {"Bearer " + in.token}}
	return &readers{k: k, all: []*reader{
		{url: k.url + "/enterprises/acme/licensing", header: person},
		{url: k.url + "/enterprises/acme/people", header: person},
		{url: k.url + "/enterprises/acme/instances", header: person},
		{url: k.url + "/api/v1/enterprises/acme/instances", header: program},
		{url: k.url + "/api/v3/enterprises/acme/consumed-licenses", header: program},
		{url: k.url + "/metrics", header: http.Header{}},
	}}
}

// readers ask for the same again and again.
type readers struct {
	k     *kit
	all   []*reader
	group sync.WaitGroup
	end   context.CancelFunc
}

// reader asks for one page, and remembers how long it took.
type reader struct {
	url    string
	header http.Header
	took   []time.Duration
	failed error
}

// start lets them read until stop.
func (r *readers) start() {
	var ctx context.Context
	ctx, r.end = context.WithCancel(r.k.t.Context())
	for _, one := range r.all {
		r.group.Go(func() {
			for ctx.Err() == nil && one.failed == nil {
				one.failed = one.ask(context.WithoutCancel(ctx)) // what was asked for is waited for
				select {
				case <-ctx.Done():
				case <-time.After(250 * time.Millisecond):
				}
			}
		})
	}
}

// stop demands that every one of them always got an answer.
func (r *readers) stop() {
	r.k.t.Helper()
	r.end()
	r.group.Wait()
	for _, one := range r.all {
		if one.failed != nil || len(one.took) == 0 {
			r.k.t.Errorf("%s, after %d answers: %v", one.url, len(one.took), one.failed)
		}
	}
}

// report says how much slower than those of an idle hub the slowest answers were.
func (r *readers) report() {
	r.k.t.Helper()
	for _, one := range r.all {
		busy := one.took
		if one.took = nil; len(busy) == 0 {
			continue
		}
		for range 5 {
			must(r.k.t, one.ask(r.k.t.Context()))
		}
		slices.Sort(busy)
		slices.Sort(one.took)
		idle := one.took[len(one.took)/2]
		times := func(d time.Duration) float64 { return float64(d) / math.Max(float64(idle), 1) }
		r.k.t.Logf("%s: %d answers, as many times as slow as on the idle hub (%v): half of them %.1f, the slowest %.1f",
			one.url[len(r.k.url):], len(busy), idle.Round(time.Millisecond), times(busy[len(busy)/2]), times(busy[len(busy)-1]))
	}
}

// ask wants an answer within the deadline.
func (r *reader) ask(ctx context.Context) (err error) {
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, r.url, http.NoBody)
	if err != nil {
		return err
	}
	request.Header = r.header
	began := time.Now()
	answer, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, answer.Body.Close()) }()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return errors.New(answer.Status)
	}
	r.took = append(r.took, time.Since(began))
	return nil
}
