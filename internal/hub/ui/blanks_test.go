package ui_test

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/licensing"
)

// TestNoStrayBlanks: a login within a sentence has no blank before or behind it
// that the sentence has not.
func TestNoStrayBlanks(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.seedDemo(true)
		if err := k.hub.MakeWorklists(t.Context(), k.acme.Number); err != nil {
			t.Fatal(err)
		}
		owner, seen := k.as(signin.RoleOwner), 0
		for _, path := range []string{"/licensing", "/counted-more-than-once", "/counted-more-than-once?list=members"} {
			owner.mustGet("/enterprises/acme" + path).Find("main p, main dd, main li").Each(func(_ int, e *goquery.Selection) {
				if e.Find("bdi").Length() == 0 {
					return
				}
				seen++
				if text := e.Text(); strings.Contains(text, "( ") || strings.Contains(text, " ,") || strings.Contains(text, " )") {
					t.Errorf("%s: %.200q", path, text)
				}
			})
		}
		if seen < 20 {
			t.Errorf("only %d sentences have a login", seen)
		}
	})
}

// TestTheAuditLogCallsNobodyWhatTheyAreNot: whoever gets a role is named, without
// one that is not theirs.
func TestTheAuditLogCallsNobodyWhatTheyAreNot(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		_, _, err := k.desk.AddOwner(t.Context(), signin.CommandLine(k.acme.Number), signin.NewOwner{
			Enterprise: k.acme.Number, Name: "Audra Voss", Email: licensing.NewEmail("audra@acme.example"), Role: signin.RoleAuditor,
		})
		if err != nil {
			t.Fatal(err)
		}
		log := k.as(signin.RoleOwner).mustGet("/enterprises/acme/settings/audit-log").Find("[data-test=entry]").Text()
		if !strings.Contains(log, "Audra Voss") || strings.Contains(log, "owner Audra Voss") {
			t.Errorf("the log says %s", log)
		}
	})
}
