package main

import (
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/oneseat/oneseat/internal/hub/masktest"
)

// agree MATCH.json REPORT.json: the totals, statement, range, instances and
// reconciliation of "match" are those of "report".
func agree(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: agree match.json report.json")
	}
	type statement struct {
		CloudAccounts  int `json:"cloud_accounts"`
		ServerAccounts int `json:"server_accounts"`
		Accounts       int `json:"accounts"`
		InvitedOnly    int `json:"invited_only"`
		NotConsuming   int `json:"not_consuming"`
		Joined         int `json:"joined"`
		Licenses       int `json:"licenses"`
		VisualStudio   int `json:"visual_studio"`
	}
	type instance struct {
		Host           string `json:"host"`
		FromReport     bool   `json:"from_report"`
		Accounts       int    `json:"accounts"`
		Repeated       int    `json:"repeated"`
		ConsumeWithout int    `json:"consume_without"`
		OnlyHere       int    `json:"only_here"`
	}
	var match struct {
		Total   int `json:"total_seats_consumed"`
		Bought  int `json:"total_seats_purchased"`
		OneSeat struct {
			Statement struct {
				statement

				Instances []instance `json:"instances"`
			} `json:"statement"`
			Range          map[string]any `json:"range"`
			Reconciliation map[string]any `json:"reconciliation"`
		} `json:"oneseat"`
	}
	var report struct {
		Result struct {
			Purchased int            `json:"purchased"`
			Statement statement      `json:"statement"`
			Instances []instance     `json:"instances"`
			Range     map[string]any `json:"range"`
		} `json:"result"`
		Reconciliation map[string]any `json:"reconciliation"`
	}
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &match))
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[1])), &report))
	for _, key := range []string{"items", "item_count", "result"} { // named differently here and there
		delete(match.OneSeat.Reconciliation, key)
		delete(report.Reconciliation, key)
	}
	st := match.OneSeat.Statement
	for _, pair := range [][2]any{
		{match.Total, report.Result.Statement.Licenses},
		{match.Bought, report.Result.Purchased},
		{st.statement, report.Result.Statement},
		{st.Instances, report.Result.Instances},
		{match.OneSeat.Range, report.Result.Range},
		{match.OneSeat.Reconciliation, report.Reconciliation},
	} {
		if diff := cmp.Diff(pair[0], pair[1]); diff != "" {
			ts.Fatalf("match (-) and report (+) differ:\n%s", diff)
		}
	}
	if match.Total == 0 {
		ts.Fatalf("nobody was counted")
	}
}

// sameLines ONE OTHER: two files have the same lines, whatever their order.
func sameLines(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: same-lines one other")
	}
	sorted := func(name string) []string {
		return slices.Sorted(strings.SplitSeq(strings.TrimSpace(ts.ReadFile(name)), "\n"))
	}
	if diff := cmp.Diff(sorted(args[0]), sorted(args[1])); diff != "" {
		ts.Fatalf("%s (-) and %s (+) differ:\n%s", args[0], args[1], diff)
	}
}

// field NAME FILE PATH: an environment variable from a value of a JSON file,
// by the keys that lead there: a.b.0.c.
func field(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: field name file path")
	}
	var value any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[1])), &value))
	for key := range strings.SplitSeq(args[2], ".") {
		inner, ok := value.(map[string]any)
		if value = inner[key]; !ok || value == nil {
			ts.Fatalf("%s has no %s: %s", args[1], args[2], ts.ReadFile(args[1]))
		}
	}
	text, ok := value.(string)
	if !ok {
		number, err := json.Marshal(value)
		ts.Check(err)
		text = string(number)
	}
	ts.Setenv(args[0], text)
}

// absent FILE TEXT…: no file of a directory tree has a text.
func absent(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: absent file text…")
	}
	for _, text := range args[1:] {
		raw, err := os.ReadFile(ts.MkAbs(args[0]))
		ts.Check(err)
		if strings.Contains(string(raw), text) {
			ts.Fatalf("%s holds %q", args[0], text)
		}
	}
}

// hides ARGUMENTS…: runs oneseat, and looks in what it prints for addresses
// that nobody may see.
func hides(ts *testscript.TestScript, neg bool, args []string) {
	if err := ts.Exec("oneseat", args...); (err != nil) != neg {
		ts.Fatalf("oneseat %s: %v", strings.Join(args, " "), err)
	}
	hidesFile(ts, false, []string{"stdout", "stderr"})
}

// hidesFile FILE…: looks for such addresses in files.
func hidesFile(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: hides-file file…")
	}
	for _, name := range args {
		if found := masktest.Search([]byte(ts.ReadFile(name))); found != nil {
			ts.Fatalf("%s has %v", name, found)
		}
	}
}

// absentBelow DIR TEXT: no file below a directory has a text.
func absentBelow(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: absent-below dir text")
	}
	files := 0
	ts.Check(filepath.WalkDir(ts.MkAbs(args[0]), func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files++
		absent(ts, false, []string{name, args[1]})
		return nil
	}))
	if files == 0 {
		ts.Fatalf("no files below %s", args[0])
	}
}

// beyond are defects that only who knows the instance, or has other limits,
// sees.
var beyond = regexp.MustCompile(`^(rollback|cloned|key_changed|no_identity|other_audience|limit_.*)(--|\.)`)

// strangers are no usage files at all: inspect and match recognise what they
// are instead, a hub says that they are none. Of nothing at all, neither says
// the same: one speaks of a file, the other of what arrived.
var strangers = regexp.MustCompile(`^(github_export|not_json--binary|user_report|web_page|other_format--cloud-list)`)

// refusedAlike usage|server|cloud DIR: every file of a directory is refused by
// upload with the sentence that inspect or match has for it.
func refusedAlike(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: refused-alike usage|server|cloud dir")
	}
	files, err := filepath.Glob(filepath.Join(ts.MkAbs(args[1]), "*"))
	ts.Check(err)
	tried := 0
	for _, file := range files {
		name := filepath.Base(file)
		key, token := ts.MkAbs("data/keys/acme.key"), ts.MkAbs("token")
		var here, there []string
		switch args[0] {
		case "usage":
			here, there = []string{"inspect", file, "--identity", key}, []string{"upload", file}
		case "server":
			here = []string{"match", "--cloud", filepath.Join(ts.Getenv("EXAMPLES"), "cloud.json"), "--server", "ghes-1.acme.example=" + file}
			there = []string{"upload", "--server", "ghes-1.acme.example=" + file}
		case "cloud":
			here, there = []string{"match", "--cloud", file}, []string{"upload", "--cloud", file}
		}
		want, refused := sentenceOf(ts, here)
		if !refused && args[0] == "usage" && beyond.MatchString(name) {
			continue
		}
		tried++
		got, refusedThere := sentenceOf(ts, append(there, "--token-file", token))
		want = strings.ReplaceAll(strings.ReplaceAll(want, file, name), name+": ", "")
		alike := got == want || strings.HasPrefix(name, "empty") || args[0] == "usage" && strangers.MatchString(name)
		if !refused || !refusedThere || !alike {
			ts.Logf("%s:\n here  %s there %s", name, want, got)
			tried = -1 << 20
		}
	}
	if tried < 1 {
		ts.Fatalf("%s: not refused alike", args[1])
	}
}

// sentenceOf is what a call says on standard error, and whether it failed. It
// runs in this process: there are many.
func sentenceOf(ts *testscript.TestScript, args []string) (string, bool) {
	var stderr strings.Builder
	status := run(context.Background(), args, process{strings.NewReader(""), io.Discard, &stderr, ts.Getenv})
	return stderr.String(), status != statusDone
}
