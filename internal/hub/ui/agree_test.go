package ui_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/signin"
)

// TestPagesAgreeAboutOneThing: an upload says the same time of its accounts as the
// history of its instance; the number of people who are only here leads to
// them and nobody else; and a total that is certain does not deny that it can change.
func TestPagesAgreeAboutOneThing(t *testing.T) {
	t.Parallel()
	each(t, agree)
}

func agree(k *kit) {
	k.seed()
	t := k.t
	owner := k.as(signin.RoleOwner)
	a := newAgent(7, "ghes-7.acme.example")
	u, err := k.hub.ReceiveUsage(t.Context(), k.acme.Number, bytes.NewReader(k.export(a, people{"1": "zoe@acme.example"})), hub.Arrival{FileName: "usage.json", Actor: "owner mona"})
	if err != nil {
		t.Fatal(err)
	}
	asOf := a.last.SourceAt.UTC().Format(time.RFC3339)
	if page := owner.mustGet("/enterprises/acme/uploads/" + u.ID); page.Find(`time[datetime="`+asOf+`"]`).Length() == 0 {
		t.Errorf("the upload does not say %s: %s", asOf, page.Find("dl").Text())
	}
	page := owner.mustGet("/enterprises/acme/instances/2")
	if total := page.Find(".sum-total"); total.Find(`a[href="/enterprises/acme/people?only=ghes-2.acme.example"]`).Length() != 1 {
		t.Errorf("who is only here: %s", total.Text())
	}
	if text := owner.mustGet("/enterprises/acme/licensing").Find("[data-test=range]").Text(); strings.Contains(text, "nothing could") {
		t.Errorf("the total says %q", text)
	}
}
