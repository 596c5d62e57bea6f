package licensing

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// Email is an address as somebody wrote it, or the value of an identity
// attribute that may be one. It is personal data and masks itself: every verb
// of fmt, every slog handler and every text encoder prints [Email.String].
// Only [Email.Address] gives the text whole (as [Key.Address], [Anchor.ID] and
// [Anchor.Text] do for theirs), so that uses of it can be read one by one.
//
// The mask works through methods, and fmt calls no methods on unexported
// struct fields: a field that holds an Email, [Key] or [Anchor] is exported.
// Nor does it when it reports a mistake in a format: never print one with %p,
// and let go vet find the other mistakes.
//
// The zero value is "no address given".
type Email struct{ text string }

// NewEmail keeps the text as it is; nothing is checked.
func NewEmail(text string) Email { return Email{text} }

// Address is the whole text. What receives it must be allowed to show it.
func (e Email) Address() string { return e.text }

// IsZero says that no address was given.
func (e Email) IsZero() bool { return e.text == "" }

// String is the masked form: the first letter of the local part and the
// domain, "m…@acme.example". What is no address, or has one letter before
// the @, shows nothing of that side.
func (e Email) String() string { return mask(e.text) }

// GoString masks for %#v.
func (e Email) GoString() string { return mask(e.text) }

// Format masks for every verb.
func (e Email) Format(f fmt.State, verb rune) { formatMasked(f, verb, mask(e.text)) }

// MarshalText masks for JSON and for slog's handlers.
func (e Email) MarshalText() ([]byte, error) { return []byte(mask(e.text)), nil }

// Key gives the address key; false when the text is no address.
func (e Email) Key() (Key, bool) {
	text, ok := addressKey(e.text)
	return Key{text}, ok
}

// Key is an address key: the normal form in which addresses are compared
// ("Values" in the rules). It masks itself as [Email] does. A key is its own
// key.
type Key struct{ text string }

// Address is the whole key.
func (k Key) Address() string { return k.text }

// String is the masked form, as [Email.String].
func (k Key) String() string { return mask(k.text) }

// GoString masks for %#v.
func (k Key) GoString() string { return mask(k.text) }

// Format masks for every verb.
func (k Key) Format(f fmt.State, verb rune) { formatMasked(f, verb, mask(k.text)) }

// MarshalText masks for JSON and for slog's handlers.
func (k Key) MarshalText() ([]byte, error) { return []byte(mask(k.text)), nil }

// MaskText makes any text that came from a file fit to be shown in errors,
// warnings and logs: cut to maxShown characters, without control and format
// characters, and masked as [Email.String] when it holds an @.
func MaskText(text string) string {
	if strings.ContainsAny(text, "@\uff20") {
		return mask(strings.ReplaceAll(text, "\uff20", "@"))
	}
	return printable(text)
}

// maxShown is how many characters of a text are shown.
const maxShown = 64

// printable drops what does not print, and what is too much.
func printable(text string) string {
	var b strings.Builder
	n := 0
	for _, r := range text {
		if !unicode.IsPrint(r) {
			continue
		}
		if n++; n > maxShown {
			b.WriteRune('…')
			break
		}
		b.WriteRune(r)
	}
	return b.String()
}

func mask(text string) string {
	if text == "" {
		return ""
	}
	local, domain, ok := strings.Cut(text, "@")
	if !ok || local == "" || domain == "" || strings.Contains(domain, "@") {
		return "…"
	}
	first, size := utf8.DecodeRuneInString(local)
	if size == len(local) || first == utf8.RuneError {
		return "…@" + printable(domain)
	}
	return printable(string(first)) + "…@" + printable(domain)
}

func formatMasked(f fmt.State, verb rune, masked string) {
	if verb == 'q' {
		fmt.Fprintf(f, "%q", masked)
		return
	}
	fmt.Fprint(f, masked)
}

// keyPasses bounds how often the normal form is taken again until it is its
// own normal form: removing trailing dots can make a domain acceptable that
// was not before.
const keyPasses = 4

// addressKey is the normal form of an address: see "Values" in the package
// comment.
func addressKey(text string) (string, bool) {
	switch plainness(text) {
	case 0:
		return text, true
	case asciiUpper:
		return strings.ToLower(text), true
	}
	for range keyPasses {
		next, ok := normalizeOnce(text)
		if !ok {
			return "", false
		}
		if next == text {
			return text, true
		}
		text = next
	}
	return text, true
}

func normalizeOnce(text string) (string, bool) {
	if !utf8.ValidString(text) {
		return "", false
	}
	text = strings.TrimFunc(text, unicode.IsSpace)
	local, domain, ok := strings.Cut(text, "@")
	if !ok || local == "" || domain == "" || strings.Contains(domain, "@") {
		return "", false
	}
	local = norm.NFC.String(lowerRunes(norm.NFC.String(local)))
	domain = strings.TrimRight(normalDomain(domain), ".")
	if local == "" || domain == "" || strings.Contains(domain, "@") || strings.ContainsFunc(domain, unicode.IsSpace) {
		return "", false
	}
	return local + "@" + domain, true
}

// lookup is IDNA as "Values" wants it: UTS 46 mapping for lookup,
// non-transitional, not strict about "_".
//
//nolint:gochecknoglobals // a compiled profile, immutable
var lookup = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false))

// maxDomain is the most code points a domain that has an ASCII form can have:
// 253 octets (RFC 1035, RFC 3492), of which each code point takes one at least.
// Beyond it Punycode would cost the square of the length.
const maxDomain = 253

func normalDomain(domain string) string {
	if len(domain) > maxDomain && utf8.RuneCountInString(domain) > maxDomain {
		return lowerRunes(domain)
	}
	ascii, err := lookup.ToASCII(domain)
	if err != nil {
		return lowerRunes(domain)
	}
	return ascii
}

func lowerRunes(s string) string { return strings.Map(unicode.ToLower, s) }

// plainness is 0 for a text that is visibly its own key (printable ASCII
// without upper case, one @ with something on both sides, no trailing dot and
// no label that IDNA would look into, "xn--"), asciiUpper for one that is
// after lower-casing, and anything else for what must go through the whole
// normal form.
func plainness(text string) uint8 {
	kind, at := uint8(0), -1
	for i := range len(text) {
		k := asciiKinds[text[i]]
		kind |= k
		switch {
		case k < asciiAt:
		case k == asciiAt && at < 0:
			at = i
		case k == asciiAt || i > 0 && text[i-1] == '-':
			return asciiOther
		}
	}
	if at <= 0 || at == len(text)-1 || text[len(text)-1] == '.' {
		return asciiOther
	}
	return kind & (asciiUpper | asciiOther)
}

const (
	asciiUpper uint8 = 1
	asciiOther uint8 = 2 // white space, control characters, anything beyond ASCII
	asciiAt    uint8 = 4
	asciiDash  uint8 = 8 // two of them may begin what IDNA looks into
)

//nolint:gochecknoglobals // a table of constants
var asciiKinds = func() (kinds [256]uint8) {
	for c := range kinds {
		switch {
		case c <= ' ' || c >= 0x7f:
			kinds[c] = asciiOther
		case 'A' <= c && c <= 'Z':
			kinds[c] = asciiUpper
		}
	}
	kinds['@'], kinds['-'] = asciiAt, asciiDash
	return kinds
}()
