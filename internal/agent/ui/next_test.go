package ui_test

import (
	"testing"

	"github.com/oneseat/oneseat/internal/signin"
)

// TestWhatToDoNextStaysUntilUsageLeaves: an export says that the file is to be
// carried, and no page says that something was done which is not so.
func TestWhatToDoNextStaysUntilUsageLeaves(t *testing.T) {
	t.Parallel()
	k := newKit(t, nil)
	k.seed()
	k.enrol()
	owner := k.as(signin.RoleOwner)
	owner.get("/").has(200, "[data-test=steps] li:nth-child(3)", "Export license usage")
	owner.post("/export")
	p := owner.get("/?done=sync").has(200, "[data-test=carry]", "Add server usage")
	if p.Find("[data-test=steps], [data-test=done]").Length() != 0 || owner.get("/connect?done=connect").Find("[data-test=done]").Length() != 0 {
		t.Error("the page says what is not so")
	}
}
