package signin

import (
	"slices"
	"strings"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/signin/sqlgen"
)

// MaxTokens is how many tokens an enterprise has at most. Revoked and expired
// ones stay in the list until their place is needed.
const MaxTokens = 500

// Token is what is kept of an API token: everything but its secret.
type Token struct {
	ID         string
	Enterprise int64
	// Name is unique among the tokens of the enterprise that are not revoked.
	Name   string
	Scopes []Scope
	// Instance is the number of the one instance a token with the scope
	// [Upload] is for, 0 otherwise.
	Instance  int64
	CreatedBy string
	// Maker is the id of the token it was made with, empty when a person made
	// it: it ends with that token.
	Maker     string
	CreatedAt time.Time
	// ExpiresAt is when it ends; zero: never.
	ExpiresAt time.Time
	// LastUsedAt is when it was last used, to the hour; zero: never.
	LastUsedAt time.Time
	// RevokedAt is when somebody ended it; zero: nobody did.
	RevokedAt time.Time
}

// TokenState says whether a token is of use.
type TokenState string

// The states of a token.
const (
	Live    TokenState = "live"
	Expired TokenState = "expired"
	Revoked TokenState = "revoked"
)

// State is the token's state at a time.
func (t *Token) State(now time.Time) TokenState {
	switch {
	case !t.RevokedAt.IsZero():
		return Revoked
	case !t.ExpiresAt.IsZero() && !now.Before(t.ExpiresAt):
		return Expired
	default:
		return Live
	}
}

// Actor is who shows the token.
func (t *Token) Actor() Actor {
	return Actor{Name: "token " + t.Name, Token: t.ID, Enterprise: t.Enterprise, Scopes: t.Scopes, Instance: t.Instance}
}

// NewToken is a token to be made.
type NewToken struct {
	Enterprise int64
	// Name has 1 to 100 characters that print, no @, and is not the name of
	// another token of the enterprise, unless that is revoked.
	Name string
	// Scopes are any but [Upload], or [Upload] alone.
	Scopes []Scope
	// Instance is the number of an instance with [Upload], 0 otherwise.
	Instance int64
	// ExpiresAt is in the future, and no later than that of the token that it is
	// made with; zero: never.
	ExpiresAt time.Time
}

func (n *NewToken) check(now time.Time) error {
	if err := checkName(n.Name); err != nil {
		return err
	}
	if len(n.Scopes) == 0 {
		return errs.New(errs.Invalid, "signin.no_scope")
	}
	for i, s := range n.Scopes {
		if !slices.Contains(Scopes(), s) || slices.Contains(n.Scopes[:i], s) {
			return errs.New(errs.Invalid, "signin.bad_scope", "Scope", string(s))
		}
	}
	uploads := slices.Contains(n.Scopes, Upload)
	switch {
	case uploads && (len(n.Scopes) > 1 || n.Instance <= 0), !uploads && n.Instance != 0:
		return errs.New(errs.Invalid, "signin.bad_upload_scope")
	case !n.ExpiresAt.IsZero() && !n.ExpiresAt.After(now):
		return errs.New(errs.Invalid, "signin.bad_expiry")
	default:
		return nil
	}
}

// joinScopes and splitScopes turn scopes into the text of a column and back.
func joinScopes(scopes []Scope) string {
	texts := make([]string, len(scopes))
	for i, s := range scopes {
		texts[i] = string(s)
	}
	return strings.Join(texts, " ")
}

func splitScopes(text string) []Scope {
	var scopes []Scope
	for s := range strings.FieldsSeq(text) {
		scopes = append(scopes, Scope(s))
	}
	return scopes
}

func tokenFromRow(r *sqlgen.ApiToken) Token {
	return Token{
		ID: r.ID, Enterprise: r.Enterprise, Name: r.Name, Scopes: splitScopes(r.Scopes), Instance: r.Instance,
		CreatedBy: r.CreatedBy, CreatedAt: instant(r.CreatedAt), ExpiresAt: instant(r.ExpiresAt),
		LastUsedAt: instant(r.LastUsedAt), RevokedAt: instant(r.RevokedAt), Maker: r.Maker,
	}
}
