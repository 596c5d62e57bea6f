package licensing_test

import (
	"slices"
	"testing"

	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/licensing/licensingtest"
)

// truth is an enterprise of which everything is known, with the report GitHub
// gives of it.
type truth struct {
	seed      uint64
	side      *licensing.CloudSide // everything
	shown     *licensing.CloudSide // what the report shows
	policy    licensing.Policy
	instances []licensingtest.Instance
	synced    []string
	result    *licensing.Result // with everything known
}

// mustTruth makes one; every instance but the last so many is synced at GitHub.
func mustTruth(t *testing.T, seed uint64, unsynced int, options licensingtest.Options) truth {
	t.Helper()
	w := truth{seed: seed}
	options.Report, options.Addresses = -1, 60+int(seed%4)*40
	w.side, w.instances = mustEnterprise(t, seed, 100+int(seed%300), options)
	w.side.Figure = nil
	w.policy = licensingtest.PolicyOf(seed, w.side)
	w.policy.UseGitHubJoins = true
	if options.OneOwner {
		// Of managed users the rules take every address for known, although a
		// report of consumers lacks those who consume nothing; an instance that
		// is not synced can have two accounts of one of them.
		w.policy.ManagedUsers = false
	}
	for _, instance := range w.instances[:max(0, len(w.instances)-unsynced)] {
		w.synced = append(w.synced, licensing.NormalHost(instance.Host))
	}
	w.shown = licensingtest.GitHubReportOf(w.side, w.instances, w.policy, w.synced, licensingtest.At())
	if err := licensingtest.Check(w.shown, w.instances); err != nil {
		t.Fatalf("seed %d: an impossible report: %v", seed, err)
	}
	w.result = mustCount(t, w.side, w.policy, w.instances)
	return w
}

// truths is how many of known truth are looked at.
const truths = 60

// TestTruthSynced: where GitHub has synced all instances, its report alone
// gives the truth, although it hides what the truth was found by. One percent
// is what the product promises; what this report hides costs nothing.
func TestTruthSynced(t *testing.T) {
	t.Parallel()
	blind := 0
	for seed := range uint64(truths) {
		w := mustTruth(t, seed, 0, licensingtest.Options{})
		seen := mustCount(t, w.shown, w.policy, w.instances)
		if got, want := seen.Statement().Licenses+invitedSubscribers(seen), w.result.Statement().Licenses; got != want {
			t.Errorf("seed %d: %d licenses by the report, in truth %d", seed, got, want)
		}
		if got, want := visualStudio(seen), visualStudio(w.result); got != want {
			t.Errorf("seed %d: %d Visual Studio licenses by the report, in truth %d", seed, got, want)
		}
		checkTold(t, &w, seen)
		w.policy.UseGitHubJoins = false
		blind += mustCount(t, w.shown, w.policy, w.instances).Statement().Licenses - w.result.Statement().Licenses
	}
	if blind < 1000 {
		t.Errorf("without GitHub's joins %d licenses too many: the report hides too little to prove anything", blind)
	}
}

// TestTruthUnsynced: where GitHub has not synced some instance, the result may
// be too high, never too low, and the range contains the truth.
func TestTruthUnsynced(t *testing.T) {
	t.Parallel()
	tooHigh := 0
	for seed := range uint64(truths) {
		for unsynced := 1; unsynced <= 4; unsynced++ {
			w := mustTruth(t, seed, unsynced, licensingtest.Options{OneOwner: true})
			if unsynced > len(w.instances) {
				break
			}
			seen := mustCount(t, w.shown, w.policy, w.instances)
			tooHigh += seen.Statement().Licenses - w.result.Statement().Licenses
			checkTold(t, &w, seen)
		}
	}
	if tooHigh < 1000 {
		t.Errorf("%d licenses too many: the report hides too little to prove anything", tooHigh)
	}
}

