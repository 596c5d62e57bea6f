package hub_test

import (
	"strings"
	"testing"

	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/licensing"
)

// TestLetterSaysToWhomItGoes: to an address that the reader may see, the primary
// one before others; else to whoever has the login at GitHub.
func TestLetterSaysToWhomItGoes(t *testing.T) {
	t.Parallel()
	w := &hub.Work{Result: &hub.Result{}}
	w.Result.Domains = []string{"acme.example"}
	own := func(address string, primary, verified bool) licensing.CloudEmail {
		return licensing.CloudEmail{Email: licensing.NewEmail(address), Primary: primary, Verified: verified}
	}
	account := func(emails ...licensing.CloudEmail) *licensing.CloudAccount {
		return &licensing.CloudAccount{Login: "mona-acme", Name: "Mona Octo", Organizations: []licensing.Membership{{Login: "acme"}}, Emails: emails}
	}
	outside := own("mona@home.example", true, true)
	asserted := account(outside)
	asserted.SAML = []licensing.SAMLIdentity{{NameID: licensing.NewEmail("mona@idp.example")}}
	server := &licensing.Person{Cloud: -1, Servers: []licensing.PlacedAccount{{Email: licensing.NewEmail("mona@optics.example")}}}
	for name, test := range map[string]struct {
		account *licensing.CloudAccount
		kind    licensing.NearMissKind
		closed  bool
		want    string
	}{
		"primary first":        {account(own("m@acme.example", false, true), own("mona@acme.example", true, true)), licensing.MissOtherDomain, false, "mona@acme.example"},
		"what may be seen":     {account(outside, own("m@acme.example", false, true)), licensing.MissOtherDomain, false, "m@acme.example"},
		"masked":               {account(outside), licensing.MissOtherDomain, false, ""},
		"not verified":         {account(own("m@acme.example", true, false)), licensing.MissOtherDomain, false, ""},
		"forgotten":            {nil, licensing.MissOtherDomain, false, ""},
		"readers see none":     {account(own("mona@acme.example", true, true)), licensing.MissOtherDomain, true, ""},
		"to be verified":       {account(outside), licensing.MissUnverified, false, "mona@optics.example"},
		"an identity provider": {asserted, licensing.MissOtherDomain, false, ""},
	} {
		line := &hub.WorkLine{List: hub.WorkNear, Person: &hub.Person{ID: "1", Person: *server}, Misses: []hub.WorkMiss{{Near: test.account}}}
		line.Misses[0].NearMiss.NearMiss = licensing.NearMiss{
			Kind: test.kind, Login: "mona-acme", Mine: licensing.NewEmail("mona@optics.example"), Theirs: licensing.NewEmail("mona@home.example"),
		}
		eyes := hub.EyesOn(w.Result, server)
		if test.closed {
			eyes = hub.ClosedEyes()
		}
		to := w.Advice(line, eyes)[0].Letter.To
		address, login := argument(to, "Address"), argument(to, "Login")
		if address != test.want || login != "mona-acme" || (to.Key == "work.to.github") != (test.want == "") {
			t.Errorf("%s: goes to %q by %s, want %q", name, address, to.Key, test.want)
		}
	}
}

// TestNobodyIsAskedToAddWhatTheyHave: who is to verify an address is not asked to
// add it as well; somebody else with the same name is.
func TestNobodyIsAskedToAddWhatTheyHave(t *testing.T) {
	t.Parallel()
	w := &hub.Work{Result: &hub.Result{}}
	server := &licensing.Person{Cloud: -1}
	miss := func(kind licensing.NearMissKind, login string) (m hub.WorkMiss) {
		m.NearMiss.NearMiss = licensing.NearMiss{Kind: kind, Login: login, Mine: licensing.NewEmail("mona@optics.example"), Theirs: licensing.NewEmail("mona@acme.example")}
		return m
	}
	line := &hub.WorkLine{List: hub.WorkNear, Person: &hub.Person{ID: "1", Person: *server}, Misses: []hub.WorkMiss{
		miss(licensing.MissUnverified, "mona-acme"), miss(licensing.MissOtherDomain, "mona-acme"), miss(licensing.MissOtherDomain, "mona-2"),
	}}
	var what []string
	for _, a := range w.Advice(line, hub.EyesOn(w.Result, server)) {
		what = append(what, a.What.Key+" "+argument(a.What, "Login"))
	}
	if got := strings.Join(what, ", "); got != "work.what.verify mona-acme, work.what.add_mine mona-2" {
		t.Errorf("it says %s", got)
	}
}

