package password

import (
	_ "embed"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/oneseat/oneseat/internal/errs"
)

// Least and Most are how many characters a password has.
const (
	Least = 12
	Most  = 128
)

// plain is how few different characters make a password too plain.
const plain = 5

// Words people build passwords of, one a line, in small letters; what is
// written with figures for letters is among them once, with letters.
//
//go:embed common.txt
var common string

// Check refuses a password that is short, long or easily guessed; about are
// words about its person that it may not be made of either: names, the local
// part of an address. The error is Invalid and shows nothing of the password.
func Check(password string, about ...string) error {
	password = canonical(password)
	switch n := utf8.RuneCountInString(password); {
	case !utf8.ValidString(password) || strings.ContainsFunc(password, unicode.IsControl):
		return errs.New(errs.Invalid, "signin.password_odd")
	case n < Least:
		return errs.New(errs.Invalid, "signin.password_short", "Least", Least)
	case n > Most:
		return errs.New(errs.Invalid, "signin.password_long", "Most", Most)
	case guessable(password, about):
		return errs.New(errs.Invalid, "signin.password_common")
	}
	return nil
}

// guessable says that a password is what somebody who guesses tries first:
// few characters again and again, or one common word, with whatever figures
// and signs around it.
func guessable(password string, about []string) bool {
	letters := strings.ToLower(password)
	if distinct(letters) < plain || distinct(steps(letters)) < 2 {
		return true
	}
	words := strings.Fields(common)
	for _, name := range about {
		words = append(words, strings.FieldsFunc(strings.ToLower(name), notLetter)...)
	}
	bare := strings.TrimFunc(letters, notLetter)
	return slices.Contains(words, letters) || slices.ContainsFunc([]string{bare, unfigured(bare), unfigured(letters)}, func(text string) bool {
		return madeOf(squeezed(text), words)
	})
}

func notLetter(r rune) bool { return !unicode.IsLetter(r) }

func distinct[T ~string | ~[]rune](text T) int {
	seen := map[rune]bool{}
	for _, r := range []rune(text) {
		seen[r] = true
	}
	return len(seen)
}

// steps are how far each character is from the one before: all the same in
// "abcdefghijkl".
func steps(text string) []rune {
	letters := []rune(text)
	steps := make([]rune, 0, len(letters))
	for i := 1; i < len(letters); i++ {
		steps = append(steps, letters[i]-letters[i-1])
	}
	return steps
}

// unfigured turns figures and signs back into the letters they are written for.
func unfigured(text string) string {
	return strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i").Replace(text)
}

// squeezed is a text without what parts its words.
func squeezed(text string) string {
	return strings.Map(func(r rune) rune {
		if notLetter(r) {
			return -1
		}
		return r
	}, text)
}

// madeOf says that a text is a word of the list, one again and again, or two.
func madeOf(text string, words []string) bool {
	for _, word := range words {
		rest, begins := strings.CutPrefix(text, word)
		if begins && (rest == "" || slices.Contains(words, rest) || strings.ReplaceAll(text, word, "") == "") {
			return true
		}
	}
	return false
}
