package entry

import (
	"fmt"
	"time"

	"github.com/a-h/templ"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/signin/password"
)

// Stories are the pages in their interesting states, for the storybook of
// whichever role shows them.
func Stories() []page.Story {
	wrong, often := errs.New(errs.Unauthenticated, "signin.refused"), errs.New(errs.RateLimited, "signin.too_often", "Count", 6)
	return []page.Story{
		{Name: "sign-in", Show: func(f page.Frame) templ.Component { return signInContent(sampleSignIn(f, "", nil)) }},
		{Name: "sign-in-wrong", Show: func(f page.Frame) templ.Component { return signInContent(sampleSignIn(f, "", wrong)) }},
		{Name: "sign-in-too-often", Show: func(f page.Frame) templ.Component { return signInContent(sampleSignIn(f, "", often)) }},
		{Name: "sign-in-either-way", Show: func(f page.Frame) templ.Component { return signInContent(sampleSignIn(f, Path+"/provider", nil)) }},
		{Name: "sign-in-single-sign-on-only", Show: func(f page.Frame) templ.Component {
			p := sampleSignIn(f, Path+"/provider", nil)
			p.Enforced = true
			return signInContent(p)
		}},
		{Name: "sign-in-which-enterprise", Show: func(f page.Frame) templ.Component {
			p := sampleSignIn(f, "", nil)
			p.Ask, p.Place = true, ""
			return signInContent(p)
		}},
		{Name: "join", Show: func(f page.Frame) templ.Component { return joinContent(sampleJoin(f, true, false, nil)) }},
		{Name: "join-refused", Show: func(f page.Frame) templ.Component {
			return joinContent(sampleJoin(f, true, false, errs.New(errs.Invalid, "signin.code_wrong")))
		}},
		{Name: "join-either-way", Show: func(f page.Frame) templ.Component { return joinContent(sampleJoin(f, true, true, nil)) }},
		{Name: "join-single-sign-on", Show: func(f page.Frame) templ.Component { return joinContent(sampleJoin(f, false, true, nil)) }},
		{Name: "join-closed", Show: func(f page.Frame) templ.Component { return joinContent(sampleJoin(f, false, false, nil)) }},
		{Name: "recovery-codes", Show: func(f page.Frame) templ.Component { return codesContent(sampleCodes(f)) }},
		{Name: "authenticator", Show: func(f page.Frame) templ.Component { return authenticatorContent(sampleAuthenticator(f, nil)) }},
		{Name: "authenticator-refused", Show: func(f page.Frame) templ.Component { return authenticatorContent(sampleAuthenticator(f, wrong)) }},
		{Name: "account", Show: func(f page.Frame) templ.Component { return accountContent(sampleAccount(f, 3)) }},
		{Name: "account-full", Show: func(f page.Frame) templ.Component {
			p := sampleAccount(f, signin.MaxSessions)
			p.Refusal, p.Open = p.Error(wrong), "password"
			return accountContent(p)
		}},
		{Name: "account-single-sign-on", Show: func(f page.Frame) templ.Component {
			p := sampleAccount(f, 1)
			p.Ways, p.Done = signin.Ways{Identity: true}, p.T("entry.done_sessions")
			return accountContent(p)
		}},
	}
}

// refusedWith is a page's form, refused when there is an error.
func refusedWith(f page.Frame, title string, err error) form {
	f.Title = title
	out := form{Frame: f}
	if err != nil {
		out.Refusal = f.Error(err)
	}
	return out
}

func sampleSignIn(f page.Frame, provider string, err error) *signInPage {
	p := &signInPage{form: refusedWith(f, f.T("entry.sign_in"), err), Enterprise: "acme", Next: "/", SingleSignOn: provider}
	p.Place = f.T("entry.of_hub", "Name", "Acme Instruments")
	if err != nil {
		p.Login = "mona@acme.example"
	}
	return p
}

// sampleApp is a setup that is the same each time. Its secret is nobody's.
func sampleApp() appSetup {
	app, err := newAppSetup("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "OneSeat acme", "Mona Octo")
	if err != nil {
		panic(fmt.Sprintf("entry: a sample that cannot be drawn: %v", err))
	}
	return app
}

func sampleJoin(f page.Frame, byPassword, bySingleSignOn bool, err error) *joinPage {
	return &joinPage{
		form: refusedWith(f, f.T("entry.join", "Name", "Mona Octo"), err), App: sampleApp(), Place: f.T("entry.of_hub", "Name", "Acme Instruments"), Path: "/join/sample", Least: password.Least,
		Invitation: signin.Invitation{Owner: sampleOwner(), MayUsePassword: byPassword, MayUseSingleSignOn: bySingleSignOn},
	}
}

func sampleOwner() signin.Owner {
	return signin.Owner{ID: "MONA", Enterprise: 1, Name: "Mona Octo", Role: signin.RoleOwner}
}

func sampleCodes(f page.Frame) *codesPage {
	f.Title = f.T("entry.codes")
	p := &codesPage{Frame: f}
	for i := range signin.RecoveryCodes {
		p.Codes = append(p.Codes, fmt.Sprintf("samp-le%02d-code-2345", i))
	}
	return p
}

func sampleAuthenticator(f page.Frame, err error) *authenticatorPage {
	return &authenticatorPage{form: refusedWith(sampleGuest(f), f.T("entry.new_authenticator"), err), App: sampleApp()}
}

// sampleGuest is the frame of somebody who is signed in.
func sampleGuest(f page.Frame) page.Frame {
	f.Account, f.AccountPath, f.Who, f.Role, f.WhoPath = "Acme Instruments", "/", "Mona Octo", f.T("entry.role.owner"), AccountPath
	return f
}

func sampleAccount(f page.Frame, sessions int) *accountPage {
	p := &accountPage{
		form: refusedWith(sampleGuest(f), f.T("entry.account"), nil), Least: password.Least,
		Ways: signin.Ways{Password: true, RecoveryCodes: 7, Identity: sessions > 2},
	}
	browsers := []string{"Firefox, Linux", "Safari, iOS", "", "Edge, Windows", "Chrome, Android"}
	methods := signin.Methods()
	for i := range sessions {
		began := f.At.Add(-time.Duration(i*7+1) * time.Hour)
		p.Sessions = append(p.Sessions, signin.Session{
			ID: fmt.Sprintf("SESSION%d", i), Browser: browsers[i%len(browsers)], Method: methods[i%len(methods)], CreatedAt: began, SeenAt: began,
		})
	}
	p.Guest = signin.Guest{Owner: sampleOwner(), Session: p.Sessions[0]}
	return p
}
