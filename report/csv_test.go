package report_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/report"
)

func mustReadCSV(t *testing.T, text string, limits report.Limits) []report.User {
	t.Helper()
	r, err := report.NewCSVReader(strings.NewReader(text), limits)
	if err != nil {
		t.Fatal(err)
	}
	users, err := readAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if want := (report.Summary{Consumed: len(users), Rows: len(users)}); r.Summary() != want {
		t.Errorf("summary: got %+v, want %+v", r.Summary(), want)
	}
	return users
}

// TestCSVReaderFindsColumnsInEveryGeneration gives the same person with the
// headers of each.
func TestCSVReaderFindsColumnsInEveryGeneration(t *testing.T) {
	t.Parallel()
	row := `mona,Mona L,"71:octo.example:Member, ghes.acme.example:8",TRUE,TRUE,FALSE,enterprise,https://github.com/mona,` +
		`"eng:Owner, sales:Member","Owner, Member",mona@acme.example,m.l@acme.example,tools,TRUE,"mona@acme.example, ml@octo.example",,,3`
	want := []report.User{{
		Login: "mona", Name: "Mona L",
		ServerUsers: []licensing.HostID{{Host: "octo.example", ID: "71"}, {Host: "ghes.acme.example", ID: "8"}},
		CloudUser:   true, ServerUser: new(true), LicenseType: licensing.LicenseEnterprise, Profile: "https://github.com/mona",
		MemberRoles: []string{"eng:Owner", "sales:Member"}, EnterpriseRoles: []string{"Owner", "Member"},
		VerifiedDomainEmails: emails("mona@acme.example"), SAMLNameID: licensing.NewEmail("m.l@acme.example"),
		PendingOrganizations: []string{"tools"}, TwoFactor: new(true),
		ServerEmails: emails("mona@acme.example", "ml@octo.example"), Accounts: 3,
	}}
	a := "github_com_login,github_com_name,enterprise_server_user_ids,github_com_user,enterprise_server_user," +
		"visual_studio_subscription_user,license_type,github_com_profile,github_com_member_roles,github_com_enterprise_roles," +
		"github_com_verified_domain_emails,github_com_saml_name_id,github_com_orgs_with_pending_invites,github_com_two_factor_auth," +
		"enterprise_server_primary_emails,visual_studio_license_status,visual_studio_subscription_email,total_user_accounts"
	b := "GitHub com login,GitHub com name,Enterprise server user ids,GitHub com user,Enterprise server user," +
		"Visual studio subscription user,License type,GitHub com profile,GitHub com member roles,GitHub com enterprise roles," +
		"GitHub com verified domain emails,GitHub com saml name,GitHub com orgs with pending invites,GitHub com two factor auth," +
		"Enterprise server primary emails,Visual studio license status,Visual studio subscription email,Total user accounts"
	for name, header := range map[string]string{
		"A":                  a,
		"A with one role":    strings.Replace(a, "enterprise_roles", "enterprise_role", 1),
		"A with schema name": strings.Replace(a, "primary_emails", "emails", 1),
		"B and C":            b,
		"GHE.com":            strings.ReplaceAll(b, "GitHub com ", "GitHub "),
		"with a BOM":         "\ufeff" + a,
		"quoted":             `"` + strings.ReplaceAll(a, ",", `","`) + `"`,
	} {
		for _, end := range []string{"\n", "\r\n"} {
			if diff := cmp.Diff(want, mustReadCSV(t, header+end+row+end, report.Limits{}), same()); diff != "" {
				t.Errorf("%s, %q (-want +got):\n%s", name, end, diff)
			}
		}
	}
}

func TestCSVReaderPassesOverWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	text := "Shoe size;GitHub com login;GitHub com user;Enterprise server user ids;Enterprise server primary emails;" +
		"Visual studio subscription email;Shoe size\n38;mona;true;;;;39\n"
	want := []report.User{{Login: "mona", CloudUser: true}}
	if diff := cmp.Diff(want, mustReadCSV(t, text, report.Limits{Comma: ';'}), same()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

const smallHeader = "github_com_login,github_com_user,enterprise_server_user_ids,enterprise_server_primary_emails,visual_studio_subscription_email"

func TestCSVReaderRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		limits     report.Limits
		want       report.Error
	}{
		{"nothing", "", report.Limits{}, report.Error{Code: report.CodeNoHeader}},
		{"a mark alone", "\ufeff", report.Limits{}, report.Error{Code: report.CodeNoHeader}},
		{"wrong columns", "id,email\n", report.Limits{}, report.Error{Code: report.CodeColumnMissing, Line: 1, Column: 1, Field: "github_com_login"}},
		{"a column missing", strings.Replace(smallHeader, ",enterprise_server_user_ids", "", 1), report.Limits{}, report.Error{Code: report.CodeColumnMissing, Line: 1, Column: 1, Field: "enterprise_server_user_ids"}},
		{"a column twice", smallHeader + ",GitHub com login\n", report.Limits{}, report.Error{Code: report.CodeColumnTwice, Line: 1, Column: 127, Field: "GitHub com login"}},
		{"too few cells", smallHeader + "\nmona,true,,,\nann,true,,\n", report.Limits{}, report.Error{Code: report.CodeFieldCount, Line: 3, Column: 1, Row: 2, Got: 4, Want: 5}},
		{"too many cells", smallHeader + "\nmona,true,,,,\n", report.Limits{}, report.Error{Code: report.CodeFieldCount, Line: 2, Column: 1, Row: 1, Got: 6, Want: 5}},
		{"a stray quote", smallHeader + "\nmo\"na,true,,,\n", report.Limits{}, report.Error{Code: report.CodeQuote, Line: 2, Column: 3, Row: 1}},
		{"an open quote", smallHeader + "\n\"mona,true,,,\n", report.Limits{}, report.Error{Code: report.CodeQuote, Line: 2, Column: 15, Row: 1}},
		{"an open quote over lines", smallHeader + "\n\"mona,true,,,\nann,true,,,\n", report.Limits{}, report.Error{Code: report.CodeQuote, Line: 2, Column: 1, Row: 1}},
		{"no boolean", smallHeader + "\nmona,perhaps,,,\n", report.Limits{}, report.Error{Code: report.CodeValue, Line: 2, Column: 6, Row: 1, Field: "github_com_user", Value: "perhaps"}},
		{"an account without login", smallHeader + "\n,true,,,\n", report.Limits{}, report.Error{Code: report.CodeNoLogin, Line: 2, Column: 2, Row: 1, Field: "github_com_user", Value: "true"}},
		{"no server id", smallHeader + "\nmona,true,\"a:1, 17\",,\n", report.Limits{}, report.Error{Code: report.CodeServerID, Line: 2, Column: 11, Row: 1, Field: "enterprise_server_user_ids", Value: "17"}},
		{"a line too long", smallHeader + "\n" + strings.Repeat("x", 3*report.DefaultMaxRowBytes), report.Limits{}, report.Error{Code: report.CodeRowTooLong, Byte: int64(len(smallHeader)) + 1, Row: 1, Limit: report.DefaultMaxRowBytes}},
		{"a header too long", strings.Repeat("x,", 3*report.DefaultMaxRowBytes), report.Limits{}, report.Error{Code: report.CodeRowTooLong, Row: 1, Limit: report.DefaultMaxRowBytes}},
		{"too many", smallHeader + "\na,true,,,\nb,true,,,\n", report.Limits{MaxRows: 1}, report.Error{Code: report.CodeTooManyRows, Line: 3, Column: 1, Limit: 1}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r, err := report.NewCSVReader(strings.NewReader(test.text), test.limits)
			if err == nil {
				_, err = readAll(r)
			}
			got, ok := errors.AsType[*report.Error](err)
			if !ok {
				t.Fatalf("got %v, want a report.Error", err)
			}
			plain := *got
			plain.Err = nil
			if plain != test.want {
				t.Errorf("got %+v, want %+v", plain, test.want)
			}
		})
	}
}

const headerA = "github_com_login,github_com_name,enterprise_server_user_ids,github_com_user,enterprise_server_user," +
	"visual_studio_subscription_user,license_type,github_com_profile,github_com_member_roles,github_com_enterprise_roles," +
	"github_com_verified_domain_emails,github_com_saml_name_id,github_com_orgs_with_pending_invites,github_com_two_factor_auth," +
	"github_com_two_factor_auth_required_by_date,github_com_advanced_security_license_user,enterprise_server_primary_emails," +
	"visual_studio_license_status,visual_studio_subscription_email,total_user_accounts,invitation_email"

