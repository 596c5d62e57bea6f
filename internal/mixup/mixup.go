// Package mixup notices files that are in order, each for itself, and yet of
// another server instance than was said: every instance's own report downloads
// under the same name, and does not say whose it is.
//
// It deliberately refuses nothing and writes no sentence: it may be wrong, and
// what surfaces say differs. It knows no file and no database.
//
// Invariants: time and memory are bounded, whatever is given. Start with
// [Find].
package mixup

import (
	"maps"
	"slices"

	"github.com/oneseat/oneseat/licensing"
)

// Code says what was noticed.
type Code string

// What is noticed.
const (
	// SameAccounts: Other has exactly the same accounts.
	SameAccounts Code = "same_accounts"
	// Swapped: the accounts look like those that GitHub's report knows of
	// Other.
	Swapped Code = "swapped"
	// OtherPeople: GitHub's report knows most of the user ids there, with
	// other addresses.
	OtherPeople Code = "other_people"
)

// Instance is a server instance with the accounts that are said to be its.
type Instance struct {
	Host     string
	Accounts int64
	// Digest is equal for equal accounts, among the instances of one call.
	Digest uint64
	Sample Sample
}

// Finding is something that was noticed of the instance with the number At.
type Finding struct {
	Code  Code
	At    int
	Other string // host; empty for OtherPeople
	// OtherAt is the number of Other, -1 when it was not given.
	OtherAt int
}

// few is up to how many accounts that agree, or do not, are chance.
const few = 2

// Find compares instances with each other and, by their samples, with the rows
// of GitHub's report. Findings come in the order of the instances.
func Find(instances []Instance, rows []licensing.ReportRow) []Finding {
	var out []Finding
	all := fits(instances, rows)
	for n := range instances {
		if before := slices.IndexFunc(instances[:n], instances[n].same); before >= 0 {
			out = append(out, Finding{SameAccounts, n, instances[before].host(), before})
		}
		if code, other := all[n].verdict(instances[n].host()); code != "" {
			at := slices.IndexFunc(instances, func(i Instance) bool { return i.host() == other })
			out = append(out, Finding{code, n, other, at})
		}
	}
	return out
}

func (i *Instance) host() string { return licensing.NormalHost(i.Host) }

func (i *Instance) same(other Instance) bool {
	return i.Accounts > 0 && i.Accounts == other.Accounts && i.Digest == other.Digest
}

// fit says how well a sample fits an instance as GitHub's report knows it.
type fit struct{ known, agree int }

// hostFits are those of one sample, by host.
type hostFits map[string]fit

// verdict compares how well a sample fits the instance it is said to be of with
// how well it fits others.
func (f hostFits) verdict(host string) (Code, string) {
	own, best := f[host], ""
	for _, other := range slices.Sorted(maps.Keys(f)) {
		if other != host && f[other].agree > max(f[best].agree, 2*own.agree, few) {
			best = other
		}
	}
	switch {
	case best != "":
		return Swapped, best
	case own.known > few && 2*own.agree < own.known:
		return OtherPeople, ""
	default:
		return "", ""
	}
}

// fits compares every sample with every instance that the report knows, in one
// pass over the report.
func fits(instances []Instance, rows []licensing.ReportRow) []hostFits {
	all := make([]hostFits, len(instances))
	holders := map[string][]int{} // instances by user id
	for n := range instances {
		all[n] = hostFits{}
		for id := range instances[n].Sample {
			holders[id] = append(holders[id], n)
		}
	}
	for i := range rows {
		row := &rows[i]
		if len(row.ServerEmails) == 0 {
			continue
		}
		for _, id := range row.ServerAccounts {
			host := licensing.NormalHost(id.Host)
			for _, n := range holders[id.ID] {
				at := all[n][host]
				at.known++
				if isOf(row, instances[n].Sample[id.ID]) {
					at.agree++
				}
				all[n][host] = at
			}
		}
	}
	return all
}

// isOf says that a row of the report has one of an account's addresses.
func isOf(row *licensing.ReportRow, keys []licensing.Key) bool {
	return slices.ContainsFunc(row.ServerEmails, func(e licensing.Email) bool {
		key, ok := e.Key()
		return ok && slices.Contains(keys, key)
	})
}

// Sample are a few accounts of an instance, by user id: the keys of their
// addresses.
type Sample map[string][]licensing.Key

// SampleOf takes at most a number of accounts; see [SampleSize].
func SampleOf(accounts []licensing.ServerAccount, most int) Sample {
	out := Sample{}
	for i := range accounts[:min(len(accounts), most)] {
		for _, e := range accounts[i].Emails {
			if key, ok := e.Email.Key(); ok {
				out[accounts[i].UserID] = append(out[accounts[i].UserID], key)
			}
		}
	}
	return out
}

// SampleSize is how many accounts of each instance are worth comparing. The
// same user ids are on every instance, so that the work grows with the square
// of their number.
func SampleSize(instances int) int {
	const most, least, work = 4096, 16, 1 << 22
	n := max(instances, 1)
	return min(max(work/(n*n), least), most)
}
