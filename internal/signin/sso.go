package signin

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/url"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/signin/oidc"
	"github.com/oneseat/oneseat/internal/signin/sqlgen"
)

// Errand is what somebody wants who is sent to the provider.
type Errand struct {
	Enterprise int64  `json:"enterprise"`
	Link       string `json:"link,omitempty"` // the secret of a one-time link; empty for none
	Next       string `json:"next,omitempty"` // where they want to go afterwards
}

// Passage is what a browser keeps while its person is at the provider. It is
// not to be logged.
type Passage struct {
	Errand

	Flow oidc.Flow `json:"flow"`
}

// Text is the passage as a cookie has it.
func (p *Passage) Text() (string, error) {
	text, err := json.Marshal(p)
	return base64.RawURLEncoding.EncodeToString(text), err
}

// ParsePassage reads what [Passage.Text] wrote. The error is Unauthenticated
// when it is none.
func ParsePassage(text string) (Passage, error) {
	var p Passage
	plain, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err == nil {
		err = json.Unmarshal(plain, &p)
	}
	if err != nil {
		return Passage{}, errs.New(errs.Unauthenticated, "signin.flow_ended")
	}
	return p, nil
}

// Begin gives the address of the provider to send a browser to, and what the
// browser keeps until it comes back. Redirect is where the provider sends it
// to. Errors: Conflict when there is no provider, Unavailable when it cannot
// be reached, RateLimited after too many attempts.
func (d *Door) Begin(ctx context.Context, v Visitor, e Errand, redirect string) (string, Passage, error) {
	if d.provider == nil {
		return "", Passage{}, errs.New(errs.Conflict, "signin.no_provider")
	}
	if err := d.countGroup(v); err != nil {
		return "", Passage{}, err
	}
	address, flow, err := d.provider.Begin(ctx, redirect)
	return address, Passage{e, flow}, err
}

// Finish lets somebody in who came back from the provider with a query.
//
// Who they are there is linked to a person of the enterprise: it was linked
// before, or the one-time link they came with says so, or it is the one person
// with the address that the provider vouches for, who is not linked yet.
//
// Errors: Forbidden when it is nobody's; Conflict when a one-time link is for
// somebody else; Unauthenticated when the passage, the link or the provider's
// word does not hold; the others as [Door.Begin].
func (d *Door) Finish(ctx context.Context, v Visitor, p Passage, query url.Values, redirect string) (Entered, error) {
	if d.provider == nil {
		return Entered{}, errs.New(errs.Conflict, "signin.no_provider")
	}
	if err := d.countGroup(v); err != nil {
		return Entered{}, err
	}
	identity, err := d.provider.Finish(ctx, p.Flow, query, redirect)
	if err != nil {
		return Entered{}, err
	}
	var entered Entered
	err = d.desk.inTx(ctx, func(tx *sql.Tx, q *sqlgen.Queries) error {
		owner, err := d.desk.identify(ctx, tx, p.Errand, identity)
		if err != nil {
			return err
		}
		entered, err = d.desk.open(ctx, tx, owner, BySingleSignOn, v)
		return err
	})
	if errors.Is(err, errStranger) {
		return Entered{}, d.turnAway(ctx, v, p.Enterprise, identity)
	}
	if err != nil {
		return Entered{}, err
	}
	return entered, nil
}

// errStranger says that an identity is nobody's here.
var errStranger = errors.New("signin: nobody of this enterprise")

// turnAway records that the provider vouched for somebody who is nobody here,
// and says so.
func (d *Door) turnAway(ctx context.Context, v Visitor, enterprise int64, who oidc.Identity) error {
	err := d.desk.inTx(ctx, func(tx *sql.Tx, _ *sqlgen.Queries) error {
		if enterprise == NoEnterprise {
			return nil // nobody's log
		}
		return d.desk.Record(ctx, tx, Entry{
			Enterprise: enterprise, Actor: "somebody", Action: SignInFailed,
			Details: map[string]any{"wrong": "nobody's identity", "subject": who.Subject, "email": who.Email, "browser": v.browser()},
		})
	})
	return firstOf(err, errs.New(errs.Forbidden, "signin.nobody_here"))
}

