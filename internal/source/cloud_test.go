package source_test

import (
	"encoding/csv"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/oneseat/oneseat/internal/source"
	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/report"
)

func mustReadCloud(t *testing.T, options source.CloudOptions, files ...source.File) *source.Cloud {
	t.Helper()
	cloud, err := source.ReadCloud(t.Context(), files, options)
	if err != nil {
		t.Fatal(err)
	}
	return cloud
}

// dated is a file with the date somebody gave.
func dated(f source.File, date string) source.File {
	at, err := time.Parse(time.DateOnly, date)
	if err != nil {
		panic(err)
	}
	f.Date = at
	return f
}

// reportUsers are rows of every sort.
func reportUsers() []report.User {
	return []report.User{
		{
			Login: "Mona", Name: "Mona L", CloudUser: true, ServerUser: new(true), LicenseType: licensing.LicenseEnterprise,
			ServerUsers: []licensing.HostID{{Host: "ghes.acme.example", ID: "7"}}, ServerEmails: []licensing.Email{email("mona@acme.example")},
			MemberRoles:          []string{"eng:Owner", "tools/app:Collaborator"},
			EnterpriseRoles:      []string{report.RoleOwner, report.RoleMember},
			VerifiedDomainEmails: []licensing.Email{email("mona@acme.example")}, SAMLNameID: email("m.l@acme.example"),
			PendingOrganizations: []string{"sales"}, TwoFactor: new(true), Accounts: 2,
		},
		{Login: "bare", CloudUser: true, SubscriptionUser: true, LicenseType: licensing.LicenseVisualStudio, Accounts: 1},
		{ServerUser: new(true), ServerUsers: []licensing.HostID{{Host: "ghes.acme.example", ID: "9"}}, ServerEmails: []licensing.Email{email("robot@acme.example")}, Accounts: 1},
		{SubscriptionUser: true, SubscriptionEmail: email("vs@acme.example"), LicenseType: licensing.LicenseVisualStudio},
		{EnterpriseRoles: []string{report.RolePending}, PendingOrganizations: []string{"sales", "eng"}},
		{EnterpriseRoles: []string{report.RolePending}, PendingOrganizations: []string{"eng", "sales"}},
		{EnterpriseRoles: []string{report.RolePending}},
		{EnterpriseRoles: []string{report.RolePending}, Name: "Secret Name", VerifiedDomainEmails: []licensing.Email{email("secret@acme.example")}},
	}
}

func wholeReport(date time.Time) *licensing.CloudSide {
	return &licensing.CloudSide{
		Enterprise:      licensing.Enterprise{Slug: "acme"},
		VerifiedDomains: []string{"acme.example"},
		Accounts: []licensing.CloudAccount{
			{
				Login: "Mona", Name: "Mona L", TwoFactor: new(true), Reported: true,
				Emails:               []licensing.CloudEmail{{Email: email("mona@acme.example"), Verified: true}},
				SAML:                 []licensing.SAMLIdentity{{NameID: email("m.l@acme.example")}},
				Organizations:        []licensing.Membership{{Login: "eng", Role: "Owner"}},
				OutsideCollaborator:  []string{"tools/app"},
				EnterpriseRoles:      []string{"Owner", "Member"},
				PendingOrganizations: []string{"sales"},
			},
			{Login: "bare", Reported: true},
		},
		Subscriptions: []licensing.Subscription{{Login: "bare"}},
		Report: &licensing.GitHubReport{
			Date: date, Consumed: 8,
			Rows: []licensing.ReportRow{
				{Login: "Mona", ServerAccounts: []licensing.HostID{{Host: "ghes.acme.example", ID: "7"}}, ServerEmails: []licensing.Email{email("mona@acme.example")}},
				{Login: "bare"},
				{ServerAccounts: []licensing.HostID{{Host: "ghes.acme.example", ID: "9"}}, ServerEmails: []licensing.Email{email("robot@acme.example")}},
				{SubscriptionEmail: email("vs@acme.example")},
				{Detail: "Pending invitation; eng, sales"},
				{Detail: "Pending invitation; eng, sales"},
				{Detail: "Pending invitation"},
				{Detail: "Pending invitation; #"},
			},
		},
	}
}

