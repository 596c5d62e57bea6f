package terminal

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// Width is the number of terminal cells a text takes.
func Width(text string) int {
	n := 0
	for _, r := range text {
		n += runeWidth(r)
	}
	return n
}

func runeWidth(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	case width.Neutral, width.EastAsianAmbiguous, width.EastAsianNarrow, width.EastAsianHalfwidth:
	}
	return 1
}

// Clean shows what could steer a terminal, or hide from the eye, as �. A line
// break becomes one too: what is cleaned is one line.
func Clean(text string) string {
	clean := func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control, unicode.Zl, unicode.Zp) {
			return unicode.ReplacementChar
		}
		return r
	}
	return strings.Map(clean, strings.ToValidUTF8(text, string(unicode.ReplacementChar)))
}

// ellipsis stands where text was left out.
const ellipsis = "…"

// Shorten cuts a text in its middle so that it takes at most cells: its
// beginning and its end tell texts apart best.
func Shorten(text string, cells int) string {
	if Width(text) <= cells {
		return text
	}
	if cells <= 1 {
		return ellipsis[:len(ellipsis)*max(cells, 0)]
	}
	tail := (cells - 1) / 2
	return head(text, cells-1-tail) + ellipsis + end(text, tail)
}

// head is the longest beginning of a text that takes at most cells.
func head(text string, cells int) string {
	for i, r := range text {
		if cells -= runeWidth(r); cells < 0 {
			return text[:i]
		}
	}
	return text
}

// end is the longest ending of a text that takes at most cells.
func end(text string, cells int) string {
	runes := []rune(text)
	at := len(runes)
	for at > 0 && runeWidth(runes[at-1]) <= cells {
		at--
		cells -= runeWidth(runes[at])
	}
	return string(runes[at:])
}

// ShortenList joins a list with comma and space so that it takes at most
// cells: what does not fit is left out in front of the last item, with how
// many those are. more is how many items the list lacks already.
func ShortenList(items []string, more, cells int) string {
	full := strings.Join(items, ", ")
	if more > 0 {
		full += ", " + leftOut(more)
	}
	if Width(full) <= cells || len(items) == 0 {
		return full
	}
	last := items[len(items)-1]
	for kept := len(items) - 2; kept >= 1 && more == 0; kept-- {
		short := strings.Join(items[:kept], ", ") + ", " + leftOut(len(items)-1-kept) + ", " + last
		if Width(short) <= cells {
			return short
		}
	}
	for kept := len(items) - 1; kept >= 1; kept-- {
		short := strings.Join(items[:kept], ", ") + ", " + leftOut(len(items)-kept+more)
		if Width(short) <= cells {
			return short
		}
	}
	if len(items)+more == 1 {
		return Shorten(items[0], cells)
	}
	rest := ", " + leftOut(len(items)-1+more)
	return Shorten(items[0], max(cells-Width(rest), 1)) + head(rest, cells-1)
}
