package source_test

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/oneseat/oneseat/internal/source"
	"github.com/oneseat/oneseat/licensing"
)

// fullList has every key of a cloud list.
const fullList = `{
  "format": "oneseat-cloud-list/1",
  "as_of": "2026-11-20T10:00:00+01:00",
  "enterprise": {"slug": "acme", "name": "Acme", "total_seats_purchased": 100, "billing": "metered", "managed_users": true},
  "verified_domains": ["acme.example"],
  "users": [{
    "id": "1001", "login": "mona", "name": "Mona \"L\" \u00e9", "suspended": false, "two_factor": true,
    "emails": [{"email": "mona@acme.example", "primary": true, "verified": true}, {"email": "m@home.example"}],
    "saml_identities": [{"organization": "", "name_id": "mona@acme.example",
                         "attributes": [{"name": "emails", "value": "m.l@acme.example"}]}],
    "scim_identities": [{"organization": "eng", "user_name": "mona", "emails": ["mona@acme.example"]}],
    "organizations": [{"login": "eng", "role": "Owner"}, {"login": "sales", "role": "Member"}],
    "enterprise_roles": ["Owner", "Billing manager", "Guest collaborator"],
    "outside_collaborator": ["eng/app"],
    "pending_organizations": ["sales"]
  }, {"login": "ann", "two_factor": null, "name": null, "emails": null}, {"login": "bob", "suspended": true}],
  "invitations": [{"email": "new@acme.example", "organization": "eng", "kind": "member",
                   "created_at": "2026-11-20T09:00:00Z", "source": "scim", "state": "failed"},
                  {"email": "ext@other.example", "repository": "eng/app"}],
  "visual_studio_subscriptions": [{"subscription_id": "00000000-0000-0000-0000-000000000001",
                                   "email": "mona@acme.example", "login": ""}, {"login": "ann"}]
}
`

func email(address string) licensing.Email { return licensing.NewEmail(address) }

// emailsAsTheyAre compares addresses unmasked.
func emailsAsTheyAre() cmp.Option {
	return cmp.Comparer(func(a, b licensing.Email) bool { return a == b })
}

func wholeList() *licensing.CloudSide {
	return &licensing.CloudSide{
		AsOf:            time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC),
		Enterprise:      licensing.Enterprise{Slug: "acme", Name: "Acme", Purchased: 100, Billing: licensing.Metered, ManagedUsers: true},
		VerifiedDomains: []string{"acme.example"},
		Accounts: []licensing.CloudAccount{{
			ID: "1001", Login: "mona", Name: `Mona "L" é`, TwoFactor: new(true),
			Emails: []licensing.CloudEmail{{Email: email("mona@acme.example"), Primary: true, Verified: true}, {Email: email("m@home.example")}},
			SAML: []licensing.SAMLIdentity{{
				NameID:     email("mona@acme.example"),
				Attributes: []licensing.SAMLAttribute{{Name: "emails", Value: email("m.l@acme.example")}},
			}},
			SCIM:                 []licensing.SCIMIdentity{{Organization: "eng", UserName: email("mona"), Emails: []licensing.Email{email("mona@acme.example")}}},
			Organizations:        []licensing.Membership{{Login: "eng", Role: "Owner"}, {Login: "sales", Role: "Member"}},
			EnterpriseRoles:      []string{"Owner", "Billing manager", "Guest collaborator"},
			OutsideCollaborator:  []string{"eng/app"},
			PendingOrganizations: []string{"sales"},
		}, {Login: "ann"}, {Login: "bob", Suspended: true}},
		Invitations: []licensing.Invitation{
			{
				Email: email("new@acme.example"), Organization: "eng", CreatedAt: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC),
				SCIM: true, Failed: true,
			},
			{Email: email("ext@other.example"), Repository: "eng/app", Kind: licensing.InviteOutsideCollaborator},
		},
		Subscriptions: []licensing.Subscription{
			{ID: "00000000-0000-0000-0000-000000000001", Email: email("mona@acme.example")}, {Login: "ann"},
		},
	}
}

