package source_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/oneseat/oneseat/internal/source"
	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/report"
)

// TestASecondReportTakesNothingAwayFromAList: the addresses GitHub's report
// never shows stay those of the list, however many reports follow.
func TestASecondReportTakesNothingAwayFromAList(t *testing.T) {
	t.Parallel()
	list := on("2026-11-01", `{"login":"mona","emails":[{"email":"mona@home.example","verified":true},{"email":"old@acme.example","verified":true}],`+
		`"saml_identities":[{"organization":"eng","name_id":"e"}],"enterprise_roles":["Billing manager"],"organizations":[{"login":"eng","role":"Member"}]}`)
	mona := report.User{
		Login: "mona", CloudUser: true, MemberRoles: []string{"eng:Member"}, EnterpriseRoles: []string{"Owner", "Member"},
		VerifiedDomainEmails: []licensing.Email{email("mona@acme.example")}, SAMLNameID: email("n"),
	}
	first := reported(t, "2026-11-05", mona)
	want, err := bothOrders(t, list, first)
	if err != nil {
		t.Fatal(err)
	}
	if got := want.Side.Accounts[0].Emails; len(got) != 2 || got[0].Email != email("mona@home.example") {
		t.Fatalf("one report: got %+v", got)
	}
	for _, days := range [][]string{{"2026-11-10"}, {"2026-11-05"}, {""}, {"2026-11-10", "2026-11-12"}} {
		files := []source.File{list, first}
		for i, day := range days {
			again := reported(t, day, mona)
			again.Name = fmt.Sprintf("copy-%d-%s.csv", i, day)
			files = append(files, again)
		}
		got, err := bothOrders(t, files...)
		if err != nil {
			t.Errorf("further reports of %v: %v", days, err)
			continue
		}
		if diff := cmp.Diff(want.Side.Accounts, got.Side.Accounts, emailsAsTheyAre()); diff != "" {
			t.Errorf("further reports of %v (-without +with):\n%s", days, diff)
		}
	}
}

// TestACopyOfAFileChangesNothing is the law that merging obeys: a copy of any
// file, or a later copy of the newest one, changes nothing.
func TestACopyOfAFileChangesNothing(t *testing.T) {
	t.Parallel()
	accepted := 0
	for seed := range uint64(120) {
		r := rand.New(rand.NewPCG(seed, 1))
		var days []int
		var parts []func(day int) source.File
		for range 2 + r.IntN(4) {
			days = append(days, r.IntN(6))
			parts = append(parts, randomPart(t, r))
		}
		var files []source.File
		for i := range days {
			files = append(files, parts[i](days[i]))
		}
		one, err := bothOrders(t, files...)
		if err == nil {
			accepted++
		}
		copied := r.IntN(len(days))
		compareWithCopy(t, fmt.Sprintf("seed %d, a copy", seed), one, err, files, parts[copied](days[copied]))
		newest := slices.Index(days, slices.Max(days))
		if err == nil && slices.Max(days) > 0 { // of two that contradict each other a later copy may decide
			compareWithCopy(t, fmt.Sprintf("seed %d, a later copy", seed), one, err, files, parts[newest](9))
		}
		if t.Failed() {
			return
		}
	}
	if accepted < 20 {
		t.Errorf("only %d sets of files could be merged: the law was hardly tested", accepted)
	}
}

func compareWithCopy(t *testing.T, what string, one *source.Cloud, oneErr error, files []source.File, again source.File) {
	t.Helper()
	again.Name = "copy-" + again.Name
	two, err := bothOrders(t, append(slices.Clone(files), again)...)
	if (oneErr == nil) != (err == nil) {
		t.Errorf("%s: %v, without it %v", what, err, oneErr)
		return
	}
	if err != nil {
		return
	}
	dates := cmp.Options{cmpopts.IgnoreTypes(time.Time{}), emailsAsTheyAre()}
	if diff := cmp.Diff(one.Side, two.Side, dates); diff != "" {
		t.Errorf("%s (-without +with):\n%s", what, diff)
	}
}

// randomPart makes up a cloud list or a report of two people, for any day; 0 is
// no day.
func randomPart(t *testing.T, r *rand.Rand) func(day int) source.File {
	t.Helper()
	some := func(words ...string) []string {
		return slices.DeleteFunc(words, func(string) bool { return r.IntN(3) == 0 })
	}
	isList, number := r.IntN(2) == 0, r.Uint32()
	var users []report.User
	var texts []string
	for _, login := range some("mona", "Hubot") {
		addresses := some("a@acme.example", "b@acme.example")
		u := report.User{Login: login, CloudUser: true, SAMLNameID: email(strings.Join(some("n"), "")), EnterpriseRoles: some("Owner")}
		for _, a := range addresses {
			u.VerifiedDomainEmails = append(u.VerifiedDomainEmails, email(a))
		}
		users = append(users, u)
		text := fmt.Sprintf(`{"login":%q`, login)
		if r.IntN(3) > 0 {
			emails := some(`{"email":"a@acme.example","verified":true}`, `{"email":"m@home.example","verified":true}`, `{"email":"b@acme.example"}`)
			text += `,"emails":[` + strings.Join(emails, ",") + `]`
		}
		if r.IntN(3) > 0 {
			text += `,"saml_identities":[` + strings.Join(some(`{"name_id":"n"}`, `{"organization":"eng","name_id":"e"}`), ",") + `]`
		}
		if r.IntN(3) > 0 {
			text += `,"enterprise_roles":[` + strings.Join(some(`"Billing manager"`), ",") + `]`
		}
		texts = append(texts, text+"}")
	}
	return func(day int) source.File {
		name := ""
		if day > 0 {
			name = fmt.Sprintf("2026-11-%02d", day)
		}
		var f source.File
		if isList {
			f = on(name, strings.Join(texts, ","))
		} else {
			f = reported(t, name, users...)
		}
		f.Name = fmt.Sprintf("%d-%s", number, f.Name)
		return f
	}
}
