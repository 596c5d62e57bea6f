package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/report"
)

// reader is what both readers are.
type reader interface {
	Read(u *report.User) error
	Summary() report.Summary
}

// readAll gives every user up to the first error, io.EOF excepted.
func readAll(r reader) ([]report.User, error) {
	var users []report.User
	for {
		var u report.User
		switch err := r.Read(&u); {
		case errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
			return users, nil
		case err != nil:
			return users, err
		}
		users = append(users, u)
	}
}

func mustReadJSON(t *testing.T, text string, limits report.Limits) ([]report.User, report.Summary) {
	t.Helper()
	r := report.NewJSONReader(strings.NewReader(text), limits)
	users, err := readAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return users, r.Summary()
}

// same compares users with their addresses unmasked.
func same() cmp.Option {
	return cmp.Comparer(func(a, b licensing.Email) bool { return a == b })
}

func emails(addresses ...string) []licensing.Email {
	var all []licensing.Email
	for _, a := range addresses {
		all = append(all, licensing.NewEmail(a))
	}
	return all
}

// published is the fixture made of GitHub's own description.
type published struct {
	Report struct {
		Schema struct {
			Properties map[string]struct {
				Type  string `json:"type"`
				Items struct {
					Properties map[string]struct {
						Type     string `json:"type"`
						Nullable bool   `json:"nullable"`
					} `json:"properties"`
				} `json:"items"`
			} `json:"properties"`
		} `json:"schema"`
		Example json.RawMessage `json:"example"`
	} `json:"consumed-licenses"`
}

