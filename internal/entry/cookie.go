package entry

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/web"
)

// The cookies: of a session, and of somebody who is at the provider. Over TLS
// their names begin with "__Host-", so that no other server of the domain can
// set them. Without, they end with the port: browsers send the cookies of a host
// to every port of it (RFC 6265, section 8.5), and a hub and an agent on one
// loopback address would sign people out of one another.
const (
	sessionCookie = "oneseat_session"
	passageCookie = "oneseat_passage"
)

// passageFor is how long somebody may be at the provider.
const passageFor = 10 * time.Minute

// secure says that the browser asks over TLS, whoever ends it.
func secure(r *http.Request) bool { return asked(r).Scheme == "https" }

// asked is where the browser asks, by the external URL where there is one.
func asked(r *http.Request) *url.URL {
	u, err := url.Parse(web.URL(r, "/", nil))
	if err != nil {
		return &url.URL{}
	}
	return u
}

func cookieName(r *http.Request, name string) string {
	u := asked(r)
	switch {
	case u.Scheme == "https":
		return "__Host-" + name
	case u.Port() != "":
		return name + "_" + u.Port()
	}
	return name
}

// remember keeps a value in the browser for a time, forget ends that.
func remember(w http.ResponseWriter, r *http.Request, name, value string, age time.Duration) {
	http.SetCookie(w, cookie(r, name, value, age))
}

func cookie(r *http.Request, name, value string, age time.Duration) *http.Cookie {
	return &http.Cookie{
		Name: cookieName(r, name), Value: value, Path: "/", MaxAge: int(age / time.Second),
		HttpOnly: true, Secure: secure(r), SameSite: http.SameSiteLaxMode,
	}
}

// SessionCookie is what a browser keeps of a session: for a demo, which lets
// people in whom it made itself.
func SessionCookie(r *http.Request, secret signin.Secret) *http.Cookie {
	return cookie(r, sessionCookie, secret.Text(), signin.SessionLife)
}

func forget(w http.ResponseWriter, r *http.Request, name string) {
	remember(w, r, name, "", -time.Second)
}

// remembered is what the browser kept; empty when it is nothing.
func remembered(r *http.Request, name string) string {
	c, err := r.Cookie(cookieName(r, name))
	if err != nil {
		return ""
	}
	return c.Value
}

// Guest says who a request is of. The error is Unauthenticated when nobody is
// signed in.
func (e *Entry) Guest(r *http.Request) (signin.Guest, error) {
	return e.desk.Recognise(r.Context(), remembered(r, sessionCookie))
}

// visitor is who stands before the door.
func visitor(r *http.Request) signin.Visitor {
	return signin.Visitor{Group: web.Group(r), Browser: browserName(r.UserAgent())}
}

// browserName is a browser in a few words, "Firefox, Linux": enough for its
// owner to know it again in a list.
func browserName(agent string) string {
	first := func(names [][2]string) string {
		for _, name := range names {
			if strings.Contains(agent, name[0]) {
				return name[1]
			}
		}
		return ""
	}
	// Browsers claim to be others as well: the one that nobody else claims to be
	// stands first.
	browser := first([][2]string{{"Edg", "Edge"}, {"OPR/", "Opera"}, {"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"}, {"Chrom", "Chrome"}, {"CriOS/", "Chrome"}, {"Safari/", "Safari"}})
	system := first([][2]string{{"Android", "Android"}, {"iPhone", "iOS"}, {"iPad", "iPadOS"}, {"Windows", "Windows"}, {"Mac OS", "macOS"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"}})
	return strings.Trim(browser+", "+system, ", ")
}
