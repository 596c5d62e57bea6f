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
	"github.com/oneseat/oneseat/licensing"
)

func owner(name string, role signin.Role) signin.NewOwner {
	return signin.NewOwner{Enterprise: acme, Name: name, Role: role}
}

func TestALinkLetsOnePersonInOnce(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		n := owner("Ada", signin.RoleOwner)
		n.Email = licensing.NewEmail("Ada.Byron@acme.example")
		link, added := k.mustOwner(n)
		if !added.JoinedAt.IsZero() || !added.LinkExpiresAt.Equal(morning.Add(24*time.Hour)) {
			t.Errorf("added %+v", added)
		}
		k.pass(time.Hour)
		joined, err := k.TakeLink(t.Context(), link)
		if err != nil {
			t.Fatal(err)
		}
		want := added
		want.JoinedAt, want.LinkExpiresAt = k.now(), time.Time{}
		if joined != want || joined.Email.Address() != "Ada.Byron@acme.example" {
			t.Errorf("got %+v, want %+v", joined, want)
		}
		if listed, err := k.Owners(t.Context(), acme); err != nil || len(listed) != 1 || listed[0] != want {
			t.Errorf("listed %+v (%v), want %+v", listed, err, want)
		}
		_, err = k.TakeLink(t.Context(), link)
		wantError(t, err, errs.Unauthenticated, "signin.link_ended")
	})
}

// TestALinkIsTakenOnceByMany: of ten who use a link at once, one gets in.
func TestALinkIsTakenOnceByMany(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		link, _ := k.mustOwner(owner("Ada", signin.RoleOwner))
		var in atomic.Int32
		var all sync.WaitGroup
		for range 10 {
			all.Go(func() {
				if _, err := k.TakeLink(t.Context(), link); err == nil {
					in.Add(1)
				} else if kind := errs.KindOf(err); kind != errs.Unauthenticated && kind != errs.Unavailable {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if in.Load() != 1 || len(k.mustEntries(acme, signin.Filter{Action: signin.OwnerAdded})) != 1 {
			t.Errorf("%d came in", in.Load())
		}
	})
}

func TestLinksEnd(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		first, added := k.mustOwner(owner("Ada", signin.RoleOwner))
		newer, _, err := k.NewLink(t.Context(), signin.CommandLine(acme), acme, added.ID)
		if err != nil {
			t.Fatal(err)
		}
		_, err = k.TakeLink(t.Context(), first)
		wantError(t, err, errs.Unauthenticated, "signin.link_ended")
		_, err = k.TakeLink(t.Context(), newer.Text()[:20])
		wantError(t, err, errs.Unauthenticated, "signin.link_mistyped")
		_, err = k.TakeLink(t.Context(), wellFormed)
		wantError(t, err, errs.Unauthenticated, "signin.link_mistyped")

		k.pass(24*time.Hour - time.Microsecond)
		late, _ := k.mustOwner(owner("Late", signin.RoleAuditor))
		if _, err = k.TakeLink(t.Context(), newer.Text()); err != nil {
			t.Error(err)
		}
		k.pass(24 * time.Hour)
		_, err = k.TakeLink(t.Context(), late)
		wantError(t, err, errs.Unauthenticated, "signin.link_ended")

		gone, removed := k.mustOwner(owner("Gone", signin.RoleAuditor))
		if err := k.RemoveOwner(t.Context(), signin.CommandLine(acme), acme, removed.ID); err != nil {
			t.Fatal(err)
		}
		_, err = k.TakeLink(t.Context(), gone)
		wantError(t, err, errs.Unauthenticated, "signin.link_ended")
	})
}

func TestRolesHaveTheirActions(t *testing.T) {
	t.Parallel()
	tests := map[signin.Role]string{
		signin.RoleOwner:          "business.remove_admin business.add_admin business.invite_admin",
		signin.RoleBillingManager: "oneseat.billing_manager_remove oneseat.billing_manager_add business.invite_billing_manager",
		signin.RoleAuditor:        "oneseat.auditor_remove oneseat.auditor_add oneseat.auditor_invite",
	}
	Each(t, func(t *testing.T, k *kit) {
		k.mustJoin(owner("another", signin.RoleOwner))
		for _, role := range signin.Roles() {
			name := fmt.Sprintf("the %s", role)
			link, added := k.mustOwner(owner(name, role))
			if _, err := k.TakeLink(t.Context(), link); err != nil {
				t.Fatal(err)
			}
			if err := k.RemoveOwner(t.Context(), signin.CommandLine(acme), acme, added.ID); err != nil {
				t.Fatal(err)
			}
			var got, by []string
			for _, e := range k.mustEntries(acme, signin.Filter{Target: "owner " + name}) {
				if !strings.Contains(tests[role], string(e.Action)) {
					continue // of their ways in
				}
				got, by = append(got, string(e.Action)), append(by, e.Actor)
			}
			if strings.Join(got, " ") != tests[role] {
				t.Errorf("%s: got %v, want %v", role, got, tests[role])
			}
			if want := "command line, " + strings.ReplaceAll(string(role), "_", " ") + " " + name + ", command line"; strings.Join(by, ", ") != want {
				t.Errorf("%s: by %v, want %v", role, by, want)
			}
		}
	})
}

func TestOwnersThatCannotBe(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		_, added := k.mustOwner(owner("Ada", signin.RoleOwner))
		bad := owner("Grace", signin.RoleOwner)
		bad.Email = licensing.NewEmail("grace")
		add := func(n signin.NewOwner) error {
			_, _, err := k.AddOwner(t.Context(), signin.CommandLine(acme), n)
			return err
		}
		wantError(t, add(bad), errs.Invalid, "signin.bad_email")
		wantError(t, add(owner("", signin.RoleOwner)), errs.Invalid, "signin.bad_name")
		wantError(t, add(owner("Grace", "root")), errs.Invalid, "signin.bad_role")
		wantError(t, add(owner("Ada", signin.RoleAuditor)), errs.Conflict, "signin.name_taken")

		_, _, err := k.NewLink(t.Context(), signin.CommandLine(globex), globex, added.ID)
		wantError(t, err, errs.NotFound, "signin.no_owner")
		wantError(t, k.RemoveOwner(t.Context(), signin.CommandLine(globex), globex, added.ID), errs.NotFound, "signin.no_owner")

		for i := range signin.MaxOwners - 1 {
			k.mustExec(`INSERT INTO owner (enterprise, id, name, email, role, created_by, created_at, link_expires_at)
				VALUES ($1, $2, $2, '', 'auditor', '', 0, 0)`, acme, fmt.Sprint(i))
		}
		wantError(t, add(owner("Grace", signin.RoleOwner)), errs.Conflict, "signin.too_many_owners")
	})
}
