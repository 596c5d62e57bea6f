package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"os"
	"slices"
	"strings"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"
	"github.com/rogpeppe/go-internal/testscript"
)

// mode OCTAL FILE: the permissions of a file.
func mode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: mode octal file")
	}
	info, err := os.Stat(ts.MkAbs(args[1]))
	ts.Check(err)
	if got := info.Mode().Perm().String(); got != args[0] {
		ts.Fatalf("%s has %s, not %s", args[1], got, args[0])
	}
}

// unseal KEYFILE USAGEFILE OUTPUT: opens the sealed users without any code of
// ours: base64, age, zstd.
func unseal(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: unseal keyfile usagefile output")
	}
	keys, err := age.ParseIdentities(strings.NewReader(ts.ReadFile(args[0])))
	ts.Check(err)
	var file struct{ Users []string }
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[1])), &file))
	var sealed bytes.Buffer
	for _, chunk := range file.Users {
		data, err := base64.StdEncoding.Strict().DecodeString(chunk)
		ts.Check(err)
		sealed.Write(data)
	}
	opened, err := age.Decrypt(&sealed, keys...)
	ts.Check(err)
	lines, err := zstd.NewReader(opened)
	ts.Check(err)
	defer lines.Close()
	text, err := io.ReadAll(lines)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), text, 0o600))
}

// onlyPeople FILE COUNT: JSON lines, or the users of a usage file in clear,
// that hold user ids and addresses and nothing else.
func onlyPeople(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: only-people file")
	}
	users := usersOf(ts, ts.ReadFile(args[0]))
	if len(users) == 0 {
		ts.Fatalf("nobody in %s", args[0])
	}
	for _, user := range users {
		keys(ts, user, "emails", "user_id")
		var emails []map[string]json.RawMessage
		ts.Check(json.Unmarshal(user["emails"], &emails))
		for _, email := range emails {
			keys(ts, email, "email", "primary")
		}
	}
}

func usersOf(ts *testscript.TestScript, text string) []map[string]json.RawMessage {
	var file struct{ Users []map[string]json.RawMessage }
	if json.Unmarshal([]byte(text), &file) == nil {
		return file.Users
	}
	nonce, lines, _ := strings.Cut(text, "\n")
	var first map[string]json.RawMessage
	ts.Check(json.Unmarshal([]byte(nonce), &first))
	keys(ts, first, "nonce")
	decoder := json.NewDecoder(strings.NewReader(lines))
	for {
		var user map[string]json.RawMessage
		err := decoder.Decode(&user)
		if errors.Is(err, io.EOF) {
			return file.Users
		}
		ts.Check(err)
		file.Users = append(file.Users, user)
	}
}

func keys(ts *testscript.TestScript, object map[string]json.RawMessage, allowed ...string) {
	for key := range object {
		if !slices.Contains(allowed, key) {
			ts.Fatalf("%q leaves the instance", key)
		}
	}
}
