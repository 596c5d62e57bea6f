package ui_test

import (
	"strings"
	"testing"

	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/signin"
)

// TestASubscriptionOfNobodySaysWhomToAsk: owners see its address where it is
// named, and are recorded; others see it masked; it is gone when it is assigned.
func TestASubscriptionOfNobodySaysWhomToAsk(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		list := `{"format":"oneseat-cloud-list/1","as_of":"2026-11-19T00:01:00Z","enterprise":{"slug":"acme"},
			"users":[{"login":"mona","organizations":[{"login":"eng","role":"Member"}]}],
			"visual_studio_subscriptions":[{"subscription_id":"VSS-7","email":"vera.lind@acme.example","login":"LOGIN"}]}`
		k.load(written(t, "cloud.json", strings.ReplaceAll(list, "LOGIN", "")))
		for _, path := range []string{"/enterprises/acme/licensing", in("cloud")} {
			owner := k.as(signin.RoleOwner).mustGet(path)
			owner.has(t, "[data-test=unmatched-subscriptions]", "vera.lind@acme.example")
			owner.has(t, "[data-test=unmatched-subscriptions]", "VSS-7")
		}
		read, err := k.desk.Entries(t.Context(), k.acme.Number, 0, 10, signin.Filter{Action: hub.AuditReport})
		if err != nil || len(read) == 0 {
			t.Errorf("nobody is recorded to have seen the address: %v", err)
		}
		billing := k.as(signin.RoleBillingManager).mustGet("/enterprises/acme/licensing")
		billing.has(t, "[data-test=unmatched-subscriptions]", "v…@acme.example")
		if strings.Contains(billing.text, "vera.lind@") {
			t.Error("a billing manager sees an address whole")
		}
		k.load(written(t, "cloud.json", strings.ReplaceAll(list, "LOGIN", "mona")))
		if n := k.as(signin.RoleOwner).mustGet("/enterprises/acme/licensing").Find("[data-test=unmatched-subscriptions]").Length(); n != 0 {
			t.Error("a subscription that was assigned still belongs to nobody")
		}
	})
}
