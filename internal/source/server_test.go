package source_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oneseat/oneseat/internal/source"
	"github.com/oneseat/oneseat/licensing"
)

// read gives the accounts of a file as "id address", and what was noticed.
func read(t *testing.T, f source.File, options source.ServerOptions) ([]string, source.ServerSummary, error) {
	t.Helper()
	s, err := source.OpenServer(f, options)
	if err != nil {
		return nil, source.ServerSummary{}, err
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	var all []string
	var summary source.ServerSummary
	for accounts, err := range s.Shards(&summary) {
		if err != nil {
			return all, summary, err
		}
		for i := range accounts {
			all = append(all, line(&accounts[i]))
		}
	}
	return all, summary, nil
}

func line(a *licensing.ServerAccount) string {
	text := a.UserID
	for _, e := range a.Emails {
		text += " " + e.Email.Address()
		if !e.Primary {
			text += "?"
		}
	}
	return text
}

const allUsers = "created_at,id,login,email,role,suspended?,last_logged_ip,repos,ssh_keys,org_memberships,dormant?,last_active,raw_login,2fa_enabled?\n" +
	"2019-02-11T08:00:00Z,1,ghost,,user,false,,1,1,0,false,,\"\"\"ghost\"\"\",true\n" +
	"2019-02-11T08:00:00Z,2,scim-admin,x@acme.example,user,false,,1,1,0,false,,,true\n" +
	"2020-03-12T08:00:00Z,3,ada,Ada.Lind@acme.example,admin,false,192.0.2.2,2,2,1,false,,\"\"\"ada\"\"\",false\n" +
	"2020-03-12T08:00:00Z,4,\"sven\",sven@acme.example,user,true,192.0.2.2,2,2,1,false,2026-11-19T16:20:00Z,\"{\"\"a\"\":\n1}\",false\n" +
	"2020-03-12T08:00:00Z,5,robot,,user,false,,2,2,1,true,,,false\n" +
	"2020-03-12T08:00:00Z,6,Ghost,\" ghost@acme.example\",user,FALSE,,2,2,1,true,2026-11-19T16:20:00Z,,false\n"

func TestAllUsers(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"as sent":              allUsers,
		"with a mark":          "\ufeff" + allUsers,
		"CR LF":                strings.ReplaceAll(allUsers, "\n", "\r\n"),
		"CR alone":             strings.ReplaceAll(allUsers, "\n", "\r"),
		"no newline at end":    strings.TrimSuffix(allUsers, "\n"),
		"empty lines":          strings.ReplaceAll(allUsers, "false\n", "false\n\n"),
		"UTF-16 little endian": utf16(allUsers, false),
		"UTF-16 big endian":    utf16(allUsers, true),
		"a separator hint":     "sep=,\r\n" + allUsers,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, summary, err := read(t, file("all_users.csv", text), source.ServerOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{"3 Ada.Lind@acme.example", "5", "6 ghost@acme.example"}, got); diff != "" {
				t.Errorf("accounts (-want +got):\n%s", diff)
			}
			want := source.ServerSummary{Accounts: 3, Suspended: 1, BuiltIn: 2}
			if diff := cmp.Diff(want, summary); diff != "" {
				t.Errorf("summary (-want +got):\n%s", diff)
			}
		})
	}
}

func utf16(text string, big bool) string {
	out := []byte{0xff, 0xfe}
	if big {
		out = []byte{0xfe, 0xff}
	}
	for _, c := range []byte(text) {
		if big {
			out = append(out, 0, c)
		} else {
			out = append(out, c, 0)
		}
	}
	return string(out)
}

func TestNeverSignedInCanBeLeftOut(t *testing.T) {
	t.Parallel()
	got, summary, err := read(t, file("all_users.csv", allUsers), source.ServerOptions{LeaveOutNeverSignedIn: true})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"3 Ada.Lind@acme.example", "6 ghost@acme.example"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if summary.NeverSignedIn != 1 {
		t.Errorf("never signed in: got %d, want 1", summary.NeverSignedIn)
	}
	_, _, err = read(t, file("a.csv", "id,email\n1,a@acme.example\n"), source.ServerOptions{LeaveOutNeverSignedIn: true})
	if got := refusals(t, err); got[0].key != "source.no_sign_in" {
		t.Errorf("without the columns: got %v", got)
	}
}