// TestInvitationThatGitHubDoesNotCountSavesNothingThere: its line and the list
// of what GitHub's figure lacks say the same.
func TestInvitationThatGitHubDoesNotCountSavesNothingThere(t *testing.T) {
	t.Parallel()
	w := &hub.Work{Result: &hub.Result{}}
	line := &hub.WorkLine{List: hub.WorkNear, Person: &hub.Person{ID: "1"}, Misses: []hub.WorkMiss{{Invitation: true}}}
	line.Misses[0].Login = "mona-acme"
	then := func() string { return w.Advice(line, hub.ClosedEyes())[0].Then.Key }
	if w.Worth(line) != hub.WorthSaves || then() != "work.then.beside" {
		t.Errorf("nothing is known of GitHub, and it says %s", then())
	}
	w = &hub.Work{Result: w.Result} // what it was found to lack is kept
	w.Result.Reconciliation = &hub.Reconciliation{Items: []hub.ReconcileItem{{Term: licensing.TermOnlyHere.String(), Here: []string{"1"}}}}
	if w.Worth(line) != hub.WorthKeeps || then() != "work.then.beside_new" {
		t.Errorf("GitHub does not count it, and it says %s", then())
	}
	line.Person.Unsure = hub.UnsureInvited
	if w.Worth(line) != hub.WorthMayKeep || then() != "work.then.beside_unsure" {
		t.Errorf("it may be the invitation that GitHub counts without a name, and it says %s, %s", w.Worth(line), then())
	}
}

// TestFixOfSomebodyWhomGitHubNeverCountedTwiceSaysSo, of somebody on an instance
// that GitHub does not know.
func TestFixOfSomebodyWhomGitHubNeverCountedTwiceSaysSo(t *testing.T) {
	t.Parallel()
	w := &hub.Work{Result: &hub.Result{}}
	w.Result.Reconciliation = &hub.Reconciliation{Date: at()}
	line := &hub.WorkLine{List: hub.WorkFixed, Person: &hub.Person{ID: "1"}, Hosts: []string{"One.acme.example"}}
	why := func() string { return w.Advice(line, hub.ClosedEyes())[0].Why.Key }
	if got := why(); got != "work.why.fixed" {
		t.Errorf("of a known instance it says %s", got)
	}
	w = &hub.Work{Result: w.Result} // what it was found to lack is kept
	w.Result.Warnings = []licensing.Warning{{Code: licensing.WarnUnknownHost, Host: "one.acme.example"}}
	if got := why(); got != "work.why.fixed_added" {
		t.Errorf("of an unknown instance it says %s", got)
	}
}

// TestNoLetterAsksForAFirstSync: the first sync of an instance puts everybody on it
// on the bill, so that whoever runs it is asked to wait.
func TestNoLetterAsksForAFirstSync(t *testing.T) {
	t.Parallel()
	w := &hub.Work{Result: &hub.Result{}}
	w.Result.Reconciliation = &hub.Reconciliation{Date: at()}
	line := &hub.WorkLine{List: hub.WorkFixed, Person: &hub.Person{ID: "1"}, Hosts: []string{"One.acme.example"}}
	ask := func() string { return w.Advice(line, hub.ClosedEyes())[0].Letter.Please.Key }
	if got := ask(); got != "work.letter.sync" {
		t.Errorf("of a known instance it asks %s", got)
	}
	w = &hub.Work{Result: w.Result} // what it was found to lack is kept
	w.Result.Warnings = []licensing.Warning{{Code: licensing.WarnUnknownHost, Host: "one.acme.example"}}
	if got := ask(); got != "work.letter.sync_first" {
		t.Errorf("of an unknown instance it asks %s", got)
	}
}

func argument(s hub.Sentence, name string) string {
	for i := 0; i+1 < len(s.Args); i += 2 {
		if s.Args[i] == name {
			text, _ := s.Args[i+1].(string)
			return strings.TrimSpace(text)
		}
	}
	return ""
}

// TestDoneMembersAreNotOpen: nothing that is loaded ever takes such a line away,
// so its mark does; lines that files take away stay open until they do.
func TestDoneMembersAreNotOpen(t *testing.T) {
	t.Parallel()
	w := &hub.Work{}
	for _, list := range []hub.WorkList{hub.WorkMembers, hub.WorkNear} {
		for state, lines := range map[hub.WorkState]int64{hub.WorkTodo: 3, hub.WorkAsked: 2, hub.WorkDone: 8} {
			w.Tallies = append(w.Tallies, hub.WorkTally{List: list, Source: hub.Everywhere, State: state, Lines: lines})
		}
	}
	if members, near := w.Open(hub.WorkMembers), w.Open(hub.WorkNear); members != 5 || near != 13 {
		t.Errorf("%d members and %d near misses are open, want 5 and 13", members, near)
	}
}
