package signin

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"

	"github.com/oneseat/oneseat/licensing"
)

var addresses = regexp.MustCompile(`[^\s@"'<>()=,;:]+@[^\s@"'<>(),;]+`)

// Masked is a text that somebody typed, with every address in it masked: for
// people who see no address whole.
func Masked(text string) string { return masked(text) }

// masked is a text as the audit log keeps it: whatever looks like an address
// is masked, and what a database refuses is replaced. Masking a masked text
// changes nothing.
func masked(text string) string {
	text = strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", "�"), "�")
	return addresses.ReplaceAllStringFunc(text, func(address string) string {
		return licensing.NewEmail(address).String()
	})
}

// maskedJSON writes details with every text in them masked, names included.
// Values go through JSON first, so that types which mask themselves do.
func maskedJSON(details map[string]any) (string, error) {
	if len(details) == 0 {
		return "{}", nil
	}
	text, err := json.Marshal(details)
	if err != nil {
		return "", err
	}
	var plain any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber() // numbers stay as they are written
	if err := decoder.Decode(&plain); err != nil {
		return "", err
	}
	text, err = json.Marshal(maskedValue(plain))
	return string(text), err
}

func maskedValue(v any) any {
	switch v := v.(type) {
	case string:
		return masked(v)
	case []any:
		for i := range v {
			v[i] = maskedValue(v[i])
		}
		return v
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, value := range v {
			out[masked(name)] = maskedValue(value)
		}
		return out
	default:
		return v
	}
}
