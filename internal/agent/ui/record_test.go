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

// TestWhatToDoNextStaysUntilUsageLeaves: an export says that the file is to be
// carried, and no page says that something was done which is not so.
func TestWhatToDoNextStaysUntilUsageLeaves(t *testing.T) {
	t.Parallel()
	k := newKit(t, nil)
	k.seed()
	k.enrol()
	owner := k.as(signin.RoleOwner)
	owner.get("/").has(200, "[data-test=steps] li:nth-child(3)", "Export license usage")
	owner.post("/export")
	p := owner.get("/?done=sync").has(200, "[data-test=carry]", "Add server usage")
	if p.Find("[data-test=steps], [data-test=done]").Length() != 0 || owner.get("/connect?done=connect").Find("[data-test=done]").Length() != 0 {
		t.Error("the page says what is not so")
	}
}