func TestCloudList(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"as written":    fullList,
		"with a mark":   "\ufeff" + fullList,
		"CR LF":         strings.ReplaceAll(fullList, "\n", "\r\n"),
		"on one line":   strings.ReplaceAll(fullList, "\n", ""),
		"format at end": strings.Replace(strings.Replace(fullList, `"format": "oneseat-cloud-list/1",`, "", 1), "\n}\n", ",\"format\":\"oneseat-cloud-list/1\"}", 1),
	} {
		got, err := source.ReadCloud(t.Context(), []source.File{file("cloud.json", text)}, source.CloudOptions{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(wholeList(), got.Side, emailsAsTheyAre()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if len(got.Warnings) > 0 {
			t.Errorf("%s: warnings %v", name, got.Warnings)
		}
	}
}

// TestEveryKeyMisspelt: each key of a cloud list with two letters swapped is
// refused, names the right one, and where it stands.
func TestEveryKeyMisspelt(t *testing.T) {
	t.Parallel()
	lines := strings.Split(fullList, "\n")
	keys := 0
	for number, line := range lines {
		for at := 0; ; {
			start := strings.Index(line[at:], `"`)
			if start < 0 {
				break
			}
			start += at
			end := start + 1 + strings.Index(line[start+1:], `"`)
			at = end + 1
			key := line[start+1 : end]
			if at >= len(line) || line[at] != ':' || key == "id" {
				continue
			}
			keys++
			wrong := key[:1] + key[2:3] + key[1:2] + key[3:]
			if key[1] == key[2] {
				wrong = key + "s"
			}
			text := strings.Join(slices.Concat(lines[:number], []string{line[:start+1] + wrong + line[end:]}, lines[number+1:]), "\n")
			_, err := source.ReadCloud(t.Context(), []source.File{file("cloud.json", text)}, source.CloudOptions{})
			if err == nil {
				t.Errorf("%s: accepted", wrong)
				continue
			}
			if got := refusals(t, err); !slices.Contains(got, refusal{"source.key_near", number + 1, start + 1}) {
				t.Errorf("%s in line %d, column %d: got %v", wrong, number+1, start+1, got)
			}
			if !strings.Contains(err.Error(), "Near="+key) {
				t.Errorf("%s: does not name %s: %v", wrong, key, err)
			}
		}
	}
	if keys < 40 {
		t.Errorf("only %d keys found", keys)
	}
}

// list is a small list with something in it, on lines of its own.
func list(more string) string {
	return `{"format":"oneseat-cloud-list/1","enterprise":{"slug":"acme"},` + "\n" + more + "\n}"
}

func TestCloudListRefusals(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       []refusal
	}{
		{"newer", `{"format":"oneseat-cloud-list/2","enterprise":{"slug":"a"}}`, []refusal{{"source.list_newer", 1, 11}}},
		{"another version", `{"format":"oneseat-cloud-list/x","enterprise":{"slug":"a"}}`, []refusal{{"source.list_format", 1, 11}}},
		{"no format", `{"enterprise":{"slug":"a"}}`, []refusal{{"source.key_missing", 1, 1}}},
		{"no enterprise", `{"format":"oneseat-cloud-list/1"}`, []refusal{{"source.key_missing", 1, 1}}},
		{"no slug", `{"format":"oneseat-cloud-list/1","enterprise":{}}`, []refusal{{"source.key_missing", 1, 47}}},
		{"empty slug", `{"format":"oneseat-cloud-list/1","enterprise":{"slug":""}}`, []refusal{{"source.text_empty", 1, 55}}},
		{"in an array", `[{"format":"oneseat-cloud-list/1"}]`, []refusal{{"source.want_object", 1, 1}}},
		{"two lists", list(`"users":[]`) + "\n{}", []refusal{{"source.list_trailing", 4, 1}}},
		{"cut off", list(`"users":[{"login":"mo`)[:80], []refusal{{"source.json_truncated", 2, 18}}},
		{"no JSON", list(`"users":[{"login" "mona"}]`), []refusal{{"source.json_syntax", 2, 19}}},
		{"not UTF-8", list("\"users\":[{\"login\":\"m\xe9\"}]"), []refusal{{"source.json_syntax", 2, 21}}},
		{"a key twice", list(`"users":[],"users":[]`), []refusal{{"source.json_key_twice", 2, 12}}},
		{"a strange key", list(`"shoe_sizes":[38]`), []refusal{{"source.key_unknown", 2, 1}}},
		{"users as object", list(`"users":{"login":"a"}`), []refusal{{"source.want_array", 2, 9}}},
		{"user as text", list(`"users":["a"]`), []refusal{{"source.want_object", 2, 10}}},
		{"user is null", list(`"users":[null]`), []refusal{{"source.want_object", 2, 10}}},
		{"enterprise is null", `{"format":"oneseat-cloud-list/1","enterprise":null}`, []refusal{{"source.want_object", 1, 47}}},
		{"rubbish behind", list(`"users":[]`) + "\n  ?", []refusal{{"source.list_trailing", 4, 3}}},
		{"user without login", list(`"users":[{"id":"1"}]`), []refusal{{"source.key_missing", 2, 10}}},
		{"login empty", list(`"users":[{"login":""}]`), []refusal{{"source.text_empty", 2, 19}}},
		{"login a number", list(`"users":[{"login":7}]`), []refusal{{"source.want_text", 2, 19}}},
		{"login twice", list("\"users\":[{\"login\":\"mona\"},\n{\"login\":\"MONA\"}]"), []refusal{{"source.login_twice", 3, 10}}},
		{"suspended as text", list(`"users":[{"login":"a","suspended":"yes"}]`), []refusal{{"source.want_boolean", 2, 35}}},
		{"two factor as number", list(`"users":[{"login":"a","two_factor":1}]`), []refusal{{"source.want_boolean", 2, 36}}},
		{"address empty", list(`"users":[{"login":"a","emails":[{"email":""}]}]`), []refusal{{"source.text_empty", 2, 42}}},
		{"address missing", list(`"users":[{"login":"a","emails":[{"verified":true}]}]`), []refusal{{"source.key_missing", 2, 33}}},
		{"attribute without name", list(`"users":[{"login":"a","saml_identities":[{"attributes":[{"value":"x"}]}]}]`), []refusal{{"source.key_missing", 2, 57}}},
		{"role misspelt", list(`"users":[{"login":"a","organizations":[{"login":"eng","role":"owner"}]}]`), []refusal{{"source.word_near", 2, 62}}},
		{"role unknown", list(`"users":[{"login":"a","organizations":[{"login":"eng","role":"mona@acme.example"}]}]`), []refusal{{"source.word_unknown", 2, 62}}},
		{"role missing", list(`"users":[{"login":"a","organizations":[{"login":"eng"}]}]`), []refusal{{"source.key_missing", 2, 40}}},
		{"enterprise role misspelt", list(`"users":[{"login":"a","enterprise_roles":["Owner","Biling manager"]}]`), []refusal{{"source.word_near", 2, 51}}},
		{"no repository", list(`"users":[{"login":"a","outside_collaborator":["app"]}]`), []refusal{{"source.want_repository", 2, 47}}},
		{"purchased as text", `{"format":"oneseat-cloud-list/1","enterprise":{"slug":"a","total_seats_purchased":"many"}}`, []refusal{{"source.want_count", 1, 83}}},
		{"purchased negative", `{"format":"oneseat-cloud-list/1","enterprise":{"slug":"a","total_seats_purchased":-1}}`, []refusal{{"source.want_count", 1, 83}}},
		{"billing misspelt", `{"format":"oneseat-cloud-list/1","enterprise":{"slug":"a","billing":"volumes"}}`, []refusal{{"source.word_near", 1, 69}}},
		{"no time", list(`"as_of":"20.11.2026"`), []refusal{{"source.want_time", 2, 9}}},
		{"invitation without address", list(`"invitations":[{"organization":"eng"}]`), []refusal{{"source.key_missing", 2, 16}}},
		{"invitation to no address", list(`"invitations":[{"email":"mona","organization":"eng"}]`), []refusal{{"source.invitation_address", 2, 25}}},
		{"invitation to nothing", list(`"invitations":[{"email":"a@b.example"}]`), []refusal{{"source.invitation_target", 2, 16}}},
		{"invitation to both", list(`"invitations":[{"email":"a@b.example","organization":"eng","repository":"eng/app"}]`), []refusal{{"source.invitation_target", 2, 16}}},
		{"member of a repository", list(`"invitations":[{"email":"a@b.example","kind":"member","repository":"eng/app"}]`), []refusal{{"source.invitation_kind", 2, 16}}},
		{"collaborator of an organization", list(`"invitations":[{"email":"a@b.example","kind":"outside_collaborator","organization":"eng"}]`), []refusal{{"source.invitation_kind", 2, 16}}},
		{"kind misspelt", list(`"invitations":[{"email":"a@b.example","kind":"outside-collaborator","repository":"eng/app"}]`), []refusal{{"source.word_near", 2, 46}}},
		{"source misspelt", list(`"invitations":[{"email":"a@b.example","organization":"eng","source":"SCIM"}]`), []refusal{{"source.word_near", 2, 69}}},
		{"state misspelt", list(`"invitations":[{"email":"a@b.example","organization":"eng","state":"opened"}]`), []refusal{{"source.word_near", 2, 68}}},
		{"subscription of nobody", list(`"visual_studio_subscriptions":[{"subscription_id":"1"}]`), []refusal{{"source.subscription_whose", 2, 32}}},
		{"nested too deep", list(`"junk":` + strings.Repeat("[", 50) + strings.Repeat("]", 50)), []refusal{{"source.key_unknown", 2, 1}, {"source.too_deep", 2, 39}}},
		{
			"several", list("\"users\":[{\"login\":7},\n{\"logn\":\"a\"},\n{\"login\":\"b\",\"suspended\":0}],\n\"junk\":{\"a\":[1,{}]}"),
			[]refusal{{"source.want_text", 2, 19}, {"source.key_missing", 3, 1}, {"source.key_near", 3, 2}, {"source.want_boolean", 4, 26}, {"source.key_unknown", 5, 1}},
		},
		{"several and broken", list("\"users\":[{\"login\":7}],\n]"), []refusal{{"source.want_text", 2, 19}, {"source.json_syntax", 2, 22}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := source.ReadCloud(t.Context(), []source.File{file("cloud.json", test.text)}, source.CloudOptions{})
			if err == nil {
				t.Fatal("accepted")
			}
			if got := refusals(t, err); !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v (%v)", got, test.want, err)
			}
			if strings.Contains(err.Error(), "mona@") || strings.Contains(err.Error(), "a@b") {
				t.Errorf("an address in %q", err.Error())
			}
		})
	}
}

