package ui_test

import (
	"net/http"
	"testing"

	"github.com/oneseat/oneseat/internal/signin"
)

// TestPurchasedLicensesAreNotedCorrectedAndRemoved, by an owner alone.
func TestPurchasedLicensesAreNotedCorrectedAndRemoved(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.seed()
		const path = "/enterprises/acme/settings/licenses"
		owner, auditor := k.as(signin.RoleOwner), k.as(signin.RoleAuditor)
		owner.mustGet(path).is(k.t, "[data-test=bought]", "20") // as the cloud list says
		if a := owner.post(path, "from", "2026-01-01", "seats", "25", "note", "<b>order</b>"); a.status != http.StatusSeeOther {
			k.t.Fatalf("adding: %d %s", a.status, a.Find("main").Text())
		}
		noted := owner.mustGet(path)
		noted.is(k.t, "[data-test=bought]", "25")
		noted.is(k.t, "[data-test=listed]", "20")
		noted.has(k.t, "[data-test=line]", "<b>order</b>")
		noted.has(k.t, "[data-test=waits]", "20")
		k.recount()
		if a := owner.mustGet(path); a.Find("[data-test=waits]").Length() != 0 {
			k.t.Error("the count still waits after it was made")
		}
		refused := owner.post(path+"/1", "from", "2026-02-01", "until", "2026-01-01", "seats", "25")
		refused.has(k.t, "[data-test=refusal]", "before it begins")
		if v, _ := refused.Find("#until").Attr("value"); v != "2026-01-01" {
			k.t.Errorf("what was typed is lost: %q", v)
		}
		owner.post(path+"/1", "from", "2026-01-01", "until", "2026-12-31", "seats", "30", "license", "Visual Studio subscription")
		owner.mustGet(path).is(k.t, "[data-test=bought]", "30")
		owner.post(path, "from", "soon", "seats", "1").has(k.t, "[data-test=refusal]", "first day")
		read := auditor.mustGet(path)
		if read.Find("main form").Length() != 0 {
			k.t.Error("an auditor is shown a form")
		}
		for _, p := range []string{path, path + "/1", path + "/1/remove"} {
			if a := auditor.post(p, "from", "2026-01-01", "seats", "1"); a.status != http.StatusForbidden {
				k.t.Errorf("an auditor changes %s: %d", p, a.status)
			}
		}
		if a := owner.post(path + "/1/remove"); a.status != http.StatusSeeOther {
			k.t.Errorf("removing: %d", a.status)
		}
		owner.mustGet(path).is(k.t, "[data-test=bought]", "20")
		if a := owner.get(path + "/1"); a.status != http.StatusNotFound {
			k.t.Errorf("a removed line can be corrected: %d", a.status)
		}
	})
}
