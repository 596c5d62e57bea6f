package ui

import (
	"regexp"
	"strings"

	"github.com/oneseat/oneseat/internal/hub"
)

// namelessTail is the number that ends the name of an invitation without one.
var namelessTail = regexp.MustCompile(`(?:^| )([0-9a-f]{1,6}(?:-[0-9]+)?)$`)

// sought is a search with the name of an invitation without one, which pages
// write in the reader's language, in the form that people are searched in. A
// part of such a name counts as one from two words on, or with the number behind
// it: one word alone may be of anybody.
func (f *frame) sought(q hub.Query) hub.Query {
	typed := asSought(q.Text)
	name := asSought(f.T("ui.people.nameless", "Number", ""))
	if m := namelessTail.FindStringSubmatch(typed); m != nil {
		before := strings.TrimSpace(strings.TrimSuffix(typed, m[0]))
		if before != "" && strings.HasSuffix(name, before) {
			q.Text = m[1]
			return q
		}
	}
	if strings.Contains(typed, " ") && strings.Contains(name, typed) {
		q.Text = namelessWord
	}
	return q
}

// namelessWord is what every such invitation is found by.
const namelessWord = "invitation"

// asSought is a text as it is sought, with one blank between words.
func asSought(text string) string { return strings.Join(strings.Fields(hub.Fold(text)), " ") }
