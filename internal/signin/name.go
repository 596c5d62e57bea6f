package signin

import (
	"crypto/rand"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/oneseat/oneseat/internal/errs"
)

// longestName bounds the names of tokens and owners, in characters.
const longestName = 100

// checkName refuses what cannot name a token or an owner in a log: nothing,
// too much, what does not print, and addresses.
func checkName(name string) error {
	odd := func(r rune) bool { return !unicode.IsPrint(r) }
	switch {
	case name == "" || name != strings.TrimSpace(name) || !utf8.ValidString(name):
	case utf8.RuneCountInString(name) > longestName || strings.ContainsFunc(name, odd):
	case strings.Contains(name, "@"):
	default:
		return nil
	}
	return errs.New(errs.Invalid, "signin.bad_name", "Most", longestName)
}

// newID names a token or an owner; nobody can guess one.
func newID() string { return rand.Text() }