func TestPlainCSVsAreRead(t *testing.T) {
	t.Parallel()
	want := []string{"17 a@acme.example", "x-1 b@acme.example", "007"}
	tests := []struct {
		name, text string
		warnings   map[string]any
	}{
		{"id and email", "id,email\n17,a@acme.example\nx-1,b@acme.example\n007,\n", map[string]any{}},
		{"another order", "EMAIL,Suspended,Id\na@acme.example,,17\nb@acme.example,no,x-1\n,FALSE,007\n", map[string]any{}},
		{"semicolons", "id;email\n17;a@acme.example\nx-1;b@acme.example\n007;\n", map[string]any{"source.warn_separator": nil}},
		{"tabs", "id\temail\tlogin\n17\ta@acme.example\ta,b\nx-1\tb@acme.example\t\n007\t\t\n", map[string]any{"source.warn_separator": nil}},
		{"a hint", "sep=;\n\"id\";\"email\"\n\"17\";a@acme.example\nx-1;b@acme.example\n007;\n", map[string]any{"source.warn_separator": nil}},
		{"equal rows", "id,email\n17,a@acme.example\nx-1,b@acme.example\n17,a@acme.example\n007,\nx-1,b@acme.example\n007, \n17,a@acme.example\n", map[string]any{"source.warn_row_twice": 4}},
		{"equal rows that are left out", "id,email,suspended?\n17,a@acme.example,\nx-1,b@acme.example,\n8,c@x.example,true\n8,c@x.example,true\n007,,\n", map[string]any{"source.warn_row_twice": 1}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, summary, err := read(t, file("plain.csv", test.text), source.ServerOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("accounts (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.warnings, warnings(summary.Warnings)); diff != "" {
				t.Errorf("warnings (-want +got):\n%s", diff)
			}
			if summary.Accounts != len(want) {
				t.Errorf("accounts: got %d, want %d", summary.Accounts, len(want))
			}
		})
	}
}

