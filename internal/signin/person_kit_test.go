package signin_test

import (
	"context"
	"testing"

	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/signin/totp"
)

// good is a password that is good enough.
const good = "rain over mossy roofs"

// home is where people of the tests sign in from.
var home = signin.Visitor{Group: "192.0.2.7", Browser: "Firefox on Linux"}

// someone is a person who has come in, and what they have.
type someone struct {
	signin.Entered

	k     *kit
	app   totp.Secret
	codes []string
}

// TakeLink takes a link as a page would: with a password and an app.
func (k *kit) TakeLink(ctx context.Context, link string) (signin.Owner, error) {
	entered, _, err := k.join(ctx, link, totp.New())
	return entered.Owner, err
}

func (k *kit) join(ctx context.Context, link string, app totp.Secret) (signin.Entered, []string, error) {
	return k.door.Join(ctx, home, signin.Joining{Link: link, Password: good, Authenticator: app.Text(), Code: app.Code(k.now())})
}

// mustJoin adds a person, who takes their link.
func (k *kit) mustJoin(n signin.NewOwner) *someone {
	k.t.Helper()
	link, _ := k.mustOwner(n)
	return k.mustTake(link)
}

func (k *kit) mustTake(link string) *someone {
	k.t.Helper()
	s := &someone{k: k, app: totp.New()}
	var err error
	if s.Entered, s.codes, err = k.join(k.t.Context(), link, s.app); err != nil {
		k.t.Fatal(err)
	}
	return s
}

// attempt is what the person enters, with the code of now.
func (s *someone) attempt() signin.Attempt {
	return signin.Attempt{Enterprise: s.Owner.Enterprise, Login: s.Owner.Name, Password: good, Code: s.app.Code(s.k.now())}
}

// proof is the same for somebody who is signed in.
func (s *someone) proof() signin.Proof {
	return signin.Proof{Password: good, Code: s.app.Code(s.k.now())}
}

// mustSignIn signs the person in from home, with a code that was not used.
func (s *someone) mustSignIn() signin.Entered {
	s.k.t.Helper()
	s.k.pass(minute)
	entered, err := s.k.door.SignIn(s.k.t.Context(), home, s.attempt())
	if err != nil {
		s.k.t.Fatal(err)
	}
	return entered
}

// mustKnow says whom a session's secret is of.
func (k *kit) mustKnow(e signin.Entered) signin.Guest {
	k.t.Helper()
	guest, err := k.Recognise(k.t.Context(), e.Secret.Text())
	if err != nil {
		k.t.Fatal(err)
	}
	return guest
}

// wantActions demands what the log says of a person, newest first.
func (k *kit) wantActions(t *testing.T, target string, want ...signin.Action) {
	t.Helper()
	entries := k.mustEntries(acme, signin.Filter{Target: target})
	for i, action := range want {
		if i >= len(entries) || entries[i].Action != action {
			t.Errorf("the log's entry %d is not %s: %+v", i, action, entries)
			return
		}
	}
}
