package signin_test

import (
	"database/sql"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/signin"
)

func reading(name string) signin.NewToken {
	return signin.NewToken{Enterprise: acme, Name: name, Scopes: []signin.Scope{signin.ReadEnterprise}}
}

func TestATokenIsWhoItsMakerSaid(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		secret, made := k.mustToken(signin.NewToken{
			Enterprise: acme, Name: "nightly sync", Scopes: []signin.Scope{signin.Upload}, Instance: 3, ExpiresAt: morning.Add(time.Hour),
		})
		got, err := k.Authenticate(t.Context(), secret)
		if err != nil {
			t.Fatal(err)
		}
		want := signin.Actor{Name: "token nightly sync", Token: made.ID, Enterprise: acme, Scopes: []signin.Scope{signin.Upload}, Instance: 3}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
		listed, err := k.Tokens(t.Context(), acme)
		if err != nil || len(listed) != 1 {
			t.Fatal(listed, err)
		}
		made.LastUsedAt = morning
		if fmt.Sprint(listed[0]) != fmt.Sprint(made) || made.CreatedBy != "command line" {
			t.Errorf("got %+v, want %+v", listed[0], made)
		}
		if others, err := k.Tokens(t.Context(), globex); err != nil || len(others) != 0 {
			t.Errorf("another enterprise sees %v (%v)", others, err)
		}
	})
}

func TestTokensThatCannotBe(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*signin.NewToken)
		key    string
	}{
		"no name":             {func(n *signin.NewToken) { n.Name = "" }, "signin.bad_name"},
		"a space around":      {func(n *signin.NewToken) { n.Name = "sync " }, "signin.bad_name"},
		"a line break":        {func(n *signin.NewToken) { n.Name = "sync\nevil" }, "signin.bad_name"},
		"text turned around":  {func(n *signin.NewToken) { n.Name = "sync\u202e" }, "signin.bad_name"},
		"no text":             {func(n *signin.NewToken) { n.Name = "sync\xff" }, "signin.bad_name"},
		"an address":          {func(n *signin.NewToken) { n.Name = "ada@acme.example" }, "signin.bad_name"},
		"a long name":         {func(n *signin.NewToken) { n.Name = fmt.Sprintf("%0101d", 1) }, "signin.bad_name"},
		"no scope":            {func(n *signin.NewToken) { n.Scopes = nil }, "signin.no_scope"},
		"a scope nobody has":  {func(n *signin.NewToken) { n.Scopes = []signin.Scope{"repo"} }, "signin.bad_scope"},
		"a scope with spaces": {func(n *signin.NewToken) { n.Scopes = []signin.Scope{"upload admin:enterprise"} }, "signin.bad_scope"},
		"a scope twice":       {func(n *signin.NewToken) { n.Scopes = append(n.Scopes, n.Scopes[0]) }, "signin.bad_scope"},
		"upload and more":     {func(n *signin.NewToken) { n.Scopes, n.Instance = append(n.Scopes, signin.Upload), 1 }, "signin.bad_upload_scope"},
		"upload for nobody":   {func(n *signin.NewToken) { n.Scopes = []signin.Scope{signin.Upload} }, "signin.bad_upload_scope"},
		"an instance to read": {func(n *signin.NewToken) { n.Instance = 1 }, "signin.bad_upload_scope"},
		"ended already":       {func(n *signin.NewToken) { n.ExpiresAt = morning }, "signin.bad_expiry"},
	}
	Each(t, func(t *testing.T, k *kit) {
		for name, test := range tests {
			n := reading("sync")
			test.change(&n)
			_, _, err := k.CreateToken(t.Context(), signin.CommandLine(acme), n)
			t.Run(name, func(t *testing.T) { wantError(t, err, errs.Invalid, test.key) })
		}
		if entries := k.mustEntries(acme, signin.Filter{}); len(entries) != 0 {
			t.Errorf("recorded %v", entries)
		}
	})
}

