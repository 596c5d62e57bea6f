package ui_test

import (
	"net/http"
	"strconv"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/oneseat/oneseat/internal/signin"
)

// TestEveryChangeOfACountIsNamed: the licenses name the first people who changed,
// and lead to the rest, each of whom has a page as they were then.
func TestEveryChangeOfACountIsNamed(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.seed()
		results, err := k.hub.History(t.Context(), k.acme.Number, 0, 10)
		if err != nil || len(results) < 2 {
			t.Fatalf("%d results, %v", len(results), err)
		}
		owner := k.as(signin.RoleOwner)
		if more, ok := owner.mustGet("/enterprises/acme/licensing").Find("[data-test=all-changes]").Attr("href"); !ok || owner.get(more).status != http.StatusOK {
			t.Errorf("the licenses lead to %q", more)
		}
		for _, r := range results {
			p := owner.mustGet("/enterprises/acme/licensing/changes/" + strconv.FormatInt(r.Number, 10))
			want := 0
			for _, tally := range r.Difference.Tallies {
				want += tally.Count
			}
			if got := p.Find(".change").Length(); got != want {
				t.Errorf("count %d shows %d changes of %d", r.Number, got, want)
			}
			p.Find(".change a").Each(func(_ int, link *goquery.Selection) {
				if to := link.AttrOr("href", ""); owner.get(to).status != http.StatusOK {
					t.Errorf("%s at %s has no page", link.Text(), to)
				}
			})
		}
		preview := owner.add("all_users.csv", []byte("id,login,email,suspended?\n1,bruno,bruno.kessler@acme.example,false\n"), "kind", "report", "host", "ghes-2.acme.example")
		owner.mustGet(preview.location)
		for _, none := range []string{"999", "x", strconv.FormatInt(results[0].Number+1, 10)} { // the last is the preview's
			if p := owner.get("/enterprises/acme/licensing/changes/" + none); p.status != http.StatusNotFound {
				t.Errorf("count %s: %d", none, p.status)
			}
		}
	})
}
