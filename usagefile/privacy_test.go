package usagefile_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/usagefile"
)

// directoryRow is what an instance knows of a person.
type directoryRow struct {
	id, login, name, lastIP, role string
	emails                        []licensing.ServerEmail
}

func directory() []directoryRow {
	return []directoryRow{
		{"1", "mona-login", "Mona Lisa Octocat", "192.0.2.7", "site-admin-role", user("", "*m.l@acme.example").Emails},
		{"2", "hubot-login", "Hubot Robot", "192.0.2.8", "plain-role", user("", "*h.r@acme.example", "robot@other.example").Emails},
	}
}

// TestNothingElseLeaves proves it on the bytes, the sealed part opened with age
// and zstd alone: about a person there are these keys, these values, and not
// one other byte.
func TestNothingElseLeaves(t *testing.T) {
	t.Parallel()
	users := func(yield func(licensing.ServerAccount, error) bool) {
		for _, row := range directory() {
			if !yield(licensing.ServerAccount{UserID: row.id, Emails: row.emails}, nil) {
				return
			}
		}
	}
	var sealed, readable bytes.Buffer
	if _, err := usagefile.Encode(&sealed, instanceKey(t), export(t), users); err != nil {
		t.Fatal(err)
	}
	if _, err := usagefile.Encode(&readable, instanceKey(t), inClear(t), users); err != nil {
		t.Fatal(err)
	}
	opened := openSealed(t, sealed.Bytes())
	for name, data := range map[string][]byte{"sealed": sealed.Bytes(), "opened": opened, "in clear": readable.Bytes()} {
		for _, row := range directory() {
			for _, secret := range []string{row.login, row.name, row.lastIP, row.role, "Octocat", "-login"} {
				if bytes.Contains(data, []byte(secret)) {
					t.Errorf("%s: %q left the instance", name, secret)
				}
			}
		}
	}
	for _, row := range directory() {
		for _, e := range row.emails {
			if bytes.Contains(sealed.Bytes(), []byte(e.Email.Address())) {
				t.Errorf("the sealed file shows %v", e.Email)
			}
		}
	}
	wantOnlyUsers(t, opened)
}

// wantOnlyUsers reads the opened part line by line: the nonce, then users.
func wantOnlyUsers(t *testing.T, opened []byte) {
	t.Helper()
	var exact bytes.Buffer
	lines := bufio.NewScanner(bytes.NewReader(opened))
	for number := 0; lines.Scan(); number++ {
		exact.WriteString(lines.Text() + "\n")
		if number == 0 {
			wantKeys(t, lines.Bytes(), "nonce")
			continue
		}
		object := wantKeys(t, lines.Bytes(), "user_id", "emails", "advanced_security")
		var emails []json.RawMessage
		if err := json.Unmarshal(object["emails"], &emails); err != nil {
			t.Fatal(err)
		}
		for _, email := range emails {
			wantKeys(t, email, "email", "primary")
		}
	}
	if exact.String() != string(opened) || strings.Count(exact.String(), "\n") != 1+len(directory()) {
		t.Errorf("more than lines of users left the instance: %q", opened)
	}
}

func wantKeys(t *testing.T, object []byte, allowed ...string) map[string]json.RawMessage {
	t.Helper()
	var members map[string]json.RawMessage
	if err := json.Unmarshal(object, &members); err != nil {
		t.Fatalf("%s: %v", object, err)
	}
	for key := range maps.Keys(members) {
		if !slices.Contains(allowed, key) {
			t.Errorf("the key %q left the instance", key)
		}
	}
	return members
}

// The header, which is not sealed, has no place for a person either.
func TestTheHeaderHasTheseKeysOnly(t *testing.T) {
	t.Parallel()
	var header map[string]json.RawMessage
	if err := json.Unmarshal(mustEncode(t, export(t), people()...), &header); err != nil {
		t.Fatal(err)
	}
	want := []string{"audience", "encryption", "format", "instance", "signature", "snapshot", "users"}
	if got := slices.Sorted(maps.Keys(header)); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	wantKeys(t, header["instance"], "server_id", "host_name", "http_only", "version", "license", "public_key", "rotation", "features")
	wantKeys(t, header["snapshot"], "sequence", "taken_at", "source_at", "digest", "previous", "user_count", "note")
	wantKeys(t, header["encryption"], "scheme", "recipients")
}
