package usagefile_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/oneseat/oneseat/usagefile"
)

func TestKeyFileRoundTrip(t *testing.T) {
	t.Parallel()
	key, err := usagefile.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := key.WriteKeyFile(&file, time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"2026-11-20T09:00:00Z", key.Recipient().String(), key.Recipient().Fingerprint().String(), "\nAGE-SECRET-KEY-1"} {
		if !strings.Contains(file.String(), want) {
			t.Errorf("the key file lacks %q", want)
		}
	}
	read, err := usagefile.ReadKeyFile(&file)
	if err != nil || len(read) != 1 || read[0].Recipient() != key.Recipient() {
		t.Errorf("got %v, %v", read, err)
	}
}

func TestReadKeyFile(t *testing.T) {
	t.Parallel()
	good := string(mustRead(t, "testdata/keys/enterprise-TEST-KEY.txt"))
	for name, test := range map[string]struct {
		text string
		keys int
		code usagefile.Code
	}{
		"one":             {good, 1, ""},
		"overlap":         {good + "\r\n" + good, 2, ""},
		"empty":           {"", 0, usagefile.CodeBadKeyFile},
		"comments only":   {"# nothing\n", 0, usagefile.CodeBadKeyFile},
		"cut":             {good[:len(good)-5], 0, usagefile.CodeBadKeyFile},
		"a recipient":     {enterprise(t)[0].Recipient().String(), 0, usagefile.CodeBadKeyFile},
		"too many":        {strings.Repeat(good, 101), 0, usagefile.CodeBadKeyFile},
		"a key too far":   {good + strings.Repeat("# comment\n", 8000) + good, 0, usagefile.CodeBadKeyFile},
		"64 KiB":          {good + strings.Repeat("#", 64<<10-len(good)), 1, ""},
		"an endless line": {strings.Repeat("A", 1<<20), 0, usagefile.CodeBadKeyFile},
	} {
		keys, err := usagefile.ReadKeyFile(strings.NewReader(test.text))
		wantCode(t, name, err, test.code)
		if len(keys) != test.keys {
			t.Errorf("%s: got %d keys, want %d", name, len(keys), test.keys)
		}
		if err != nil && strings.Contains(fmt.Sprintf("%+v %#v", err, err), "SECRET") {
			t.Errorf("%s: the error shows the key: %v", name, err)
		}
	}
}

func TestIdentityMasksItself(t *testing.T) {
	t.Parallel()
	key := enterprise(t)[0]
	var shown strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T"} {
		fmt.Fprintf(&shown, verb+"\n", key)
		fmt.Fprintf(&shown, verb+"\n", []*usagefile.Identity{key})
		fmt.Fprintf(&shown, verb+"\n", *key)
		fmt.Fprintf(&shown, verb+"\n", usagefile.Options{Identities: []*usagefile.Identity{key}})
	}
	encoded, err := json.Marshal(map[string]any{"key": key})
	if err != nil {
		t.Fatal(err)
	}
	shown.Write(encoded)
	slog.New(slog.NewTextHandler(&shown, nil)).Info("key", "key", key)
	slog.New(slog.NewJSONHandler(&shown, nil)).Info("key", "key", key)
	if strings.Contains(strings.ToUpper(shown.String()), "AGE-SECRET") {
		t.Errorf("the secret is shown:\n%s", shown.String())
	}
	if !strings.Contains(shown.String(), key.Recipient().String()) {
		t.Error("the recipient is not shown")
	}
}

