package main

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/oneseat/oneseat/internal/instance"
)

// good are the bytes of files in order, to break.
const (
	goodReport = "created_at,id,login,email,role,suspended?,last_logged_ip,repos,ssh_keys,org_memberships,dormant?,last_active,raw_login,2fa_enabled?\n" +
		"2019-02-11T08:00:00Z,2,ada,ada@acme.example,user,false,192.0.2.2,1,1,0,false,2026-11-19T16:20:00Z,\"\"\"ada\"\"\",true\n"
	goodPage = `{"total_seats_consumed":3,"total_seats_purchased":10,"users":[` +
		`{"github_com_login":"ada","github_com_user":true,"enterprise_server_user_ids":[],"total_user_accounts":1}]}`
	gitHubExport = `{"format_version":1,"instance":{"server_id":"00000000-0000-4000-8000-000000000000","host_name":"ghes.acme.example"},"users":"aGVsbG8gd29ybGQ="}`
	webPage      = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body></body></html>\n"
)

// TestBadInput: every refusal names the file, the line where there is one,
// what is wrong and what to do; it is exit status 1, nothing on standard
// output, and no address is shown whole.
func TestBadInput(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		cloud, server string // contents; empty: one that is in order
		says          []string
	}{
		"server: empty":           {server: " ", says: []string{"in.csv", "empty"}},
		"server: binary":          {server: "\x7fELF\x00\x01\x02\x00\x00\x00\x00", says: []string{"in.csv"}},
		"server: gzip":            {server: "\x1f\x8b\x08\x00\x00\x00", says: []string{"in.csv", "gunzip|unpack|compress"}},
		"server: wrong columns":   {server: "name,phone\nx,y\n", says: []string{"in.csv", "id"}},
		"server: no id column":    {server: "login,email\nada,ada@acme.example\n", says: []string{"in.csv", "id"}},
		"server: column twice":    {server: "id,email,id\n1,ada@acme.example,2\n", says: []string{"in.csv", "id", "twice|two"}},
		"server: missing id":      {server: "id,email\n1,ada@acme.example\n,bob@acme.example\n", says: []string{"in.csv", "(?i)line 3"}},
		"server: id twice":        {server: "id,email\n1,ada@acme.example\n2,bob@acme.example\n1,eve@acme.example\n", says: []string{"in.csv", "(?i)line 4", "(?i)line 2|2"}},
		"server: odd quotes":      {server: "id,email\n1,a\"da@acme.example\n", says: []string{"in.csv", "(?i)line 2"}},
		"server: too few cells":   {server: "id,email,login\n1,ada@acme.example\n", says: []string{"in.csv", "(?i)line 2"}},
		"server: 100 MB line":     {server: "id,email\n1," + strings.Repeat("a", 100<<20) + "\n", says: []string{"in.csv", "(?i)line 2"}},
		"server: sign-in page":    {server: webPage, says: []string{"in.csv", "(?i)sign"}},
		"server: GitHub's export": {server: gitHubExport, says: []string{"in.csv", "GitHub", "all_users.csv"}},
		"server: a cloud list":    {server: `{"format":"oneseat-cloud-list/1","enterprise":{"slug":"acme"}}`, says: []string{"in.csv", "--cloud"}},
		"server: a report":        {server: goodPage, says: []string{"in.csv", "--cloud"}},
		"server: other JSON":      {server: `{"hello":1}`, says: []string{"in.csv"}},
		"cloud: empty":            {cloud: " ", says: []string{"cloud.json", "empty"}},
		"cloud: binary":           {cloud: "\x00\x00\x00\x00", says: []string{"cloud.json"}},
		"cloud: not JSON":         {cloud: `{"format":"oneseat-cloud-list/1",]`, says: []string{"cloud.json", "(?i)line 1|byte"}},
		"cloud: cut off":          {cloud: `{"format":"oneseat-cloud-list/1","enterprise":{"slug":"acme"`, says: []string{"cloud.json"}},
		"cloud: no slug":          {cloud: `{"format":"oneseat-cloud-list/1","enterprise":{}}`, says: []string{"cloud.json", "slug"}},
		"cloud: newer":            {cloud: `{"format":"oneseat-cloud-list/2","enterprise":{"slug":"acme"}}`, says: []string{"cloud.json", "version 2", "Update"}},
		"cloud: login twice":      {cloud: list(`"users":[{"login":"ada"},` + "\n" + `{"login":"ADA"}]`), says: []string{"cloud.json", "(?i)line 2", "(?i)ada"}},
		"cloud: no login":         {cloud: list(`"users":[{"id":"1"}]`), says: []string{"cloud.json", "login"}},
		"cloud: invited nobody":   {cloud: list(`"invitations":[{"email":"nonsense","organization":"eng"}]`), says: []string{"cloud.json", "(?i)line 1", "email"}},
		"cloud: invited where":    {cloud: list(`"invitations":[{"email":"ada@acme.example"}]`), says: []string{"cloud.json", "organization", "repository"}},
		"cloud: kind":             {cloud: list(`"invitations":[{"email":"ada@acme.example","organization":"eng","kind":"outside_collaborator"}]`), says: []string{"cloud.json", "kind"}},
		"cloud: a first page":     {cloud: goodPage, says: []string{"cloud.json", "2", "--paginate"}},
		"cloud: sign-in page":     {cloud: webPage, says: []string{"cloud.json", "(?i)sign"}},
		"cloud: GitHub's export":  {cloud: gitHubExport, says: []string{"cloud.json", "GitHub"}},
		"cloud: a server report":  {cloud: goodReport, says: []string{"cloud.json", "--server"}},
		"cloud: GitHub's error":   {cloud: `{"message":"Not Found","documentation_url":"https://docs.example"}`, says: []string{"cloud.json", "Not Found"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			cloud, server := test.cloud, test.server
			if cloud == "" {
				cloud = list(`"users":[]`)
			}
			if server == "" {
				server = goodReport
			}
			got := call(t, "match", "--cloud", mustWrite(t, dir, "cloud.json", strings.TrimSpace(cloud)),
				"--server", "ghes.acme.example="+mustWrite(t, dir, "in.csv", strings.TrimSpace(server)))
			mustRefuse(t, got, test.says)
		})
	}
}

