package signin

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/signin/sqlgen"
	"github.com/oneseat/oneseat/internal/signin/totp"
)

// Proof is what only a person has: a password, and a code of the authenticator
// app or a recovery code. It is not to be logged.
type Proof struct {
	Password, Code string
}

// errCode says that a code is not one of the person, or was used.
var errCode = errors.New("signin: a wrong code")

// prove runs fn in a transaction in which the proof's code is used up, when
// the proof is the person's. fn may run twice. Failures are recorded, and say
// the same whatever was wrong.
func (d *Door) prove(
	ctx context.Context, v Visitor, owner *sqlgen.Owner, p Proof, fn func(*sql.Tx, *sqlgen.Queries, Method) error,
) error {
	if err := d.countPerson(v, owner.Enterprise, owner.ID); err != nil {
		return err
	}
	has, err := credential(ctx, d.desk.reader(), owner)
	if err != nil {
		return err
	}
	right, err := d.hasher.Verify(ctx, p.Password, has.Password)
	if err != nil {
		return err
	}
	if !right {
		return d.refuse(ctx, v, owner, "password")
	}
	err = d.desk.inTx(ctx, func(tx *sql.Tx, q *sqlgen.Queries) error {
		method, err := d.useCode(ctx, tx, owner, &has, p.Code)
		if err != nil {
			return err
		}
		return fn(tx, q, method)
	})
	if errors.Is(err, errCode) {
		return d.refuse(ctx, v, owner, "code")
	}
	return err
}

// refuse records that somebody could not prove to be a person, and says so.
func (d *Door) refuse(ctx context.Context, v Visitor, owner *sqlgen.Owner, what string) error {
	err := d.desk.inTx(ctx, func(tx *sql.Tx, _ *sqlgen.Queries) error {
		return d.desk.recordFor(ctx, tx, Actor{Name: "somebody"}, SignInFailed, owner, map[string]any{"wrong": what, "browser": v.browser()})
	})
	return firstOf(err, errs.New(errs.Unauthenticated, "signin.refused"))
}

// useCode uses up a code of the authenticator app, or a recovery code; errCode
// when it is neither, or was used before.
func (d *Door) useCode(ctx context.Context, tx *sql.Tx, owner *sqlgen.Owner, has *sqlgen.Credential, code string) (Method, error) {
	code = strings.TrimSpace(code)
	if len(code) >= recoveryLength {
		return ByRecoveryCode, d.useRecoveryCode(ctx, tx, owner, code)
	}
	secret, err := totp.Parse(has.Totp)
	if err != nil {
		return "", err
	}
	step, ok := secret.Check(code, d.desk.now())
	if !ok {
		return "", errCode
	}
	n, err := sqlgen.New(tx).UseStep(ctx, sqlgen.UseStepParams{Enterprise: owner.Enterprise, Owner: owner.ID, Totp: has.Totp, Step: step})
	if err == nil && n == 0 {
		err = errCode
	}
	return ByPassword, err
}
