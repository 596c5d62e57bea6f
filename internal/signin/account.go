package signin

import (
	"context"
	"database/sql"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/signin/sqlgen"
)

// Ways are the ways in that a person has.
type Ways struct {
	Password      bool // and an authenticator app
	RecoveryCodes int  // that are left
	Identity      bool // at the provider
}

// Ways says how a person can sign in.
func (d *Door) Ways(ctx context.Context, owner *Owner) (Ways, error) {
	q, row := d.desk.reader(), &sqlgen.Owner{Enterprise: owner.Enterprise, ID: owner.ID}
	has, err := credential(ctx, q, row)
	if err != nil {
		return Ways{}, err
	}
	left, err := q.CountRecoveryCodes(ctx, sqlgen.CountRecoveryCodesParams{Enterprise: row.Enterprise, Owner: row.ID})
	if err != nil {
		return Ways{}, database.Translate(err)
	}
	linked, err := q.CountIdentities(ctx, sqlgen.CountIdentitiesParams{Enterprise: row.Enterprise, Owner: row.ID})
	return Ways{has.Password != "", int(left), linked > 0}, database.Translate(err)
}

// ChangePassword gives a guest another password, and ends the other sessions
// they have.
//
// Errors of this and of the next two: Unauthenticated when the proof does not
// hold; Invalid when what is new is not good enough; RateLimited and
// Unavailable as [Door.SignIn].
func (d *Door) ChangePassword(ctx context.Context, v Visitor, g Guest, p Proof, text string) error {
	owner, err := d.row(ctx, g)
	if err != nil {
		return err
	}
	if err := checkPassword(text, owner); err != nil {
		return err
	}
	kept, err := d.hasher.Hash(ctx, text)
	if err != nil {
		return err
	}
	return d.prove(ctx, v, owner, p, func(tx *sql.Tx, q *sqlgen.Queries, _ Method) error {
		err := q.SetPassword(ctx, sqlgen.SetPasswordParams{Enterprise: owner.Enterprise, Owner: owner.ID, Password: kept, Now: micros(d.desk.now())})
		if err != nil {
			return err
		}
		if err := d.desk.recordOwner(ctx, tx, g.Actor(), PasswordSet, owner); err != nil {
			return err
		}
		return d.desk.endSessions(ctx, tx, g.Actor(), owner, g.Session.ID)
	})
}

// ChangeAuthenticator gives a guest another authenticator app: secret is what
// it was given, and code what it shows now. The proof is of the app before it,
// or has a recovery code. The other sessions they have end.
func (d *Door) ChangeAuthenticator(ctx context.Context, v Visitor, g Guest, p Proof, secret, code string) error {
	owner, err := d.row(ctx, g)
	if err != nil {
		return err
	}
	app, step, err := d.authenticator(secret, code)
	if err != nil {
		return err
	}
	return d.prove(ctx, v, owner, p, func(tx *sql.Tx, q *sqlgen.Queries, _ Method) error {
		err := q.SetTOTP(ctx, sqlgen.SetTOTPParams{Enterprise: owner.Enterprise, Owner: owner.ID, Totp: app.Text(), TotpStep: step, Now: micros(d.desk.now())})
		if err != nil {
			return err
		}
		if err := d.desk.recordOwner(ctx, tx, g.Actor(), SecondFactorSet, owner); err != nil {
			return err
		}
		return d.desk.endSessions(ctx, tx, g.Actor(), owner, g.Session.ID)
	})
}

// NewRecoveryCodes gives a guest new recovery codes in place of those they
// have. They are given here and never again.
func (d *Door) NewRecoveryCodes(ctx context.Context, v Visitor, g Guest, p Proof) ([]string, error) {
	owner, err := d.row(ctx, g)
	if err != nil {
		return nil, err
	}
	var codes []string
	err = d.prove(ctx, v, owner, p, func(tx *sql.Tx, _ *sqlgen.Queries, _ Method) error {
		var err error
		codes, err = d.desk.makeRecoveryCodes(ctx, tx, g.Actor(), owner)
		return err
	})
	if err != nil {
		return nil, err
	}
	return codes, nil
}

// row is a guest as the database has them now.
func (d *Door) row(ctx context.Context, g Guest) (*sqlgen.Owner, error) {
	row, err := d.desk.reader().Owner(ctx, sqlgen.OwnerParams{Enterprise: g.Owner.Enterprise, ID: g.Owner.ID})
	if err != nil {
		return nil, found(err, errs.Unauthenticated, "signin.session_ended")
	}
	return &row, nil
}
