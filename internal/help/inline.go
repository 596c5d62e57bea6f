package help

import (
	"regexp"
	"strings"
)

// style is how a part of a text looks.
type style uint8

const (
	plain style = iota
	label       // of a button or a page
	code        // to be typed
	link
)

// span is a part of a text.
type span struct {
	Style style
	Text  string
	To    string // of a link: "topic#section", "#section", or "@place"
}

var marks = regexp.MustCompile("\\*\\*([^*]+)\\*\\*|`([^`]+)`|\\[([^\\]]+)\\]\\(([^)\\s]+)\\)")

// parse cuts a text of the catalogue into its parts: **label**, `command`, and
// [text](to), where to is "topic#section", "#section" of the same topic, or
// "@place". Everything else is plain.
func parse(text string) []span {
	var all []span
	for {
		m := marks.FindStringSubmatchIndex(text)
		if m == nil {
			break
		}
		if m[0] > 0 {
			all = append(all, span{Text: text[:m[0]]})
		}
		part := func(i int) string { return text[m[2*i]:m[2*i+1]] }
		switch {
		case m[2] >= 0:
			all = append(all, span{Style: label, Text: part(1)})
		case m[4] >= 0:
			all = append(all, span{Style: code, Text: part(2)})
		default:
			all = append(all, span{Style: link, Text: part(3), To: part(4)})
		}
		text = text[m[1]:]
	}
	if text != "" {
		all = append(all, span{Text: text})
	}
	return all
}

// target is the path that a link leads to; empty: to nowhere, for this reader.
func (p *helpPage) target(to string) string {
	if place, ok := strings.CutPrefix(to, "@"); ok {
		if path, ok := p.places[Place(place)]; ok {
			return p.To(path)
		}
		return ""
	}
	if strings.HasPrefix(to, "#") {
		return to
	}
	t, section, _ := strings.Cut(to, "#")
	return p.To(Path(Topic(t), section))
}