func mustPublished(t *testing.T) published {
	t.Helper()
	text, err := os.ReadFile("testdata/github-rest.json")
	if err != nil {
		t.Fatal(err)
	}
	var p published
	if err := json.Unmarshal(text, &p); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestJSONReaderReadsThePublishedExample(t *testing.T) {
	t.Parallel()
	users, summary := mustReadJSON(t, string(mustPublished(t).Report.Example), report.Limits{AllowPartial: true})
	want := []report.User{{
		Login: "monalisa", Name: "Mona Lisa",
		ServerUsers: []licensing.HostID{{Host: "example_host_name.com", ID: "123"}, {Host: "example_host_name_2", ID: "222"}},
		CloudUser:   true, ServerUser: new(true), LicenseType: licensing.LicenseEnterprise,
		Profile:         "https://github.com/monalisa",
		MemberRoles:     []string{"org1:Owner", "org2:Owner"},
		EnterpriseRoles: []string{report.RoleOwner}, VerifiedDomainEmails: emails("monalisa@github.com"),
		SAMLNameID:           licensing.NewEmail("monalisa"),
		PendingOrganizations: []string{"org1", "org2"},
		TwoFactor:            new(true), ServerEmails: emails("monalisa@github.com"), Accounts: 3,
	}, {
		ServerUsers: []licensing.HostID{{Host: "example_host_name", ID: "123"}},
		ServerUser:  new(true), LicenseType: licensing.LicenseEnterprise,
		ServerEmails: emails("hubot@example.com"), Accounts: 1,
	}}
	if diff := cmp.Diff(want, users, same()); diff != "" {
		t.Errorf("users (-want +got):\n%s", diff)
	}
	if want := (report.Summary{Consumed: 5000, Purchased: 4500, Rows: 2, Missing: 4998}); summary != want {
		t.Errorf("summary: got %+v, want %+v", summary, want)
	}
}

// TestJSONWriterKeepsToThePublishedSchema: every key of the schema, with a
// value of its type, and beside them only the live name of the server
// addresses.
func TestJSONWriterKeepsToThePublishedSchema(t *testing.T) {
	t.Parallel()
	schema := mustPublished(t).Report.Schema
	for _, u := range []report.User{{}, {Login: "mona", Name: "Mona", TwoFactor: new(false), ServerUser: new(true), Profile: "p", SubscriptionStatus: "s"}} {
		var out bytes.Buffer
		mustWriteJSON(t, &out, report.Totals{Consumed: 1, Purchased: 2}, u)
		var page map[string]any
		if err := json.Unmarshal(out.Bytes(), &page); err != nil {
			t.Fatal(err)
		}
		if len(page) != len(schema.Properties) {
			t.Errorf("page: got %d keys, want %d", len(page), len(schema.Properties))
		}
		for key, want := range schema.Properties {
			checkType(t, key, page[key], want.Type, false)
		}
		user, ok := page["users"].([]any)[0].(map[string]any)
		if !ok {
			t.Fatalf("no user in %s", out.String())
		}
		want := schema.Properties["users"].Items.Properties
		if len(want) == 0 || len(user) != len(want)+1 {
			t.Errorf("user: got %d keys, want %d and one", len(user), len(want))
		}
		for key, property := range want {
			checkType(t, key, user[key], property.Type, property.Nullable)
		}
		if diff := cmp.Diff(user["enterprise_server_emails"], user["enterprise_server_primary_emails"]); diff != "" {
			t.Errorf("the two keys of server addresses differ:\n%s", diff)
		}
	}
}

func checkType(t *testing.T, key string, value any, want string, nullable bool) {
	t.Helper()
	got := "nothing"
	switch v := value.(type) {
	case nil:
		if nullable {
			return
		}
	case string:
		got = "string"
		if v == "" && nullable {
			t.Errorf("%s: an absent text is written as \"\", want null", key)
		}
	case bool:
		got = "boolean"
	case float64:
		got = "integer"
	case []any:
		got = "array"
	}
	if got != want {
		t.Errorf("%s: got %s, want %s", key, got, want)
	}
}

func mustWriteJSON(t *testing.T, w io.Writer, totals report.Totals, users ...report.User) {
	t.Helper()
	out := report.NewJSONWriter(w, totals)
	for i := range users {
		if err := out.Write(&users[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestJSONWriterWritesKeysInLiveOrder(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	w := report.NewJSONWriter(&out, report.Totals{Consumed: 1})
	u := report.User{
		Login: "mona", CloudUser: true, LicenseType: licensing.LicenseEnterprise,
		ServerUsers:  []licensing.HostID{{Host: "ghes.acme.example", ID: "7"}},
		ServerEmails: emails("mona@acme.example"), TwoFactorRequiredBy: "2026-12-01", Accounts: 2,
	}
	if err := w.Write(&u); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(report.Member{Name: "oneseat", Value: []byte(`{"as_of":"2026-11-20T00:00:00Z"}`)}); err != nil {
		t.Fatal(err)
	}
	want := `{"total_seats_consumed":1,"total_seats_purchased":0,"users":[{"github_com_login":"mona","github_com_name":null,` +
		`"enterprise_server_user_ids":["ghes.acme.example:7"],"github_com_user":true,"enterprise_server_user":null,` +
		`"visual_studio_subscription_user":false,"license_type":"Enterprise","github_com_profile":null,` +
		`"github_com_member_roles":[],"github_com_enterprise_roles":[],"github_com_verified_domain_emails":[],` +
		`"github_com_saml_name_id":null,"github_com_orgs_with_pending_invites":[],"github_com_two_factor_auth":null,` +
		`"github_com_two_factor_auth_required_by_date":"2026-12-01",` +
		`"enterprise_server_primary_emails":["mona@acme.example"],"enterprise_server_emails":["mona@acme.example"],` +
		`"visual_studio_license_status":null,"visual_studio_subscription_email":null,"total_user_accounts":2}],` +
		`"oneseat":{"as_of":"2026-11-20T00:00:00Z"}}` + "\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestJSONReaderTakesPagesInEveryForm(t *testing.T) {
	t.Parallel()
	one := `{"total_seats_consumed":3,"total_seats_purchased":5,"users":[{"github_com_login":"a"},{"github_com_login":"b"}]}`
	two := `{"users":[{"github_com_login":"c"}],"more":{"deep":[1,{"x":[]}]},"total_seats_consumed":3,"total_seats_purchased":5}`
	for name, text := range map[string]string{
		"one after another": one + two,
		"on lines":          one + "\n\n" + two + "\n",
		"an array":          "[" + one + ",\n" + two + "]",
		"two arrays":        "[" + one + "]\n[" + two + "]",
		"an empty page":     one + `{"total_seats_consumed":3,"total_seats_purchased":5,"users":[]}` + two,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			users, summary := mustReadJSON(t, text, report.Limits{})
			var logins []string
			for _, u := range users {
				logins = append(logins, u.Login)
				if !u.CloudUser {
					t.Errorf("%s: no cloud user", u.Login)
				}
			}
			if !slices.Equal(logins, []string{"a", "b", "c"}) {
				t.Errorf("logins: got %v", logins)
			}
			if want := (report.Summary{Consumed: 3, Purchased: 5, Rows: 3}); summary != want {
				t.Errorf("summary: got %+v, want %+v", summary, want)
			}
		})
	}
}

func TestJSONReaderNoticesTotalsThatChange(t *testing.T) {
	t.Parallel()
	_, summary := mustReadJSON(t, `{"total_seats_consumed":2,"users":[{"github_com_login":"a"}]}{"total_seats_consumed":1,"users":[]}`, report.Limits{})
	if want := (report.Summary{Consumed: 1, Rows: 1, TotalsChanged: true}); summary != want {
		t.Errorf("got %+v, want %+v", summary, want)
	}
}

func TestJSONReaderForgives(t *testing.T) {
	t.Parallel()
	tests := map[string]report.User{
		`{"github_com_login":null,"github_com_name":""}`:                                     {},
		`{"github_com_login":"a","github_com_user":"TRUE"}`:                                  {Login: "a", CloudUser: true},
		`{"github_com_login":"a","github_com_user":false}`:                                   {Login: "a"},
		`{"github_com_login":"a","github_com_user":null}`:                                    {Login: "a", CloudUser: true},
		`{"github_com_login":"a","github_com_user":""}`:                                      {Login: "a", CloudUser: true},
		`{"github_com_user":null}`:                                                           {},
		`{"github_com_two_factor_auth":""}`:                                                  {},
		`{"github_com_two_factor_auth":"false"}`:                                             {TwoFactor: new(false)},
		`{"license_type":"visual studio subscription"}`:                                      {LicenseType: licensing.LicenseVisualStudio},
		`{"license_type":"Something new"}`:                                                   {LicenseType: "Something new"},
		`{"total_user_accounts":"3"}`:                                                        {Accounts: 3},
		`{"github_com_enterprise_role":"outside collaborator"}`:                              {EnterpriseRoles: []string{report.RoleOutside}},
		`{"github_com_enterprise_role":"","github_com_enterprise_roles":["member"]}`:         {EnterpriseRoles: []string{report.RoleMember}},
		`{"github_com_member_roles":["eng/app:collaborator","eng:owner","odd"]}`:             {MemberRoles: []string{"eng/app:Collaborator", "eng:Owner", "odd"}},
		`{"enterprise_server_emails":["a@acme.example"]}`:                                    {ServerEmails: emails("a@acme.example")},
		`{"enterprise_server_primary_emails":["a@acme.example"]}`:                            {ServerEmails: emails("a@acme.example")},
		`{"enterprise_server_primary_emails":["a@x.example"],"enterprise_server_emails":[]}`: {ServerEmails: emails("a@x.example")},
		`{"enterprise_server_emails":null}`:                                                  {},
		`{"enterprise_server_emails":"a@x.example, b@x.example"}`:                            {ServerEmails: emails("a@x.example", "b@x.example")},
		`{"enterprise_server_user_ids":["71:Octo.Example:Member"]}`:                          {ServerUsers: []licensing.HostID{{Host: "octo.example", ID: "71"}}},
		`{"unheard_of":[[[{"x":1}]]],"github_com_login":"a"}`:                                {Login: "a", CloudUser: true},
	}
	for text, want := range tests {
		users, _ := mustReadJSON(t, `{"total_seats_consumed":1,"users":[`+text+`]}`, report.Limits{})
		if diff := cmp.Diff([]report.User{want}, users, same()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

func TestJSONReaderRefuses(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 3*report.DefaultMaxRowBytes)
	tests := []struct {
		name, text string
		limits     report.Limits
		want       report.Error
	}{
		{"nothing", "", report.Limits{}, report.Error{Code: report.CodeNotReport, Field: "users"}},
		{"another value", `"x"`, report.Limits{}, report.Error{Code: report.CodeNotReport, Field: "users"}},
		{"an array of arrays", `[[]]`, report.Limits{}, report.Error{Code: report.CodeNotReport, Field: "users"}},
		{"users alone", `[{"github_com_login":"a"}]`, report.Limits{}, report.Error{Code: report.CodeNotReport, Byte: 1, Field: "users"}},
		{"no total", `{"users":[]}`, report.Limits{}, report.Error{Code: report.CodeNotReport, Field: "total_seats_consumed"}},
		{"users are a text", `{"users":"abc"}`, report.Limits{}, report.Error{Code: report.CodeNotReport, Field: "users"}},
		{"users hold a text", `{"users":["abc"]}`, report.Limits{}, report.Error{Code: report.CodeNotReport, Field: "users"}},
		{"first page alone", `{"total_seats_consumed":102,"users":[{},{}]}`, report.Limits{}, report.Error{Code: report.CodePartial, Field: "total_seats_consumed", Got: 2, Want: 102}},
		{"cut off", `{"total_seats_consumed":1,"users":[{"github_com_login":"mo`, report.Limits{}, report.Error{Code: report.CodeTruncated, Byte: 58, Row: 1}},
		{"no JSON", `{"total_seats_consumed":1,"users":[{"github_com_login" "mona"}]}`, report.Limits{}, report.Error{Code: report.CodeJSON, Byte: 55, Row: 1}},
		{"a key twice", `{"total_seats_consumed":1,"total_seats_consumed":1}`, report.Limits{}, report.Error{Code: report.CodeJSON, Byte: 26, Field: "total_seats_consumed"}},
		{"a user's key twice", `{"users":[{"github_com_login":"a","github_com_login":"b"}]}`, report.Limits{}, report.Error{Code: report.CodeJSON, Byte: 34, Row: 1, Field: "github_com_login"}},
		{"a user of unknown keys", `{"users":[{"k":` + strings.Repeat(`[],"k":`, 1000) + `0}]}`, report.Limits{MaxRowBytes: 1000}, report.Error{Code: report.CodeRowTooLong, Byte: 10, Row: 1, Limit: 1000}},
		{"a user with a long unknown value", `{"users":[{"k":[` + strings.Repeat(`0,`, 1000) + `0]}]}`, report.Limits{MaxRowBytes: 1000}, report.Error{Code: report.CodeRowTooLong, Byte: 10, Row: 1, Limit: 1000}},
		{"a page with a long unknown value", `{"junk":[` + strings.Repeat(`0,`, 1000) + `0],"users":[]}`, report.Limits{MaxRowBytes: 1000}, report.Error{Code: report.CodeRowTooLong, Byte: 1, Limit: 1000}},
		{"a total in words", `{"total_seats_consumed":"unlimited"}`, report.Limits{}, report.Error{Code: report.CodeValue, Byte: 35, Field: "total_seats_consumed", Value: "unlimited"}},
		{"no boolean", `{"users":[{"github_com_user":"mona@acme.example"}]}`, report.Limits{}, report.Error{Code: report.CodeValue, Byte: 48, Row: 1, Field: "github_com_user", Value: "m…@acme.example"}},
		{"an account without login", `{"users":[{"github_com_user":true}]}`, report.Limits{}, report.Error{Code: report.CodeNoLogin, Byte: 33, Row: 1, Field: "github_com_user", Value: "true"}},
		{"a list for a text", `{"users":[{"github_com_login":["a"]}]}`, report.Limits{}, report.Error{Code: report.CodeValue, Byte: 34, Row: 1, Field: "github_com_login", Value: "a"}},
		{"an object", `{"users":[{"github_com_login":{}}]}`, report.Limits{}, report.Error{Code: report.CodeValue, Byte: 31, Row: 1, Field: "github_com_login", Value: "{"}},
		{"a list of numbers", `{"users":[{"github_com_member_roles":[1]}]}`, report.Limits{}, report.Error{Code: report.CodeValue, Byte: 38, Row: 1, Field: "github_com_member_roles", Value: "number"}},
		{"no server id", `{"users":[{"enterprise_server_user_ids":["a:1","17"]}]}`, report.Limits{}, report.Error{Code: report.CodeServerID, Byte: 51, Row: 1, Field: "enterprise_server_user_ids", Value: "17"}},
		{"a value too long", `{"users":[{"github_com_login":"` + long + `"}]}`, report.Limits{}, report.Error{Code: report.CodeRowTooLong, Byte: 10, Row: 1, Limit: report.DefaultMaxRowBytes}},
		{"a user too long", `{"users":[{"github_com_member_roles":["` + strings.Repeat(`x:Owner","`, 200_000) + `"]}]}`, report.Limits{}, report.Error{Code: report.CodeRowTooLong, Byte: 10, Row: 1, Limit: report.DefaultMaxRowBytes}},
		{"something else too long", `{"junk":"` + long + `","users":[]}`, report.Limits{}, report.Error{Code: report.CodeRowTooLong, Byte: 1, Limit: report.DefaultMaxRowBytes}},
		{"too many", `{"users":[{},{},{}]}`, report.Limits{MaxRows: 2}, report.Error{Code: report.CodeTooManyRows, Byte: 15, Row: 2, Limit: 2}},
		{"too long", `{"junk":[` + strings.Repeat(`"x",`, 50_000) + `1]}`, report.Limits{MaxBytes: 100_000}, report.Error{Code: report.CodeTooLong, Limit: 100_000}},
		{"too deep", `{"junk":` + strings.Repeat(`[`, 200), report.Limits{}, report.Error{Code: report.CodeTooDeep, Byte: 73, Limit: 64}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := readAll(report.NewJSONReader(strings.NewReader(test.text), test.limits))
			got, ok := errors.AsType[*report.Error](err)
			if !ok {
				t.Fatalf("got %v, want a report.Error", err)
			}
			plain := *got
			plain.Err = nil
			if test.want.Code == report.CodeTooLong {
				plain.Byte = 0 // depends on how far the parser read ahead
			}
			if plain != test.want {
				t.Errorf("got %+v, want %+v", plain, test.want)
			}
		})
	}
}

func TestAnErrorOfTheInputStays(t *testing.T) {
	t.Parallel()
	broken := io.MultiReader(strings.NewReader(`{"users":[`), brokenReader{})
	r := report.NewJSONReader(broken, report.Limits{})
	for range 2 {
		if err := r.Read(&report.User{}); !errors.Is(err, errBroken) {
			t.Errorf("got %v, want the input's error", err)
		}
	}
	if _, err := report.NewCSVReader(brokenReader{}, report.Limits{}); !errors.Is(err, errBroken) {
		t.Errorf("CSV: got %v, want the input's error", err)
	}
}

var errBroken = errors.New("broken cable")

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errBroken }
