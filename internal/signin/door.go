package signin

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/ratelimit"
	"github.com/oneseat/oneseat/internal/signin/oidc"
	"github.com/oneseat/oneseat/internal/signin/password"
	"github.com/oneseat/oneseat/internal/signin/sqlgen"
	"github.com/oneseat/oneseat/licensing"
)

// DoorConfig is what a [Door] is made of. The zero value is usable.
type DoorConfig struct {
	// Provider vouches for people; nil: there is no single sign-on.
	Provider *oidc.Provider
	Attempts Attempts
}

// Attempts is how often somebody may try to come in, an hour. All may be used
// up at once and fill up evenly. Zero values are the defaults.
type Attempts struct {
	// Group is from one place of the network, 0 60; Both for one person from
	// there, 0 10; Person for one person from everywhere, 0 100: so many that
	// a stranger who tries cannot keep the person out from where they are.
	Group, Both, Person int
	// Remembered is how many of each are told apart, 0 10,000.
	Remembered int
}

func (a Attempts) withDefaults() Attempts {
	or := func(n, otherwise int) int {
		if n > 0 {
			return n
		}
		return otherwise
	}
	return Attempts{Group: or(a.Group, 60), Both: or(a.Both, 10), Person: or(a.Person, 100), Remembered: or(a.Remembered, 10_000)}
}

// Visitor is who stands before the door, as far as one can see.
type Visitor struct {
	// Group is where in the network they are, for counting alone.
	Group string
	// Browser is theirs in a few words, for the list of sessions.
	Browser string
}

// longestBrowser bounds what is kept of a browser's name, in bytes.
const longestBrowser = 60

func (v Visitor) browser() string {
	text := masked(v.Browser)
	for len(text) > longestBrowser {
		_, size := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-size]
	}
	return text
}

// Door is where people come in: by password and code ([Door.SignIn]), by a
// one-time link ([Door.Join]) or by single sign-on ([Door.Begin] and
// [Door.Finish]). Each ends in a session, which [Desk.Recognise] knows again.
// It is safe for concurrent use.
type Door struct {
	desk     *Desk
	provider *oidc.Provider
	hasher   *password.Hasher

	groups, both, persons *ratelimit.Limiter
}

// NewDoor makes the door of a desk. One is enough for a process, and more than
// one would count attempts more than once.
func NewDoor(desk *Desk, c DoorConfig) *Door {
	a := c.Attempts.withDefaults()
	return &Door{
		desk: desk, provider: c.Provider, hasher: password.NewHasher(),
		groups:  ratelimit.New(a.Group, a.Remembered, desk.now),
		both:    ratelimit.New(a.Both, a.Remembered, desk.now),
		persons: ratelimit.New(a.Person, a.Remembered, desk.now),
	}
}

// countGroup takes one attempt from a place of the network.
func (d *Door) countGroup(v Visitor) error { return tooOften(d.groups.Take(v.Group)) }

// countPerson takes one attempt for a person. Whoever used up their own place's
// attempts takes none from those that the person has everywhere.
func (d *Door) countPerson(v Visitor, enterprise int64, who string) error {
	person := strconv.FormatInt(enterprise, 10) + " " + who
	if err := tooOften(d.both.Take(person + " " + v.Group)); err != nil {
		return err
	}
	return tooOften(d.persons.Take(person))
}

// tooOften is RateLimited when an attempt was one too many.
func tooOften(s ratelimit.Standing) error {
	if s.Retry == 0 {
		return nil
	}
	return errs.New(errs.RateLimited, "signin.too_often", "Count", (s.Retry+59)/60)
}

// person finds who a login names: a name as it is written, in any case, or an
// address. False when nobody or more than one fits.
func (d *Door) person(ctx context.Context, enterprise int64, login string) (*sqlgen.Owner, bool, error) {
	rows, err := d.desk.reader().Owners(ctx, sqlgen.OwnersParams{Enterprise: enterprise, Page: MaxOwners})
	if err != nil {
		return nil, false, database.Translate(err)
	}
	login = strings.TrimSpace(login)
	if strings.Contains(login, "@") {
		row, ok := addressed(rows, licensing.NewEmail(login))
		return row, ok, nil
	}
	named := func(same func(string) bool) (*sqlgen.Owner, bool) {
		return only(rows, func(r *sqlgen.Owner) bool { return same(r.Name) })
	}
	if row, ok := named(func(name string) bool { return name == login }); ok {
		return row, true, nil
	}
	row, ok := named(func(name string) bool { return strings.EqualFold(name, login) })
	return row, ok, nil
}

// only is the one row that fits.
func only(rows []sqlgen.Owner, fits func(*sqlgen.Owner) bool) (*sqlgen.Owner, bool) {
	var found *sqlgen.Owner
	for i := range rows {
		if !fits(&rows[i]) {
			continue
		}
		if found != nil {
			return nil, false
		}
		found = &rows[i]
	}
	return found, found != nil
}

// credential is how a person signs in with a password; the zero value when
// they have none.
func credential(ctx context.Context, q *sqlgen.Queries, owner *sqlgen.Owner) (sqlgen.Credential, error) {
	row, err := q.Credential(ctx, sqlgen.CredentialParams{Enterprise: owner.Enterprise, Owner: owner.ID})
	if errors.Is(err, sql.ErrNoRows) {
		return sqlgen.Credential{}, nil
	}
	return row, database.Translate(err)
}
