package enrolment_test

import (
	"os"
	"strings"
	"testing"

	"github.com/oneseat/oneseat/internal/enrolment"
)

// TestEveryCodeHasASentenceAndALine: in the catalogue and in the documentation.
func TestEveryCodeHasASentenceAndALine(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"../i18n/en/enrolment.json", "../../docs/enrolment-file.md"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, code := range enrolment.Codes() {
			if !strings.Contains(string(text), `"enrolment.`+string(code)+`"`) && !strings.Contains(string(text), "`"+string(code)+"`") {
				t.Errorf("%s does not have %s", name, code)
			}
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(`{"format":"oneseat-enrolment/1","enterprise":{"slug":"a"},"signature":{}}`)
	f.Fuzz(func(t *testing.T, text string) {
		if e, err := enrolment.Decode(strings.NewReader(text)); err == nil && e.Slug == "" {
			t.Errorf("accepted %q", text)
		}
	})
}
