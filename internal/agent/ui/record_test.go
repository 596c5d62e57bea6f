package ui_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/signin"
)

// TestThePageListsEveryItemThatIsSent: the items of the page are those of the wire,
// which the dry run prints too.
func TestThePageListsEveryItemThatIsSent(t *testing.T) {
	t.Parallel()
	k := newKit(t, nil)
	var listed []string
	k.as(signin.RoleOwner).get("/dev/pages/connect-connected").Find("[data-item]").Each(func(_ int, s *goquery.Selection) {
		if item := s.AttrOr("data-item", ""); item != "" {
			listed = append(listed, item)
		}
	})
	sent := items(reflect.TypeFor[connect.Record](), "")
	slices.Sort(listed)
	slices.Sort(sent)
	if !slices.Equal(listed, sent) {
		t.Errorf("the page lists %v, sent are %v", listed, sent)
	}
}

// items are the names of what a struct is sent as.
func items(of reflect.Type, within string) []string {
	var all []string
	for f := range of.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Type.Kind() == reflect.Struct {
			all = append(all, items(f.Type, within+name+".")...)
			continue
		}
		all = append(all, within+name)
	}
	return all
}