func TestPathsNameWhereAProblemIs(t *testing.T) {
	t.Parallel()
	text := list(`"users":[{"login":"a"},{"login":"b","emails":[{"email":"b@acme.example"},{"email":"x","verfied":true}]}]`)
	_, err := source.ReadCloud(t.Context(), []source.File{file("cloud.json", text)}, source.CloudOptions{})
	if err == nil || !strings.Contains(err.Error(), "Path=users[1].emails[1].verfied ") {
		t.Errorf("got %v", err)
	}
}

func TestManyProblemsOfAListAreCutOff(t *testing.T) {
	t.Parallel()
	text := list(`"users":[` + strings.Repeat("{},\n", 1000) + `{}]`)
	_, err := source.ReadCloud(t.Context(), []source.File{file("cloud.json", text)}, source.CloudOptions{})
	several, ok := errors.AsType[*source.Problems](err)
	if !ok || len(several.List) != source.MaxProblems {
		t.Fatalf("got %v", err)
	}
}

func TestLimitsOfLists(t *testing.T) {
	t.Parallel()
	open := `{"format":"oneseat-cloud-list/1","enterprise":{"slug":"acme"},"users":[`
	tests := []struct {
		name   string
		text   io.Reader
		limits source.Limits
		want   string
	}{
		{"a text of 100 MB", io.MultiReader(strings.NewReader(open+`{"login":"`), io.LimitReader(endless{}, 100<<20)), source.Limits{}, "source.text_too_long"},
		{"users without end", io.MultiReader(strings.NewReader(open), &repeated{text: `{"login":"a"},`}), source.Limits{MaxBytes: 1 << 20}, "source.login_twice"},
		{"too many users", strings.NewReader(open + `{"login":"a"},{"login":"b"},{"login":"c"}]}`), source.Limits{MaxRows: 2}, "source.too_many_rows"},
		{"too many of everything together", strings.NewReader(open + `{"login":"a"}],"verified_domains":["a.example"],"invitations":[{"email":"a@x.example","organization":"o"}],"visual_studio_subscriptions":[{"login":"a"}]}`), source.Limits{MaxRows: 3}, "source.too_many_rows"},
		{"too many invitations", strings.NewReader(open + `],"invitations":[` + strings.Repeat(`{"email":"a@x.example","organization":"o"},`, 5) + `{"email":"a@x.example","organization":"o"}]}`), source.Limits{MaxRows: 5}, "source.too_many_rows"},
		{"too many domains", strings.NewReader(open + `],"verified_domains":["a.example","b.example","c.example"]}`), source.Limits{MaxRows: 2}, "source.too_many_rows"},
		{"a person of many addresses", strings.NewReader(open + `{"login":"a"},{"login":"b","emails":[` + strings.Repeat(`{"email":"b@x.example"},`, 200) + `{"email":"b@x.example"}]}]}`), source.Limits{MaxRowBytes: 2000}, "source.text_too_long"},
		{"a person of unknown keys", strings.NewReader(open + `{"login":"b","odd":[` + strings.Repeat(`0,`, 2000) + `0]}]}`), source.Limits{MaxRowBytes: 2000}, "source.text_too_long"},
		{"too long", io.MultiReader(strings.NewReader(open), &repeated{text: " "}), source.Limits{MaxBytes: 100_000}, "source.file_too_long"},
	}
	for _, test := range tests {
		f := source.File{Name: "cloud.json", Open: func() (io.ReadCloser, error) { return io.NopCloser(test.text), nil }}
		_, err := source.ReadCloud(t.Context(), []source.File{f}, source.CloudOptions{Limits: test.limits})
		if err == nil {
			t.Errorf("%s: accepted", test.name)
		} else if got := refusals(t, err); got[0].key != test.want {
			t.Errorf("%s: got %v, want %s", test.name, got, test.want)
		}
	}
}

func TestReadingACloudSideCanBeInterrupted(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]io.Reader{
		"people without end": io.MultiReader(strings.NewReader(`{"format":"oneseat-cloud-list/1","enterprise":{"slug":"acme"},"invitations":[`),
			&repeated{text: `{"email":"a@x.example","organization":"o"},`}),
		"rows without end": io.MultiReader(strings.NewReader(`{"total_seats_consumed":1,"users":[`), &repeated{text: `{},`}),
	} {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		before := &afterwards{in: text, bytes: 300_000, call: cancel}
		f := source.File{Name: "cloud.json", Open: func() (io.ReadCloser, error) { return io.NopCloser(before), nil }}
		_, err := source.ReadCloud(ctx, []source.File{f}, source.CloudOptions{})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// afterwards calls something when so many bytes were read.
type afterwards struct {
	in    io.Reader
	bytes int
	call  func()
}

func (a *afterwards) Read(p []byte) (int, error) {
	n, err := a.in.Read(p)
	if a.bytes -= n; a.bytes < 0 {
		a.call()
	}
	return n, err
}

// repeated is a text without end.
type repeated struct {
	text string
	at   int
}

func (r *repeated) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = r.text[r.at%len(r.text)]
		r.at++
	}
	return len(p), nil
}
