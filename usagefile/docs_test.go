package usagefile_test

import (
	"strings"
	"testing"

	"github.com/oneseat/oneseat/usagefile"
)

// The page about the format shows real files and names every code.
func TestThePageAboutTheFormatIsTrue(t *testing.T) {
	t.Parallel()
	page := string(mustRead(t, "../docs/usage-file.md"))
	header, _, _ := strings.Cut(string(mustRead(t, "testdata/good/sealed.json")), "\n\"")
	_, rest, _ := strings.Cut(string(mustRead(t, "testdata/good/clear.json")), "\"users\": [\n")
	users, _, _ := strings.Cut(rest, "\n],")
	for what, text := range map[string]string{"header": header, "users": users, "format": usagefile.Format} {
		if len(text) < 10 || !strings.Contains(page, text) {
			t.Errorf("the page does not show the golden %s:\n%s", what, text)
		}
	}
	for _, code := range codes(t) {
		if !strings.Contains(page, "`"+string(code)+"`") {
			t.Errorf("the page does not name the code %s", code)
		}
	}
	for _, code := range warningCodes(t) {
		if !strings.Contains(page, "\n| `"+string(code)+"`") && !strings.Contains(page, ", `"+string(code)+"` |") {
			t.Errorf("the page does not name the warning %s", code)
		}
	}
}