func TestTokensEnd(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		n := reading("a day")
		n.ExpiresAt = morning.Add(24 * time.Hour)
		day, _ := k.mustToken(n)
		revoked, token := k.mustToken(reading("for ever"))

		_, err := k.RevokeToken(t.Context(), signin.CommandLine(globex), globex, token.ID)
		wantError(t, err, errs.NotFound, "signin.no_token")
		if _, err := k.Authenticate(t.Context(), revoked); err != nil {
			t.Errorf("another enterprise ended it: %v", err)
		}
		for range 2 { // the second changes nothing
			if _, err := k.RevokeToken(t.Context(), signin.CommandLine(acme), acme, token.ID); err != nil {
				t.Fatal(err)
			}
		}
		_, err = k.Authenticate(t.Context(), revoked)
		wantError(t, err, errs.Unauthenticated, "signin.token_revoked")

		k.pass(24*time.Hour - time.Microsecond)
		if _, err := k.Authenticate(t.Context(), day); err != nil {
			t.Error(err)
		}
		k.pass(time.Microsecond)
		_, err = k.Authenticate(t.Context(), day)
		wantError(t, err, errs.Unauthenticated, "signin.token_expired")

		var actions []signin.Action
		for _, e := range k.mustEntries(acme, signin.Filter{}) {
			actions = append(actions, e.Action)
		}
		if want := []signin.Action{signin.TokenRevoked, signin.TokenCreated, signin.TokenCreated}; !slices.Equal(actions, want) {
			t.Errorf("recorded %v, want %v", actions, want)
		}
	})
}

// TestATokenEndsWithTheOneItWasMadeWith: whoever had the secret of a token may
// have those that were made with it.
func TestATokenEndsWithTheOneItWasMadeWith(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		admin := func(name string, hours time.Duration) signin.NewToken {
			n := signin.NewToken{Enterprise: acme, Name: name, Scopes: []signin.Scope{signin.AdminEnterprise}}
			if hours > 0 {
				n.ExpiresAt = k.now().Add(hours * time.Hour)
			}
			return n
		}
		_, lasting := k.mustToken(admin("lasting", 0))
		_, short := k.mustToken(admin("short", 2))
		for name, n := range map[string]signin.NewToken{"for ever": admin("longer", 0), "an hour longer": admin("longer", 3)} {
			_, _, err := k.CreateToken(t.Context(), short.Actor(), n)
			t.Run(name, func(t *testing.T) { wantError(t, err, errs.Invalid, "signin.outlives_maker") })
		}
		_, child, err := k.CreateToken(t.Context(), short.Actor(), admin("child", 2))
		if err != nil {
			t.Fatal(err)
		}
		secret, grandchild, err := k.CreateToken(t.Context(), child.Actor(), admin("grandchild", 1))
		if err != nil || grandchild.Maker != child.ID {
			t.Fatal(grandchild, err)
		}
		other, _, err := k.CreateToken(t.Context(), lasting.Actor(), admin("other", 0))
		if err != nil {
			t.Fatal(err)
		}
		ended, err := k.RevokeToken(t.Context(), signin.CommandLine(acme), acme, short.ID)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, e := range ended {
			names = append(names, e.Name)
		}
		if want := []string{"short", "child", "grandchild"}; !slices.Equal(names, want) {
			t.Errorf("%v ended, want %v", names, want)
		}
		_, err = k.Authenticate(t.Context(), secret.Text())
		wantError(t, err, errs.Unauthenticated, "signin.token_revoked")
		if _, err := k.Authenticate(t.Context(), other.Text()); err != nil {
			t.Errorf("what was made with another token ended too: %v", err)
		}
		_, _, err = k.CreateToken(t.Context(), child.Actor(), admin("late", 1))
		wantError(t, err, errs.Unauthenticated, "signin.token_revoked")
		revoked := 0
		for _, e := range k.mustEntries(acme, signin.Filter{}) {
			if e.Action == signin.TokenRevoked {
				revoked++
			}
		}
		if revoked != 3 {
			t.Errorf("%d entries, want one for each of 3", revoked)
		}
	})
}

