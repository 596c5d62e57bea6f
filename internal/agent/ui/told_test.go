package ui_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/usagefile"
)

// TestTheListOfTheHeaderIsWhole: Export lists every field that stands in clear. The
// nonce is left out: it stands with the users.
func TestTheListOfTheHeaderIsWhole(t *testing.T) {
	t.Parallel()
	k := newKit(t, nil)
	k.seed()
	k.as(signin.RoleOwner).get("/export").has(200, "[data-test=sealed]", "Nobody yet")
	k.enrol()
	var shown, want []string
	k.as(signin.RoleOwner).get("/export").has(200, "[data-test=header][data-item=Audience]", k.key.Recipient().Fingerprint().Short()).
		Find("[data-test=header]").Each(func(_ int, s *goquery.Selection) { shown = append(shown, s.AttrOr("data-item", "")) })
	for _, one := range reflect.VisibleFields(reflect.TypeFor[usagefile.Header]()) {
		if one.Type.Kind() != reflect.Struct {
			want = append(want, one.Name)
			continue
		}
		for _, field := range reflect.VisibleFields(one.Type) {
			if field.Type != reflect.TypeFor[usagefile.Nonce]() {
				want = append(want, one.Name+"."+field.Name)
			}
		}
	}
	slices.Sort(shown)
	slices.Sort(want)
	if !slices.Equal(shown, want) {
		t.Errorf("shown %s\nwant  %s", strings.Join(shown, " "), strings.Join(want, " "))
	}
}

// TestTheRecordIsShownBeforeItIsTold: what a hub would be told stands on Connect
// before anybody enables it.
func TestTheRecordIsShownBeforeItIsTold(t *testing.T) {
	t.Parallel()
	k := newKit(t, nil)
	k.seed()
	page := k.as(signin.RoleAuditor).get("/connect")
	page.has(200, "[data-test=record-host]", "ghes-1.acme.example").has(200, "[data-test=record-consumed]", "3")
	page.has(200, "[data-test=record-enterprise]", "not known").has(200, "[data-test=record-sync_enabled]", "no")
}
