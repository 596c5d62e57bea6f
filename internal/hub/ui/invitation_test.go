package ui_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/signin"
)

// TestInvitationSaysWhatIsKnownOfIt: when it was sent and lapses, where the
// files do not say it that they do not, and to somebody with a server account
// that accepting it settles things.
func TestInvitationSaysWhatIsKnownOfIt(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		name := filepath.Join(t.TempDir(), "cloud.json")
		list := `{"format": "oneseat-cloud-list/1", "as_of": "2026-11-20T08:00:00Z", "enterprise": {"slug": "acme"}, "verified_domains": ["acme.example"],
			"users": [{"login": "mona", "organizations": [{"login": "eng", "role": "Member"}]}],
			"invitations": [
				{"email": "olga@acme.example", "organization": "eng", "kind": "member", "created_at": "2026-11-18T08:00:00Z"},
				{"email": "petra@acme.example", "organization": "eng", "kind": "member", "source": "scim"}]}`
		if err := os.WriteFile(name, []byte(list), 0o600); err != nil {
			t.Fatal(err)
		}
		k.load(name)
		owner, git := k.as(signin.RoleOwner), newAgent(1, "git.acme.example")
		held := owner.add("usage.json", k.export(git, people{"1": "olga@acme.example"})).location
		owner.post(held+"/confirm", "fingerprint", git.fingerprint())
		owner.post(held + "/apply")
		k.recount()

		found, err := k.hub.People(t.Context(), k.acme.Number, mustCurrent(k).Number, hub.AllPeople, 0, hub.MaxPage)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range found {
			if len(p.Person.Invitations) == 0 {
				continue
			}
			page := owner.mustGet("/enterprises/acme/people/" + p.ID)
			said := page.Find("[data-test=invitation-said]").Text()
			if !strings.Contains(said, "GitHub shows it, and an owner cancels the invitation, at eng → People → Invitations.") {
				t.Errorf("of who invited it says %q", said)
			}
			awaited := page.Find("[data-test=awaited]").Text()
			if len(p.Person.Servers) == 0 {
				if awaited != "" || !strings.Contains(said, "Sent through SCIM: it does not lapse.") {
					t.Errorf("petra's says %q and %q", said, awaited)
				}
				continue
			}
			if !strings.Contains(awaited, "to eng went to olga@acme.example") || !strings.Contains(said, "Sent on 18 Nov 2026; it lapses on 25 Nov 2026.") {
				t.Errorf("olga's says %q and %q", said, awaited)
			}
			if text := k.as(signin.RoleAuditor).mustGet("/enterprises/acme/people/" + p.ID).text; strings.Contains(text, "olga@") {
				t.Error("an auditor sees the invited address")
			}
		}
		if printed := owner.mustGet("/enterprises/acme/licensing").Find("[data-test=printed]").Text(); !strings.Contains(printed, "UTC") {
			t.Errorf("the print says %q of its date", printed)
		}
	})
}
