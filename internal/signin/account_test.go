package signin_test

import (
	"testing"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/signin/totp"
)

const other = "five plain grey stones"

func TestPeopleChangeTheirPassword(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		s := k.mustJoin(ada())
		here := s.mustSignIn()
		k.pass(minute)
		wantError(t, k.door.ChangePassword(t.Context(), home, here.Guest, s.proof(), "password1234"), errs.Invalid, "signin.password_common")
		wantError(t, k.door.ChangePassword(t.Context(), home, here.Guest, signin.Proof{Password: other, Code: s.app.Code(k.now())}, other), errs.Unauthenticated, "signin.refused")
		k.mustKnow(s.Entered)
		if err := k.door.ChangePassword(t.Context(), home, here.Guest, s.proof(), other); err != nil {
			t.Fatal(err)
		}
		k.mustKnow(here)
		k.wantEnded(t, s.Entered)
		k.pass(minute)
		_, err := k.door.SignIn(t.Context(), home, s.attempt())
		wantError(t, err, errs.Unauthenticated, "signin.refused")
		attempt := s.attempt()
		attempt.Password = other
		if _, err := k.door.SignIn(t.Context(), home, attempt); err != nil {
			t.Error(err)
		}
	})
}

func TestPeopleChangeTheirAuthenticator(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		s, app := k.mustJoin(ada()), totp.New()
		k.pass(minute)
		change := func(proof signin.Proof, code string) error {
			return k.door.ChangeAuthenticator(t.Context(), home, s.Guest, proof, app.Text(), code)
		}
		wantError(t, change(s.proof(), "000000x"), errs.Invalid, "signin.code_wrong")
		wantError(t, change(signin.Proof{Password: good, Code: app.Code(k.now())}, app.Code(k.now())), errs.Unauthenticated, "signin.refused")
		if err := change(signin.Proof{Password: good, Code: s.codes[0]}, app.Code(k.now())); err != nil {
			t.Fatal(err)
		}
		k.pass(minute)
		_, err := k.door.SignIn(t.Context(), home, s.attempt())
		wantError(t, err, errs.Unauthenticated, "signin.refused")
		s.app = app
		s.mustSignIn()
		k.wantActions(t, "owner Ada", signin.SignedIn, signin.SignInFailed, signin.SecondFactorSet, signin.RecoveryCodeUsed)
	})
}

func TestPeopleGetNewRecoveryCodes(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		s := k.mustJoin(ada())
		_, err := k.door.NewRecoveryCodes(t.Context(), home, s.Guest, s.proof())
		wantError(t, err, errs.Unauthenticated, "signin.refused") // the code was used to join
		k.pass(minute)
		codes, err := k.door.NewRecoveryCodes(t.Context(), home, s.Guest, s.proof())
		if err != nil || len(codes) != signin.RecoveryCodes {
			t.Fatal(codes, err)
		}
		for code, want := range map[string]bool{s.codes[0]: false, codes[0]: true} {
			attempt := s.attempt()
			attempt.Code = code
			if _, err := k.door.SignIn(t.Context(), home, attempt); (err == nil) != want {
				t.Errorf("%s: %v", code, err)
			}
		}
		k.mustJoin(owner("another", signin.RoleOwner))
		if err := k.RemoveOwner(t.Context(), signin.CommandLine(acme), acme, s.Owner.ID); err != nil {
			t.Fatal(err)
		}
		_, err = k.door.NewRecoveryCodes(t.Context(), home, s.Guest, s.proof())
		wantError(t, err, errs.Unauthenticated, "signin.session_ended")
	})
}
