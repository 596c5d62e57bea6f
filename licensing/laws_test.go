package licensing_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/licensing/licensingtest"
)

// drawn is a random enterprise as rapid draws it; a failure prints how to
// draw it again.
type drawn struct {
	seed      uint64
	side      *licensing.CloudSide
	policy    licensing.Policy
	instances []licensingtest.Instance
}

func drawEnterprise(t *rapid.T) drawn {
	d := drawn{seed: rapid.Uint64Range(0, 1<<20).Draw(t, "seed")}
	size := rapid.IntRange(0, 40).Draw(t, "size")
	d.side, d.instances = licensingtest.Enterprise(d.seed, size, oracleOptions(d.seed))
	if err := licensingtest.Check(d.side, d.instances); err != nil {
		t.Fatalf("the generator made an impossible enterprise: %v", err)
	}
	d.policy = licensingtest.PolicyOf(d.seed, d.side)
	return d
}

func (d drawn) count(t *rapid.T, shard int) *licensing.Result {
	result, err := count(d.side, d.policy, d.instances, shard)
	if err != nil {
		t.Fatalf("count: %v", err)
	}
	return result
}

// TestOrderNeverMatters: a result is a function of the set of inputs; neither
// the order of anything nor the shards nor the engine's own seed change a byte.
// Snapshots that are not loaded make a report's rows contradict each other more
// than the reference knows an answer to; the order must not be one.
func TestOrderNeverMatters(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := drawEnterprise(t)
		d.instances = d.instances[rapid.IntRange(0, 1).Draw(t, "not loaded"):]
		want := written(d.side, d.count(t, rapid.IntRange(1, 50).Draw(t, "shard")))
		if got := written(d.side, d.count(t, rapid.IntRange(1, 50).Draw(t, "other shard"))); got != want {
			t.Fatalf("the same input twice (-once +again):\n%s", cmp.Diff(want, got))
		}
		d.side, d.instances = licensingtest.Shuffled(d.seed, d.side, d.instances)
		if got := written(d.side, d.count(t, 50)); got != want {
			t.Fatalf("in another order (-before +after):\n%s", cmp.Diff(want, got))
		}
	})
}

// TestShardsAtOnce: shards may be placed at the same time and added in any
// order.
func TestShardsAtOnce(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		side, instances := mustEnterprise(t, seed, 300, oracleOptions(seed))
		policy := licensingtest.PolicyOf(seed, side)
		index, err := licensing.NewIndex(side, policy)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		c := licensing.NewCount(index)
		var group sync.WaitGroup
		var adding sync.Mutex
		for _, instance := range instances {
			adding.Lock()
			number, err := c.AddInstance(instance.Host)
			adding.Unlock()
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			for shard := range slices.Chunk(instance.Accounts, 20) {
				group.Go(func() {
					placed := index.PlaceShard(instance.Host, shard)
					adding.Lock()
					defer adding.Unlock()
					c.Add(number, placed)
				})
			}
		}
		group.Wait()
		got, err := c.Result()
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if diff := cmp.Diff(written(side, mustCount(t, side, policy, instances)), written(side, got)); diff != "" {
			t.Errorf("seed %d: (-one after another +at once):\n%s", seed, diff)
		}
	}
}

// TestPlaceAgrees: one account placed alone goes where the count has it.
func TestPlaceAgrees(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := drawEnterprise(t)
		index, err := licensing.NewIndex(d.side, d.policy)
		if err != nil {
			t.Fatalf("index: %v", err)
		}
		placed := map[licensing.HostID]licensing.Placement{}
		for p := range d.count(t, 50).All() {
			for _, a := range p.Servers {
				placed[a.HostID] = licensing.Placement{Anchor: p.Anchor, Reason: a.Reason}
			}
		}
		for _, instance := range d.instances {
			for i := range instance.Accounts {
				id := licensing.HostID{Host: licensing.NormalHost(instance.Host), ID: instance.Accounts[i].UserID}
				if got := index.Place(instance.Host, &instance.Accounts[i]); got != placed[id] {
					t.Fatalf("%s: placed alone %v %+v, counted %v %+v", id, got.Anchor, got.Reason, placed[id].Anchor, placed[id].Reason)
				}
			}
		}
	})
}