// identify is the person of the enterprise that an identity is, linked.
func (d *Desk) identify(ctx context.Context, tx *sql.Tx, e Errand, who oidc.Identity) (*sqlgen.Owner, error) {
	q := sqlgen.New(tx)
	linked, err := q.Identity(ctx, sqlgen.IdentityParams{Enterprise: e.Enterprise, Issuer: who.Issuer, Subject: who.Subject})
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, err
	}
	switch {
	case e.Link != "":
		return d.identifyByLink(ctx, tx, e, who, linked.Owner)
	case linked.Owner != "":
		row, err := q.Owner(ctx, sqlgen.OwnerParams{Enterprise: e.Enterprise, ID: linked.Owner})
		return &row, err
	default:
		return d.identifyByAddress(ctx, tx, e, who)
	}
}

// identifyByLink links an identity, in place of another of the same provider,
// to the person a one-time link is for.
func (d *Desk) identifyByLink(ctx context.Context, tx *sql.Tx, e Errand, who oidc.Identity, already string) (*sqlgen.Owner, error) {
	if err := check(e.Link, linkPrefix, "signin.link_mistyped"); err != nil {
		return nil, err
	}
	owner, err := d.takeLink(ctx, tx, e.Link)
	switch {
	case err != nil:
		return nil, err
	case owner.Enterprise != e.Enterprise:
		return nil, errs.New(errs.Unauthenticated, "signin.link_ended")
	case already == owner.ID:
		return owner, nil
	case already != "":
		return nil, errs.New(errs.Conflict, "signin.linked_to_other")
	}
	_, err = sqlgen.New(tx).DeleteIdentities(ctx, sqlgen.DeleteIdentitiesParams{Enterprise: owner.Enterprise, Owner: owner.ID, Issuer: who.Issuer})
	if err != nil {
		return nil, err
	}
	return owner, d.linkIdentity(ctx, tx, owner, who)
}

// identifyByAddress links an identity to the one person who has its address,
// was invited by it and has no identity of the provider yet.
func (d *Desk) identifyByAddress(ctx context.Context, tx *sql.Tx, e Errand, who oidc.Identity) (*sqlgen.Owner, error) {
	q := sqlgen.New(tx)
	rows, err := q.Owners(ctx, sqlgen.OwnersParams{Enterprise: e.Enterprise, Page: MaxOwners})
	if err != nil {
		return nil, err
	}
	owner, ok := addressed(rows, who.Email)
	if !ok {
		return nil, errStranger
	}
	_, err = q.IdentityOf(ctx, sqlgen.IdentityOfParams{Enterprise: owner.Enterprise, Owner: owner.ID, Issuer: who.Issuer})
	switch {
	case err == nil:
		return nil, errStranger // the address is somebody else's now
	case !errors.Is(err, sql.ErrNoRows):
		return nil, err
	}
	if err := d.linkIdentity(ctx, tx, owner, who); err != nil || owner.JoinedAt != 0 {
		return owner, err
	}
	owner.JoinedAt = micros(d.now())
	if err := q.JoinOwner(ctx, sqlgen.JoinOwnerParams{Enterprise: owner.Enterprise, ID: owner.ID, Now: owner.JoinedAt}); err != nil {
		return nil, err
	}
	person := ownerFromRow(owner)
	return owner, d.recordOwner(ctx, tx, person.Actor(), person.Role.joined(), owner)
}

func (d *Desk) linkIdentity(ctx context.Context, tx *sql.Tx, owner *sqlgen.Owner, who oidc.Identity) error {
	err := sqlgen.New(tx).AddIdentity(ctx, sqlgen.AddIdentityParams{
		Enterprise: owner.Enterprise, Owner: owner.ID, Issuer: who.Issuer, Subject: who.Subject, Now: micros(d.now()),
	})
	if err != nil {
		return err
	}
	person := ownerFromRow(owner)
	return d.recordFor(ctx, tx, person.Actor(), IdentityLinked, owner, map[string]any{"issuer": who.Issuer, "subject": who.Subject})
}
