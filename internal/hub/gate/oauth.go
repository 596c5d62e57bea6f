package gate

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/web"
)

// maxForm is the size of the largest form that is read, in bytes.
const maxForm = connect.MaxSigned + 4<<10

// oauthLater is what OAuth calls a refusal that time mends, and laterAgain how
// many seconds that takes where nobody knows better.
const (
	oauthLater = "temporarily_unavailable"
	laterAgain = 3 * 60
)

// oauth makes refusals those of RFC 6749 5.2, with the sentence beside them, and
// tells of them.
func (g *Gate) oauth(route string, answer func(*http.Request) (any, error)) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		body, err := answer(r)
		status := http.StatusOK
		if err != nil {
			var refusal connect.Refusal
			if refusal, status = refusalOf(r, w.Header(), err); status >= http.StatusInternalServerError {
				return err
			}
			_ = g.refused(route, err)
			body = refusal
		}
		w.Header().Set("Cache-Control", "no-store")
		return writeJSON(w, status, body)
	}
}

// refusalOf puts an error into OAuth's words.
func refusalOf(r *http.Request, header http.Header, err error) (connect.Refusal, int) {
	if waiting, ok := errors.AsType[hub.Waiting](err); ok {
		return connect.Refusal{Error: waiting.Error()}, http.StatusBadRequest
	}
	p := web.Describe(r.Context(), err)
	maps.Copy(header, p.GetHeaders())
	refusal := connect.Refusal{Error: connect.OAuthGrant, Description: p.Detail, Code: p.Code, Args: p.Args}
	switch errs.KindOf(err) {
	case errs.Unauthenticated, errs.Forbidden:
		return refusal, http.StatusBadRequest
	case errs.Invalid, errs.TooLarge:
		refusal.Error = connect.OAuthInvalid
		return refusal, http.StatusBadRequest
	default:
		refusal.Error = oauthLater
		if header.Get("Retry-After") == "" {
			header.Set("Retry-After", strconv.Itoa(laterAgain))
		}
		return refusal, p.Status
	}
}

// authorize is the device authorization endpoint, RFC 8628 3.1.
func (g *Gate) authorize(r *http.Request) (any, error) {
	form, hubAddress, err := formOf(r)
	if err != nil {
		return nil, err
	}
	device, p, err := g.hub.BeginPairing(r.Context(), form.Get("client_id"), form.Get("statement"), hubAddress, web.Group(r))
	if err != nil {
		return nil, err
	}
	code := hub.ShownCode(p.UserCode)
	return connect.Pairing{
		DeviceCode: device, UserCode: code, VerificationURI: web.URL(r, connect.PathEnter, nil),
		VerificationURIComplete: web.URL(r, connect.PathEnter, url.Values{"code": {code}}),
		ExpiresIn:               int(connect.PairingLife / time.Second), Interval: int(p.Pause / time.Second),
	}, nil
}

// token is the token endpoint, RFC 6749 3.2. Whoever asks in vain does so at the
// cost of their address.
func (g *Gate) token(r *http.Request) (any, error) {
	granted, err := g.granted(r)
	waiting, waits := errors.AsType[hub.Waiting](err)
	if err == nil || waits && waiting == connect.OAuthPending {
		return granted, err
	}
	if standing := g.strangers.Take(web.Group(r)); standing.Retry > 0 {
		return nil, later(errs.New(errs.RateLimited, "hub.many_tokens", "Most", standing.Limit), standing.Retry)
	}
	return nil, err
}

func (g *Gate) granted(r *http.Request) (any, error) {
	form, hubAddress, err := formOf(r)
	if err != nil {
		return nil, err
	}
	var granted *hub.Granted
	switch form.Get("grant_type") {
	case connect.GrantDevice:
		granted, err = g.hub.AwaitPairing(r.Context(), form.Get("client_id"), form.Get("device_code"), hubAddress)
	case connect.GrantAssertion:
		granted, err = g.hub.MintToken(r.Context(), form.Get("assertion"), hubAddress)
	default:
		err = hub.Waiting(connect.OAuthUnsupported)
	}
	if err != nil {
		return nil, err
	}
	return connect.Grant{
		AccessToken: granted.Token, TokenType: "Bearer", ExpiresIn: int(connect.TokenLife / time.Second), Lease: granted.Lease,
		Connection: granted.Connection.ID, Enterprise: connect.Enterprise{Slug: granted.Enterprise.Slug, Name: granted.Enterprise.Name},
		Enrolment: granted.Enrolment,
	}, nil
}

// formOf reads a form, which is in the body alone, and the address that its
// sender called.
func formOf(r *http.Request) (url.Values, string, error) {
	hubAddress, err := address(r)
	if err != nil {
		return nil, "", err
	}
	if err := r.ParseForm(); err != nil {
		return nil, "", errs.Wrap(errs.Invalid, err, "hub.bad_call")
	}
	return r.PostForm, hubAddress, nil
}

func writeJSON(w http.ResponseWriter, status int, body any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, err = w.Write(append(text, '\n'))
	return err
}
