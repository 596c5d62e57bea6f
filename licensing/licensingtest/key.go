package licensingtest

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// PlainKey is the address key by the letter of "Values" in the rules, without
// a short way for plain texts; false when the text is no address.
//
// The rules say that a key is its own key, and one pass does not always reach
// it: a domain without its trailing dots may be acceptable to IDNA where the
// one with them was not. So passes are made until nothing changes; a text that
// never settles would refute the rule, and panics.
func PlainKey(text string) (string, bool) {
	const passes = 20
	for range passes {
		key, ok := plainPass(text)
		if !ok || key == text {
			return key, ok
		}
		text = key
	}
	panic("licensingtest: an address without a normal form")
}

func plainPass(text string) (string, bool) {
	if !utf8.ValidString(text) {
		return "", false
	}
	parts := strings.Split(strings.TrimSpace(text), "@")
	if len(parts) != 2 || parts[0] == "" || parts[1] == "" {
		return "", false
	}
	local := norm.NFC.String(lower(norm.NFC.String(parts[0])))
	domain := plainDomain(parts[1])
	if local == "" || domain == "" {
		return "", false
	}
	for _, r := range domain {
		if r == '@' || unicode.IsSpace(r) {
			return "", false
		}
	}
	return local + "@" + domain, true
}

// uts46 maps for lookup, non-transitional and not strict about "_".
//
//nolint:gochecknoglobals // a compiled profile, immutable
var uts46 = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false))

func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

func plainDomain(domain string) string {
	mapped, err := uts46.ToASCII(firstRunes(domain, 254))
	if err != nil || utf8.RuneCountInString(domain) > 253 { // too long to have an ASCII form
		mapped = lower(domain)
	}
	for strings.HasSuffix(mapped, ".") {
		mapped = strings.TrimSuffix(mapped, ".")
	}
	return mapped
}

// lower lower-cases rune by rune: no context (final sigma), no language.
func lower(text string) string {
	var b strings.Builder
	for _, r := range text {
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// keyOf is PlainKey with "" for what is no address.
func keyOf(text string) string {
	key, ok := PlainKey(text)
	if !ok {
		return ""
	}
	return key
}
