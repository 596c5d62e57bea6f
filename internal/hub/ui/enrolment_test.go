package ui_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/oneseat/oneseat/internal/enrolment"
	"github.com/oneseat/oneseat/internal/signin"
)

// TestOwnersTakeTheFileThatEnrolsAgents, signed with the key whose fingerprint
// stands beside it.
func TestOwnersTakeTheFileThatEnrolsAgents(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		owner, auditor := k.as(signin.RoleOwner), k.as(signin.RoleAuditor)
		shown := strings.TrimSpace(owner.get("/enterprises/acme/instances").Find("[data-test=enrolment] [data-test=fingerprint]").Text())
		a := owner.post("/enterprises/acme/enrolment")
		e, err := enrolment.Decode(strings.NewReader(a.text))
		if err != nil || a.status != http.StatusOK || e.Slug != "acme" || e.Hub != k.url || e.Fingerprint().Short() != shown || e.Recipient.String() != k.to.String() {
			k.t.Errorf("%d, %+v, %v; the page shows %q", a.status, e, err, shown)
		}
		if a := auditor.post("/enterprises/acme/enrolment"); a.status != http.StatusForbidden {
			k.t.Errorf("an auditor takes it: %d", a.status)
		}
		if a := auditor.get("/enterprises/acme/instances"); a.Find("[data-test=enrolment]").Length() != 0 {
			k.t.Error("an auditor is offered it")
		}
	})
}
