package ui_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/signin"
)

// TestInvitationsWithoutANameHaveNumbers: each its own, the same on every
// surface, and the same when another comes or goes; they are found by it.
func TestInvitationsWithoutANameHaveNumbers(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		row := func(org string) string {
			return ",,,false,false,false,Enterprise,,,Pending invitation,,," + org + ",,,false,,,,0\n"
		}
		load := func(rows ...string) []string {
			k.load(written(t, "consumed_licenses-acme-20261119T000200Z.csv", reportHeader+reportRow("ada")+strings.Join(rows, "")))
			owner := k.as(signin.RoleOwner)
			list := owner.mustGet("/enterprises/acme/people?deployment=none")
			names := shown(list.Find("[data-test=person] a"))
			for i, name := range names {
				number, text := name[strings.LastIndex(name, " ")+1:], "Invited without a name in GitHub's report, no. "
				if !strings.HasPrefix(name, text) || slices.Contains(names[:i], name) {
					t.Errorf("an invitation is called %q", name)
				}
				found := owner.mustGet("/enterprises/acme/people?q=" + number).Find("[data-test=person] a")
				if found.Length() == 0 {
					t.Errorf("%q is not found by its number", name)
				}
				for _, typed := range []string{name, "no. " + number, "Invited without", "a name in GITHUB's report,"} {
					page := owner.mustGet("/enterprises/acme/people?q=" + url.QueryEscape(typed))
					if !slices.Contains(shown(page.Find("[data-test=person] a")), name) || page.Find("#q").AttrOr("value", "") != typed {
						t.Errorf("%q is not found by %q", name, typed)
					}
				}
				link := list.Find("[data-test=person] a").Eq(i).AttrOr("href", "")
				shown := owner.mustGet(link)
				shown.has(t, "h1", name)
				for _, place := range []string{"organization's People → Invitations", "the repository → Settings → Collaborators and teams"} {
					if said := shown.Find("[data-test=invitation-said]").Text(); !strings.Contains(said, place) {
						t.Errorf("of where %q is cancelled it says %q", name, said)
					}
				}
				p, err := k.hub.Person(t.Context(), k.acme.Number, mustCurrent(k).Number, link[strings.LastIndex(link, "/")+1:])
				if err != nil {
					t.Fatal(err)
				}
				if got, is := hub.NamelessNumber(p.Name); !is || got != number {
					t.Errorf("%q is called %s", name, p.Name.Address())
				}
			}
			return names
		}
		all := load(row("art"), row("eng"), row("eng"))
		if len(all) != 3 {
			t.Fatalf("there are %q", all)
		}
		for _, name := range load(row("eng")) {
			if !slices.Contains(all, name) {
				t.Errorf("%q was not there while others were beside it: %q", name, all)
			}
		}
	})
}

// shown are the texts of some elements.
func shown(s *goquery.Selection) []string {
	return s.Map(func(_ int, one *goquery.Selection) string { return strings.TrimSpace(one.Text()) })
}
