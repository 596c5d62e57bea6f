package source_test

import (
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/source"
)

// small limits keep what a fuzzer makes up small.
var small = source.Limits{MaxBytes: 1 << 20, MaxRowBytes: 4 << 10, MaxRows: 10_000}

func FuzzCloud(f *testing.F) {
	f.Add([]byte(fullList))
	f.Add([]byte(`[{"total_seats_consumed":1,"users":[{"github_com_login":"a","enterprise_server_user_ids":["1:h:Member"]}]}]`))
	f.Add([]byte("sep=;\r\ngithub_com_login;github_com_user;enterprise_server_user_ids;enterprise_server_primary_emails;visual_studio_subscription_email\r\nmona;true;\"1:h\";Jos\xe9@x.example;\r"))
	f.Add([]byte("github_com_login,github_com_user,enterprise_server_user_ids,enterprise_server_primary_emails,visual_studio_subscription_email,github_com_verified_domain_emails\nmona,true,,,,m@acme.example\n"))
	f.Add([]byte("\xff\xfe{\x00}\x00"))
	f.Add([]byte(`{"instance":{},"users":"x"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		options := source.CloudOptions{Limits: small, AllowPartial: true}
		one, err := source.ReadCloud(t.Context(), []source.File{file("a-2026-11-19", string(text))}, options)
		if err != nil {
			mustExplain(t, err)
			return
		}
		// A file agrees with itself, alone and beside a list: a copy changes
		// nothing but the dates and names it is known by.
		again := file("b-2026-11-19", string(text))
		beside := on("2026-11-01", `{"login":"mona","emails":[{"email":"m@home.example","verified":true}],"enterprise_roles":["Owner"]}`)
		both, bothErr := source.ReadCloud(t.Context(), []source.File{beside, file("a-2026-11-19", string(text))}, options)
		unchanged(t, one, nil, options, file("a-2026-11-19", string(text)), again)
		unchanged(t, both, bothErr, options, beside, file("a-2026-11-19", string(text)), again)
	})
}

// unchanged says that files come to the same cloud side as before.
func unchanged(t *testing.T, before *source.Cloud, beforeErr error, options source.CloudOptions, files ...source.File) {
	t.Helper()
	after, err := source.ReadCloud(t.Context(), files, options)
	switch {
	case (beforeErr == nil) != (err == nil):
		t.Fatalf("with a copy: %v, without: %v", err, beforeErr)
	case err != nil:
		return
	}
	if diff := cmp.Diff(before.Side, after.Side, emailsAsTheyAre()); diff != "" {
		t.Errorf("a copy changes something (-without +with):\n%s", diff)
	}
}

func FuzzServer(f *testing.F) {
	example, err := os.ReadFile("../../examples/ghes-1-all_users.csv")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(example)
	f.Add([]byte("id;email\r1;\"a\"\"b@x.example\"\r1;a@x\r"))
	f.Add([]byte("id,email,suspended?\n1,jos\xe9@x.example,TRUE\n1,josé@x.example,\n\"2\n\",x,"))
	f.Add([]byte(`{"format":"oneseat-usage-file/1"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := source.OpenServer(file("x", string(text)), source.ServerOptions{Limits: small})
		if err != nil {
			mustExplain(t, err)
			return
		}
		defer func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}()
		var summary source.ServerSummary
		seen := map[string]bool{}
		for accounts, err := range s.Shards(&summary) {
			if err != nil {
				mustExplain(t, err)
				return
			}
			for _, a := range accounts {
				if a.UserID == "" || seen[a.UserID] || strings.TrimSpace(a.UserID) != a.UserID {
					t.Errorf("id %q, seen %v", a.UserID, seen[a.UserID])
				}
				seen[a.UserID] = true
			}
		}
		if summary.Accounts != len(seen) {
			t.Errorf("%d accounts, summary %+v", len(seen), summary)
		}
	})
}

// mustExplain says that a refusal has a sentence and a kind.
func mustExplain(t *testing.T, err error) {
	t.Helper()
	if _, ok := errors.AsType[*source.Problems](err); !ok && errs.KindOf(err) == errs.Internal && !errors.Is(err, io.EOF) {
		t.Errorf("an error without a kind: %v", err)
	}
	refusals(t, err)
}
