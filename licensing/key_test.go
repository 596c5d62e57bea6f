package licensing_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/licensing/licensingtest"
)

// TestAddressKey: what the rules say of values, worked by hand. An empty want
// is "no address".
func TestAddressKey(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, text, want string }{
		{"plain", "ana@acme.example", "ana@acme.example"},
		{"upper case", "ANA@ACME.EXAMPLE", "ana@acme.example"},
		{"white space around it", "\t ana@acme.example\u2003\n", "ana@acme.example"},
		{"white space in the local part stays", "ana lopez@acme.example", "ana lopez@acme.example"},
		{"white space in the domain", "ana@acme .example", ""},
		{"white space after the @", "ana@ acme.example", ""},
		{"a space that IDNA makes of another", "ana@acme\u00a0x.example", ""},
		{"empty", "", ""},
		{"no @", "ana", ""},
		{"two @", "ana@b@acme.example", ""},
		{"a quoted @ is an @", `"ana@b"@acme.example`, ""},
		{"nothing before", "@acme.example", ""},
		{"nothing after", "ana@", ""},
		{"only dots after", "ana@...", ""},
		{"an @ that IDNA makes of another", "ana@acme\uff20b.example", ""},
		{"full-width @ alone is no @", "ana\uff20acme.example", ""},
		{"trailing dot", "ana@acme.example.", "ana@acme.example"},
		{"trailing dots", "ana@acme.example...", "ana@acme.example"},
		{"ideographic full stop", "ana@acme。example", "ana@acme.example"},
		{"underscore", "Ana@A_B.example", "ana@a_b.example"},
		{"plus and dots are not rewritten", "a.n.a+CI@acme.example", "a.n.a+ci@acme.example"},
		{"decomposed", "a\u0308@bu\u0308cher.example", "ä@xn--bcher-kva.example"},
		{"punycode in capitals", "ä@XN--BCHER-KVA.example", "ä@xn--bcher-kva.example"},
		{"sharp s", "ana@straße.example", "ana@xn--strae-oqa.example"},
		{"sharp s spelled out", "ana@strasse.example", "ana@strasse.example"},
		{"final sigma in the local part", "ΟΔΟς@acme.example", "οδος@acme.example"},
		{"capital sigma", "ΟΔΟΣ@acme.example", "οδοσ@acme.example"},
		{"dotted capital i", "İnes@acme.example", "ines@acme.example"},
		{"dotless i", "ıan@acme.example", "ıan@acme.example"},
		{"full width in the domain", "ana@ａｃｍｅ.example", "ana@acme.example"},
		{"full width in the local part stays", "ａna@acme.example", "ａna@acme.example"},
		{"a domain IDNA rejects", "ana@-Acme-.example", "ana@-acme-.example"},
		{"punycode that is none", "ana@XN--A.example", "ana@xn--a.example"},
		{"address literal", "ana@[10.0.0.7]", "ana@[10.0.0.7]"},
		{"invalid UTF-8", "an\xffa@acme.example", ""},
		{"soft hyphen in the domain", "ana@ac\u00adme.example", "ana@acme.example"},
		{"a domain that maps to nothing", "ana@\u00ad", ""},
		{"Kelvin sign", "\u212aim@acme.example", "kim@acme.example"},
		{"byte order mark is no white space", "\ufeffana@acme.example", "\ufeffana@acme.example"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got, ok := engineKey(test.text); got != test.want || ok != (test.want != "") {
				t.Errorf("engine: %q gives %q, %t, want %q", test.text, got, ok, test.want)
			}
			if got, ok := licensingtest.PlainKey(test.text); got != test.want || ok != (test.want != "") {
				t.Errorf("plain: %q gives %q, %t, want %q", test.text, got, ok, test.want)
			}
		})
	}
}

// TestAddressKeyRandom compares with the plain version on texts made of the
// pieces that make trouble.
func TestAddressKeyRandom(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pieces := rapid.SliceOfN(rapid.SampledFrom(keyPieces()), 0, 8).Draw(t, "pieces")
		checkKey(t, strings.Join(pieces, ""))
	})
}

func keyPieces() []string {
	return []string{
		"a", "B", "@", "@", ".", "..", "-", "--", "_", "+", " ", "\t", "\u00a0", "\u2003", "\u00ad", "\u200d", "\u200c", "\ufeff",
		"ä", "a\u0308", "ß", "ẞ", "Σ", "ς", "İ", "ı", "K", "Å", "ﬀ", "。", "．", "｡", "＠", "xn--", "XN--", "bcher-kva", "strae-oqa",
		"acme", "example", "\xff", "\x00", "\x7f", "\u0345", "\u0307", "ά", "\u1fb3", "א", "ب", "１", "㎏", "\u180e", "🙂", "Ǆ", "ǅ",
		strings.Repeat("a", 70),
	}
}

// FuzzAddressKey: the key of a text is the plain one's, and its own key.
func FuzzAddressKey(f *testing.F) {
	for _, piece := range keyPieces() {
		f.Add(piece + "@" + piece + ".example")
	}
	f.Add("ana@xn--bcher-kva..")
	f.Add(" Ana@ACME.example.\n")
	f.Fuzz(func(t *testing.T, text string) { checkKey(t, text) })
}

func checkKey(t rapid.TB, text string) {
	t.Helper()
	got, ok := engineKey(text)
	want, wantOK := licensingtest.PlainKey(text)
	if got != want || ok != wantOK {
		t.Fatalf("%q: engine %q %t, plain %q %t", text, got, ok, want, wantOK)
	}
	if !ok {
		return
	}
	if again, ok := engineKey(got); again != got || !ok {
		t.Fatalf("%q: its key %q has the key %q, %t", text, got, again, ok)
	}
	if strings.Count(got, "@") != 1 || strings.HasPrefix(got, "@") || strings.HasSuffix(got, "@") || strings.HasSuffix(got, ".") {
		t.Fatalf("%q: %q is no key", text, got)
	}
}

func engineKey(text string) (string, bool) {
	key, ok := licensing.NewEmail(text).Key()
	return key.Address(), ok
}