// TestOneAnchorEach: every cloud account, server account, open invitation and
// subscription stands in exactly one place, and nothing else does.
func TestOneAnchorEach(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := drawEnterprise(t)
		result := d.count(t, 50)
		seen, anchors := map[string]int{}, map[licensing.Anchor]bool{}
		for p := range result.All() {
			if anchors[p.Anchor] {
				t.Fatalf("%v: two people", p.Anchor)
			}
			anchors[p.Anchor] = true
			if p.Cloud >= 0 {
				seen["cloud "+strings.ToLower(d.side.Accounts[p.Cloud].Login)]++
			}
			for _, a := range p.Servers {
				seen["server "+a.String()]++
			}
			seen["subscription"] += len(p.Subscriptions)
		}
		if !d.policy.ConsumeUnlinkedSubscribers {
			seen["subscription"] += len(result.Unmatched())
		}
		for name, n := range d.expected() {
			if seen[name] != n {
				t.Fatalf("%s stands in %d places, want %d", name, seen[name], n)
			}
			delete(seen, name)
		}
		if len(seen) > 0 {
			t.Fatalf("nobody asked for %v", seen)
		}
	})
}

// expected are the things that must stand somewhere.
func (d drawn) expected() map[string]int {
	want := map[string]int{"subscription": len(d.side.Subscriptions)}
	loaded := map[string]bool{}
	for i := range d.side.Accounts {
		want["cloud "+strings.ToLower(d.side.Accounts[i].Login)] = 1
	}
	for _, instance := range d.instances {
		host := licensing.NormalHost(instance.Host)
		loaded[host] = true
		for _, a := range instance.Accounts {
			want["server "+licensing.HostID{Host: host, ID: a.UserID}.String()] = 1
		}
	}
	if d.side.Report == nil {
		return want
	}
	for _, row := range d.side.Report.Rows {
		if !row.SubscriptionEmail.IsZero() {
			want["subscription"]++
		}
		for _, id := range row.ServerAccounts {
			if !loaded[id.Host] {
				want["server "+id.String()] = 1
			}
		}
	}
	return want
}

// TestStatementHolds: the sums add up, in total, per instance and against
// GitHub's figure, and are those of the people listed.
func TestStatementHolds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := drawEnterprise(t)
		result := d.count(t, 50)
		var want licensing.Statement
		for p := range result.All() {
			addToStatement(&want, &p)
		}
		got := result.Statement()
		if got != want || !got.Holds() || got.Accounts+got.InvitedOnly-got.NotConsuming-got.Joined != got.Licenses {
			t.Fatalf("statement %+v, the people listed make %+v", got, want)
		}
		servers := 0
		for _, s := range result.Instances() {
			servers += s.Accounts
			if !s.Holds() || s.Accounts-s.Repeated-s.ConsumeWithout != s.OnlyHere {
				t.Fatalf("statement of an instance does not hold: %+v", s)
			}
		}
		if servers != got.ServerAccounts {
			t.Fatalf("%d server accounts on instances, %d in total", servers, got.ServerAccounts)
		}
		checkReconciliation(t, result)
	})
}

// TestOnlyHere: the people whom one instance alone accounts for are as many as
// its statement says, on that instance and nowhere else. Without it the total
// falls by so many, unless GitHub's report names its accounts, which then count
// as the report has them, or a subscription that loses its person consumes.
func TestOnlyHere(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := drawEnterprise(t)
		result := d.count(t, 50)
		only := map[string]int{}
		for p := range result.All() {
			if p.OnlyHost == "" {
				continue
			}
			only[p.OnlyHost]++
			if !p.Consumes || slices.ContainsFunc(p.Servers, func(a licensing.PlacedAccount) bool { return a.Host != p.OnlyHost }) {
				t.Fatalf("%v: only %s accounts for them, consuming %t with %v", p.Anchor, p.OnlyHost, p.Consumes, p.Servers)
			}
		}
		for _, s := range result.Instances() {
			if only[s.Host] != s.OnlyHere {
				t.Fatalf("%s alone accounts for %d people, its statement says %+v", s.Host, only[s.Host], s)
			}
		}
		d.checkClosing(t)
	})
}

// checkClosing closes each instance in turn.
func (d drawn) checkClosing(t *rapid.T) {
	d.policy.ConsumeUnlinkedSubscribers = false
	before := d.count(t, 50)
	for i, instance := range d.instances {
		without := d
		without.instances = slices.Delete(slices.Clone(d.instances), i, i+1)
		after := without.count(t, 50)
		of := func(r *licensing.Result) *licensing.InstanceStatement {
			for _, s := range r.Instances() {
				if s.Host == licensing.NormalHost(instance.Host) {
					return &s
				}
			}
			return &licensing.InstanceStatement{}
		}
		if of(after).Reported {
			continue
		}
		if fell := before.Statement().Licenses - after.Statement().Licenses; fell != of(before).OnlyHere {
			t.Fatalf("without %s there are %d licenses less, it alone accounts for %d", instance.Host, fell, of(before).OnlyHere)
		}
	}
}

