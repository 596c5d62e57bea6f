package i18n

import (
	"strings"

	"golang.org/x/text/unicode/bidi"
)

// The characters that change the direction of what follows: embeddings and
// overrides, and isolates until popIsolate.
const (
	firstEmbedding, lastEmbedding = '\u202a', '\u202e'
	firstIsolate, lastIsolate     = '\u2066', '\u2068' // the last one takes the direction of what it holds
	popIsolate                    = '\u2069'
)

// isolated keeps the direction of a value to itself: a name in Hebrew, or one
// with a character that turns letters round, must not turn the sentence that it
// stands in. A value without either is given back as it is.
func isolated(value string) string {
	if !turns(value) {
		return value
	}
	return string(lastIsolate) + contained(value) + string(popIsolate)
}

// turns says that a text has letters that are written from right to left, or a
// character that changes the direction.
func turns(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		p, _ := bidi.LookupRune(r)
		class := p.Class()
		return class == bidi.R || class == bidi.AL || embeds(r) || isolates(r) || r == popIsolate
	})
}

// contained is a text without embeddings and overrides, and without isolates
// when one of them is not closed within it: that would reach further.
func contained(text string) string {
	open, astray := 0, false
	for _, r := range text {
		switch {
		case isolates(r):
			open++
		case r == popIsolate:
			open--
			astray = astray || open < 0
		}
	}
	astray = astray || open != 0
	return strings.Map(func(r rune) rune {
		if embeds(r) || astray && (isolates(r) || r == popIsolate) {
			return -1
		}
		return r
	}, text)
}

func embeds(r rune) bool { return r >= firstEmbedding && r <= lastEmbedding }

func isolates(r rune) bool { return r >= firstIsolate && r <= lastIsolate }