func asJSON(t *testing.T, totals report.Totals, users ...report.User) string {
	t.Helper()
	var out strings.Builder
	w := report.NewJSONWriter(&out, totals)
	for i := range users {
		if err := w.Write(&users[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// asCSV is a report as GitHub writes it: without the last column, which is ours.
func asCSV(t *testing.T, options report.CSVOptions, users ...report.User) string {
	t.Helper()
	records, err := csv.NewReader(strings.NewReader(ownCSV(t, options, users...))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	w := csv.NewWriter(&out)
	w.UseCRLF = true
	for _, cells := range records {
		if err := w.Write(cells[:len(cells)-1]); err != nil {
			t.Fatal(err)
		}
	}
	w.Flush()
	return out.String()
}

// ownCSV is a report as OneSeat writes it.
func ownCSV(t *testing.T, options report.CSVOptions, users ...report.User) string {
	t.Helper()
	var out strings.Builder
	w, err := report.NewCSVWriter(&out, options)
	if err != nil {
		t.Fatal(err)
	}
	for i := range users {
		if err := w.Write(&users[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// compareSides compares without the fingerprints in details.
func compareSides(t *testing.T, want, got *licensing.CloudSide) {
	t.Helper()
	for i := range got.Report.Rows {
		before, _, cut := strings.Cut(got.Report.Rows[i].Detail, "#")
		if cut {
			got.Report.Rows[i].Detail = before + "#"
		}
	}
	if diff := cmp.Diff(want, got, emailsAsTheyAre()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestReportsInEveryForm(t *testing.T) {
	t.Parallel()
	date := time.Date(2026, 11, 19, 0, 0, 0, 0, time.UTC)
	users := reportUsers()
	a := asCSV(t, report.CSVOptions{}, users...)
	one, two := asJSON(t, report.Totals{Consumed: 8}, users[:4]...), asJSON(t, report.Totals{Consumed: 8}, users[4:]...)
	for name, text := range map[string]string{
		"CSV":                    a,
		"CSV with a mark":        "\ufeff" + a,
		"CSV of generation C":    asCSV(t, report.CSVOptions{Generation: report.GenerationC}, users...),
		"CSV with CR alone":      strings.ReplaceAll(a, "\r\n", "\r"),
		"JSON":                   asJSON(t, report.Totals{Consumed: 8}, users...),
		"JSON pages":             one + two,
		"JSON in an array":       "[" + one + "," + two + "]",
		"JSON from a shell":      utf16(one+two, false),
		"JSON with line ends":    strings.ReplaceAll(one, ",", ",\r\n") + two,
		"JSON and what we added": strings.Replace(one, `"users"`, `"oneseat":{"statement":{}},"users"`, 1) + two,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := mustReadCloud(t, source.CloudOptions{}, file("reports/consumed_licenses-acme-2026-11-19.csv", text))
			compareSides(t, wholeReport(date), got.Side)
			if len(got.Warnings) > 0 {
				t.Errorf("warnings: %v", got.Warnings)
			}
		})
	}
}

func TestAnOwnReportIsNotGitHubs(t *testing.T) {
	t.Parallel()
	for _, generation := range []report.Generation{report.GenerationA, report.GenerationC} {
		text := ownCSV(t, report.CSVOptions{Generation: generation}, reportUsers()...)
		_, err := source.ReadCloud(t.Context(), []source.File{file("r.csv", text)}, source.CloudOptions{})
		if err == nil || refusals(t, err)[0].key != "source.own_report" {
			t.Errorf("generation %d: got %v", generation, err)
		}
	}
}

func TestInvitedAddressesOfAReport(t *testing.T) {
	t.Parallel()
	text := asJSON(t, report.Totals{Consumed: 1}, report.User{EnterpriseRoles: []string{report.RolePending}, InvitationEmail: email("new@acme.example")})
	got := mustReadCloud(t, source.CloudOptions{}, file("r.json", text)).Side.Report.Rows[0]
	if got.InvitationEmail.Address() != "new@acme.example" || got.Detail != "Pending invitation" {
		t.Errorf("got %q, invited %v", got.Detail, got.InvitationEmail)
	}
}

func TestDetailsHoldNoAddressAndNoName(t *testing.T) {
	t.Parallel()
	got := mustReadCloud(t, source.CloudOptions{}, file("r.csv", asCSV(t, report.CSVOptions{}, reportUsers()...)))
	detail := got.Side.Report.Rows[7].Detail
	if strings.Contains(detail, "secret") || strings.Contains(detail, "Secret") || detail == "Pending invitation" {
		t.Errorf("detail: %q", detail)
	}
}

func TestDatesOfReports(t *testing.T) {
	t.Parallel()
	text := asCSV(t, report.CSVOptions{}, report.User{Login: "a", CloudUser: true})
	tests := []struct{ name, want, slug string }{
		{"consumed_licenses-acme-2026-11-19.csv", "2026-11-19T00:00:00Z", "acme"},
		{"/a/2020-01-01/consumed_licenses-acme-corp-2026-11-19T08-30-00Z.csv", "2026-11-19T08:30:00Z", "acme-corp"},
		{`C:\x\consumed_licenses-acme-20261119T083000Z.csv`, "2026-11-19T08:30:00Z", "acme"},
		{"consumed_licenses-acme-20261119083000.csv", "2026-11-19T08:30:00Z", "acme"},
		{"consumed_licenses-acme_2026-11-19_0830 (1).csv", "2026-11-19T08:30:00Z", "acme"},
		{"consumed_licenses-acme-1795077000.csv", "2026-11-19T08:30:00Z", "acme"},
		{"consumed-licenses-2026-11-19.json", "2026-11-19T00:00:00Z", ""},
		{"2025-01-01 to 2026-11-19.csv", "2026-11-19T00:00:00Z", ""},
		{"consumed_licenses-acme2020-2026-11-19T08_00_00Z.csv", "2026-11-19T08:00:00Z", "acme2020"},
		{"consumed_licenses-acme-1720120812.csv", "2024-07-04T19:20:12Z", "acme"},
		{"consumed_licenses-acme-20261119-9999.csv", "2026-11-19T00:00:00Z", "acme"},
		{"consumed_licenses-acme-20261119-083000123.csv", "2026-11-19T00:00:00Z", "acme"},
		{"build-120261119.csv", "2026-11-01T00:00:00Z", ""},
		{"build-2026111912345.csv", "2026-11-01T00:00:00Z", ""},
		{"build-17201208120.csv", "2026-11-01T00:00:00Z", ""},
		{"report-2026-13-45.csv", "2026-11-01T00:00:00Z", ""},
		{"report.csv", "2026-11-01T00:00:00Z", ""},
	}
	for _, test := range tests {
		got := mustReadCloud(t, source.CloudOptions{}, dated(file(test.name, text), "2026-11-01"))
		if date := got.Side.Report.Date.Format(time.RFC3339); date != test.want || got.Side.Enterprise.Slug != test.slug {
			t.Errorf("%s: got %s and %q, want %s and %q", test.name, date, got.Side.Enterprise.Slug, test.want, test.slug)
		}
	}
	got := mustReadCloud(t, source.CloudOptions{}, file("report.csv", text))
	if !got.Side.Report.Date.IsZero() || len(got.Warnings) != 1 {
		t.Errorf("without a date: %v, %v", got.Side.Report.Date, got.Warnings)
	}
}

func TestReportRefusals(t *testing.T) {
	t.Parallel()
	mona := report.User{Login: "mona", CloudUser: true}
	csv := asCSV(t, report.CSVOptions{}, mona)
	header, row, _ := strings.Cut(csv, "\r\n")
	tests := []struct {
		name, text string
		want       refusal
	}{
		{"the first page alone", asJSON(t, report.Totals{Consumed: 102}, mona), refusal{key: "report.partial"}},
		{"JSON cut off", asJSON(t, report.Totals{Consumed: 1}, mona)[:200], refusal{"report.truncated", 1, 201}},
		{"JSON cut off later", "\n\n" + asJSON(t, report.Totals{Consumed: 1}, mona)[:200], refusal{"report.truncated", 3, 201}},
		{"a value that is none", strings.Replace(asJSON(t, report.Totals{Consumed: 1}, mona), `"github_com_user":true`, "\n"+`"github_com_user":"mona@acme.example"`, 1), refusal{"report.value", 2, 38}},
		{"users without totals", `[{"github_com_login":"mona"}]`, refusal{"report.not_report", 1, 2}},
		{"a login twice", asJSON(t, report.Totals{Consumed: 2}, mona, report.User{Login: "MONA", CloudUser: true}), refusal{"source.report_login_twice", 1, 658}},
		{"a login twice in a CSV", header + "\r\n" + row + row, refusal{"source.report_login_twice", 3, 1}},
		{"a column missing", "github_com_login,license_type\nmona,Enterprise\n", refusal{"report.column_missing", 1, 1}},
		{"a column misspelt", strings.Replace(csv, "github_com_user,", "github_com_usr,", 1), refusal{"source.column_near", 1, 0}},
		{"the first column misspelt", strings.Replace(csv, "github_com_login,", "github_com_lgoin,", 1), refusal{"source.column_near", 1, 0}},
		{"a column twice", "github_com_login," + csv, refusal{"report.column_twice", 1, 18}},
		{"too few cells", header + "\nmona,\n", refusal{"report.field_count", 2, 1}},
		{"a server id that is none", strings.Replace(csv, "mona,,,", "mona,,17,", 1), refusal{"report.server_id", 2, 7}},
		{"a stray quote", strings.Replace(csv, "mona,", "mo\"na,", 1), refusal{"report.quote", 2, 3}},
		{"a lost character", asCSV(t, report.CSVOptions{}, report.User{Login: "mona", CloudUser: true, SAMLNameID: email("jos\ufffd@acme.example")}), refusal{"source.lost_character", 2, 1}},
		{"both encodings", header + "\njosé" + row[4:] + "zo\xeb" + row[4:], refusal{"source.mixed_encoding", 3, 3}},
		{"both encodings, the other way", header + "\nzo\xeb" + row[4:] + "josé" + row[4:], refusal{"source.mixed_encoding", 2, 3}},
		{"neither encoding", header + "\njos\x81" + row[4:], refusal{"source.not_utf8", 2, 4}},
		{"a bad cell below a hint", "sep=,\r\n" + strings.Replace(csv, "mona,,,", "mona,,17,", 1), refusal{"report.server_id", 3, 7}},
		{"a bad cell below empty lines", "\n\nsep=,\n" + strings.Replace(csv, "mona,,,", "mona,,17,", 1), refusal{"report.server_id", 5, 7}},
		{"a column missing below a hint", "sep=,\ngithub_com_login,license_type\nmona,Enterprise\n", refusal{"report.column_missing", 2, 1}},
		{"a login twice below empty lines", "\n\n" + header + "\r\n" + row + row, refusal{"source.report_login_twice", 5, 1}},
		{"both encodings below a hint", "sep=,\n" + header + "\njosé" + row[4:] + "zo\xeb" + row[4:], refusal{"source.mixed_encoding", 4, 3}},
		{"all_users.csv", allUsers, refusal{key: "source.server_as_cloud"}},
		{"a plain server CSV", "id,email\n1,a@acme.example\n", refusal{key: "source.server_as_cloud"}},
		{"another CSV", "name,shoe size\nx,38\n", refusal{key: "source.csv_as_cloud"}},
		{"an enrolment file", `{"format":"oneseat-enrolment/1","enterprise":"acme"}`, refusal{key: "source.enrolment"}},
		{"a usage file", `{"format":"oneseat-usage-file/1","audience":""}`, refusal{key: "source.usage_as_cloud"}},
		{"a usage file without format", `{"instance":{},"snapshot":{}}`, refusal{key: "source.usage_as_cloud"}},
		{"GitHub's own export", `{"instance":{"server_id":"x"},"users":"aGVsbG8="}`, refusal{key: "source.github_export"}},
		{"GitHub's membership CSV", "GitHub com login,GitHub com name,GitHub com member roles\na,b,c\n", refusal{key: "source.membership"}},
		{"other JSON", `{}`, refusal{key: "source.json_as_cloud"}},
		{"empty", "\n", refusal{key: "source.empty"}},
		{"a sign-in page", "<html>", refusal{key: "source.web_page"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := source.ReadCloud(t.Context(), []source.File{file("x", test.text)}, source.CloudOptions{})
			if err == nil {
				t.Fatal("accepted")
			}
			if got := refusals(t, err); len(got) != 1 || got[0] != test.want {
				t.Errorf("got %v, want %v (%v)", got, test.want, err)
			}
			if strings.Contains(fmt.Sprintf("%+v", err), "mona@acme.example") {
				t.Errorf("an address in %q", err)
			}
		})
	}
}

func TestPartialReportsCanBeAllowed(t *testing.T) {
	t.Parallel()
	text := asJSON(t, report.Totals{Consumed: 102, Purchased: 90}, report.User{Login: "mona", CloudUser: true})
	got := mustReadCloud(t, source.CloudOptions{AllowPartial: true}, file("r-2026-11-19.json", text))
	if r := got.Side.Report; r.Consumed != 102 || r.Missing != 101 || got.Side.Enterprise.Purchased != 90 {
		t.Errorf("got %+v, purchased %d", r, got.Side.Enterprise.Purchased)
	}
	if diff := cmp.Diff(map[string]any{"source.warn_partial": 101}, warnings(got.Warnings)); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
}

func TestEncodingsOfReportsAreRepaired(t *testing.T) {
	t.Parallel()
	csv := asCSV(t, report.CSVOptions{}, report.User{Login: "mona", Name: "NAME", CloudUser: true})
	many := strings.Repeat("é", 10_000)
	tests := []struct {
		name, text, want string
		warnings         []string
	}{
		{"UTF-8", "José", "José", nil},
		{"Windows-1252", "Jos\xe9", "José", []string{"source.warn_windows_1252"}},
		{"UTF-8 twice", "JosÃ©", "José", []string{"source.warn_doubled"}},
		{"much", many, many, nil},
	}
	for _, test := range tests {
		got := mustReadCloud(t, source.CloudOptions{}, file("r-2026-11-19.csv", strings.Replace(csv, "NAME", test.text, 1)))
		if name := got.Side.Accounts[0].Name; name != test.want {
			t.Errorf("%s: got %.20q, want %.20q", test.name, name, test.want)
		}
		if keys := slices.Sorted(maps.Keys(warnings(got.Warnings))); !slices.Equal(keys, test.warnings) {
			t.Errorf("%s: warnings %v, want %v", test.name, keys, test.warnings)
		}
	}
}

func TestReportsSavedBySpreadsheets(t *testing.T) {
	t.Parallel()
	csv := asCSV(t, report.CSVOptions{}, report.User{Login: "mona", CloudUser: true, MemberRoles: []string{"a:Owner", "b:Member"}})
	got := mustReadCloud(t, source.CloudOptions{}, file("r-2026-11-19.csv", "sep=;\r\n"+strings.ReplaceAll(strings.ReplaceAll(csv, ",", ";"), "a:Owner; b", "a:Owner, b")))
	if a := got.Side.Accounts[0]; a.Login != "mona" || len(a.Organizations) != 2 {
		t.Errorf("got %+v", a)
	}
	if keys := slices.Collect(maps.Keys(warnings(got.Warnings))); !slices.Equal(keys, []string{"source.warn_separator"}) {
		t.Errorf("warnings: %v", keys)
	}
}

func TestTheExampleEnterprise(t *testing.T) {
	t.Parallel()
	reports, err := filepath.Glob("../../examples/consumed_licenses-*.csv")
	if err != nil || len(reports) != 1 {
		t.Fatalf("reports: %v, %v", reports, err)
	}
	files := []source.File{source.FromPath("../../examples/cloud.json"), source.FromPath(reports[0])}
	want := mustReadCloud(t, source.CloudOptions{}, files...)
	slices.Reverse(files)
	got := mustReadCloud(t, source.CloudOptions{}, files...)
	servers, err := filepath.Glob("../../examples/*all_users.csv")
	if err != nil || len(servers) == 0 {
		t.Fatalf("servers: %v, %v", servers, err)
	}
	for _, name := range servers {
		accounts, summary, err := read(t, source.FromPath(name), source.ServerOptions{})
		if err != nil || len(accounts) == 0 || summary.BuiltIn != 1 || len(summary.Warnings) > 0 {
			t.Errorf("%s: %d accounts, %+v, %v", name, len(accounts), summary, err)
		}
	}
	if len(want.Side.Accounts) < 12 || want.Side.Report == nil || len(want.Side.Report.Rows) != 17 {
		t.Errorf("%d accounts, report %v", len(want.Side.Accounts), want.Side.Report)
	}
	if diff := cmp.Diff(want.Side, got.Side, emailsAsTheyAre()); diff != "" {
		t.Errorf("the order of files matters (-one +other):\n%s", diff)
	}
}
