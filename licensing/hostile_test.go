package licensing_test

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/oneseat/oneseat/licensing"
)

// allocated is how many bytes do allocates: work that is asserted instead of
// time.
func allocated(do func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// wideRow is a row of GitHub's report with n accounts and n addresses.
func wideRow(login string, n int) licensing.ReportRow {
	row := licensing.ReportRow{Login: login}
	for i := range n {
		row.ServerAccounts = append(row.ServerAccounts, licensing.HostID{Host: "ghes-1.example", ID: fmt.Sprint(i)})
		row.ServerEmails = append(row.ServerEmails, licensing.NewEmail(fmt.Sprintf("u%d@x.example", i)))
	}
	return row
}

func countSide(t *testing.T, side *licensing.CloudSide, policy licensing.Policy) *licensing.Result {
	t.Helper()
	ix, err := licensing.NewIndex(side, policy)
	if err != nil {
		t.Fatal(err)
	}
	r, err := licensing.NewCount(ix).Result()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Not parallel: it measures what the process allocates.
func TestAWideReportRowCostsWhatItHolds(t *testing.T) { //nolint:paralleltest // see above
	side := &licensing.CloudSide{Report: &licensing.GitHubReport{Rows: []licensing.ReportRow{wideRow("", 4000)}}}
	bytes := allocated(func() {
		r := countSide(t, side, licensing.Policy{})
		if p := r.At(0); r.Len() != 1 || len(p.ReportEmails) != 4000 || len(p.Servers) != 4000 {
			t.Errorf("got %d people, %d addresses, %d accounts", r.Len(), len(p.ReportEmails), len(p.Servers))
		}
	})
	if bytes > 32<<20 {
		t.Errorf("a row of 4,000 accounts and addresses allocates %d MiB", bytes>>20)
	}
}

// Not parallel: as above.
func TestRowsWithTheSameAccountsCostWhatTheyHold(t *testing.T) { //nolint:paralleltest // as above
	side := &licensing.CloudSide{Report: &licensing.GitHubReport{
		Rows: []licensing.ReportRow{wideRow("", 4000), wideRow("", 4000), wideRow("", 4000)},
	}}
	if bytes := allocated(func() { countSide(t, side, licensing.Policy{}) }); bytes > 32<<20 {
		t.Errorf("three equal rows of 4,000 accounts allocate %d MiB", bytes>>20)
	}
}

// Not parallel: as above.
func TestALongDomainCostsWhatItHolds(t *testing.T) { //nolint:paralleltest // as above
	var domain strings.Builder
	for i := range 20_000 {
		domain.WriteRune(rune(0x4e00 + i))
	}
	text := "a@" + domain.String() + ".EXAMPLE"
	bytes := allocated(func() {
		if key, ok := licensing.NewEmail(text).Key(); !ok || !strings.HasSuffix(key.Address(), ".example") {
			t.Errorf("a domain too long for IDNA is kept lower-cased: %t", ok)
		}
	})
	if bytes > 4<<20 {
		t.Errorf("an address of %d bytes allocates %d MiB", len(text), bytes>>20)
	}
}

func TestAHostWithColonsIsNotCutApart(t *testing.T) {
	t.Parallel()
	side := &licensing.CloudSide{Report: &licensing.GitHubReport{Rows: []licensing.ReportRow{
		{ServerAccounts: []licensing.HostID{{Host: "fe80::1", ID: "5"}}},
	}}}
	ix, err := licensing.NewIndex(side, licensing.Policy{UseGitHubJoins: true})
	if err != nil {
		t.Fatal(err)
	}
	c := licensing.NewCount(ix)
	in, err := c.AddInstance("fe80::1")
	if err != nil {
		t.Fatal(err)
	}
	c.Add(in, ix.PlaceShard("fe80::1", []licensing.ServerAccount{{UserID: "5"}}))
	r, err := c.Result()
	if err != nil {
		t.Fatal(err)
	}
	if st := r.Statement(); st.Licenses != 1 || st.ServerAccounts != 1 || len(r.Instances()) != 1 {
		t.Errorf("got %+v on %+v", st, r.Instances())
	}
}

func TestNamesThatAreAddressesAreMasked(t *testing.T) {
	t.Parallel()
	side := &licensing.CloudSide{Subscriptions: []licensing.Subscription{{Login: "ana@acme.example"}}}
	ix, err := licensing.NewIndex(side, licensing.Policy{})
	if err != nil {
		t.Fatal(err)
	}
	c := licensing.NewCount(ix)
	in, err := c.AddInstance("s")
	if err != nil {
		t.Fatal(err)
	}
	c.Add(in, ix.PlaceShard("s", []licensing.ServerAccount{{UserID: "bob@acme.example\x1b[31m"}}))
	r, err := c.Result()
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprint(r.Warnings())
	_, err = licensing.NewIndex(&licensing.CloudSide{Accounts: []licensing.CloudAccount{{ID: "eve@acme.example"}}}, licensing.Policy{})
	text += err.Error()
	for _, whole := range []string{"ana@", "bob@", "eve@", "\x1b"} {
		if strings.Contains(text, whole) {
			t.Errorf("%q stands in %q", whole, text)
		}
	}
}

func TestUnmatchedSubscriptionsHaveAnchorsOfTheirOwn(t *testing.T) {
	t.Parallel()
	side := &licensing.CloudSide{Subscriptions: []licensing.Subscription{
		{ID: "A"},
		{ID: "A"},
		{ID: "A#2"},
		{ID: "x@y"},
		{Email: licensing.NewEmail("x@y")},
		{Email: licensing.NewEmail("x@y")},
	}}
	r := countSide(t, side, licensing.Policy{ConsumeUnlinkedSubscribers: true})
	var ids []string
	for p := range r.All() {
		ids = append(ids, p.Anchor.ID())
	}
	slices.Sort(ids)
	if len(ids) != 6 || len(slices.Compact(ids)) != 6 {
		t.Errorf("anchors are not of their own: %q", ids)
	}
}

func TestAShardOfAnotherIndexIsRefused(t *testing.T) {
	t.Parallel()
	index := func() *licensing.Index {
		ix, err := licensing.NewIndex(&licensing.CloudSide{}, licensing.Policy{})
		if err != nil {
			t.Fatal(err)
		}
		return ix
	}
	one, other := index(), index()
	for name, shard := range map[string]*licensing.Shard{
		"another index": other.PlaceShard("s", []licensing.ServerAccount{{UserID: "1"}}),
		"another host":  one.PlaceShard("t", []licensing.ServerAccount{{UserID: "1"}}),
	} {
		c := licensing.NewCount(one)
		in, err := c.AddInstance("s")
		if err != nil {
			t.Fatal(err)
		}
		c.Add(in, shard)
		_, err = c.Result()
		if refusal, ok := errors.AsType[*licensing.Error](err); !ok || refusal.Code != licensing.CodeForeignShard {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestSeveralMarkedAreAlwaysWarnedAbout(t *testing.T) {
	t.Parallel()
	got := enterprise(t, "-- server s --\n1 none* a@x*\n2 A@y* a@y*\n").Warnings()
	if len(got) != 1 || got[0].Code != licensing.WarnSeveralPrimary || got[0].Count != 2 {
		t.Errorf("got %v", got)
	}
}
