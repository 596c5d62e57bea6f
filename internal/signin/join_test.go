package signin_test

import (
	"testing"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/signin/totp"
)

// TestAMistakeUsesNoLinkUp: a password or a code that will not do can be
// entered once more.
func TestAMistakeUsesNoLinkUp(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		link, added := k.mustOwner(ada())
		app := totp.New()
		right := signin.Joining{Link: link, Password: good, Authenticator: app.Text(), Code: app.Code(k.now())}
		tests := map[string]struct {
			change func(*signin.Joining)
			key    string
		}{
			"a short password":        {func(j *signin.Joining) { j.Password = "short" }, "signin.password_short"},
			"their name":              {func(j *signin.Joining) { j.Password = "Ada.Byron.1815" }, "signin.password_common"},
			"an old code":             {func(j *signin.Joining) { j.Code = app.Code(morning.AddDate(0, 0, -1)) }, "signin.code_wrong"},
			"no code":                 {func(j *signin.Joining) { j.Code = "" }, "signin.code_wrong"},
			"no app":                  {func(j *signin.Joining) { j.Authenticator = "" }, "signin.authenticator_odd"},
			"an app with less secret": {func(j *signin.Joining) { j.Authenticator = "AAAAAAAA" }, "signin.authenticator_odd"},
		}
		for name, test := range tests {
			t.Log(name)
			joining := right
			test.change(&joining)
			_, _, err := k.door.Join(t.Context(), home, joining)
			wantError(t, err, errs.Invalid, test.key)
			invitation, err := k.door.Invitation(t.Context(), home, link)
			if err != nil || invitation != (signin.Invitation{Owner: added, MayUsePassword: true}) {
				t.Errorf("%s: %+v, %v", name, invitation, err)
			}
		}
		if _, _, err := k.door.Join(t.Context(), home, right); err != nil {
			t.Error(err)
		}
		_, err := k.door.Invitation(t.Context(), home, link)
		wantError(t, err, errs.Unauthenticated, "signin.link_ended")
	})
}

// TestANewLinkReplacesEverything: whoever lost password, app and codes has new
// ones, and what was there before is of no use.
func TestANewLinkReplacesEverything(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		before := k.mustJoin(ada())
		link, _, err := k.NewLink(t.Context(), signin.CommandLine(acme), acme, before.Owner.ID)
		if err != nil {
			t.Fatal(err)
		}
		k.mustKnow(before.Entered)
		k.pass(minute)
		after := k.mustTake(link.Text())
		k.wantEnded(t, before.Entered)
		k.pass(minute)
		_, err = k.door.SignIn(t.Context(), home, before.attempt())
		wantError(t, err, errs.Unauthenticated, "signin.refused")
		attempt := before.attempt()
		attempt.Code = before.codes[0]
		_, err = k.door.SignIn(t.Context(), home, attempt)
		wantError(t, err, errs.Unauthenticated, "signin.refused")
		after.mustSignIn()
		if !after.Owner.JoinedAt.Equal(before.Owner.JoinedAt) || after.Session.Method != signin.ByLink {
			t.Errorf("%+v", after.Entered)
		}
	})
}