// list is a cloud list with some members.
func list(members string) string {
	return `{"format":"oneseat-cloud-list/1","enterprise":{"slug":"acme"},` + members + `}`
}

var wholeAddress = regexp.MustCompile(`[a-z0-9.]{2,}@[a-z]+\.example`)

func mustRefuse(t *testing.T, got outcome, says []string) {
	t.Helper()
	if got.status != statusFailed || got.stdout != "" {
		t.Errorf("status %d, standard output %q", got.status, got.stdout)
	}
	for _, pattern := range says {
		if !regexp.MustCompile(pattern).MatchString(got.stderr) {
			t.Errorf("%q is not in: %s", pattern, got.stderr)
		}
	}
	if strings.Contains(got.stderr, "no explanation for") {
		t.Errorf("no sentence: %s", got.stderr)
	}
	if m := wholeAddress.FindString(got.stderr); m != "" {
		t.Errorf("a whole address is shown: %s", m)
	}
	if len(got.stderr) > 4000 {
		t.Errorf("%d bytes of refusal", len(got.stderr))
	}
}

// TestEveryMisspeltKeyIsNamed: each key of a cloud list with everything in it.
func TestEveryMisspeltKeyIsNamed(t *testing.T) {
	t.Parallel()
	whole, err := os.ReadFile(filepath.Join("testdata", "whole-cloud-list.json"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if got := call(t, "match", "--cloud", mustWrite(t, dir, "whole.json", string(whole))); got.status != statusDone {
		t.Fatalf("the list itself is refused: %s", got.stderr)
	}
	places := regexp.MustCompile(`"([a-z_]+)":`).FindAllSubmatchIndex(whole, -1)
	seen := map[string]bool{}
	for _, at := range places {
		key := string(whole[at[2]:at[3]])
		wrong := key + "x"
		seen[key] = true
		if key == "format" {
			continue // without it the file is no cloud list
		}
		text := string(whole[:at[2]]) + wrong + string(whole[at[3]:])
		got := call(t, "match", "--cloud", mustWrite(t, dir, "list.json", text))
		line := 1 + strings.Count(string(whole[:at[2]]), "\n")
		mustRefuse(t, got, []string{"list.json", `\b` + wrong + `\b`, `\b` + key + `\b`, "(?i)line " + strconv.Itoa(line) + `\b`})
	}
	if len(seen) < 35 {
		t.Errorf("only %d keys tried: %v", len(seen), slices.Sorted(maps.Keys(seen)))
	}
}

// TestWrongFiles: what no content can say.
func TestWrongFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cloud := mustWrite(t, dir, "cloud.json", list(`"users":[]`))
	report := mustWrite(t, dir, "all_users.csv", goodReport)
	tests := map[string]struct {
		args []string
		says []string
	}{
		"no such cloud file":  {[]string{"--cloud", filepath.Join(dir, "no.json")}, []string{"no.json", "(?i)no file|not exist"}},
		"a directory":         {[]string{"--cloud", dir}, []string{"directory"}},
		"a server directory":  {[]string{"--cloud", cloud, "--server", "a=" + dir}, []string{"directory"}},
		"no such server file": {[]string{"--cloud", cloud, "--server", "a=" + filepath.Join(dir, "no.csv")}, []string{"no.csv"}},
		"a host twice":        {[]string{"--cloud", cloud, "--server", "A.example=" + report, "a.example:443=" + report}, []string{"a.example", "twice"}},
		"no host":             {[]string{"--cloud", cloud, "--server", report}, []string{"all_users.csv", "--server ghes"}},
		"a key file that is none": {
			[]string{"--cloud", cloud, "--identity", report}, []string{"all_users.csv"},
		},
		"no key file": {[]string{"--cloud", cloud, "--identity", filepath.Join(dir, "no.key")}, []string{"no.key"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mustRefuse(t, call(t, append([]string{"match"}, test.args...)...), test.says)
		})
	}
}

// TestDefectiveUsageFiles: every defect the usage file's own tests keep.
func TestDefectiveUsageFiles(t *testing.T) {
	t.Parallel()
	golden := filepath.Join("..", "..", "usagefile", "testdata")
	key := filepath.Join(golden, "keys", "enterprise-TEST-KEY.txt")
	files, err := filepath.Glob(filepath.Join(golden, "defects", "*.json"))
	if err != nil || len(files) < 50 {
		t.Fatalf("%d defects, %v", len(files), err)
	}
	tried := 0
	for _, file := range files {
		got := call(t, "inspect", file, "--identity", key)
		if got.status == statusDone && beyond.MatchString(filepath.Base(file)) {
			continue
		}
		tried++
		got.stdout = "" // the header, which is a claim
		mustRefuse(t, got, []string{regexp.QuoteMeta(file)})
		if filepath.Base(file) == "user_report.json" {
			continue // it is a CSV that a server instance could have
		}
		match := call(t, "match", "--cloud", filepath.Join("..", "..", "examples", "cloud.json"), "--identity", key, "--server", "ghes-1.acme.example="+file)
		if match.status != statusFailed || match.stdout != "" || !strings.Contains(match.stderr, filepath.Base(file)) {
			t.Errorf("match takes %s: status %d, %s", file, match.status, match.stderr)
		}
	}
	if tried < 50 {
		t.Errorf("only %d defects were refused", tried)
	}
}

// TestARefusedExportLeavesNothingBehind: no file, no changed state.
func TestARefusedExportLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	state, out := filepath.Join(dir, "state"), filepath.Join(dir, "out")
	if err := os.Mkdir(out, 0o700); err != nil {
		t.Fatal(err)
	}
	if got := call(t, "keys", "instance", "--state", state); got.status != statusDone {
		t.Fatal(got.stderr)
	}
	before := mustRead(t, filepath.Join(state, "instance.json"))
	for name, text := range map[string]string{
		"an id twice":     "id,email\n1,a@acme.example\n1,b@acme.example\n",
		"a long address":  "id,email\n1," + strings.Repeat("a", 2000) + "@acme.example\n",
		"GitHub's export": gitHubExport,
	} {
		source := mustWrite(t, dir, "source.csv", text)
		got := call(t, "export", "--state", state, "--source", source, "--host-name", "ghes.acme.example",
			"--cleartext", "--output", filepath.Join(out, "usage.json"))
		if got.status != statusFailed {
			t.Errorf("%s: status %d %s", name, got.status, got.stderr)
		}
		if entries, err := os.ReadDir(out); err != nil || len(entries) != 0 {
			t.Errorf("%s: left behind: %v, %v", name, entries, err)
		}
		if after := mustRead(t, filepath.Join(state, "instance.json")); after != before {
			t.Errorf("%s: the state changed", name)
		}
	}
	if _, err := os.Stat(filepath.Join(out, "usage.json")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file: %v", err)
	}
}

