package licensing_test

import (
	"strings"
	"testing"

	"github.com/oneseat/oneseat/licensing"
)

func TestIsHost(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a.", 126)
	for host, want := range map[string]bool{
		"ghes": true, "git.acme.example": true, "GIT.acme.example.": true, "git.acme.example:8443": true, " git ": true, "a_b": true,
		"bücher.example": true, "xn--bcher-kva.example": true, "192.0.2.7": true, "192.0.2.7:80": true, "[2001:db8::1]": true,
		"[2001:db8::1]:443": true, long + "a": true,

		"": false, ".": false, ":80": false, "-": false, "a-.example": false, "a..example": false, ".example": false, "a:x": false, "a b": false,
		"a\nb": false, "a\x00": false, "\xff": false, "\u202emoc.live": false, "a\u200bb": false, "=cmd|x": false, "https://ghes/": false,
		"ghes/": false, "mona@home.example": false, "2001:db8::1": false, "[192.0.2.7]": false, "[2001:db8::1": false, "[fe80::1%eth0]": false,
		"[": false, "[]": false, long + "aa": false,
	} {
		if got := licensing.IsHost(host); got != want {
			t.Errorf("%q: %t", host, got)
		}
	}
}
