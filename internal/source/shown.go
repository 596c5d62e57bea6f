package source

import (
	"strings"
	"unicode/utf8"

	"github.com/oneseat/oneseat/licensing"
)

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
