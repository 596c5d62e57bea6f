package enrolment_test

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/oneseat/oneseat/internal/enrolment"
	"github.com/oneseat/oneseat/usagefile"
)

// keyOf is a key that is the same in every run.
func keyOf(seed string) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed([]byte(strings.Repeat(seed, ed25519.SeedSize)[:ed25519.SeedSize]))
}

func mustRecipient(t *testing.T) usagefile.Recipient {
	t.Helper()
	key, err := usagefile.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	return key.Recipient()
}

func sample(t *testing.T) enrolment.Enrolment {
	t.Helper()
	return enrolment.Enrolment{
		Slug: "acme", Name: "Acme <GmbH> & Söhne", Hub: "https://hub.acme.example/oneseat", Recipient: mustRecipient(t),
		IssuedAt: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC),
		Licenses: &enrolment.Licenses{Seats: 500, ExpiresAt: time.Date(2027, 11, 20, 0, 0, 0, 0, time.UTC)},
	}
}

func mustEncode(t *testing.T, key ed25519.PrivateKey, e enrolment.Enrolment) string {
	t.Helper()
	var text bytes.Buffer
	if err := enrolment.Encode(&text, key, e); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

func mustDecode(t *testing.T, text string) *enrolment.Enrolment {
	t.Helper()
	e, err := enrolment.Decode(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func codeOf(err error) enrolment.Code {
	if e, ok := errors.AsType[*enrolment.Error](err); ok {
		return e.Code
	}
	return ""
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	t.Parallel()
	key := keyOf("a")
	for name, change := range map[string]func(*enrolment.Enrolment){
		"everything":           func(*enrolment.Enrolment) {},
		"no licenses":          func(e *enrolment.Enrolment) { e.Licenses = nil },
		"licenses for ever":    func(e *enrolment.Enrolment) { e.Licenses.ExpiresAt = time.Time{} },
		"a hub nobody reaches": func(e *enrolment.Enrolment) { e.Hub = "" },
		"no name":              func(e *enrolment.Enrolment) { e.Name = "" },
	} {
		want := sample(t)
		change(&want)
		got := mustDecode(t, mustEncode(t, key, want))
		want.Key = key.Public().(ed25519.PublicKey)
		if diff := cmp.Diff(want, *got, cmp.Comparer(func(a, b usagefile.Recipient) bool { return a == b })); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestSpacesAreNoChange: whatever carries the file may end lines as it likes.
func TestSpacesAreNoChange(t *testing.T) {
	t.Parallel()
	text := mustEncode(t, keyOf("a"), sample(t))
	for name, carried := range map[string]string{
		"CR LF":           strings.ReplaceAll(text, "\n", "\r\n"),
		"one line":        strings.ReplaceAll(strings.ReplaceAll(text, "\n", ""), "  ", ""),
		"no newline":      strings.TrimSpace(text),
		"byte order mark": "\ufeff" + text,
	} {
		if _, err := enrolment.Decode(strings.NewReader(carried)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestEveryChangedValueIsNoticed: each letter and digit of the file, one after
// the other.
func TestEveryChangedValueIsNoticed(t *testing.T) {
	t.Parallel()
	text := mustEncode(t, keyOf("a"), sample(t))
	for i := range len(text) {
		c := text[i]
		switch {
		case c == ' ' || c == '\n':
			continue
		case c >= '0' && c <= '8' || c >= 'a' && c <= 'y' || c >= 'A' && c <= 'Y':
			c++
		default:
			c = 'x'
		}
		if _, err := enrolment.Decode(strings.NewReader(text[:i] + string(c) + text[i+1:])); codeOf(err) == "" {
			t.Errorf("byte %d, %q: got %v", i, text[max(0, i-20):i+1], err)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	key := keyOf("a")
	e := sample(t)
	good := mustEncode(t, key, e)
	other := sample(t)
	swap := func(old, replacement string) string {
		if !strings.Contains(good, old) {
			t.Fatalf("nothing to replace: %s", old)
		}
		return strings.Replace(good, old, replacement, 1)
	}
	for name, test := range map[string]struct {
		text string
		want enrolment.Code
	}{
		"nothing":             {" \n", enrolment.CodeEmpty},
		"too large":           {strings.Repeat(" ", enrolment.MaxBytes) + good, enrolment.CodeTooLarge},
		"a usage file":        {`{"format":"oneseat-usage-file/1"}`, enrolment.CodeUsageFile},
		"a large usage file":  {`{"format":"oneseat-usage-file/1","users":"` + strings.Repeat("x", enrolment.MaxBytes), enrolment.CodeUsageFile},
		"cut":                 {good[:len(good)/2], enrolment.CodeNotJSON},
		"a web page":          {"<!DOCTYPE html><html></html>", enrolment.CodeOtherFormat},
		"a report":            {"id,email\n1,mona@acme.example\n", enrolment.CodeOtherFormat},
		"a list":              {"[1]", enrolment.CodeOtherFormat},
		"something else":      {`{"format":"oneseat-cloud-list/1"}`, enrolment.CodeOtherFormat},
		"of the future":       {swap("oneseat-enrolment/1", "oneseat-enrolment/2"), enrolment.CodeNewerVersion},
		"a further key":       {swap(`"hub"`, `"extra": 1, "hub"`), enrolment.CodeUnknownKey},
		"a key twice":         {swap(`"hub"`, `"hub": "https://evil.example", "hub"`), enrolment.CodeNotJSON},
		"seats as a text":     {swap("500", `"500"`), enrolment.CodeBadValue},
		"no signature":        {good[:strings.Index(good, `,`+"\n  \"signature\"")] + "}", enrolment.CodeBadValue},
		"another hub":         {swap("hub.acme.example", "hub.evil.example"), enrolment.CodeChanged},
		"more seats":          {swap("500", "900"), enrolment.CodeChanged},
		"another recipient":   {swap(e.Recipient.String(), other.Recipient.String()), enrolment.CodeChanged},
		"no recipient":        {swap(e.Recipient.String(), "age1x"), enrolment.CodeBadValue},
		"a hub that is none":  {swap("https://hub.acme.example/oneseat", "file:///etc"), enrolment.CodeBadValue},
		"a loose signature":   {swap(`"value": "`, `"value": " `), enrolment.CodeBadValue},
		"an impossible date":  {swap("2026-11-20T09", "2026-13-20T09"), enrolment.CodeBadValue},
		"no licenses granted": {swap("500", "0"), enrolment.CodeBadValue},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := enrolment.Decode(strings.NewReader(test.text))
			if codeOf(err) != test.want {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

func TestEncodeRefusesWhatNobodyWouldRead(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*enrolment.Enrolment){
		"no slug":      func(e *enrolment.Enrolment) { e.Slug = "" },
		"no recipient": func(e *enrolment.Enrolment) { e.Recipient = usagefile.Recipient{} },
		"no time":      func(e *enrolment.Enrolment) { e.IssuedAt = time.Time{} },
		"no hub":       func(e *enrolment.Enrolment) { e.Hub = "hub.acme.example" },
		"a password":   func(e *enrolment.Enrolment) { e.Hub = "https://me:secret@hub.acme.example" },
		"a long name":  func(e *enrolment.Enrolment) { e.Name = strings.Repeat("x", 2000) },
	} {
		e := sample(t)
		change(&e)
		if err := enrolment.Encode(&bytes.Buffer{}, keyOf("a"), e); codeOf(err) != enrolment.CodeBadValue {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestCheckAgainstWhatIsKnown(t *testing.T) {
	t.Parallel()
	at := func(days int, seed string, change func(*enrolment.Enrolment)) *enrolment.Enrolment {
		e := sample(t)
		e.IssuedAt = e.IssuedAt.AddDate(0, 0, days)
		change(&e)
		return mustDecode(t, mustEncode(t, keyOf(seed), e))
	}
	same := func(*enrolment.Enrolment) {}
	known := at(0, "a", same)
	for name, test := range map[string]struct {
		next, known *enrolment.Enrolment
		want        enrolment.Code
	}{
		"the first":   {at(0, "b", same), nil, ""},
		"the same":    {known, known, ""},
		"a later one": {at(1, "a", same), known, ""},
		"an older":    {at(-1, "a", same), known, enrolment.CodeOlder},
		"a new key":   {at(1, "b", same), known, enrolment.CodeKeyChanged},
		"a stranger":  {at(1, "a", func(e *enrolment.Enrolment) { e.Slug = "globex" }), known, enrolment.CodeOtherEnterprise},
	} {
		if err := enrolment.Check(test.next, test.known); codeOf(err) != test.want || (test.want == "") != (err == nil) {
			t.Errorf("%s: got %v, want %s", name, err, test.want)
		}
	}
}