// TestTruthNotLoaded: an instance GitHub has synced and we have no snapshot of
// counts from the report alone, and as if it were loaded.
func TestTruthNotLoaded(t *testing.T) {
	t.Parallel()
	for seed := range uint64(truths) {
		w := mustTruth(t, seed, 0, licensingtest.Options{})
		seen := mustCount(t, w.shown, w.policy, w.instances[1:])
		if got, want := seen.Statement().Licenses+invitedSubscribers(seen), w.result.Statement().Licenses; got != want {
			t.Errorf("seed %d: %d licenses with a snapshot missing, in truth %d", seed, got, want)
		}
		checkTold(t, &w, seen)
	}
}

// TestTruthLater: accounts made after GitHub synced are no reason for the range
// to miss the truth either.
func TestTruthLater(t *testing.T) {
	t.Parallel()
	for seed := range uint64(truths) {
		w := mustTruth(t, seed, 0, licensingtest.Options{OneOwner: true})
		later := slices.Clone(w.instances)
		for i := range later {
			accounts := later[i].Accounts
			later[i].Accounts = accounts[:len(accounts)*4/5]
		}
		w.shown = licensingtest.GitHubReportOf(w.side, later, w.policy, w.synced, licensingtest.At())
		checkTold(t, &w, mustCount(t, w.shown, w.policy, w.instances))
	}
}

// checkTold wants the truth inside the range, nobody joined whom the truth
// knows apart, and every difference from GitHub's figure opened by a list.
func checkTold(t *testing.T, w *truth, seen *licensing.Result) {
	t.Helper()
	licenses, v := w.result.Statement().Licenses, seen.Visibility()
	if licenses < v.Low || licenses > v.High+invitedSubscribers(seen) || seen.Statement().Licenses != v.High {
		t.Errorf("seed %d, %d synced: in truth %d licenses, range %d to %d", w.seed, len(w.synced), licenses, v.Low, v.High)
	}
	if n := falselyJoined(w.result, seen); n > 0 {
		t.Errorf("seed %d, %d synced: %d server accounts are with somebody the truth does not know them with", w.seed, len(w.synced), n)
	}
	r := seen.Reconciliation()
	if r == nil || !r.Holds() || r.Unexplained != 0 {
		t.Fatalf("seed %d: reconciliation %+v", w.seed, r)
	}
	named := 0
	for _, item := range r.Items {
		named += item.Count
		if item.Cause == licensing.CauseRule {
			t.Errorf("seed %d: %s of %d is put down to a rule of ours, and GitHub had the same rules", w.seed, item.Term, item.Count)
		}
	}
	if want := r.MoreThere + r.SeveralHere + r.OnlyHere + r.OnlyThere; named != want {
		t.Errorf("seed %d: lists of %d for terms of %d", w.seed, named, want)
	}
}

// invitedSubscribers are people who only are invited and have a subscription: a
// row of theirs says no more than that there is a subscription, and one of
// nobody's consumes nothing by default (C7). They are told as only there.
func invitedSubscribers(seen *licensing.Result) int {
	n := 0
	for _, item := range seen.Reconciliation().Items {
		if item.Term == licensing.TermOnlyThere && item.Cause == licensing.CauseSubscription {
			n += item.Count
		}
	}
	return n
}

// visualStudio counts the licenses of that type of people with an account.
func visualStudio(r *licensing.Result) int {
	n := 0
	for p := range r.All() {
		if p.License == licensing.LicenseVisualStudio && p.Accounts() > 0 {
			n++
		}
	}
	return n
}

// falselyJoined counts server accounts that share a person in one result with
// the first account of that person, but not in the truth.
func falselyJoined(truth, seen *licensing.Result) int {
	of := map[licensing.HostID]licensing.Anchor{}
	for p := range truth.All() {
		for _, a := range p.Servers {
			of[a.HostID] = p.Anchor
		}
	}
	n := 0
	for p := range seen.All() {
		for _, a := range p.Servers {
			if of[a.HostID] != of[p.Servers[0].HostID] || p.Cloud >= 0 && of[a.HostID].ID() != p.Anchor.ID() {
				n++
			}
		}
	}
	return n
}