func TestEncodingsAreRepaired(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       []string
		warnings   map[string]any
	}{
		{"UTF-8", "id,email\n1,josé@acme.example\n2,zoë@acme.example\n", []string{"1 josé@acme.example", "2 zoë@acme.example"}, map[string]any{}},
		{"Windows-1252", "id,email\n1,jos\xe9@acme.example\n2,zo\xeb@acme.example\n3,a@acme.example\n", []string{"1 josé@acme.example", "2 zoë@acme.example", "3 a@acme.example"}, map[string]any{"source.warn_windows_1252": 2}},
		{"UTF-8 twice", "id,email\n1,josÃ©@acme.example\n2,josé@acme.example\n", []string{"1 josé@acme.example", "2 josé@acme.example"}, map[string]any{"source.warn_doubled": 1}},
		{"in a column that is dropped", "id,email,name\n1,a@acme.example,\xff\x81\n2,é@acme.example,\xe9\n", []string{"1 a@acme.example", "2 é@acme.example"}, map[string]any{}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, summary, err := read(t, file("x.csv", test.text), source.ServerOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("accounts (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.warnings, warnings(summary.Warnings)); diff != "" {
				t.Errorf("warnings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestServerRefusals(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       []refusal
	}{
		{"empty", "", []refusal{{key: "source.empty"}}},
		{"white space", " \n\n", []refusal{{key: "source.empty"}}},
		{"a mark alone", "\ufeff", []refusal{{key: "source.empty"}}},
		{"still being built", "Your report is being generated. Please try again.\n", []refusal{{key: "source.note"}}},
		{"binary", "\x7fELF\x00\x00\x01", []refusal{{key: "source.binary"}}},
		{"gzip", "\x1f\x8b\x08\x00abc", []refusal{{key: "source.gzip"}}},
		{"a spreadsheet", "PK\x03\x04abc", []refusal{{key: "source.zip"}}},
		{"an age file", "age-encryption.org/v1\n-> X25519 abc\n", []refusal{{key: "source.sealed"}}},
		{"a sign-in page", "\n<!DOCTYPE html>\n<html><title>Sign in</title>", []refusal{{key: "source.web_page"}}},
		{"GitHub's own export", `{"instance":{"server_id":"x","features":[]},"users":"aGVsbG8="}`, []refusal{{key: "source.github_export"}}},
		{"GitHub's own export, people first", `{"users":"` + strings.Repeat("QUJD", 40_000) + `","instance":{}}`, []refusal{{key: "source.github_export"}}},
		{"GitHub's own export without people", `{"instance":{"server_id":"x"}}`, []refusal{{key: "source.github_export"}}},
		{"an error of GitHub's", `{"message":"Not Found","documentation_url":"https://docs.github.example","status":"404"}`, []refusal{{key: "source.github_message"}}},
		{"a cloud list", `{"format":"oneseat-cloud-list/1","enterprise":{"slug":"acme"}}`, []refusal{{key: "source.list_as_server"}}},
		{"an enrolment file", `{"format":"oneseat-enrolment/1","enterprise":"acme"}`, []refusal{{key: "source.enrolment"}}},
		{"a report in JSON", `{"total_seats_consumed":1,"users":[]}`, []refusal{{key: "source.report_as_server"}}},
		{"a report in JSON, users first", `{"users":[{"github_com_login":"a"},` + strings.Repeat(`{"github_com_login":"b"},`, 9000) + `{}],"total_seats_consumed":1}`, []refusal{{key: "source.report_as_server"}}},
		{"a report in CSV", "GitHub com login,GitHub com name,License type\na,b,c\n", []refusal{{key: "source.report_as_server"}}},
		{"other JSON", `{"a":1}`, []refusal{{key: "source.json_as_server"}}},
		{"GitHub's membership CSV", "login,name,tfa_enabled,saml_name_id\na,b,true,\n", []refusal{{key: "source.membership"}}},
		{"no id", "login,email,suspended?\na,a@acme.example,false\n", []refusal{{key: "source.column_missing", line: 1}}},
		{"id misspelt", "user id,email\n1,a@acme.example\n", []refusal{{key: "source.column_missing", line: 1}}},
		{"email misspelt", "id,e-mail,suspended?\n1,a@acme.example,\n", []refusal{{key: "source.column_near", line: 1}}},
		{"no header", "1,a@acme.example\n2,b@acme.example\n", []refusal{{key: "source.column_missing", line: 1}}},
		{"column twice", "id,email,ID\n1,a@acme.example,1\n", []refusal{{key: "source.column_twice", line: 1}}},
		{"header too long", strings.Repeat("x,", 40_000), []refusal{{key: "source.row_too_long", line: 1}}},
		{"too few cells", "id,email\n1,a@acme.example\n2\n3,x\n", []refusal{{"source.cell_count", 3, 1}}},
		{"too many cells", "id,email\n1,a@acme.example,\n", []refusal{{"source.cell_count", 2, 1}}},
		{"id missing", "email,id\na@acme.example,\n", []refusal{{"source.id_missing", 2, 16}}},
		{"id is white space", "id,email\n  ,a@acme.example\n", []refusal{{"source.id_missing", 2, 1}}},
		{"id rewritten by a spreadsheet", "id,email\n1.2E+07,a@acme.example\n", []refusal{{"source.id_rounded", 2, 1}}},
		{"id too long", "id,email\n" + strings.Repeat("x", 300) + ",\n", []refusal{{"source.id_strange", 2, 1}}},
		{"id over lines", "id,email\n\"1\n2\",\n", []refusal{{"source.id_strange", 2, 1}}},
		{"suspended in other words", "id,email,suspended?\n1,a@acme.example,perhaps\n", []refusal{{"source.suspended", 2, 18}}},
		{"stray quote", "id,email\n1,a\"b@acme.example\n", []refusal{{"source.quote", 2, 4}}},
		{"text after a quote", "id,email\n1,\"a@acme.example\" \n", []refusal{{"source.quote", 2, 18}}},
		{"stray quote in a long file", "id,email,note\n1,a@acme.example,\n6,b@acme.example,5\" disk\n" + strings.Repeat("7,x,\n", 500_000), []refusal{{"source.quote", 3, 19}}},
		{"open quote in a long file", "id,email,note\n1,a@acme.example,\"\n" + strings.Repeat("7,x,\n", 500_000), []refusal{{key: "source.row_too_long", line: 2}}},
		{"open quote", "id,email\n1,a@acme.example\n2,\"b@acme.example\n3,c@acme.example\n", []refusal{{"source.open_quote", 3, 3}}},
		{"NUL", "id,email\n" + strings.Repeat("1,a@acme.example\n", 100) + "\x00\x00\x00", []refusal{{"source.nul", 102, 1}}},
		{"NUL in an address", "id,email\n" + strings.Repeat("1,a@acme.example\n", 100) + "1,a\x00b@acme.example\n", []refusal{{"source.control", 102, 3}}},
		{"control character", "id,email\n1,a\x1bb@acme.example\n", []refusal{{"source.control", 2, 3}}},
		{"lost character", "id,email\n1,jos\ufffd@acme.example\n", []refusal{{"source.lost_character", 2, 3}}},
		{"neither encoding", "id,email\n1,jos\x81@acme.example\n", []refusal{{"source.not_utf8", 2, 3}}},
		{"both encodings", "id,email\n1,josé@acme.example\n2,jos\xe9@acme.example\n", []refusal{{"source.mixed_encoding", 3, 3}}},
		{"one id, two addresses", "id,email\n1,a@acme.example\n2,x@acme.example\n1,b@acme.example\n", []refusal{{"source.id_twice", 4, 1}}},
		{"one id, two states", "login,id,email,suspended?\na,1,a@acme.example,\na,1,a@acme.example,true\n", []refusal{{"source.id_twice", 3, 3}}},
		{
			"several problems", "id,email\n,x\n1\n\n\"2\n\",b\n3,\"\"\"\n",
			[]refusal{{"source.id_missing", 2, 1}, {"source.cell_count", 3, 1}, {"source.open_quote", 7, 3}},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, _, err := read(t, file("all_users.csv", test.text), source.ServerOptions{})
			if err == nil {
				t.Fatal("accepted")
			}
			got := refusals(t, err)
			if !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
			for _, text := range []string{err.Error(), fmt.Sprintf("%+v", err)} {
				if strings.Contains(text, "a@acme.example") || strings.Contains(text, "b@acme.example") {
					t.Errorf("an address in %q", text)
				}
			}
		})
	}
}

func TestFilesThatAreNone(t *testing.T) {
	t.Parallel()
	tests := map[string]source.File{
		"source.directory":     source.FromPath(t.TempDir()),
		"source.no_file":       source.FromPath(t.TempDir() + "/none.csv"),
		"source.unreadable":    {Name: "broken", Open: func() (io.ReadCloser, error) { return io.NopCloser(brokenReader{}), nil }},
		"source.no_permission": {Name: "secret", Open: func() (io.ReadCloser, error) { return nil, os.ErrPermission }},
	}
	for want, f := range tests {
		_, err := source.OpenServer(f, source.ServerOptions{})
		if got := refusals(t, err); got[0].key != want {
			t.Errorf("got %v, want %s", got, want)
		}
		_, err = source.ReadCloud(t.Context(), []source.File{f}, source.CloudOptions{})
		if got := refusals(t, err); got[0].key != want {
			t.Errorf("as cloud: got %v, want %s", got, want)
		}
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errors.New("broken cable") }

func TestManyProblemsAreCutOff(t *testing.T) {
	t.Parallel()
	_, _, err := read(t, file("x.csv", "id,email\n"+strings.Repeat(",\n", 100_000)), source.ServerOptions{})
	several, ok := errors.AsType[*source.Problems](err)
	if !ok || len(several.List) != source.MaxProblems {
		t.Fatalf("got %v", err)
	}
	if got := refusals(t, err); got[0] != (refusal{"source.id_missing", 2, 1}) {
		t.Errorf("first: got %v", got[0])
	}
}

func TestLimitsOfServerFiles(t *testing.T) {
	t.Parallel()
	row := "1,a@acme.example\n"
	tests := []struct {
		name   string
		text   io.Reader
		limits source.Limits
		want   refusal
	}{
		{"a line of 100 MB", io.MultiReader(strings.NewReader("id,email\n"+row), io.LimitReader(endless{}, 100<<20)), source.Limits{}, refusal{key: "source.row_too_long", line: 3}},
		{"a file without end", io.MultiReader(strings.NewReader("id,email\n"), endlessRows{}), source.Limits{MaxBytes: 10 << 20}, refusal{key: "source.file_too_long"}},
		{"rows without end", io.MultiReader(strings.NewReader("id,email\n"), endlessRows{}), source.Limits{MaxRows: 100_000}, refusal{key: "source.too_many_rows"}},
		{"a row over the limit", strings.NewReader("id,email\n" + row + "2," + strings.Repeat("x", 100) + "\n3,x\n"), source.Limits{MaxRowBytes: 50}, refusal{key: "source.row_too_long", line: 3}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f := source.File{Name: "x.csv", Open: func() (io.ReadCloser, error) { return io.NopCloser(test.text), nil }}
			_, _, err := read(t, f, source.ServerOptions{Limits: test.limits})
			if got := refusals(t, err); len(got) != 1 || got[0] != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

type endlessRows struct{}

func (endlessRows) Read(p []byte) (int, error) {
	const row = "x,\n"
	n := len(p) / len(row) * len(row)
	for i := range n {
		p[i] = row[i%len(row)]
	}
	return max(n, 0), nil
}

// TestBlocksCanBeParsedSideBySide: many blocks, quoted newlines at their
// edges, several goroutines; and the ids that stand twice far apart.
func TestBlocksCanBeParsedSideBySide(t *testing.T) {
	t.Parallel()
	const rows = 200_000
	var text strings.Builder
	text.WriteString("id,email,note\n")
	for i := range rows {
		fmt.Fprintf(&text, "%d,user%d@acme.example,\"a\n\"\"%d\"\"\"\n", i, i, i%7)
	}
	text.WriteString("77,user77@acme.example,\n")
	s, err := source.OpenServer(file("big.csv", text.String()), source.ServerOptions{})
	if err != nil {
		t.Fatal(err)
	}
	blocks := make(chan source.Block)
	seen := make([]bool, rows)
	var mu sync.Mutex
	var workers sync.WaitGroup
	for range 3 {
		workers.Go(func() {
			for b := range blocks {
				accounts := s.Parse(b)
				mu.Lock()
				for i := range accounts {
					var id int
					if _, err := fmt.Sscan(accounts[i].UserID, &id); err != nil || seen[id] || accounts[i].Emails[0].Email.Address() != fmt.Sprintf("user%d@acme.example", id) {
						t.Errorf("account %v: seen %v, %v", accounts[i], seen[id], err)
					}
					seen[id] = true
				}
				mu.Unlock()
			}
		})
	}
	count := 0
	for {
		b, err := s.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		blocks <- b
		count++
	}
	close(blocks)
	workers.Wait()
	summary, err := s.Finish()
	if err != nil {
		t.Fatal(err)
	}
	if count < 5 || slices.Contains(seen, false) || summary.Accounts != rows || summary.Merged != 1 {
		t.Errorf("blocks %d, summary %+v", count, summary)
	}
}

// TestAFileThatChangesWhileItIsReadIsRefused: an id that stood there twice must
// be found twice again, or nobody knows whether its rows say the same.
func TestAFileThatChangesWhileItIsReadIsRefused(t *testing.T) {
	t.Parallel()
	const twice = "id,email\n5,a@acme.example\n6,b@acme.example\n5,c@acme.example\n"
	for name, later := range map[string]string{
		"a pipe that was read already": "",
		"only a row is left":           "id,email\n5,c@acme.example\n",
		"nobody of that id":            "id,email\n6,b@acme.example\n",
		"another is there twice":       "id,email\n6,b@acme.example\n6,b@acme.example\n",
	} {
		opened := 0
		f := source.File{Name: "users.csv", Open: func() (io.ReadCloser, error) {
			opened++
			if opened == 1 {
				return io.NopCloser(strings.NewReader(twice)), nil
			}
			return io.NopCloser(strings.NewReader(later)), nil
		}}
		s, err := source.OpenServer(f, source.ServerOptions{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.Finish()
		if err == nil || refusals(t, err)[0].key != "source.changed" {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// TestACellOfVeryManyLinesIsRead: a row may have more lines than a block has
// rows, wherever in a block it stands.
func TestACellOfVeryManyLinesIsRead(t *testing.T) {
	t.Parallel()
	long := "2,b@acme.example,\"" + strings.Repeat("\n", 100_000) + "\"\n"
	var many strings.Builder
	for i := range 400_000 {
		fmt.Fprintf(&many, "%d,@,\n", 10+i)
	}
	few := "1,a@acme.example,\n"
	for name, text := range map[string]string{
		"alone": long, "first": long + few, "between": few + long + strings.Replace(few, "1", "3", 1), "last": few + long, "before very many": long + many.String(), "after very many": many.String() + long + few,
	} {
		accounts, summary, err := read(t, file("users.csv", "id,email,note\n"+text), source.ServerOptions{})
		if err != nil || summary.Accounts != len(accounts) || len(accounts) != strings.Count(text, "@") {
			t.Errorf("%s: %d accounts, %v", name, len(accounts), err)
		}
	}
}
