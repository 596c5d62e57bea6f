package signin_test

import (
	"net/url"
	"testing"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/signin/oidc"
	"github.com/oneseat/oneseat/internal/signin/oidc/oidctest"
	"github.com/oneseat/oneseat/licensing"
)

// vouched gives the kit's door a provider that tests tell what to say.
func (k *kit) vouched() *oidctest.Forger {
	k.t.Helper()
	forger := oidctest.Forge(k.t)
	forger.Now = k.now
	provider, err := oidc.New(forger.Config())
	if err != nil {
		k.t.Fatal(err)
	}
	k.door = signin.NewDoor(k.Desk, signin.DoorConfig{Provider: provider})
	return forger
}

// come comes back from a forger as somebody.
func (k *kit) come(f *oidctest.Forger, e signin.Errand, subject, email string) (signin.Entered, error) {
	k.t.Helper()
	_, passage, err := k.door.Begin(k.t.Context(), home, e, oidctest.Redirect)
	if err != nil {
		k.t.Fatal(err)
	}
	f.Claims = map[string]any{"sub": subject, "email": email, "email_verified": true}
	query := url.Values{"state": {passage.Flow.State}, "code": {passage.Flow.Nonce}}
	return k.door.Finish(k.t.Context(), home, passage, query, oidctest.Redirect)
}

// TestSingleSignOnWithARealProvider: an invited owner comes in by the address
// that the provider vouches for, and from then on as who they are there.
func TestSingleSignOnWithARealProvider(t *testing.T) {
	t.Parallel()
	theirs := oidctest.Start(t)
	Each(t, func(t *testing.T, k *kit) {
		config := theirs.Config()
		provider, err := oidc.New(config)
		if err != nil {
			t.Fatal(err)
		}
		k.door = signin.NewDoor(k.Desk, signin.DoorConfig{Provider: provider})
		k.mustOwner(ada())
		come := func(a oidctest.Account) (signin.Entered, error) {
			address, passage, err := k.door.Begin(t.Context(), home, signin.Errand{Enterprise: acme, Next: "/enterprises/acme/people"}, oidctest.Redirect)
			if err != nil {
				t.Fatal(err)
			}
			text, err := passage.Text()
			if err != nil {
				t.Fatal(err)
			}
			kept, err := signin.ParsePassage(text)
			if err != nil || kept != passage || kept.Next != "/enterprises/acme/people" {
				t.Fatalf("%+v, %v", kept, err)
			}
			return k.door.Finish(t.Context(), home, kept, theirs.SignIn(t, address, a), oidctest.Redirect)
		}
		_, err = come(oidctest.Account{Name: "ada", Email: "ada.byron@acme.example"})
		wantError(t, err, errs.Forbidden, "signin.nobody_here")
		account := oidctest.Account{Name: "ada", Email: "ada.byron@acme.example", Verified: true}
		for range 2 {
			entered, err := come(account)
			if err != nil {
				t.Fatal(err)
			}
			if guest := k.mustKnow(entered); guest.Owner.Name != "Ada" || guest.Session.Method != signin.BySingleSignOn || guest.Owner.JoinedAt.IsZero() {
				t.Errorf("%+v", guest)
			}
		}
		k.wantActions(t, "owner Ada", signin.SignedIn, signin.SignedIn, signin.OwnerAdded, signin.IdentityLinked, signin.OwnerInvited)
	})
}

// TestAnIdentityStaysAPersons: the address links once; afterwards issuer and
// subject say who it is, whatever becomes of the address.
func TestAnIdentityStaysAPersons(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		forger := k.vouched()
		k.mustOwner(ada())
		grace := owner("Grace", signin.RoleAuditor)
		grace.Email = licensing.NewEmail("grace@acme.example")
		k.mustOwner(grace)
		errand := signin.Errand{Enterprise: acme}
		first, err := k.come(forger, errand, "1001", "ada.byron@acme.example")
		if err != nil || first.Owner.Name != "Ada" {
			t.Fatal(first, err)
		}
		again, err := k.come(forger, errand, "1001", "grace@acme.example")
		if err != nil || again.Owner.Name != "Ada" {
			t.Errorf("with another address: %+v, %v", again, err)
		}
		for _, stranger := range []struct{ subject, email string }{
			{"1002", "ada.byron@acme.example"}, {"1003", "eve@acme.example"}, {"1004", ""},
		} {
			_, err := k.come(forger, errand, stranger.subject, stranger.email)
			wantError(t, err, errs.Forbidden, "signin.nobody_here")
		}
		_, err = k.come(forger, signin.Errand{Enterprise: globex}, "1001", "ada.byron@acme.example")
		wantError(t, err, errs.Forbidden, "signin.nobody_here")
		entry := k.mustEntries(acme, signin.Filter{Action: signin.SignInFailed})[1]
		if entry.Details["email"] != "e…@acme.example" || entry.Details["subject"] != "1003" || entry.Actor != "somebody" {
			t.Errorf("%+v", entry)
		}
	})
}

