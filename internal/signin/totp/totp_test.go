package totp_test

import (
	"encoding/base32"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/signin/totp"
)

// published is the secret of RFC 6238, appendix B, for SHA-1.
var published = base32.StdEncoding.EncodeToString([]byte("12345678901234567890"))

func mustParse(t *testing.T, text string) totp.Secret {
	t.Helper()
	s, err := totp.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestPublishedValues are those of RFC 6238, appendix B; the codes there have
// eight digits, of which ours are the last six.
func TestPublishedValues(t *testing.T) {
	t.Parallel()
	s := mustParse(t, published)
	for at, eight := range map[int64]string{
		59: "94287082", 1111111109: "07081804", 1111111111: "14050471",
		1234567890: "89005924", 2000000000: "69279037", 20000000000: "65353130",
	} {
		if got := s.Code(time.Unix(at, 0)); got != eight[2:] {
			t.Errorf("at %d: got %s, want %s", at, got, eight[2:])
		}
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	s := totp.New()
	now := time.Date(2026, 3, 2, 8, 0, 10, 0, time.UTC)
	this := now.Unix() / 30
	code := s.Code(now)
	tests := []struct {
		name, code string
		step       int64
		ok         bool
	}{
		{"of now", code, this, true},
		{"with a space", code[:3] + " " + code[3:], this, true},
		{"of the step before", s.Code(now.Add(-30 * time.Second)), this - 1, true},
		{"of the step after", s.Code(now.Add(30 * time.Second)), this + 1, true},
		{"none", "", 0, false},
		{"a digit short", code[:5], 0, false},
		{"a digit more", code + "0", 0, false},
		{"of nobody", strings.Repeat("x", 6), 0, false},
	}
	for _, test := range tests {
		if step, ok := s.Check(test.code, now); step != test.step || ok != test.ok {
			t.Errorf("%s: got %d, %v", test.name, step, ok)
		}
	}
	for _, late := range []time.Duration{-2 * time.Minute, -65 * time.Second, 65 * time.Second, time.Hour} {
		published := mustParse(t, published)
		if step, ok := published.Check(published.Code(now.Add(late)), now); ok {
			t.Errorf("a code of %v away is taken, as of step %d", late, step)
		}
	}
	if _, ok := (totp.Secret{}).Check((totp.Secret{}).Code(now), now); ok {
		t.Error("nobody's secret takes a code")
	}
}

func TestSecretsAreReadBackAndDiffer(t *testing.T) {
	t.Parallel()
	a, b := totp.New(), totp.New()
	if a.Text() == b.Text() || len(a.Text()) != 32 {
		t.Errorf("%q and %q", a.Text(), b.Text())
	}
	text := strings.ToLower(a.Text()[:16] + " " + a.Text()[16:])
	if got := mustParse(t, text); got.Text() != a.Text() {
		t.Errorf("%q was read as %q", text, got.Text())
	}
	for _, wrong := range []string{"", "hunter2", a.Text()[1:], a.Text() + "AAAAAAAA", strings.Repeat("1", 32)} {
		if _, err := totp.Parse(wrong); err == nil || wrong != "" && strings.Contains(err.Error(), wrong) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
}

func TestSecretsMaskThemselves(t *testing.T) {
	t.Parallel()
	s := totp.New()
	seen := fmt.Sprintf("%v %+v %#v %s %x %d %q", s, s, &s, s, s, []totp.Secret{s}, s)
	text, err := json.Marshal(map[string]any{"secret": s})
	if err != nil {
		t.Fatal(err)
	}
	seen += string(text)
	octets, _ := base32.StdEncoding.DecodeString(s.Text())
	if strings.Contains(seen, s.Text()) || strings.Contains(seen, fmt.Sprintf("%x", octets)) || !strings.Contains(seen, "totp…") {
		t.Error(seen)
	}
}

func TestURI(t *testing.T) {
	t.Parallel()
	s := mustParse(t, published)
	link := s.URI("OneSeat", "Ada Byron & acme?")
	parsed, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	if parsed.Scheme != "otpauth" || parsed.Host != "totp" || parsed.Path != "/OneSeat:Ada Byron & acme?" ||
		parsed.Query().Get("secret") != published || parsed.Query().Get("issuer") != "OneSeat" || strings.Contains(link, "+") {
		t.Error(link)
	}
}
