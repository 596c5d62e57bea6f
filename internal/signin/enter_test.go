package signin_test

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/signin/totp"
	"github.com/oneseat/oneseat/licensing"
)

const minute = time.Minute

func ada() signin.NewOwner {
	n := owner("Ada", signin.RoleOwner)
	n.Email = licensing.NewEmail("Ada.Byron@acme.example")
	return n
}

func TestPeopleComeInByPasswordAndCode(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		s := k.mustJoin(ada())
		for _, login := range []string{"Ada", "ada", " ADA ", "ada.byron@ACME.example"} {
			k.pass(minute)
			attempt := s.attempt()
			attempt.Login = login
			entered, err := k.door.SignIn(t.Context(), home, attempt)
			if err != nil {
				t.Fatalf("%q: %v", login, err)
			}
			guest := k.mustKnow(entered)
			if guest != entered.Guest || guest.Owner != s.Owner || guest.Session.Method != signin.ByPassword || guest.Session.Browser != "Firefox on Linux" {
				t.Errorf("%q: got %+v, entered as %+v", login, guest, entered.Guest)
			}
			if actor := guest.Actor(); actor.Name != "owner Ada" || !actor.May(signin.AdminEnterprise) || actor.Enterprise != acme {
				t.Errorf("%+v", actor)
			}
		}
		k.wantActions(t, "owner Ada", signin.SignedIn, signin.SignedIn, signin.SignedIn, signin.SignedIn, signin.SignedIn,
			signin.RecoveryCodesMade, signin.SecondFactorSet, signin.PasswordSet, signin.OwnerAdded, signin.OwnerInvited)
	})
}

// TestRefusalsSayNothing: whatever is wrong, the answer is the same.
func TestRefusalsSayNothing(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		s := k.mustJoin(ada())
		invited := owner("Grace", signin.RoleAuditor)
		k.mustOwner(invited)
		k.pass(minute)
		tests := []struct {
			name   string
			change func(*signin.Attempt)
			wrong  string // what the log says; "" when it says nothing
		}{
			{"password", func(a *signin.Attempt) { a.Password = "rain over mossy hills" }, "password"},
			{"no password", func(a *signin.Attempt) { a.Password = "" }, "password"},
			{"code", func(a *signin.Attempt) { a.Code = s.app.Code(k.now().Add(time.Hour)) }, "code"},
			{"no code", func(a *signin.Attempt) { a.Code = "" }, "code"},
			{"code of another", func(a *signin.Attempt) { a.Code = totp.New().Code(k.now()) }, "code"},
			{"recovery code", func(a *signin.Attempt) { a.Code = "aaaa-bbbb-cccc-dddd" }, "code"},
			{"name", func(a *signin.Attempt) { a.Login = "Adam" }, ""},
			{"address", func(a *signin.Attempt) { a.Login = "adam@acme.example" }, ""},
			{"no address", func(a *signin.Attempt) { a.Login = "@" }, ""},
			{"enterprise", func(a *signin.Attempt) { a.Enterprise = globex }, ""},
			{"someone without a password", func(a *signin.Attempt) { a.Login = "Grace" }, "password"},
			{"someone without a password, and none", func(a *signin.Attempt) { a.Login, a.Password = "Grace", "" }, "password"},
		}
		for _, test := range tests {
			attempt := s.attempt()
			test.change(&attempt)
			before := k.mustVerify(acme).Last
			entered, err := k.door.SignIn(t.Context(), signin.Visitor{Group: test.name}, attempt)
			wantError(t, err, errs.Unauthenticated, "signin.refused")
			if entered != (signin.Entered{}) {
				t.Errorf("%s: entered %+v", test.name, entered)
			}
			if logged := k.mustVerify(acme).Last - before; (logged == 1) != (test.wrong != "") || logged > 1 {
				t.Errorf("%s: %d entries", test.name, logged)
			}
			if latest := k.mustEntries(acme, signin.Filter{})[0]; test.wrong != "" &&
				(latest.Action != signin.SignInFailed || latest.Details["wrong"] != test.wrong || latest.Actor != "somebody") {
				t.Errorf("%s: %+v", test.name, latest)
			}
		}
		s.mustSignIn()
	})
}

// TestACodeIsUsedOnce: nor is one that is older than one that was used.
func TestACodeIsUsedOnce(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		s := k.mustJoin(ada())
		try := func(at time.Time) error {
			attempt := s.attempt()
			attempt.Code = s.app.Code(at)
			_, err := k.door.SignIn(t.Context(), home, attempt)
			return err
		}
		wantError(t, try(k.now()), errs.Unauthenticated, "signin.refused") // used to join
		k.pass(minute)
		if err := try(k.now()); err != nil {
			t.Error(err)
		}
		wantError(t, try(k.now()), errs.Unauthenticated, "signin.refused")
		wantError(t, try(k.now().Add(-30*time.Second)), errs.Unauthenticated, "signin.refused")
		if err := try(k.now().Add(30 * time.Second)); err != nil {
			t.Error(err)
		}
	})
}

