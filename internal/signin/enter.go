package signin

import (
	"context"
	"database/sql"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/signin/sqlgen"
	"github.com/oneseat/oneseat/licensing"
)

// NoEnterprise is the number for a name that no enterprise has: whoever asks
// for it is refused as somebody who is not known.
const NoEnterprise int64 = -1

// Attempt is what somebody enters to come in. It is not to be logged.
type Attempt struct {
	Enterprise int64
	// Login is the person's name, or their address.
	Login    string
	Password string
	// Code is the one that the authenticator app shows, or a recovery code.
	Code string
}

// SignIn lets somebody in by password and code.
//
// Errors: Unauthenticated when there is nobody of that name, when they have no
// password, and when password or code are wrong or the code was used, which it
// does not tell apart; Forbidden when all is right and single sign-on is the
// only way in; RateLimited after too many attempts; Unavailable when too many
// sign in at once.
func (d *Door) SignIn(ctx context.Context, v Visitor, a Attempt) (Entered, error) {
	if err := d.countGroup(v); err != nil {
		return Entered{}, err
	}
	owner, known, err := d.person(ctx, a.Enterprise, a.Login)
	if err != nil {
		return Entered{}, err
	}
	if !known {
		_, err := d.hasher.Verify(ctx, a.Password, "") // so that it takes as long
		return Entered{}, firstOf(err, errs.New(errs.Unauthenticated, "signin.refused"))
	}
	var entered Entered
	err = d.prove(ctx, v, owner, Proof{a.Password, a.Code}, func(tx *sql.Tx, q *sqlgen.Queries, method Method) error {
		passes, err := mayUsePassword(ctx, q, owner)
		if err != nil {
			return err
		}
		if !passes {
			return errs.New(errs.Forbidden, "signin.single_sign_on_only")
		}
		entered, err = d.desk.open(ctx, tx, owner, method, v)
		return err
	})
	if err != nil {
		return Entered{}, err
	}
	return entered, nil
}

// firstOf is err when there is one, and otherwise the other.
func firstOf(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// addressed is the one person who has an address.
func addressed(rows []sqlgen.Owner, address licensing.Email) (*sqlgen.Owner, bool) {
	key, ok := address.Key()
	if !ok {
		return nil, false
	}
	return only(rows, func(r *sqlgen.Owner) bool {
		theirs, ok := licensing.NewEmail(r.Email).Key()
		return ok && theirs == key
	})
}
