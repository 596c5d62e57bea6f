package ui_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/source"
)

// TestAPreviewSaysWhatAnOwnerAsks: of a host that is new, which one was meant;
// who vouches for the file; who was left out; what moves beside the total; and
// that what was discarded changed nothing.
func TestAPreviewSaysWhatAnOwnerAsks(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.seed()
		u, err := k.hub.ReceiveCSV(t.Context(), k.acme.Number, source.FromPath(filepath.Join(examples, "ghes-1-all_users.csv")),
			hub.ByHand{Host: "ghes-11.acme.example"}, hub.Arrival{FileName: "all_users.csv", Actor: "owner mona"})
		if err != nil {
			t.Fatal(err)
		}
		owner := k.as(signin.RoleOwner)
		path := "/enterprises/acme/uploads/" + u.ID
		a := owner.mustGet(path)
		a.has(t, "[data-test=new-host]", "Did you mean ghes-1.acme.example?")
		a.has(t, "[data-test=about-file]", "Unsigned, and brought by hand by owner mona")
		a.has(t, "[data-test=left-out]", "suspended")
		if now := mustCurrent(k); plain(a.Find("[data-test=effects] tr").Eq(2).Find("td").First().Text()) != "20" || now.Purchased != 20 {
			t.Errorf("what moves is %q", a.Find("[data-test=effects]").Text())
		}
		if got := owner.post(path + "/discard").status; got != http.StatusSeeOther {
			t.Fatalf("discarding: %d", got)
		}
		owner.mustGet(path).has(t, "[data-test=nothing-changed]", "changed nothing")
		owner.mustGet("/enterprises/acme/uploads").has(t, "[data-test=upload]", "nothing changed")
	})
}

// TestACutListIsSaidAndOldLinksLeadOn: a cloud list with one account of many is
// said to lose most of them; once it counts all the same, the page that
// somebody had leads to how they stood and who they are now.
func TestACutListIsSaidAndOldLinksLeadOn(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.seed()
		owner := k.as(signin.RoleOwner)
		old := owner.mustGet("/enterprises/acme/people?deployment=both").Find("[data-test=person] a").First().AttrOr("href", "")
		cut := filepath.Join(t.TempDir(), "cloud.json")
		if err := os.WriteFile(cut, []byte(`{"format":"oneseat-cloud-list/1","enterprise":{"slug":"acme"},"users":[{"login":"somebody-else"}]}`), 0o600); err != nil {
			t.Fatal(err)
		}
		next := owner.send(in("cloud"), cut)
		owner.mustGet(next.location).has(t, "[data-test=doubt]", "more than half of them would be gone")
		owner.post(next.location + "/apply")
		k.recount()
		moved := owner.get(old)
		if moved.status != http.StatusSeeOther {
			t.Fatalf("%s: %d", old, moved.status)
		}
		past := owner.mustGet(moved.location)
		past.has(t, "[data-test=past]", "earlier count")
		if now := past.Find("[data-test=now]").AttrOr("href", ""); now == "" || now == old || owner.get(now).status != http.StatusOK {
			t.Errorf("%s leads to %q now", old, now)
		}
		if got := owner.get("/enterprises/acme/people/" + strings.Repeat("0", 32)).status; got != http.StatusNotFound {
			t.Errorf("nobody: %d", got)
		}
	})
}