// TestALinkSaysWhoAnIdentityIs, where the provider vouches for no address, and
// where somebody became another at the provider.
func TestALinkSaysWhoAnIdentityIs(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		forger := k.vouched()
		link, added := k.mustOwner(owner("Ada", signin.RoleOwner))
		invitation, err := k.door.Invitation(t.Context(), home, link)
		if err != nil || !invitation.MayUseSingleSignOn || !invitation.MayUsePassword {
			t.Errorf("%+v, %v", invitation, err)
		}
		if _, err := k.come(forger, signin.Errand{Enterprise: acme, Link: link}, "1001", ""); err != nil {
			t.Fatal(err)
		}
		_, err = k.come(forger, signin.Errand{Enterprise: acme, Link: link}, "1001", "")
		wantError(t, err, errs.Unauthenticated, "signin.link_ended")
		if _, err := k.come(forger, signin.Errand{Enterprise: acme}, "1001", ""); err != nil {
			t.Error(err)
		}

		newer, _, err := k.NewLink(t.Context(), signin.CommandLine(acme), acme, added.ID)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := k.come(forger, signin.Errand{Enterprise: acme, Link: newer.Text()}, "2001", ""); err != nil {
			t.Error(err)
		}
		_, err = k.come(forger, signin.Errand{Enterprise: acme}, "1001", "")
		wantError(t, err, errs.Forbidden, "signin.nobody_here")

		others, _ := k.mustOwner(owner("Grace", signin.RoleOwner))
		_, err = k.come(forger, signin.Errand{Enterprise: acme, Link: others}, "2001", "")
		wantError(t, err, errs.Conflict, "signin.linked_to_other")
		_, err = k.come(forger, signin.Errand{Enterprise: globex, Link: others}, "3001", "")
		wantError(t, err, errs.Unauthenticated, "signin.link_ended")
		_, err = k.come(forger, signin.Errand{Enterprise: acme, Link: others[:9]}, "3001", "")
		wantError(t, err, errs.Unauthenticated, "signin.link_mistyped")
		k.mustTake(others) // it was not used up
	})
}

func TestSingleSignOnIsTheOnlyWayIn(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		alone := k.mustJoin(owner("Ida", signin.RoleOwner))
		wantError(t, k.door.Enforce(t.Context(), alone.Actor(), acme, alone.Owner.ID), errs.Conflict, "signin.no_provider")
		_, _, err := k.door.Begin(t.Context(), home, signin.Errand{Enterprise: acme}, oidctest.Redirect)
		wantError(t, err, errs.Conflict, "signin.no_provider")

		forger := k.vouched()
		ada, grace := k.mustJoin(ada()), k.mustJoin(owner("Grace", signin.RoleAuditor))
		invited, _ := k.mustOwner(owner("Lin", signin.RoleAuditor))
		enforce := func(id string) error { return k.door.Enforce(t.Context(), ada.Actor(), acme, id) }
		wantError(t, enforce("nobody"), errs.NotFound, "signin.no_owner")
		wantError(t, enforce(grace.Owner.ID), errs.NotFound, "signin.no_owner")
		wantError(t, enforce(alone.Owner.ID), errs.Conflict, "signin.nobody_linked")
		entered, err := k.come(forger, signin.Errand{Enterprise: acme}, "1001", "ada.byron@acme.example")
		if err != nil {
			t.Fatal(err)
		}
		wantError(t, enforce(ada.Owner.ID), errs.Conflict, "signin.nobody_linked")
		k.mustKnow(ada.Entered)
		if err := enforce(alone.Owner.ID); err != nil {
			t.Fatal(err)
		}
		if policy, err := k.door.SingleSignOn(t.Context(), acme); err != nil || !policy.Enforced() || policy.BreakGlass != alone.Owner.ID || !policy.Available {
			t.Errorf("%+v, %v", policy, err)
		}
		k.wantEnded(t, ada.Entered)
		k.wantEnded(t, grace.Entered)
		k.mustKnow(alone.Entered)
		k.mustKnow(entered)

		k.pass(minute)
		_, err = k.door.SignIn(t.Context(), home, ada.attempt())
		wantError(t, err, errs.Forbidden, "signin.single_sign_on_only")
		_, _, err = k.join(t.Context(), invited, ada.app)
		wantError(t, err, errs.Forbidden, "signin.single_sign_on_only")
		if invitation, err := k.door.Invitation(t.Context(), home, invited); err != nil || invitation.MayUsePassword || !invitation.MayUseSingleSignOn {
			t.Errorf("%+v, %v", invitation, err)
		}
		alone.mustSignIn()
		wantError(t, k.RemoveOwner(t.Context(), ada.Actor(), acme, alone.Owner.ID), errs.Conflict, "signin.break_glass_stays")

		// Whoever was the one has left, and the provider is gone for good: the
		// host's link lets somebody in all the same.
		k.door = signin.NewDoor(k.Desk, signin.DoorConfig{})
		link, _, err := k.NewLink(t.Context(), signin.CommandLine(acme), acme, alone.Owner.ID)
		if err != nil {
			t.Fatal(err)
		}
		k.mustTake(link.Text()).mustSignIn()
		for range 2 {
			if err := k.door.Release(t.Context(), alone.Actor(), acme); err != nil {
				t.Fatal(err)
			}
		}
		ada.mustSignIn()
		if err := k.RemoveOwner(t.Context(), ada.Actor(), acme, alone.Owner.ID); err != nil {
			t.Error(err)
		}
		if n := len(k.mustEntries(acme, signin.Filter{Action: signin.SingleSignOnReleased})); n != 1 {
			t.Errorf("released %d times", n)
		}
	})
}

func TestPassagesOfNobody(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "x", "e30", "!!!", "bnVsbA"} {
		passage, err := signin.ParsePassage(text)
		if err == nil && passage != (signin.Passage{}) {
			t.Errorf("%q: %+v", text, passage)
		}
	}
	_, err := signin.ParsePassage("eyJmb")
	wantError(t, err, errs.Unauthenticated, "signin.flow_ended")
}
