package licensing_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/licensing/licensingtest"
)

// secret is the local part that must never be printed whole.
const secret = "wilhelmina.quist"

// maskedValue is a value that holds an address, and what printing it may show.
type maskedValue struct {
	name  string
	value any
}

func maskedValues(t *testing.T) []maskedValue {
	t.Helper()
	address := licensing.NewEmail(secret + "@acme.example")
	key, ok := address.Key()
	if !ok {
		t.Fatal("no key")
	}
	type inner struct {
		Email licensing.Email
		Key   licensing.Key
	}
	type outer struct {
		Inner   inner
		Pointer *inner
		List    []licensing.Email
		ByKey   map[licensing.Key]licensing.Email
		Any     any
	}
	nested := outer{
		Inner: inner{address, key}, Pointer: &inner{address, key}, List: []licensing.Email{address},
		ByKey: map[licensing.Key]licensing.Email{key: address}, Any: address,
	}
	person := personOf(t, address)
	return []maskedValue{
		{"email", address},
		{"pointer to email", &address},
		{"key", key},
		{"pointer to key", &key},
		{"anchor", person.Anchor},
		{"pointer to anchor", &person.Anchor},
		{"list", []licensing.Email{address, address}},
		{"array", [1]licensing.Key{key}},
		{"list of pointers", []*licensing.Email{&address}},
		{"map", map[licensing.Key]licensing.Email{key: address}},
		{"nested", nested},
		{"pointer to nested", &nested},
		{"person", person},
		{"reason", person.Servers[0].Reason},
		{"server account", licensing.ServerAccount{UserID: "1", Emails: []licensing.ServerEmail{{Email: address, Primary: true}}}},
		{"cloud account", licensing.CloudAccount{
			Login: "mona", Emails: []licensing.CloudEmail{{Email: address}},
			SAML: []licensing.SAMLIdentity{{NameID: address, Attributes: []licensing.SAMLAttribute{{Name: "emails", Value: address}}}},
			SCIM: []licensing.SCIMIdentity{{UserName: address, Emails: []licensing.Email{address}}},
		}},
		{"invitation", licensing.Invitation{Email: address}},
		{"subscription", licensing.Subscription{Email: address}},
		{"report row", licensing.ReportRow{ServerEmails: []licensing.Email{address}, SubscriptionEmail: address, InvitationEmail: address}},
		{"conflict", licensing.Conflict{Value: address}},
		{"near miss", licensing.NearMiss{Mine: address, Theirs: address}},
		{"error that wraps", fmt.Errorf("place %v: %w", address, errors.Join(fmt.Errorf("key %s", key), errors.New("no")))},
		{"white space around", licensing.NewEmail(" " + secret + "@acme.example\n")},
		{"no address", licensing.NewEmail(secret)},
		{"two @", licensing.NewEmail(secret + "@acme.example@b.example")},
		{"the other way round", licensing.NewEmail("acme.example@" + secret + "@")},
	}
}

// personOf is the person of a server account with that address.
func personOf(t *testing.T, address licensing.Email) licensing.Person {
	t.Helper()
	side := &licensing.CloudSide{Invitations: []licensing.Invitation{{Email: address, Organization: "eng"}}}
	policy := licensing.Documented(side.Enterprise, licensingtest.At())
	result := mustCount(t, side, policy, []licensingtest.Instance{{Host: "s1", Accounts: []licensing.ServerAccount{
		{UserID: "1", Emails: []licensing.ServerEmail{{Email: address, Primary: true}}},
	}}})
	if result.Len() != 1 {
		t.Fatalf("%d people, want 1", result.Len())
	}
	return result.At(0)
}

