package signin

import (
	"slices"
	"time"

	"github.com/oneseat/oneseat/internal/signin/sqlgen"
)

// A session ends SessionIdle after it was seen last, which is known to the
// hour, and SessionLife after it began whatever happens.
const (
	SessionIdle = 12 * time.Hour
	SessionLife = 7 * 24 * time.Hour
)

// MaxSessions is how many sessions a person has at most; the oldest gives way.
const MaxSessions = 20

// Method is how a person came in.
type Method string

// The methods.
const (
	ByPassword     Method = "password"      // and a code of the authenticator app
	ByRecoveryCode Method = "recovery_code" // in place of the code
	ByLink         Method = "link"          // of one use, with a new password set
	BySingleSignOn Method = "single_sign_on"
)

// Methods are all methods.
func Methods() []Method { return []Method{ByPassword, ByRecoveryCode, ByLink, BySingleSignOn} }

// Message is the key of the words for the method.
func (m Method) Message() (key string, args map[string]any) { return "signin.method." + string(m), nil }

// Session is a browser that somebody signed in with: everything but its secret.
type Session struct {
	ID         string
	Enterprise int64
	OwnerID    string
	Method     Method
	Browser    string // as [Visitor] has it
	CreatedAt  time.Time
	SeenAt     time.Time // to the hour
}

// EndsAt is when the session ends if nobody uses it any more.
func (s *Session) EndsAt() time.Time {
	return slices.MinFunc([]time.Time{s.SeenAt.Add(SessionIdle), s.CreatedAt.Add(SessionLife)}, time.Time.Compare)
}

// Guest is a person who is signed in, and the session they are.
type Guest struct {
	Owner   Owner
	Session Session
}

// Actor is the person.
func (g *Guest) Actor() Actor { return g.Owner.Actor() }

// Entered is what somebody gets who just came in. Secret is for their browser
// alone.
type Entered struct {
	Guest

	Secret Secret
}

func sessionFromRow(r *sqlgen.Session) Session {
	return Session{
		ID: r.ID, Enterprise: r.Enterprise, OwnerID: r.Owner, Method: Method(r.Method), Browser: r.Browser,
		CreatedAt: instant(r.CreatedAt), SeenAt: instant(r.SeenAt),
	}
}
