package mixup_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oneseat/oneseat/internal/mixup"
	"github.com/oneseat/oneseat/licensing"
)

// on are the accounts of an instance: somebody by number, with user ids in
// order.
func on(people ...int) []licensing.ServerAccount {
	var out []licensing.ServerAccount
	for i, n := range people {
		out = append(out, licensing.ServerAccount{
			UserID: fmt.Sprint(i + 1), Emails: []licensing.ServerEmail{{Email: address(n), Primary: true}},
		})
	}
	return out
}

func address(n int) licensing.Email { return licensing.NewEmail(fmt.Sprintf("p%d@acme.example", n)) }

// reported is what GitHub's report knows of an instance.
func reported(host string, people ...int) []licensing.ReportRow {
	var rows []licensing.ReportRow
	for i, n := range people {
		rows = append(rows, licensing.ReportRow{
			ServerAccounts: []licensing.HostID{{Host: host, ID: fmt.Sprint(i + 1)}}, ServerEmails: []licensing.Email{address(n)},
		})
	}
	return rows
}

func instance(host string, digest uint64, accounts []licensing.ServerAccount) mixup.Instance {
	return mixup.Instance{Host: host, Accounts: int64(len(accounts)), Digest: digest, Sample: mixup.SampleOf(accounts, mixup.SampleSize(2))}
}

func TestFind(t *testing.T) {
	t.Parallel()
	rows := append(reported("one.example", 1, 2, 3, 4), reported("two.example", 5, 6, 7, 8)...)
	for name, c := range map[string]struct {
		instances []mixup.Instance
		want      []mixup.Finding
	}{
		"as they should be": {[]mixup.Instance{instance("one.example", 1, on(1, 2, 3, 4)), instance("two.example", 2, on(5, 6, 7, 8))}, nil},
		"swapped": {
			[]mixup.Instance{instance("One.example", 1, on(5, 6, 7, 8)), instance("two.example", 2, on(1, 2, 3, 4))},
			[]mixup.Finding{{mixup.Swapped, 0, "two.example", 1}, {mixup.Swapped, 1, "one.example", 0}},
		},
		"of one that was not given": {
			[]mixup.Instance{instance("one.example", 1, on(5, 6, 7, 8))},
			[]mixup.Finding{{mixup.Swapped, 0, "two.example", -1}},
		},
		"of one nobody knows": {
			[]mixup.Instance{instance("one.example", 1, on(11, 12, 13, 14))},
			[]mixup.Finding{{mixup.OtherPeople, 0, "", -1}},
		},
		"the same twice": {
			[]mixup.Instance{instance("new.example", 7, on(21, 22)), instance("newer.example", 7, on(21, 22)), instance("newest.example", 7, on(21, 22))},
			[]mixup.Finding{{mixup.SameAccounts, 1, "new.example", 0}, {mixup.SameAccounts, 2, "new.example", 0}},
		},
		"nobody twice":    {[]mixup.Instance{instance("new.example", 0, nil), instance("newer.example", 0, nil)}, nil},
		"too few to tell": {[]mixup.Instance{instance("one.example", 1, on(11, 12))}, nil},
	} {
		if diff := cmp.Diff(c.want, mixup.Find(c.instances, rows)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestSampleSizeIsBounded: neither the work nor the memory of many instances
// grows without end, and a few are compared by thousands.
func TestSampleSizeIsBounded(t *testing.T) {
	t.Parallel()
	for instances, want := range map[int]int{0: 4096, 1: 4096, 32: 4096, 64: 1024, 512: 16, 100_000: 16} {
		if got := mixup.SampleSize(instances); got != want {
			t.Errorf("%d instances: %d, want %d", instances, got, want)
		}
	}
	if n := len(mixup.SampleOf(on(1, 2, 3, 4), 3)); n != 3 {
		t.Errorf("a sample of three has %d", n)
	}
}
