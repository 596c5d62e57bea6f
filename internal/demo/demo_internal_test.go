package demo

import (
	"bytes"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/oneseat/oneseat/licensing"
)

func at() time.Time { return time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC) }

// TestEveryCaseIsWhatItSays: the engine finds each person whom the demo shows,
// by the rule and with the licenses that are claimed.
func TestEveryCaseIsWhatItSays(t *testing.T) {
	t.Parallel()
	f, err := Make(at())
	if err != nil {
		t.Fatal(err)
	}
	side, result, err := f.count(t.Context(), at(), slices.Sorted(maps.Keys(f.Reports))...)
	if err != nil {
		t.Fatal(err)
	}
	people := map[string]*licensing.Person{}
	for p := range result.All() {
		for _, name := range names(side, &p) {
			people[name] = &p
		}
	}
	for _, c := range f.Cases {
		p := people[c.Find]
		switch {
		case p == nil:
			t.Errorf("%s: nobody", c.Find)
		case c.Licenses != licenses(p):
			t.Errorf("%s consumes %d, want %d", c.Find, licenses(p), c.Licenses)
		case !slices.Contains(append(rules(result, p), consuming()...), c.Rule):
			t.Errorf("%s is shown for %s, and has %v", c.Find, c.Rule, rules(result, p))
		}
	}
	if s := result.Statement(); s.Licenses <= Purchased || s.Licenses > Purchased+12 {
		t.Errorf("%d licenses: a few more than were bought, and as many fewer if nobody counted twice, are what the demo is about", s.Licenses)
	}
}

// names are what somebody is found by.
func names(side *licensing.CloudSide, p *licensing.Person) []string {
	var all []string
	if p.Cloud >= 0 {
		all = append(all, side.Accounts[p.Cloud].Login)
	}
	for _, a := range p.Servers {
		all = append(all, a.Host+":"+a.ID)
		if p.Cloud < 0 {
			all = append(all, a.Reason.Value.Address())
		}
	}
	for _, i := range p.Invitations {
		all = append(all, i.Reason.Value.Address())
	}
	return all
}

func licenses(p *licensing.Person) int {
	if p.Consumes {
		return 1
	}
	return 0
}

// rules are those that joined somebody: their accounts, a tie over them, and
// what stands beside them.
func rules(result *licensing.Result, p *licensing.Person) []string {
	var all []string
	for _, a := range p.Servers {
		all = append(all, a.Reason.Rule.String())
	}
	for _, k := range result.Conflicts() {
		if k.Chosen == p.Login {
			all = append(all, "R10")
		}
	}
	for other := range result.All() {
		if p.Login != "" && other.Beside == p.Login {
			all = append(all, "R8")
		}
	}
	return all
}

// consuming are the rules that show in the number of licenses alone.
func consuming() []string { return []string{"C2", "C3", "C4", "C6"} }

// TestADayHasOneSetOfFiles, and GitHub's answer of it knows fewer people.
func TestADayHasOneSetOfFiles(t *testing.T) {
	t.Parallel()
	one, err := Make(at())
	if err != nil {
		t.Fatal(err)
	}
	two, err := Make(at())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(one.CloudList, two.CloudList) || !maps.EqualFunc(one.Reports, two.Reports, bytes.Equal) {
		t.Error("two makings differ")
	}
	answer, err := one.GitHubAnswer(t.Context(), at().Add(-5*day))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(answer, []byte(`"tosman-halden"`)) || bytes.Contains(answer, []byte(Acquired)) {
		t.Error("GitHub should know Tarik, and nobody of the acquired instance")
	}
}
