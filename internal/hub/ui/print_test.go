package ui_test

import (
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/oneseat/oneseat/internal/browsertest"
	"github.com/oneseat/oneseat/internal/signin"
)

// TestWorklistPrintsWithoutForms: a print has the lines with their states and
// every way to put them right, and nothing to press.
func TestWorklistPrintsWithoutForms(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		b := mustTab(k)
		b.Look("en", "light", 800)
		b.open(k.everyStory()["story-worklist-near-odd-names"])
		b.Print()
		shown := func(selector string) bool {
			return browsertest.Value[bool](b.Tab, `document.querySelector("`+selector+`").getClientRects().length > 0`)
		}
		for _, hidden := range []string{".work-mark button", ".work-text", ".work-how", ".work-line summary"} {
			if shown(hidden) {
				t.Errorf("%s is printed", hidden)
			}
		}
		for _, printed := range []string{".work-line > .Label", ".work-line details .reason"} {
			if !shown(printed) {
				t.Errorf("%s is not printed", printed)
			}
		}
	})
}

// TestAuditLogIsAskedByArea: every action is in one of the areas.
func TestAuditLogIsAskedByArea(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		page := k.as(signin.RoleOwner).mustGet("/enterprises/acme/settings/audit-log")
		areas := map[string]string{
			"oneseat.cloud_load": "Files and what counts", "dotcom_connection.upload_license_usage": "Files and what counts",
			"enterprise_installation.create": "OneSeat Connect", "oneseat.sync_hold": "OneSeat Connect",
			"oneseat.sign_in": "Signing in, roles and tokens", "oneseat.contract_line_add": "Settings, people and licenses bought",
		}
		page.Find("#action optgroup option").Each(func(_ int, option *goquery.Selection) {
			action := option.AttrOr("value", "")
			if want, ok := areas[action]; ok && option.Parent().AttrOr("label", "") != want {
				t.Errorf("%s is in %q", action, option.Parent().AttrOr("label", ""))
			}
			delete(areas, action)
		})
		if loose := page.Find("#action > option").Length(); len(areas) > 0 || loose != 1 {
			t.Errorf("missing are %v; %d choices are in no area", areas, loose)
		}
	})
}
