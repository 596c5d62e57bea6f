package ui_test

import (
	"strings"
	"testing"

	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/signin"
)

// TestACloudAccountSaysWhyItConsumes: with its rule, which leads to help.
func TestACloudAccountSaysWhyItConsumes(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.seedPrivate()
		list, err := k.hub.People(k.t.Context(), k.acme.Number, mustCurrent(k).Number, hub.AllPeople, 0, hub.MaxPage)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range list {
			if p.Person.Login != "mona" {
				continue
			}
			text := k.as(signin.RoleOwner).get("/enterprises/acme/people/" + p.ID).text
			if !strings.Contains(text, "Consumes because a member of eng.") || !strings.Contains(text, `/help/matching-rules#C1"`) {
				t.Errorf("got %s", text)
			}
			return
		}
		t.Error("mona is not there")
	})
}