func TestParseRecipientShowsNothing(t *testing.T) {
	t.Parallel()
	secret := strings.Split(string(mustRead(t, "testdata/keys/enterprise-TEST-KEY.txt")), "\n")[2]
	if !strings.HasPrefix(secret, "AGE-SECRET-KEY-1") {
		t.Fatal("the test key file has another form")
	}
	for _, text := range []string{secret, "", "age1", strings.ToUpper(enterprise(t)[0].Recipient().String()), "ssh-ed25519 AAAA"} {
		_, err := usagefile.ParseRecipient(text)
		wantCode(t, "recipient", err, usagefile.CodeBadRecipient)
		if strings.Contains(fmt.Sprintf("%+v", err), "SECRET") {
			t.Errorf("the error shows the key: %v", err)
		}
	}
	want := enterprise(t)[0].Recipient()
	if got, err := usagefile.ParseRecipient(want.String()); err != nil || got != want {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestFingerprints(t *testing.T) {
	t.Parallel()
	recipient := enterprise(t)[0].Recipient()
	f := recipient.Fingerprint()
	if want := fmt.Sprintf("%x", sha256.Sum256([]byte(recipient.String()))); f.String() != want {
		t.Errorf("got %s, want %s", f, want)
	}
	hex := f.String()
	if want := hex[:4] + " " + hex[4:8] + " " + hex[8:12] + " " + hex[12:16]; f.Short() != want {
		t.Errorf("got %s, want %s", f.Short(), want)
	}
	if want := fmt.Sprintf("%x", sha256.Sum256(public(instanceKey(t)))); usagefile.KeyFingerprint(public(instanceKey(t))).String() != want {
		t.Errorf("the fingerprint of a key is not %s", want)
	}
	if got, ok := usagefile.ParseFingerprint(hex); !ok || got != f {
		t.Errorf("got %v, %v", got, ok)
	}
	for _, text := range []string{"", hex[1:], hex + "0", strings.ToUpper(hex), "sha256:" + hex, hex[:63] + "g"} {
		if _, ok := usagefile.ParseFingerprint(text); ok {
			t.Errorf("%q is taken for a fingerprint", text)
		}
	}
	var none usagefile.Fingerprint
	if none.String() != "" || none.Short() != "" || !none.IsZero() || !(usagefile.Recipient{}).Fingerprint().IsZero() {
		t.Error("none is shown as something")
	}
}

func TestDigestText(t *testing.T) {
	t.Parallel()
	d := seven()
	if got, ok := usagefile.ParseDigest(d.String()); !ok || got != d || !strings.HasPrefix(d.String(), "sha256:") {
		t.Errorf("got %v, %v from %s", got, ok, d)
	}
	if got, ok := usagefile.ParseDigest(""); !ok || !got.IsZero() || got.String() != "" {
		t.Errorf("got %v, %v from nothing", got, ok)
	}
	for _, text := range []string{"sha256:", d.String()[7:], d.String() + "0", strings.ToUpper(d.String()), "sha512" + d.String()[6:]} {
		if _, ok := usagefile.ParseDigest(text); ok {
			t.Errorf("%q is taken for a digest", text)
		}
	}
}

// everyWay is a value in every way it gets into a log.
func everyWay(t *testing.T, value any) string {
	t.Helper()
	var shown strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
		fmt.Fprintf(&shown, verb+"\n", value)
	}
	encoded, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	shown.Write(encoded)
	timeless := &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{} // its digits could look like a secret's
		}
		return a
	}}
	slog.New(slog.NewTextHandler(&shown, timeless)).Info("value", "value", value)
	slog.New(slog.NewJSONHandler(&shown, timeless)).Info("value", "value", value)
	return shown.String()
}

func TestNonceMasksItself(t *testing.T) {
	t.Parallel()
	var n usagefile.Nonce
	copy(n[:], "\xa1\xa2\xa3 nonce")
	for _, value := range []any{n, &n, usagefile.Snapshot{Nonce: n}, &usagefile.Receipt{Header: usagefile.Header{Snapshot: usagefile.Snapshot{Nonce: n}}}} {
		shown := strings.ToLower(everyWay(t, value))
		for _, secret := range []string{"161", "a1a2", "0xa1", "nonce\x00", b64(n[:])[:6]} {
			if strings.Contains(shown, strings.ToLower(secret)) {
				t.Errorf("%T shows %q:\n%s", value, secret, shown)
			}
		}
	}
}

func TestSumsAreTextsInJSON(t *testing.T) {
	t.Parallel()
	f := enterprise(t)[0].Recipient().Fingerprint()
	got, err := json.Marshal([]any{seven(), f, usagefile.Digest{}})
	if want := `["` + seven().String() + `","` + f.String() + `",""]`; err != nil || string(got) != want {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
}
