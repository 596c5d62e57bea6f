package ui_test

import (
	"strings"
	"testing"

	"github.com/oneseat/oneseat/internal/signin"
)

// TestInstanceSaysHowWhatCountsCame: also after something newer was discarded,
// which stands behind it.
func TestInstanceSaysHowWhatCountsCame(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		owner, git := k.as(signin.RoleOwner), newAgent(1, "git.acme.example")
		held := owner.add("usage.json", k.export(git, people{"1": "olga@acme.example"})).location
		owner.post(held+"/confirm", "fingerprint", git.fingerprint())
		owner.post(held + "/apply")
		k.recount()
		next := owner.add("usage.json", k.export(git, people{"1": "petra@acme.example"})).location
		owner.post(next + "/discard")

		row := strings.Join(strings.Fields(owner.mustGet("/enterprises/acme/instances").Find("[data-test=instance] td").Eq(1).Text()), " ")
		counts, newer := strings.Index(row, "Server usage uploaded"), strings.Index(row, "Discarded")
		if counts != 0 || newer < counts || strings.Contains(row, "Not taken") {
			t.Errorf("the last event is %q", row)
		}
	})
}
