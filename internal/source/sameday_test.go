package source_test

import (
	"strings"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/source"
	"github.com/oneseat/oneseat/report"
)

// sameDay are a cloud list of six in the morning, and a report of that day on
// which dana's address is verified.
func sameDay(t *testing.T, name string) (list, rep source.File) {
	t.Helper()
	list = file("list.json", `{"format":"oneseat-cloud-list/1","as_of":"2026-11-22T06:00:00Z","enterprise":{"slug":"acme"},`+
		`"verified_domains":["acme.example"],"users":[{"login":"dana","emails":[{"email":"dana@acme.example"}]}]}`)
	dana := report.User{Login: "dana", CloudUser: true}
	dana.VerifiedDomainEmails = append(dana.VerifiedDomainEmails, email("dana@acme.example"))
	return list, file(name, asCSV(t, report.CSVOptions{}, dana))
}

// TestADayIsNoMidnight: a report whose name has only the day is not older than
// a list of that morning: nobody knows, and whoever gives both is asked. The
// time in the name, or said beside it, decides.
func TestADayIsNoMidnight(t *testing.T) {
	t.Parallel()
	list, rep := sameDay(t, "consumed_licenses-acme-2026-11-22.csv")
	_, err := bothOrders(t, list, rep)
	if err == nil || refusals(t, err)[0].key != "source.merge_account" || !strings.Contains(err.Error(), "Day=2026-11-22") {
		t.Errorf("only the day: got %v", err)
	}
	said := rep
	said.Date = time.Date(2026, 11, 22, 8, 25, 0, 0, time.UTC)
	_, named := sameDay(t, "consumed_licenses-acme-20261122T082500Z.csv")
	for what, rep := range map[string]source.File{"time said": said, "time in the name": named} {
		cloud, err := bothOrders(t, list, rep)
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		if got := cloud.Side.Accounts[0].Emails; len(got) != 1 || !got[0].Verified {
			t.Errorf("%s: got %+v, want it verified", what, got)
		}
		if len(cloud.Warnings) > 0 {
			t.Errorf("%s: got %v", what, cloud.Warnings)
		}
	}
}

// TestAReportThatCountsForNothingIsSaid: where the list is newer, the report
// adds nothing, and that is said.
func TestAReportThatCountsForNothingIsSaid(t *testing.T) {
	t.Parallel()
	list, rep := sameDay(t, "consumed_licenses-acme-2026-11-15.csv")
	cloud, err := bothOrders(t, list, rep)
	if err != nil {
		t.Fatal(err)
	}
	if got := cloud.Side.Accounts[0].Emails; got[0].Verified {
		t.Errorf("got %+v, want the list's word", got)
	}
	if len(cloud.Warnings) != 1 {
		t.Fatalf("got %v", cloud.Warnings)
	}
	for _, part := range []string{"source.warn_older_report", "Count=1", "Login=dana", "Date=2026-11-15", "OtherDate=2026-11-22 06:00 UTC"} {
		if !strings.Contains(cloud.Warnings[0].String(), part) {
			t.Errorf("%v does not say %q", cloud.Warnings[0], part)
		}
	}
}
