package ui_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/oneseat/oneseat/internal/signin"
)

// TestNoPageShowsAnAddressToReaders asks every page, and sends every form, as
// everybody who is no owner, and looks for addresses in the bytes of the answer.
// Owners see them.
func TestNoPageShowsAnAddressToReaders(t *testing.T) {
	t.Parallel()
	k := newKit(t, nil)
	k.seed()
	k.enrol()
	asked := 0
	for _, route := range k.routes {
		path := strings.NewReplacer("{$}", "", "{id}", "1", "{number}", "1", "{topic}", "sync-license-usage", "{story}", "users-odd-names?role=auditor").Replace(route.Pattern)
		for _, role := range []signin.Role{signin.RoleAuditor, signin.RoleBillingManager, ""} {
			asked++
			a := k.as(role).do(route.Method, path, "application/x-www-form-urlencoded", http.NoBody)
			if text := strings.ToLower(a.text); strings.Contains(text, "mona@acme") || strings.Contains(text, "theo@acme") {
				t.Errorf("%s %s as %q shows an address", route.Method, path, role)
			}
		}
	}
	if asked < 60 || !strings.Contains(k.as(signin.RoleOwner).get("/users").text, "mona@acme.example") {
		t.Errorf("%d pages were asked for, or an owner sees no address", asked)
	}
}
