package ui_test

import (
	"strings"
	"testing"

	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/hub/api"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/source"
)

// TestATotalSaysWhenItIsBehind: between what is applied or changed and its
// recount, pages and API say that the total does not count it yet, and of which
// source it is; before and after they do not.
func TestATotalSaysWhenItIsBehind(t *testing.T) {
	t.Parallel()
	db := dbtest.SQLiteAlone(t, store.Migrations(), signin.Migrate)
	k := newKit(t, db)
	asked := newProgram(k, db)
	owner := k.as(signin.RoleOwner)
	wants := func(state, part string) {
		t.Helper()
		for _, page := range []string{"licensing", "instances", "instances/1"} {
			path := "/enterprises/acme/" + page
			notice := owner.mustGet(path).Find("[data-test=behind]")
			if text := strings.Join(strings.Fields(notice.Text()), " "); (part == "") != (notice.Length() == 0) || !strings.Contains(text, part) {
				t.Errorf("%s: %s says %q, want %q", state, page, text, part)
			}
			if part != "" && notice.Find(`a[href="`+path+`"]`).Length() != 1 {
				t.Errorf("%s: %s does not lead to itself", state, page)
			}
		}
		var now api.Result
		asked.ask(t, "/api/v1/enterprises/acme/statement", &now)
		if now.Behind != (part != "") {
			t.Errorf("%s: the API says recount_pending %t", state, now.Behind)
		}
	}
	if page := owner.mustGet("/enterprises/acme/licensing"); page.Find("[data-test=behind]").Length() > 0 {
		t.Error("a total of nothing is behind")
	}
	k.seed()
	wants("everything is counted", "")
	k.applyUncounted("ghes-1.acme.example", examples+"ghes-2-all_users.csv")
	wants("a report was applied", "does not count yet what came from ghes-1.acme.example at 20")
	k.applyUncounted("ghes-2.acme.example", examples+"ghes-1-all_users.csv")
	wants("the next counts the one before", "does not count yet what came from ghes-2.acme.example at 20")
	k.recount()
	wants("it is counted", "")
	change := func(_ *string, s *hub.Settings) { s.IgnoreGitHubJoins = true }
	if _, err := k.hub.ChangeSettings(t.Context(), k.acme.Number, "owner mona", change); err != nil {
		t.Fatal(err)
	}
	wants("a setting changed", "does not count yet what changed last")
	k.recount()
	wants("the change is counted", "")
}

// applyUncounted makes a report count whose preview is not the newest count any
// more, so that only a recount brings the total.
func (k *kit) applyUncounted(host, name string) {
	k.t.Helper()
	u, err := k.hub.ReceiveCSV(k.t.Context(), k.acme.Number, source.FromPath(name), hub.ByHand{Host: host}, hub.Arrival{FileName: "report.csv", Actor: "owner mona"})
	if err != nil {
		k.t.Fatal(err)
	}
	if _, err := k.hub.Recount(k.t.Context(), k.acme.Number, "job", true); err != nil {
		k.t.Fatal(err)
	}
	if _, err := k.hub.Apply(k.t.Context(), k.acme.Number, u.ID, "owner mona"); err != nil {
		k.t.Fatal(err)
	}
}
