package signin_test

import (
	"strings"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/signin"
)

func (k *kit) wantEnded(t *testing.T, e signin.Entered) {
	t.Helper()
	_, err := k.Recognise(t.Context(), e.Secret.Text())
	wantError(t, err, errs.Unauthenticated, "signin.session_ended")
}

func TestSessionsEndByThemselves(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		s := k.mustJoin(ada())
		idle, busy := s.mustSignIn(), s.mustSignIn()
		for k.now().Before(busy.Session.CreatedAt.Add(signin.SessionLife - time.Microsecond)) {
			guest := k.mustKnow(busy)
			if got := guest.Session.EndsAt(); got.After(busy.Session.CreatedAt.Add(signin.SessionLife)) || !got.After(k.now()) {
				t.Errorf("ends at %v", got)
			}
			k.elapsed.Store(int64(min(k.now().Add(8*time.Hour).Sub(morning), busy.Session.CreatedAt.Add(signin.SessionLife-time.Microsecond).Sub(morning))))
		}
		k.mustKnow(busy)
		k.wantEnded(t, idle)
		k.pass(time.Microsecond)
		k.wantEnded(t, busy)

		late := s.mustSignIn()
		k.pass(signin.SessionIdle - time.Microsecond)
		k.mustKnow(late)
		k.pass(signin.SessionIdle)
		k.wantEnded(t, late)
		if listed, err := k.Sessions(t.Context(), acme, s.Owner.ID); err != nil || len(listed) != 0 {
			t.Errorf("%+v, %v", listed, err)
		}
	})
}

// TestSessionsAreSeenToTheHour: nothing is written more often.
func TestSessionsAreSeenToTheHour(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		s := k.mustJoin(ada())
		began := k.now()
		for _, test := range []struct{ after, seen time.Duration }{
			{time.Hour - 1000, 0}, {time.Hour, time.Hour}, {90 * time.Minute, time.Hour}, {2 * time.Hour, 2 * time.Hour},
		} {
			k.elapsed.Store(int64(began.Add(test.after).Sub(morning)))
			k.mustKnow(s.Entered)
			listed, err := k.Sessions(t.Context(), acme, s.Owner.ID)
			if err != nil || len(listed) != 1 || !listed[0].SeenAt.Equal(began.Add(test.seen)) {
				t.Errorf("after %v: %+v, %v", test.after, listed, err)
			}
		}
	})
}

func TestSessionsAreEnded(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		s, other := k.mustJoin(ada()), k.mustJoin(owner("Grace", signin.RoleAuditor))
		first, second, third := s.Entered, s.mustSignIn(), s.mustSignIn()

		wantError(t, k.EndSession(t.Context(), other.Actor(), acme, other.Owner.ID, first.Session.ID), errs.NotFound, "signin.no_session")
		wantError(t, k.EndSession(t.Context(), s.Actor(), globex, s.Owner.ID, first.Session.ID), errs.NotFound, "signin.no_session")
		k.mustKnow(first)
		if err := k.EndSession(t.Context(), s.Actor(), acme, s.Owner.ID, first.Session.ID); err != nil {
			t.Fatal(err)
		}
		k.wantEnded(t, first)
		if err := k.SignOut(t.Context(), second.Guest); err != nil {
			t.Fatal(err)
		}
		k.wantEnded(t, second)
		k.wantActions(t, "owner Ada", signin.SignedOut, signin.SessionEnded)

		fourth := s.mustSignIn()
		if err := k.EndSessions(t.Context(), s.Actor(), acme, s.Owner.ID, fourth.Session.ID); err != nil {
			t.Fatal(err)
		}
		k.wantEnded(t, third)
		k.mustKnow(fourth)
		k.mustKnow(other.Entered)
		wantError(t, k.EndSessions(t.Context(), s.Actor(), globex, s.Owner.ID, ""), errs.NotFound, "signin.no_owner")
		k.mustJoin(owner("another", signin.RoleOwner))
		if err := k.RemoveOwner(t.Context(), other.Actor(), acme, s.Owner.ID); err != nil {
			t.Fatal(err)
		}
		k.wantEnded(t, fourth)
	})
}

// TestTheOldestSessionGivesWay when there are as many as may be.
func TestTheOldestSessionGivesWay(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		s := k.mustJoin(ada())
		k.door = signin.NewDoor(k.Desk, signin.DoorConfig{Attempts: signin.Attempts{Group: 1000, Both: 1000, Person: 1000}})
		all := []signin.Entered{s.Entered}
		for range signin.MaxSessions {
			all = append(all, s.mustSignIn())
		}
		k.wantEnded(t, all[0])
		for _, e := range all[1:] {
			k.mustKnow(e)
		}
	})
}

func TestSessionSecrets(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		s := k.mustJoin(ada())
		secret := s.Secret.Text()
		if !strings.HasPrefix(secret, "oss_") || s.Secret.String() != "oss_…" {
			t.Error(s.Secret)
		}
		for _, wrong := range []string{"", secret[:len(secret)-1], "ost_" + secret[4:], wellFormed} {
			_, err := k.Recognise(t.Context(), wrong)
			wantError(t, err, errs.Unauthenticated, "signin.session_ended")
		}
		_, err := k.Authenticate(t.Context(), secret)
		wantError(t, err, errs.Unauthenticated, "signin.token_mistyped")
		text := k.mustDump("session") + k.mustDump("recovery_code") + k.mustDump("credential") + k.mustDump("audit_entry")
		for _, hidden := range []string{secret, secret[4:34], good, s.codes[0], strings.ReplaceAll(s.codes[0], "-", "")} {
			if strings.Contains(text, hidden) {
				t.Errorf("%s is in the database: %s", hidden, text)
			}
		}
		if strings.Contains(k.mustDump("audit_entry"), s.app.Text()) {
			t.Error("the app's secret is in the log")
		}
	})
}
