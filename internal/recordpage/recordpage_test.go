package recordpage_test

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/i18n"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/recordpage"
)

// TestEveryItemThatIsSentIsListed: the items of the pages are those of the wire,
// which the dry run prints too, and each has a label in every language.
func TestEveryItemThatIsSentIsListed(t *testing.T) {
	t.Parallel()
	sent := fields(reflect.TypeFor[connect.Record](), "")
	slices.Sort(sent)
	for _, language := range []string{"en", "fr", "ja"} {
		shown := list(t, language, &connect.Record{}, recordpage.Side{Remedies: true})
		var listed []string
		shown.Find("[data-item]").Each(func(_ int, s *goquery.Selection) {
			if item := s.AttrOr("data-item", ""); item != "" {
				listed = append(listed, item)
			}
		})
		slices.Sort(listed)
		if !slices.Equal(listed, sent) {
			t.Errorf("the page lists %v, sent are %v", listed, sent)
		}
		if text := shown.Text(); strings.Contains(text, "pageconnect.") {
			t.Errorf("in %s an item has no words: %s", language, text)
		}
	}
}

// TestARecordThatIsNewer: what this program knows no word for is shown as it came.
func TestARecordThatIsNewer(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 2, 9, 30, 0, 0, time.UTC)
	r := &connect.Record{
		Features: []connect.Feature{{Name: "something-new", EnabledAt: at}},
		Sync:     connect.SyncRecord{Every: "fortnightly", Failure: &connect.Sentence{Code: "connect.new"}, FailureAt: &at},
	}
	shown := list(t, "en", r, recordpage.Side{TokenAt: at, Failure: func(s *connect.Sentence) string { return "because of " + s.Code }})
	for name, want := range map[string]string{
		"features": "something-new, enabled at 2 Nov 2026, 09:30", "sync_every": "fortnightly", "sync_failure": "because of connect.new",
		"sync_failure_at": "2 Nov 2026, 09:30", "token": "2 Nov 2026, 09:30", "license": "not known",
	} {
		if got := shown.Find("[data-test=record-" + name + "]").Text(); !strings.Contains(got, want) {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if shown.Find(".under").Length() != 0 {
		t.Error("a reader is told to change settings that are not theirs")
	}
}

// list is what a page shows.
func list(t *testing.T, language string, r *connect.Record, side recordpage.Side) *goquery.Selection {
	t.Helper()
	says, err := i18n.New(language)
	if err != nil {
		t.Fatal(err)
	}
	reader := &page.Reader{Catalogue: says, At: time.Now()}
	var html bytes.Buffer
	if err := recordpage.List(reader, recordpage.Items(reader, r, side)).Render(t.Context(), &html); err != nil {
		t.Fatal(err)
	}
	shown, err := goquery.NewDocumentFromReader(&html)
	if err != nil {
		t.Fatal(err)
	}
	return shown.Selection
}

// fields are the names of what a struct is sent as.
func fields(of reflect.Type, within string) []string {
	var all []string
	for f := range of.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Type.Kind() == reflect.Struct {
			all = append(all, fields(f.Type, within+name+".")...)
			continue
		}
		all = append(all, within+name)
	}
	return all
}
