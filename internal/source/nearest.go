package source

import (
	"strings"
	"unicode/utf8"

	"github.com/oneseat/oneseat/licensing"
)

// nearest is the candidate that somebody who wrote text may have meant; empty
// when none is near.
func nearest(text string, candidates []string) string {
	best, least := "", max(1, len(text)/3)
	if len(text) > 64 {
		return ""
	}
	for _, candidate := range candidates {
		if d := distance(simple(text), simple(candidate)); d <= least && (best == "" || d < least) {
			best, least = candidate, d
		}
	}
	return best
}

// simple leaves out what people spell in many ways.
func simple(text string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "", "?", "").Replace(text))
}

// distance is the least number of bytes to insert, remove, replace or swap
// with the next that makes b of a.
func distance(a, b string) int {
	before, last, this := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		this[0] = i + 1
		for j := range len(b) {
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

// shown is a value of a file as a refusal may show it: short, and masked when
// it may be an address.
func shown(value string) string {
	const longest = 60
	if strings.Contains(value, "@") {
		return licensing.NewEmail(value).String()
	}
	if len(value) <= longest {
		return strings.ToValidUTF8(value, "�")
	}
	cut := longest
	for cut > 0 && !utf8.RuneStart(value[cut]) {
		cut--
	}
	return strings.ToValidUTF8(value[:cut], "�") + "…"
}
