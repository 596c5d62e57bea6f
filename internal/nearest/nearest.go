// Package nearest finds what somebody who mistyped a word may have meant: an
// option, a key, a column, a login, a host.
//
// It deliberately writes no sentence and knows no list of words: callers have
// both. Its cost grows with the number of words, so it is for the moment when
// something has failed. Start with [To].
package nearest

import (
	"strings"
	"unicode/utf8"
)

// longest is how many characters a word has that somebody typed; what is
// longer was not mistyped but is something else.
const longest = 64

// To is the word most like a mistyped one, empty when none is near enough to
// be what was meant: a third of its characters may be wrong, and always one.
// Case and what people spell in many ways (hyphens, underscores, spaces,
// question marks) make no difference. Of two that are equally near the first
// is taken.
func To(mistyped string, words []string) string {
	length := utf8.RuneCountInString(mistyped)
	if length > longest {
		return ""
	}
	text := simple(mistyped)
	best, least := "", max(length/3, 1)+1
	for _, word := range words {
		if utf8.RuneCountInString(word) > 2*longest {
			continue
		}
		if d := distance(text, simple(word)); d < least {
			best, least = word, d
		}
	}
	return best
}

// simple leaves out what people spell in many ways.
func simple(text string) []rune {
	return []rune(strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "", "?", "").Replace(text)))
}

// distance is how many characters must be inserted, removed, replaced or
// swapped with their neighbour to make one text the other.
func distance(a, b []rune) int {
	before, last, this := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range a {
		this[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			this[j+1] = min(this[j]+1, last[j+1]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				this[j+1] = min(this[j+1], before[j-1]+1)
			}
		}
		before, last, this = last, this, before
	}
	return last[len(b)]
}