func TestLastUseIsWrittenHourly(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		secret, _ := k.mustToken(reading("sync"))
		tests := []struct{ pass, want time.Duration }{ // since morning
			{0, 0}, {59 * time.Minute, 0}, {time.Minute, time.Hour}, {time.Hour - 1000, time.Hour}, {3 * time.Hour, 5*time.Hour - 1000},
		}
		for _, test := range tests {
			k.pass(test.pass)
			if _, err := k.Authenticate(t.Context(), secret); err != nil {
				t.Fatal(err)
			}
			tokens, err := k.Tokens(t.Context(), acme)
			if err != nil {
				t.Fatal(err)
			}
			if got := tokens[0].LastUsedAt.Sub(morning); got != test.want {
				t.Errorf("at %v: last used at %v, want %v", k.now().Sub(morning), got, test.want)
			}
		}
	})
}

func TestANameIsFreeOnceItsTokenIsRevoked(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		_, first := k.mustToken(reading("sync"))
		_, _, err := k.CreateToken(t.Context(), signin.CommandLine(acme), reading("sync"))
		wantError(t, err, errs.Conflict, "signin.name_taken")
		if _, err := k.RevokeToken(t.Context(), signin.CommandLine(acme), acme, first.ID); err != nil {
			t.Fatal(err)
		}
		k.mustToken(reading("sync"))
		other := reading("sync")
		other.Enterprise = globex
		k.mustToken(other)
	})
}

func TestAnEnterpriseHasSoManyTokens(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		for i := range signin.MaxTokens {
			k.mustExec(`INSERT INTO api_token (enterprise, id, name, scopes, instance, hash, created_by, created_at, expires_at)
				VALUES ($1, $2, $2, 'upload', 1, $2, 'command line', $3, 0)`, acme, fmt.Sprint(i), morning.UnixMicro()+int64(i))
		}
		_, _, err := k.CreateToken(t.Context(), signin.CommandLine(acme), reading("one more"))
		wantError(t, err, errs.Conflict, "signin.too_many_tokens")
		if _, err := k.RevokeToken(t.Context(), signin.CommandLine(acme), acme, "7"); err != nil {
			t.Fatal(err)
		}
		k.mustToken(reading("one more"))
		tokens, err := k.Tokens(t.Context(), acme)
		if err != nil {
			t.Fatal(err)
		}
		gone := !slices.ContainsFunc(tokens, func(t signin.Token) bool { return t.ID == "7" })
		if len(tokens) != signin.MaxTokens || !gone {
			t.Errorf("%d tokens; the revoked one is gone: %v", len(tokens), gone)
		}
	})
}

func TestWhoMay(t *testing.T) {
	t.Parallel()
	token := func(instance int64, scopes ...signin.Scope) signin.Actor {
		return signin.Actor{Scopes: scopes, Instance: instance}
	}
	person := func(r signin.Role) signin.Actor {
		o := signin.Owner{Role: r}
		return o.Actor()
	}
	tests := map[string]struct {
		actor signin.Actor
		may   []signin.Scope
	}{
		"nobody":            {signin.Actor{}, nil},
		"reads":             {token(0, signin.ReadEnterprise), []signin.Scope{signin.ReadEnterprise}},
		"bills":             {token(0, signin.ManageBilling), []signin.Scope{signin.ManageBilling}},
		"administers":       {token(0, signin.AdminEnterprise), signin.Scopes()},
		"uploads":           {token(3, signin.Upload), []signin.Scope{signin.Upload}},
		"uploads nothing":   {token(0, signin.Upload), []signin.Scope{signin.Upload}},
		"command line":      {signin.CommandLine(acme), signin.Scopes()},
		"job":               {signin.Job(acme), signin.Scopes()},
		"owner":             {person(signin.RoleOwner), signin.Scopes()},
		"billing manager":   {person(signin.RoleBillingManager), []signin.Scope{signin.ManageBilling}},
		"auditor":           {person(signin.RoleAuditor), []signin.Scope{signin.ReadEnterprise}},
		"role that is none": {person("root"), nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, s := range signin.Scopes() {
				if got, want := test.actor.May(s), slices.Contains(test.may, s); got != want {
					t.Errorf("%s: %v, want %v", s, got, want)
				}
			}
		})
	}
}

// TestSigningInWaitsForNoWriter: somebody writes for long, as an upload does,
// and the last use is not written then; reading goes on.
func TestSigningInWaitsForNoWriter(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		secret, _ := k.mustToken(reading("sync"))
		err := k.db.InTx(t.Context(), func(*sql.Tx) error {
			_, err := k.Authenticate(t.Context(), secret)
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}
