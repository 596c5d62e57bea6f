package signin_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/signin"
)

func TestAnOwnerWhoCameInIsAlwaysLeft(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		by := signin.CommandLine(acme)
		one := k.mustJoin(owner("Ada", signin.RoleOwner))
		_, invited := k.mustOwner(owner("Bob", signin.RoleOwner))
		k.mustJoin(owner("Cleo", signin.RoleAuditor))
		wantError(t, k.RemoveOwner(t.Context(), by, acme, one.Owner.ID), errs.Conflict, "signin.last_owner")
		wantError(t, k.ChangeRole(t.Context(), by, acme, one.Owner.ID, signin.RoleAuditor), errs.Conflict, "signin.last_owner")
		wantError(t, k.ChangeRole(t.Context(), by, acme, one.Owner.ID, "king"), errs.Invalid, "signin.bad_role")
		wantError(t, k.ChangeRole(t.Context(), by, globex, one.Owner.ID, signin.RoleAuditor), errs.NotFound, "signin.no_owner")
		if err := k.RemoveOwner(t.Context(), by, acme, invited.ID); err != nil {
			t.Errorf("somebody who never came in stays: %v", err)
		}
		other := k.mustJoin(owner("Dora", signin.RoleOwner))
		if err := k.ChangeRole(t.Context(), by, acme, one.Owner.ID, signin.RoleAuditor); err != nil {
			t.Fatal(err)
		}
		if guest := k.mustKnow(one.Entered); guest.Owner.Role != signin.RoleAuditor {
			t.Errorf("the role is %s from the next click on", guest.Owner.Role)
		}
		k.wantActions(t, "owner Ada", signin.RoleChanged)
		wantError(t, k.RemoveOwner(t.Context(), by, acme, other.Owner.ID), errs.Conflict, "signin.last_owner")
	})
}

func TestPeopleAreListedWithTheirWays(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		k.mustOwner(owner("Bob", signin.RoleAuditor))
		one := k.mustJoin(owner("Ada", signin.RoleOwner))
		people, err := k.People(t.Context(), acme)
		if err != nil || len(people) != 2 {
			t.Fatal(people, err)
		}
		if p := people[0]; p.Name != "Ada" || !p.Ways.Password || p.Ways.RecoveryCodes != signin.RecoveryCodes || p.Ways.Identity || !p.SeenAt.Equal(k.now()) {
			t.Errorf("Ada: %+v", p)
		}
		if p := people[1]; p.Ways != (signin.Ways{}) || !p.SeenAt.IsZero() {
			t.Errorf("Bob: %+v", p)
		}
		k.pass(3 * minute)
		k.mustKnow(one.Entered)
		sessions, err := k.AllSessions(t.Context(), acme)
		if err != nil || len(sessions) != 1 || sessions[0].OwnerID != one.Owner.ID {
			t.Errorf("sessions: %v %v", sessions, err)
		}
		if none, err := k.AllSessions(t.Context(), globex); err != nil || len(none) != 0 {
			t.Errorf("sessions of another enterprise: %v %v", none, err)
		}
	})
}

func TestTheLogIsWrittenWholeAndFound(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		var none bytes.Buffer
		if err := k.WriteEntries(t.Context(), globex, &none); err != nil || none.Len() != 0 {
			t.Errorf("an empty log: %q %v", none.String(), err)
		}
		k.mustRecordAtOnce(1001)
		if err := k.record(t.Context(), signin.Entry{Enterprise: acme, Actor: "owner Mona_100%", Action: "oneseat.undo", Target: "<b>", Details: map[string]any{"n": 12345678901234567, "text": "<&>"}}); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := k.WriteEntries(t.Context(), acme, &out); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		var last struct {
			Number  int64           `json:"number"`
			Details json.RawMessage `json:"details"`
			Hash    string          `json:"hash"`
		}
		if err := json.Unmarshal([]byte(lines[len(lines)-1]), &last); err != nil {
			t.Fatal(err)
		}
		if len(lines) != 1002 || last.Number != 1002 || last.Hash != k.mustVerify(acme).Head || !strings.Contains(string(last.Details), "12345678901234567") {
			t.Errorf("%d lines, the last %+v", len(lines), last)
		}
		for about, want := range map[string]int{"mOnA_1": 1, "0%": 1, "a_1": 1, "a%1": 0, "nobody": 0, "<B>": 1} {
			if got := k.mustEntries(acme, signin.Filter{About: about}); len(got) != want {
				t.Errorf("%q finds %d entries, want %d", about, len(got), want)
			}
		}
	})
}
