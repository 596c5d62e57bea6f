package i18n

import (
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// Languages gives a catalogue of every language, English first and the others
// by tag, for surfaces whose readers differ from request to request. They share
// their sentences.
func Languages() ([]*Catalogue, error) {
	bundle, err := builtIn()
	if err != nil {
		return nil, err
	}
	var all []*Catalogue
	for _, tag := range bundle.LanguageTags() {
		all = append(all, of(bundle, tag))
	}
	slices.SortFunc(all[1:], func(a, b *Catalogue) int { return strings.Compare(a.Language(), b.Language()) })
	return all, nil
}

// Language is the tag of the catalogue's language, "fr".
func (c *Catalogue) Language() string { return c.tag.String() }

// Match gives the catalogue for a reader: that of the first wish that names one
// of their languages. A wish is a tag or the value of an Accept-Language header.
// When none does, it is the first catalogue.
func Match(all []*Catalogue, wishes ...string) *Catalogue {
	tags := make([]language.Tag, len(all))
	for i, c := range all {
		tags[i] = c.tag
	}
	matcher := language.NewMatcher(tags)
	for _, wish := range wishes {
		wanted, _, err := language.ParseAcceptLanguage(wish)
		if err != nil || len(wanted) == 0 {
			continue
		}
		if _, at, confidence := matcher.Match(wanted...); confidence != language.No {
			return all[at]
		}
	}
	return all[0]
}
