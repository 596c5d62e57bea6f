package api_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// worklistAnswer is what a test reads of a list.
type worklistAnswer struct {
	Open, Done map[string]int
	Lines      []struct{ Person, Name, Worth string }
}

// TestWorklistSaysWhatIsOpenAndDone: a member marked as done is open no more;
// somebody who almost joined is until a file says otherwise.
func TestWorklistSaysWhatIsOpenAndDone(t *testing.T) {
	t.Parallel()
	k := one(t)
	k.loadCloud(`{"format": "oneseat-cloud-list/1", "as_of": "2026-11-20T08:00:00Z", "enterprise": {"slug": "acme"}, "verified_domains": ["acme.example"], "users": [
		{"login": "jun", "emails": [{"email": "jun@home.example", "verified": true}], "organizations": [{"login": "eng", "role": "Member"}]},
		{"login": "mona", "emails": [{"email": "mona@acme.example", "verified": true}, {"email": "mona@away.example", "verified": false}],
		 "organizations": [{"login": "eng", "role": "Member"}]}]}`)
	k.join(newAgent(1, "one.acme.example"), accounts("1", "mona@away.example", "2", "zoe@away.example"))
	if err := k.hub.MakeWorklists(t.Context(), k.acme.Number); err != nil {
		t.Fatal(err)
	}
	admin, worth := k.admin(), map[string]string{"members": "may_save", "near": "saves"}
	for _, list := range []string{"members", "near"} {
		var got worklistAnswer
		k.mustGet(acme+"/counted-more-than-once?list="+list, admin).into(t, &got)
		if len(got.Lines) != 1 || got.Open[list] != 1 || got.Done[list] != 0 || got.Lines[0].Worth != worth[list] {
			t.Fatalf("%s is %+v", list, got)
		}
		path := acme + "/counted-more-than-once/" + list + "/" + got.Lines[0].Person
		if a := k.ask(http.MethodPut, path, admin, strings.NewReader(`{"state": "done"}`), "Content-Type", "application/json"); a.Status != http.StatusNoContent {
			t.Fatalf("marking is answered with %d: %s", a.Status, a.Body)
		}
	}
	var got worklistAnswer
	k.mustGet(acme+"/counted-more-than-once", admin).into(t, &got)
	if got.Done["members"] != 1 || got.Done["near"] != 1 || got.Open["members"] != 0 || got.Open["near"] != 1 {
		t.Errorf("marked as done, and the lists are %+v", got)
	}
	for unlisted, want := range map[string]string{"false": "mona@away.example zoe@away.example", "true": "zoe@away.example"} {
		if found := strings.Join(k.walk(acme+"/people?deployment=server&unlisted="+unlisted, admin), " "); found != want {
			t.Errorf("unlisted=%s gives %s, want %s", unlisted, found, want)
		}
	}
}

// TestUnmatchedSubscriptionsAreListed with their addresses, and whoever reads
// them is recorded.
func TestUnmatchedSubscriptionsAreListed(t *testing.T) {
	t.Parallel()
	k := one(t)
	r := k.loadCloud(`{"format": "oneseat-cloud-list/1", "as_of": "2026-11-20T08:00:00Z", "enterprise": {"slug": "acme"}, "users": [{"login": "mona"}],
		"visual_studio_subscriptions": [{"subscription_id": "VSS-7", "email": "vera.lind@acme.example"}]}`)
	var got struct{ Subscriptions []map[string]string }
	k.mustGet(acme+"/results/"+strconv.FormatInt(r.Number, 10)+"/unmatched", k.reader()).into(t, &got)
	if len(got.Subscriptions) != 1 || got.Subscriptions[0]["email"] != "vera.lind@acme.example" || got.Subscriptions[0]["id"] != "VSS-7" {
		t.Errorf("the subscriptions are %+v", got.Subscriptions)
	}
	var log struct{ Entries []struct{ Action string } }
	k.mustGet(acme+"/audit-log?per_page=1&action=oneseat.report_read", k.admin()).into(t, &log)
	if len(log.Entries) != 1 || log.Entries[0].Action != "oneseat.report_read" {
		t.Errorf("the log has %+v", log.Entries)
	}
}
