package match

import (
	"errors"
	"runtime/debug"
	"sync"

	"github.com/oneseat/oneseat/bench/gen"
	"github.com/oneseat/oneseat/licensing"
)

// How much garbage may stand beside what is in use, in percent of it. Reading
// and placing leave much of it; counting leaves little and needs the most
// memory.
const (
	collectReading  = 200
	collectPlacing  = 35
	collectCounting = 20
)

// workers place shards beside the one goroutine that counts them.
const workers = 2

// Ours runs the engine over the enterprise in dir.
func Ours(dir string) (Outcome, error) {
	return outcome(func() (*licensing.Result, error) { return engine(dir) }, tallyResult)
}

func engine(dir string) (*licensing.Result, error) {
	ix, err := readIndex(dir)
	if err != nil {
		return nil, err
	}
	debug.SetGCPercent(collectPlacing)
	count := licensing.NewCount(ix)
	if err := placeAll(dir, ix, count); err != nil {
		return nil, err
	}
	debug.FreeOSMemory() // what placing left in small pieces is of no use for the large ones
	debug.SetGCPercent(collectCounting)
	return count.ResultWith(sideBySide)
}

func readIndex(dir string) (_ *licensing.Index, err error) {
	debug.SetGCPercent(collectReading)
	b := licensing.NewBuilder(policy())
	var rest licensing.CloudSide
	var failed error
	sideBySide(
		func() { failed = readRest(dir, &rest) },
		func() { err = addAccounts(dir, b) },
	)
	if err = errors.Join(err, failed); err != nil {
		return nil, err
	}
	for _, inv := range rest.Invitations {
		b.Invitation(inv)
	}
	for _, sub := range rest.Subscriptions {
		b.Subscription(sub)
	}
	return b.Index()
}

// readRest reads what the cloud side has beside accounts.
func readRest(dir string, side *licensing.CloudSide) error {
	return errors.Join(
		eachInvitation(dir, func(i licensing.Invitation) { side.Invitations = append(side.Invitations, i) }),
		eachSubscription(dir, func(s licensing.Subscription) { side.Subscriptions = append(side.Subscriptions, s) }),
	)
}

// addAccounts adds the cloud accounts; the next are prepared meanwhile.
func addAccounts(dir string, b *licensing.Builder) (failed error) {
	accounts, err := lines(dir, gen.CloudAccountsFile)
	if err != nil {
		return err
	}
	b.Grow(accounts)
	full, empty := make(chan *licensing.CloudShard), make(chan *licensing.CloudShard, 3)
	for range cap(empty) {
		empty <- &licensing.CloudShard{}
	}
	go func() {
		defer close(full)
		failed = eachBatch(dir, func(batch []licensing.CloudAccount) {
			shard := <-empty
			b.PrepareInto(shard, batch)
			full <- shard
		})
	}()
	for shard := range full {
		b.Add(shard)
		empty <- shard
	}
	return failed
}

// placed is a shard on its way to the count.
type placed struct {
	instance int
	shard    *licensing.Shard
}

// placeAll reads and places the instances side by side. Shards go round: what
// was counted is filled again.
func placeAll(dir string, ix *licensing.Index, count *licensing.Count) error {
	var (
		instances = make(chan int, gen.Instances)
		full      = make(chan placed)
		empty     = make(chan *licensing.Shard, 2*workers)
		failed    [workers]error
		running   sync.WaitGroup
	)
	for i := range gen.Instances {
		number, err := count.AddInstance(gen.Host(i))
		if err != nil {
			return err
		}
		instances <- number
	}
	close(instances)
	for range cap(empty) {
		empty <- &licensing.Shard{}
	}
	for w := range workers {
		running.Go(func() {
			for i := range instances {
				failed[w] = errors.Join(failed[w], eachShard(dir, i, func(accounts []licensing.ServerAccount) {
					shard := <-empty
					ix.PlaceInto(shard, gen.Host(i), accounts)
					full <- placed{i, shard}
				}))
			}
		})
	}
	go func() { running.Wait(); close(full) }()
	for p := range full {
		count.Add(p.instance, p.shard)
		empty <- p.shard
	}
	return errors.Join(failed[:]...)
}

// sideBySide lends the engine every core for what does not depend on each
// other.
func sideBySide(tasks ...func()) {
	var running sync.WaitGroup
	for _, task := range tasks {
		running.Go(task)
	}
	running.Wait()
}

func tallyResult(result *licensing.Result) Tally {
	t := newTallier()
	for p := range result.All() {
		anchor := p.Anchor.ID()
		t.person(anchor, p.Accounts(), p.License)
		for _, a := range p.Servers {
			t.account(a.HostID, anchor, a.Reason)
		}
	}
	return t.done()
}