// TestACodeIsUsedOnceByMany: of several with the same code at once, one gets in.
func TestACodeIsUsedOnceByMany(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		s := k.mustJoin(ada())
		k.pass(minute)
		for _, code := range []string{s.app.Code(k.now()), s.codes[3]} {
			attempt := s.attempt()
			attempt.Code = code
			var in atomic.Int32
			var all sync.WaitGroup
			for range 5 {
				all.Go(func() {
					if _, err := k.door.SignIn(t.Context(), home, attempt); err == nil {
						in.Add(1)
					} else if kind := errs.KindOf(err); kind != errs.Unauthenticated && kind != errs.Unavailable {
						t.Error(err)
					}
				})
			}
			all.Wait()
			if in.Load() != 1 {
				t.Errorf("%d came in", in.Load())
			}
		}
	})
}

func TestRecoveryCodes(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		s := k.mustJoin(ada())
		if len(s.codes) != signin.RecoveryCodes {
			t.Fatal(s.codes)
		}
		attempt := s.attempt()
		for i, code := range []string{s.codes[0], strings.ToUpper(s.codes[1]), strings.ReplaceAll(s.codes[2], "-", ""), " " + strings.ReplaceAll(s.codes[3], "-", " ") + " "} {
			attempt.Code = code
			entered, err := k.door.SignIn(t.Context(), home, attempt)
			if err != nil || entered.Session.Method != signin.ByRecoveryCode {
				t.Errorf("%d: %+v, %v", i, entered, err)
			}
			_, err = k.door.SignIn(t.Context(), home, attempt)
			wantError(t, err, errs.Unauthenticated, "signin.refused")
		}
		k.wantActions(t, "owner Ada", signin.SignInFailed, signin.SignedIn, signin.RecoveryCodeUsed)
		used := k.mustEntries(acme, signin.Filter{Action: signin.RecoveryCodeUsed})[0]
		if fmt.Sprint(used.Details["left"]) != "6" {
			t.Errorf("%+v", used)
		}
		ways, err := k.door.Ways(t.Context(), &s.Owner)
		if err != nil || ways != (signin.Ways{Password: true, RecoveryCodes: 6}) {
			t.Errorf("%+v, %v", ways, err)
		}
	})
}

// TestAttemptsAreCounted: from one place against one person, from one place,
// and against one person from everywhere.
func TestAttemptsAreCounted(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		s, other := k.mustJoin(ada()), k.mustJoin(owner("Grace", signin.RoleAuditor))
		k.door = signin.NewDoor(k.Desk, signin.DoorConfig{Attempts: signin.Attempts{Group: 8, Both: 3, Person: 5}})
		try := func(who *someone, from, code string) error {
			attempt := who.attempt()
			attempt.Code = code
			_, err := k.door.SignIn(t.Context(), signin.Visitor{Group: from}, attempt)
			return err
		}
		k.pass(minute)
		for range 3 {
			wantError(t, try(s, "there", "000"), errs.Unauthenticated, "signin.refused")
		}
		logged := k.mustVerify(acme).Last
		wantError(t, try(s, "there", s.app.Code(k.now())), errs.RateLimited, "signin.too_often")
		if k.mustVerify(acme).Last != logged {
			t.Error("an attempt that was not let through is in the log")
		}
		if err := try(other, "there", other.app.Code(k.now())); err != nil {
			t.Errorf("somebody else from there: %v", err)
		}
		if err := try(s, "home", s.app.Code(k.now())); err != nil {
			t.Errorf("from elsewhere: %v", err)
		}
		wantError(t, try(s, "home", "000"), errs.Unauthenticated, "signin.refused")
		wantError(t, try(s, "elsewhere", "000"), errs.RateLimited, "signin.too_often")
		for range 3 {
			_ = try(other, "there", "000")
		}
		wantError(t, try(other, "there", "000"), errs.RateLimited, "signin.too_often")
		_, err := k.door.Invitation(t.Context(), signin.Visitor{Group: "there"}, wellFormed)
		wantError(t, err, errs.RateLimited, "signin.too_often")
		k.pass(time.Hour)
		if err := try(s, "there", s.app.Code(k.now())); err != nil {
			t.Errorf("an hour later: %v", err)
		}
	})
}
