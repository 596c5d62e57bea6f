package ui_test

import (
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/oneseat/oneseat/internal/signin"
)

// TestAfterTheCloudSideComesAnInstance: as long as there is none, whoever applied
// the cloud side is led on, by Connect or by file; others are told who can.
func TestAfterTheCloudSideComesAnInstance(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		owner, auditor := k.as(signin.RoleOwner), k.as(signin.RoleAuditor)
		loaded := owner.send(in("cloud"), examples+"cloud.json")
		owner.post(loaded.location + "/apply")
		k.recount()
		pages := []string{loaded.location, "/enterprises/acme/licensing"}
		for _, path := range pages {
			next := owner.mustGet(path).Find("[data-test=next-instance]")
			for _, to := range []string{"/enterprises/acme/connect", "/enterprises/acme/usage"} {
				if next.Find(`a[href="`+to+`"]`).Length() != 1 {
					t.Errorf("%s does not lead to %s", path, to)
				}
			}
			next.Find(`a[href^="/help/"]`).Each(func(_ int, a *goquery.Selection) { owner.mustGet(a.AttrOr("href", "")) })
			told := auditor.mustGet(path)
			told.has(t, "[data-test=next-instance]", "An enterprise owner can")
			if told.Find("[data-test=next-instance] a").Length() > 0 {
				t.Errorf("%s leads an auditor to where only owners may", path)
			}
		}
		k.report("ghes-1.acme.example", examples+"ghes-1-all_users.csv")
		for _, path := range pages {
			if owner.mustGet(path).Find("[data-test=next-instance]").Length() > 0 {
				t.Errorf("%s asks for an instance that is there", path)
			}
		}
	})
}
