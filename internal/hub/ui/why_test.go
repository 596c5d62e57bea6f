package ui_test

import (
	"slices"
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

// TestWhoeverTakesALicenseIsToldWhatFreesIt: everybody who consumes, and nobody
// else; of an account that GitHub's report lists without an organization the
// server accounts are named; and whom GitHub compared, that it did.
func TestWhoeverTakesALicenseIsToldWhatFreesIt(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.seedDemo(true)
		owner, result := k.as(signin.RoleOwner), mustCurrent(k)
		list, err := k.hub.People(t.Context(), k.acme.Number, result.Number, hub.AllPeople, 0, hub.MaxPage)
		if err != nil {
			t.Fatal(err)
		}
		alone, err := k.hub.Search(t.Context(), k.acme.Number, hub.Query{Deployment: "server"}, "", hub.MaxPage)
		if err != nil {
			t.Fatal(err)
		}
		listed, compared, not := 0, 0, 0
		for _, p := range slices.Concat(list, alone.People) {
			page := owner.mustGet("/enterprises/acme/people/" + p.ID)
			frees := page.Find("[data-test=frees] li").Text()
			if (frees != "") != p.Person.Consumes {
				t.Errorf("%s consumes %t, and is freed by %q", p.Name.Address(), p.Person.Consumes, frees)
			}
			for i := range p.Person.Servers {
				if !strings.Contains(frees, p.Person.Servers[i].Host) {
					t.Errorf("%s: %q has no %s", p.Name.Address(), frees, p.Person.Servers[i].Host)
				}
			}
			if a := p.Account; a != nil && a.Reported && len(a.Organizations)+len(a.OutsideCollaborator) == 0 && len(p.Person.Servers) > 0 {
				listed++
				page.has(t, "[data-test=cloud-why]", "The server accounts below take the license by themselves.")
				page.has(t, "[data-test=servers-why]", "Consumes because of these accounts")
			}
			if p.Account == nil && len(p.Person.Servers) > 0 {
				said := page.Find("[data-test=compared]").Length() > 0
				if said == (p.Unsure == hub.UnsureUndecided) {
					t.Errorf("%s is %q and compared %t", p.Name.Address(), p.Unsure, said)
				}
				if said {
					compared++
				} else {
					not++
				}
			}
		}
		if listed == 0 || compared == 0 || not == 0 {
			t.Errorf("%d are listed without an organization, %d compared, %d not", listed, compared, not)
		}
	})
}
