package ui

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/web"
)

func (u *UI) tokenRoutes() []web.Route {
	return []web.Route{
		watched(inTokens.pattern(""), "tokens", u.tokens),
		deed(inTokens.pattern(""), "create-token", u.createToken),
		deed(inTokens.pattern("/{token}/revoke"), "revoke-token", u.revokeToken),
	}
}

// tokensPage is Tokens: what programs show instead of signing in.
type tokensPage struct {
	frame

	// Live are of use, Ended were: the newest first.
	Live, Ended []signin.Token
	// Instances are those that a token may upload for.
	Instances     []hub.Source
	hosts         map[int64]string
	Refusal, Done string
	// Wanted is what the form said that was refused.
	Wanted tokenForm
}

// tokenForm is what the form of a new token says.
type tokenForm struct {
	Name, Scope, Instance, Expiry string
}

// expiries are how long a token lasts, in days; 0: until somebody revokes it.
func expiries() []int { return []int{30, 90, 365, 0} }

func (u *UI) tokens(w http.ResponseWriter, r *http.Request) error { return u.showTokens(w, r, nil) }

// showTokens shows the page, with why a form was refused.
func (u *UI) showTokens(w http.ResponseWriter, r *http.Request, refusal error) error {
	p := tokensPage{frame: u.settingsFrame(r, inTokens), hosts: map[int64]string{}, Wanted: tokenForm{Scope: string(signin.ReadEnterprise), Expiry: "90"}}
	all, err := u.desk.Tokens(r.Context(), p.About.Number)
	if err != nil {
		return err
	}
	for _, t := range all {
		if t.State(p.At) == signin.Live {
			p.Live = append(p.Live, t)
		} else {
			p.Ended = append(p.Ended, t)
		}
	}
	sources, err := u.hub.Sources(r.Context(), p.About.Number)
	if err != nil {
		return err
	}
	for _, s := range sources {
		if p.hosts[s.Number] = s.HostName; s.Number != hub.CloudSource {
			p.Instances = append(p.Instances, s)
		}
	}
	p.Done = p.done(r, "revoked")
	if refusal != nil {
		p.Refusal, p.Wanted = p.Error(refusal), tokenFormOf(r)
	}
	return page.Show(w, r, statusAfter(refusal), tokensContent(&p))
}

func tokenFormOf(r *http.Request) tokenForm {
	return tokenForm{r.PostFormValue("name"), r.PostFormValue("scope"), r.PostFormValue("instance"), r.PostFormValue("expiry")}
}

// token is the token that a form asks for.
func (f *tokenForm) token(enterprise int64, now time.Time) (signin.NewToken, error) {
	n := signin.NewToken{Enterprise: enterprise, Name: f.Name, Scopes: []signin.Scope{signin.Scope(f.Scope)}}
	if n.Scopes[0] == signin.Upload {
		if n.Instance = pathNumber(f.Instance); n.Instance == 0 {
			return n, errs.New(errs.Invalid, "pagesettings.tokens.no_instance")
		}
	}
	days, err := strconv.Atoi(f.Expiry)
	if err != nil || !slices.Contains(expiries(), days) { // not a token that never ends
		return n, errs.New(errs.Invalid, "signin.bad_expiry")
	}
	if days > 0 {
		n.ExpiresAt = now.AddDate(0, 0, days)
	}
	return n, nil
}

func (u *UI) createToken(w http.ResponseWriter, r *http.Request) error {
	v, form := visitOf(r.Context()), tokenFormOf(r)
	frame := u.settingsFrame(r, inTokens)
	wanted, err := form.token(v.About.Number, frame.At)
	if err == nil && wanted.Instance != 0 {
		err = u.knownInstance(r, wanted.Instance)
	}
	if err != nil {
		return u.settled(w, r, inTokens, "", err, u.showTokens)
	}
	secret, token, err := u.desk.CreateToken(r.Context(), v.Actor, wanted)
	if err != nil {
		return u.settled(w, r, inTokens, "", err, u.showTokens)
	}
	p := oncePage{frame: frame, area: inTokens, Secret: secret.Text()}
	p.Title = p.T("pagesettings.token.title", "Name", token.Name)
	p.Lead = p.T("pagesettings.token.lead")
	if !token.ExpiresAt.IsZero() {
		p.Until = p.T("pagesettings.token.until", "Time", p.Time(token.ExpiresAt))
	}
	return p.show(w, r)
}

// knownInstance refuses a number that no instance of the enterprise has.
func (u *UI) knownInstance(r *http.Request, number int64) error {
	found, err := u.source(r.Context(), visitOf(r.Context()).About.Number, number)
	if err == nil && (found == nil || number == hub.CloudSource) {
		err = errs.New(errs.Invalid, "hub.no_source", "Number", number)
	}
	return err
}

func (u *UI) revokeToken(w http.ResponseWriter, r *http.Request) error {
	v, err := visitOf(r.Context()), confirmed(r)
	if err == nil {
		_, err = u.desk.RevokeToken(r.Context(), v.Actor, v.About.Number, r.PathValue("token"))
	}
	return u.settled(w, r, inTokens, "revoked", err, u.showTokens)
}

// Host is what the instance of a token is called.
func (p *tokensPage) Host(t *signin.Token) string { return p.hosts[t.Instance] }

// Soon says that a token ends within two weeks.
func (p *tokensPage) Soon(t *signin.Token) bool {
	return !t.ExpiresAt.IsZero() && t.ExpiresAt.Sub(p.At) < 14*24*time.Hour
}

// scopeName is what a scope is called in a key of the catalogue.
func scopeName(s signin.Scope) string {
	switch s {
	case signin.ReadEnterprise:
		return "read"
	case signin.ManageBilling:
		return "billing"
	case signin.AdminEnterprise:
		return "admin"
	case signin.Upload:
		return "upload"
	default:
		return "none"
	}
}