func addToStatement(s *licensing.Statement, p *licensing.Person) {
	n := p.Accounts()
	s.Accounts += n
	s.ServerAccounts += len(p.Servers)
	s.CloudAccounts += n - len(p.Servers)
	switch {
	case !p.Consumes:
		s.NotConsuming += n
	case n == 0:
		s.InvitedOnly++
	default:
		s.Joined += n - 1
	}
	if p.Consumes {
		s.Licenses++
	}
	if p.License == licensing.LicenseVisualStudio {
		s.VisualStudio++
	}
}

// checkReconciliation adds up the terms and the lists that open them.
func checkReconciliation(t *rapid.T, result *licensing.Result) {
	r := result.Reconciliation()
	if r == nil {
		return
	}
	sum := r.Figure - r.MoreThere - r.Unexplained + r.SeveralHere + r.OnlyHere - r.OnlyThere
	if !r.Holds() || sum != result.Statement().Licenses || sum != r.Licenses {
		t.Fatalf("reconciliation does not hold: %+v with %d licenses", *r, result.Statement().Licenses)
	}
	terms := map[licensing.Term]int{}
	for _, item := range r.Items {
		terms[item.Term] += item.Count
		if item.Count <= 0 || len(item.Rows)+len(item.People) == 0 {
			t.Fatalf("an item names nobody: %+v", item)
		}
	}
	want := map[licensing.Term]int{
		licensing.TermMoreThere: r.MoreThere, licensing.TermSeveralHere: r.SeveralHere,
		licensing.TermOnlyHere: r.OnlyHere, licensing.TermOnlyThere: r.OnlyThere,
	}
	for term, n := range want {
		if terms[term] != n {
			t.Fatalf("%s is %d, its items make %d", term, n, terms[term])
		}
	}
}

// TestAddedServerAccount: one more server account of a loaded instance is
// somebody known, or one person more. (Not with unlinked_subscribers=consume:
// there it may give a subscription, until then a person of its own, an owner.)
func TestAddedServerAccount(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := drawEnterprise(t)
		d.policy.ConsumeUnlinkedSubscribers = false
		before := d.count(t, 50)
		donor, with := drawEnterprise(t), slices.Clone(d.instances)
		at := rapid.IntRange(0, len(with)-1).Draw(t, "instance")
		account := licensing.ServerAccount{UserID: "added"}
		if all := allServers(donor.instances); len(all) > 0 {
			account.Emails = rapid.SampledFrom(all).Draw(t, "account").Emails
		}
		with[at].Accounts = append(slices.Clone(with[at].Accounts), account)
		d.instances = with
		after := d.count(t, 50)
		people := after.Len() - before.Len()
		licenses := after.Statement().Licenses - before.Statement().Licenses
		if people < 0 || people > 1 || licenses < 0 || licenses > 1 {
			t.Fatalf("one server account more: %+d people, %+d licenses", people, licenses)
		}
	})
}

func allServers(instances []licensingtest.Instance) []licensing.ServerAccount {
	var all []licensing.ServerAccount
	for _, instance := range instances {
		all = append(all, instance.Accounts...)
	}
	return all
}

// TestAddedCloudAccount: one more cloud account adds at most itself, and one
// for each address whose invitations thereby become R8's exception.
func TestAddedCloudAccount(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := drawEnterprise(t)
		before := d.count(t, 50)
		donor := rapid.SampledFrom(drawEnterprise(t).side.Accounts).Draw(t, "account")
		donor.Login, donor.Reported = "added", false
		side := *d.side
		side.Accounts = append(slices.Clone(side.Accounts), donor)
		d.side = &side
		after := d.count(t, 50)
		allowed := 1 + newExceptions(before, after)
		people := after.Len() - before.Len()
		licenses := after.Statement().Licenses - before.Statement().Licenses
		if people > allowed || licenses > allowed {
			t.Fatalf("one cloud account more: %+d people, %+d licenses, want at most %d", people, licenses, allowed)
		}
	})
}

func newExceptions(before, after *licensing.Result) int {
	known, n := map[licensing.Anchor]bool{}, 0
	for p := range before.All() {
		known[p.Anchor] = true
	}
	for p := range after.All() {
		if p.Anchor.Kind == licensing.AnchorException && !known[p.Anchor] {
			n++
		}
	}
	return n
}