// TestMaskedByFmt: no verb and no flag of fmt prints a local part.
//
// Left out is what fmt prints as a mistake (%!verb), because it then calls no
// methods: %p of a value, %w outside of errors, and every verb but %v where a
// field points to a struct. Package fmt gives no way to mask there; go vet
// refuses the latter two.
func TestMaskedByFmt(t *testing.T) {
	t.Parallel()
	for _, v := range maskedValues(t) {
		verbs := "vsqxXdtTcUbeEfFgGo!"
		if strings.HasSuffix(v.name, "nested") {
			verbs = "vT"
		}
		for _, verb := range verbs {
			for _, flags := range []string{"", "+", "#", "-", " ", "0", "+#", "# ", "60", "-60", ".40", "080.50"} {
				format := "%" + flags + string(verb)
				mustMask(t, v.name+" by "+format, fmt.Sprintf(format, v.value))
			}
		}
		mustMask(t, v.name+" by Sprint", fmt.Sprint(v.value))
		mustMask(t, v.name+" by Sprintln", fmt.Sprintln(v.value))
	}
}

// TestMaskedByEncoders: neither JSON nor slog's handlers print a local part,
// as attribute, group, key or error.
func TestMaskedByEncoders(t *testing.T) {
	t.Parallel()
	for _, v := range maskedValues(t) {
		encoded, err := json.Marshal(v.value)
		if err != nil {
			t.Errorf("%s by JSON: %v", v.name, err)
		}
		mustMask(t, v.name+" by JSON", string(encoded))
		var text, lines bytes.Buffer
		for _, handler := range []slog.Handler{
			slog.NewTextHandler(&text, nil), slog.NewJSONHandler(&lines, nil),
		} {
			slog.New(handler).With("with", v.value).WithGroup("group").Info("one", slog.Any("value", v.value),
				slog.Group("deep", slog.Any("value", v.value)), slog.Any("list", []any{v.value}),
				slog.Any("error", fmt.Errorf("wrapped: %v", v.value)))
		}
		mustMask(t, v.name+" by slog as text", text.String())
		mustMask(t, v.name+" by slog as JSON", lines.String())
	}
}

// mustMask wants no part of the local part, however it is escaped.
func mustMask(t *testing.T, how, printed string) {
	t.Helper()
	if printed == "" {
		t.Errorf("%s: nothing printed", how)
	}
	for _, part := range []string{secret, "ilhelmina", "quist"} {
		for _, form := range []string{part, strings.ToUpper(part), fmt.Sprintf("%x", part), fmt.Sprintf("%X", part), fmt.Sprintf("% x", part), spacedNumbers(part)} {
			if strings.Contains(printed, form) {
				t.Errorf("%s prints %q", how, printed)
				return
			}
		}
	}
}

// spacedNumbers is a text as a list of bytes prints.
func spacedNumbers(text string) string { return strings.Trim(fmt.Sprintf("%d", []byte(text)), "[]") }

// TestMaskShows: a mask still tells one address from another to who knows
// both, and nothing of one that is none.
func TestMaskShows(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ text, want string }{
		{"", ""},
		{"wilhelmina@acme.example", "w…@acme.example"},
		{"ähre@acme.example", "ä…@acme.example"},
		{"w@acme.example", "…@acme.example"},
		{"ä@acme.example", "…@acme.example"},
		{"\xffw@acme.example", "…@acme.example"},
		{"wilhelmina", "…"},
		{"@acme.example", "…"},
		{"wilhelmina@", "…"},
		{"w@x@acme.example", "…"},
	} {
		if got := licensing.NewEmail(test.text).String(); got != test.want {
			t.Errorf("%q is masked as %q, want %q", test.text, got, test.want)
		}
	}
	if got, want := fmt.Sprintf("%q", licensing.NewEmail("wilhelmina@acme.example")), `"w…@acme.example"`; got != want {
		t.Errorf("%%q gives %s, want %s", got, want)
	}
}

// TestWholeOnlyByName: what shows an address whole says so in its name.
func TestWholeOnlyByName(t *testing.T) {
	t.Parallel()
	address := licensing.NewEmail(secret + "@acme.example")
	person := personOf(t, address)
	if got := address.Address(); got != secret+"@acme.example" {
		t.Errorf("Address gives %q", got)
	}
	if got := person.Anchor.ID(); got != "address:"+secret+"@acme.example" {
		t.Errorf("ID gives %q", got)
	}
}
