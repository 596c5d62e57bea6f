package password_test

import (
	"strings"
	"testing"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/signin/password"
)

// said is the key of an error's sentence, "" without one.
func said(err error) string {
	if m, ok := err.(interface {
		Message() (string, map[string]any)
	}); ok {
		key, _ := m.Message()
		return key
	}
	return ""
}

func TestCheck(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, password, want string }{
		{"one that is good", "rain over mossy roofs", ""},
		{"the shortest", "kMv9$wq2Lp_t", ""},
		{"the longest", strings.Repeat("kMv9$wq2Lp_t€ß日", 8) + "12345678", ""},
		{"figures that mean nothing", "830264917753", ""},
		{"words with others among them", "my password is long", ""},
		{"another alphabet", "дождь над крышами", ""},
		{"a line of verse", "閑さや岩にしみ入る蝉の声です", ""},
		{"none", "", "signin.password_short"},
		{"one character short", "kMv9$wq2Lp_", "signin.password_short"},
		{"short though it has many bytes", "日本語日本語日本語", "signin.password_short"},
		{"one character long", strings.Repeat("kMv9$wq2Lp_t€ß日", 8) + "123456789", "signin.password_long"},
		{"a control character", "rain over\x00 mossy", "signin.password_odd"},
		{"no text", "rain over \xff mossy", "signin.password_odd"},
		{"one character", "aaaaaaaaaaaaaa", "signin.password_common"},
		{"few characters", "abababcababab", "signin.password_common"},
		{"an alphabet", "abcdefghijklm", "signin.password_common"},
		{"an alphabet backwards", "ZYXWVUTSRQPONM", "signin.password_common"},
		{"figures in turn", "123456789012", "signin.password_common"},
		{"keys in turn", "1Q2W3E4R5T6Y", "signin.password_common"},
		{"a word with a year", "Password2026!", "signin.password_common"},
		{"a word with figures for letters", "P@ssw0rd!2345", "signin.password_common"},
		{"a word with figures before and after", "12345welcome!!", "signin.password_common"},
		{"a word again and again", "dragondragondragon", "signin.password_common"},
		{"two words", "Admin-Password-1", "signin.password_common"},
		{"a word apart", "p a s s w o r d", "signin.password_common"},
		{"a word of another language", "Motdepasse2026", "signin.password_common"},
		{"their own name", "AdaLovelace1815", "signin.password_common"},
	}
	for _, test := range tests {
		err := password.Check(test.password, "Ada Lovelace", "a.lovelace", "")
		if got := said(err); got != test.want || err != nil && errs.KindOf(err) != errs.Invalid {
			t.Errorf("%s: got %q (%v), want %q", test.name, got, err, test.want)
		}
		if err != nil && test.password != "" && strings.Contains(err.Error(), test.password) {
			t.Errorf("%s: the password stands in %v", test.name, err)
		}
	}
	if err := password.Check("AdaLovelace1815"); err != nil {
		t.Errorf("somebody else's name: %v", err)
	}
}