// TestDiffAddsUp: nothing differs from itself, and the changes between two results
// add up to the difference of their totals.
func TestDiffAddsUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := drawEnterprise(t)
		before := d.count(t, 50)
		if diff := licensing.Diff(before, d.count(t, 3)); len(diff.Changes) > 0 || diff.Licenses != 0 {
			t.Fatalf("a result differs from itself: %+v", diff)
		}
		other := d
		other.instances = slices.Clone(d.instances)
		for i := range other.instances {
			other.instances[i].Accounts = slices.DeleteFunc(slices.Clone(other.instances[i].Accounts),
				func(licensing.ServerAccount) bool { return rapid.Bool().Draw(t, "gone") })
		}
		after := other.count(t, 50)
		diff, sum := licensing.Diff(before, after), 0
		for _, change := range diff.Changes {
			sum += change.Licenses
			if got := licensesOf(change.After) - licensesOf(change.Before); got != change.Licenses {
				t.Fatalf("a change of %+d licenses between people of %+d: %+v", change.Licenses, got, change)
			}
		}
		want := after.Statement().Licenses - before.Statement().Licenses
		if diff.Licenses != want || sum != want {
			t.Fatalf("diff of %+d licenses, its changes %+d, the totals %+d", diff.Licenses, sum, want)
		}
	})
}

func licensesOf(people []licensing.Person) int {
	n := 0
	for i := range people {
		if people[i].Consumes {
			n++
		}
	}
	return n
}

// TestOrderOfPeople: by lower-cased login, those without one last, then by
// first server address, first HOST:ID, invited address.
func TestOrderOfPeople(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := drawEnterprise(t)
		people := slices.Collect(d.count(t, 50).All())
		for i := 1; i < len(people); i++ {
			if comparePeople(&people[i-1], &people[i]) > 0 {
				t.Fatalf("%v stands before %v", people[i-1].Anchor, people[i].Anchor)
			}
		}
	})
}

func comparePeople(a, b *licensing.Person) int {
	if none := a.Login == ""; none != (b.Login == "") {
		if none {
			return 1
		}
		return -1
	}
	byLogin := strings.Compare(strings.ToLower(a.Login), strings.ToLower(b.Login))
	byAddress := strings.Compare(firstOf(a.PrimaryEmails()), firstOf(b.PrimaryEmails()))
	switch {
	case byLogin != 0:
		return byLogin
	case byAddress != 0:
		return byAddress
	default:
		return strings.Compare(firstID(a), firstID(b))
	}
}

// firstOf is the first address, "" without one.
func firstOf(addresses []licensing.Email) string {
	if len(addresses) == 0 {
		return ""
	}
	return addresses[0].Address()
}

func firstID(p *licensing.Person) string {
	if len(p.Servers) == 0 {
		return ""
	}
	return p.Servers[0].String()
}

// written is everything a result says, in its own order, with what depends on
// the order of the input (numbers of accounts and rows) replaced by what they
// stand for.
func written(side *licensing.CloudSide, r *licensing.Result) string {
	var b strings.Builder
	for p := range r.All() {
		writePerson(&b, side, &p)
	}
	for _, s := range r.Unmatched() {
		fmt.Fprintf(&b, "unmatched %s\n", subscriptionText(&s.Subscription, whole))
	}
	for _, c := range r.Conflicts() {
		fmt.Fprintf(&b, "conflict %s %s %s %s %q\n", c.Rule, c.Attribute, c.Value.Address(), c.Chosen, c.Candidates)
	}
	fmt.Fprintf(&b, "%+v\n%+v\n%+v\n%+v\n", r.Statement(), r.Instances(), r.Visibility(), r.Warnings())
	if rc := r.Reconciliation(); rc != nil {
		fmt.Fprintf(&b, "%d %d %d %d %d %d\n", rc.Figure, rc.MoreThere, rc.SeveralHere, rc.OnlyHere, rc.OnlyThere, rc.Unexplained)
		for _, item := range rc.Items {
			fmt.Fprintf(&b, "%s %d %s %d %v\n", item.Term, item.Count, item.Cause, len(item.Rows), item.People)
		}
	}
	return b.String()
}

func writePerson(b *strings.Builder, side *licensing.CloudSide, p *licensing.Person) {
	fmt.Fprintf(b, "%s %q %t %q %q %q\n", p.Anchor.ID(), p.Login, p.Consumes, p.License, p.OnlyHost, p.Beside)
	for _, a := range p.Servers {
		fmt.Fprintf(b, "\tserver %s %q %t %s\n", a.HostID, a.Email.Address(), a.AdvancedSecurity, engineReason(side, a.Reason, whole))
	}
	for _, i := range p.Invitations {
		fmt.Fprintf(b, "\tinvitation %t %q %q %q %s %t %s\n", i.Row >= 0, i.Email.Address(), i.Organization, i.Repository,
			i.CreatedAt, i.Consumes, engineReason(side, i.Reason, whole))
	}
	for _, s := range p.Subscriptions {
		fmt.Fprintf(b, "\tsubscription %t %s %s\n", s.Row >= 0, subscriptionText(&s.Subscription, whole), engineReason(side, s.Reason, whole))
	}
	for _, e := range p.ReportEmails {
		fmt.Fprintf(b, "\treported %q\n", e.Address())
	}
}