// TestTwoExportsAtOnce: the second is told so, and changes nothing.
func TestTwoExportsAtOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	state, source := filepath.Join(dir, "state"), mustWrite(t, dir, "all_users.csv", goodReport)
	if got := call(t, "keys", "instance", "--state", state); got.status != statusDone {
		t.Fatal(got.stderr)
	}
	first, err := instance.Open(state)
	if err != nil {
		t.Fatal(err)
	}
	export := []string{
		"export", "--state", state, "--source", source, "--host-name", "ghes.acme.example",
		"--cleartext", "--output", filepath.Join(dir, "usage.json"),
	}
	mustRefuse(t, call(t, export...), []string{"Another oneseat is at work in " + state})
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if got := call(t, export...); got.status != statusDone {
		t.Errorf("when the first has finished: %s", got.stderr)
	}
}

// manyUsers is an all_users.csv of n people.
func manyUsers(n int) string {
	var text strings.Builder
	text.WriteString("id,email\n")
	for i := range n {
		id := strconv.Itoa(i + 1)
		text.WriteString(id + ",user-" + id + "@acme.example\n")
	}
	return text.String()
}

func mustRead(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestAnInterruptedCommandWritesNothing: as by Ctrl-C, between two shards.
func TestAnInterruptedCommandWritesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	state, out := filepath.Join(dir, "state"), filepath.Join(dir, "usage.json")
	cloud, report := mustWrite(t, dir, "cloud.json", list(`"users":[]`)), mustWrite(t, dir, "all_users.csv", goodReport)
	if got := call(t, "keys", "instance", "--state", state); got.status != statusDone {
		t.Fatal(got.stderr)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, args := range [][]string{
		{"match", "--cloud", cloud, "--server", "ghes.acme.example=" + report},
		{"match", "--cloud", cloud, "--server", "ghes.acme.example=" + report, "--format", "json"},
		{"export", "--state", state, "--source", report, "--host-name", "ghes.acme.example", "--cleartext", "--output", out},
	} {
		got := callIn(ctx, args...)
		if got.status != statusFailed || got.stdout != "" || !strings.Contains(got.stderr, "Interrupted") {
			t.Errorf("%v: %+v", args, got)
		}
	}
	if _, err := os.Stat(out); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the file is there: %v", err)
	}
}