const headerC = "GitHub com login,GitHub com name,Enterprise server user ids,GitHub com user,Enterprise server user," +
	"Visual studio subscription user,License type,GitHub com profile,GitHub com member roles,GitHub com enterprise roles," +
	"GitHub com verified domain emails,GitHub com saml name,GitHub com orgs with pending invites,GitHub com two factor auth," +
	"GitHub com two factor auth required by date,GitHub com cost center,GitHub com code security license user," +
	"GitHub com secret protection license user,Ghe license active,Ghe license start date,Ghe license end date," +
	"Enterprise server primary emails,Enterprise server advanced security user ids,Enterprise server code security user ids," +
	"Enterprise server secret protection user ids,Visual studio license status,Visual studio subscription email," +
	"Total user accounts,Invitation email"

func TestCSVWriterWritesTheRealColumnOrder(t *testing.T) {
	t.Parallel()
	u := report.User{
		Login: "mona", Name: "=cmd()", CloudUser: true, ServerUser: new(false), LicenseType: licensing.LicenseEnterprise,
		MemberRoles: []string{"eng:Owner", "sales:Member"}, Accounts: 1,
	}
	rowA := `mona,'=cmd(),,true,false,false,Enterprise,,"eng:Owner, sales:Member",,,,,,,,,,,1,`
	rowC := `mona,'=cmd(),,true,false,false,Enterprise,,"eng:Owner, sales:Member",,,,,,,,,,,,,,,,,,,1,`
	tests := []struct {
		name    string
		options report.CSVOptions
		want    string
	}{
		{"A", report.CSVOptions{}, headerA + "\r\n" + rowA + "\r\n"},
		{"C", report.CSVOptions{Generation: report.GenerationC}, headerC + "\r\n" + rowC + "\r\n"},
		{"with a mark", report.CSVOptions{BOM: true}, "\ufeff" + headerA + "\r\n" + rowA + "\r\n"},
	}
	for _, test := range tests {
		var out strings.Builder
		mustWriteCSV(t, &out, test.options, u)
		if diff := cmp.Diff(test.want, out.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func mustWriteCSV(t interface {
	Helper()
	Fatal(args ...any)
}, out *strings.Builder, options report.CSVOptions, users ...report.User,
) {
	t.Helper()
	w, err := report.NewCSVWriter(out, options)
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
}

func TestFormulaGuardIsTakenOffOnce(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"=1", "+1", "-1", "@a", "\tx", "'", "''quoted", "plain", "a=b", ""} {
		var out strings.Builder
		mustWriteCSV(t, &out, report.CSVOptions{}, report.User{Name: name})
		if first := strings.Split(out.String(), ",")[21:]; len(first) > 0 && name != "" && strings.ContainsAny(name[:1], "=+-@\t'") && !strings.HasPrefix(first[0], "'") {
			t.Errorf("%q is written unguarded: %q", name, first[0])
		}
		if got := mustReadCSV(t, out.String(), report.Limits{}); got[0].Name != name {
			t.Errorf("%q came back as %q", name, got[0].Name)
		}
	}
}

// users draws a person that both ways of writing can hold: no list value has
// a comma or white space around it, no text a carriage return.
func users() *rapid.Generator[report.User] {
	text := rapid.StringMatching(`[-=+@'"a-zé,;\n ]{0,8}`)
	word := rapid.StringMatching(`[-=+@'a-z/]{1,6}`)
	words := rapid.SliceOfN(word, 0, 3)
	list := rapid.Custom(func(t *rapid.T) []licensing.Email { return emails(words.Draw(t, "addresses")...) })
	maybe := rapid.SampledFrom([]*bool{nil, new(true), new(false)})
	return rapid.Custom(func(t *rapid.T) report.User {
		u := report.User{
			Login: text.Draw(t, "login"), Name: text.Draw(t, "name"), CloudUser: rapid.Bool().Draw(t, "cloud"),
			ServerUser: maybe.Draw(t, "server"), SubscriptionUser: rapid.Bool().Draw(t, "subscription"),
			LicenseType: licensing.LicenseEnterprise, Profile: text.Draw(t, "profile"),
			MemberRoles: words.Draw(t, "member"), EnterpriseRoles: words.Draw(t, "roles"),
			VerifiedDomainEmails: list.Draw(t, "verified"), SAMLNameID: licensing.NewEmail(text.Draw(t, "nameid")),
			PendingOrganizations: words.Draw(t, "pending"), TwoFactor: maybe.Draw(t, "2fa"),
			TwoFactorRequiredBy: text.Draw(t, "by"), ServerEmails: list.Draw(t, "emails"),
			SubscriptionStatus: text.Draw(t, "status"), SubscriptionEmail: licensing.NewEmail(text.Draw(t, "upn")),
			Accounts: rapid.IntRange(0, 99).Draw(t, "accounts"), InvitationEmail: licensing.NewEmail(text.Draw(t, "invited")),
		}
		u.CloudUser = u.CloudUser && u.Login != ""
		for _, host := range rapid.SliceOfN(rapid.StringMatching(`[a-z][a-z.]{0,4}[a-z]`), 0, 2).Draw(t, "hosts") {
			u.ServerUsers = append(u.ServerUsers, licensing.HostID{Host: host, ID: rapid.StringMatching(`[1-9][0-9]{0,4}`).Draw(t, "id")})
		}
		return u
	})
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOfN(users(), 0, 4).Draw(t, "users")
		var asCSV strings.Builder
		generation := rapid.SampledFrom([]report.Generation{report.GenerationA, report.GenerationC}).Draw(t, "generation")
		mustWriteCSV(t, &asCSV, report.CSVOptions{Generation: generation}, want...)
		r, err := report.NewCSVReader(strings.NewReader(asCSV.String()), report.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		check(t, "CSV", r, want)

		var asJSON strings.Builder
		w := report.NewJSONWriter(&asJSON, report.Totals{Consumed: len(want)})
		for i := range want {
			if err := w.Write(&want[i]); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		check(t, "JSON", report.NewJSONReader(strings.NewReader(asJSON.String()), report.Limits{}), want)
	})
}

func check(t *rapid.T, what string, r reader, want []report.User) {
	got, err := readAll(r)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if len(got) == 0 && len(want) == 0 {
		return
	}
	if diff := cmp.Diff(want, got, same(), emptyLists()); diff != "" {
		t.Fatalf("%s (-want +got):\n%s", what, diff)
	}
}

// emptyLists makes an empty list and no list the same.
func emptyLists() cmp.Option {
	return cmp.Options{
		cmp.FilterValues(func(a, b []string) bool { return len(a) == 0 && len(b) == 0 }, cmp.Ignore()),
		cmp.FilterValues(func(a, b []licensing.Email) bool { return len(a) == 0 && len(b) == 0 }, cmp.Ignore()),
	}
}

func TestFileName(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 20, 10, 0, 0, 0, time.FixedZone("east", 3600))
	if got, want := report.FileName("acme", at), "consumed_licenses-acme-20261120T090000Z.csv"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestWhoeverHasALoginHasACloudAccountUnlessTheRowSaysOtherwise: an empty cell
// is what an absent key is in JSON.
func TestWhoeverHasALoginHasACloudAccountUnlessTheRowSaysOtherwise(t *testing.T) {
	t.Parallel()
	for row, want := range map[string]bool{
		"mona,,,,": true, "mona, ,,,": true, "mona,TRUE,,,": true, "mona,false,,,": false, ",false,,,": false, ",,,,": false,
	} {
		users := mustReadCSV(t, smallHeader+"\n"+row+"\n", report.Limits{})
		if len(users) != 1 || users[0].CloudUser != want {
			t.Errorf("%q: got %+v", row, users)
		}
	}
}

func TestParseHostID(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"ghes.acme.example:123":       "ghes.acme.example:123",
		" GHES.Acme.Example.:123 ":    "ghes.acme.example:123",
		"71:octo.example:Member":      "octo.example:71",
		"71:octo.example":             "octo.example:71",
		"71:octo.example:8443:Member": "octo.example:71",
		"71:octo.example:8443":        "octo.example:71",
		"octo.example:8443:71":        "octo.example:71",
		"host:abc":                    "host:abc",
		"10:20":                       "10:20",
		"[2001:db8::1]:7":             "[2001:db8::1]:7",
		"octo.example:71:Member":      "octo.example:71",
		"octo.example:8443:71:Member": "octo.example:71",
		"octo.example:a:Member":       "", "octo.example:71:a:b": "", "octo.example::Member": "",
		"17": "", "": "", ":": "", ":1": "", "host:": "", "7::Member": "",
	}
	for text, want := range tests {
		id, ok := report.ParseHostID(text)
		got := ""
		if ok {
			got = id.String()
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
