package signin

import (
	"context"
	"database/sql"
	"strings"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/signin/password"
	"github.com/oneseat/oneseat/internal/signin/sqlgen"
	"github.com/oneseat/oneseat/internal/signin/totp"
)

// Invitation is what a one-time link is for. Reading it uses nothing up, so
// that what looks at links before people do takes nobody's.
type Invitation struct {
	Owner Owner
	// MayUsePassword says that the person may set a password; where single
	// sign-on is the only way in, one person alone may.
	MayUsePassword bool
	// MayUseSingleSignOn says that there is a provider.
	MayUseSingleSignOn bool
}

// Joining is what somebody enters who has a one-time link. It is not to be
// logged.
type Joining struct {
	Link     string // its secret
	Password string
	// Authenticator is the secret that the app was given, as [totp.Secret.Text]
	// has it, and Code what the app shows now.
	Authenticator, Code string
}

// Invitation says what a one-time link is for. Errors as [Door.Join].
func (d *Door) Invitation(ctx context.Context, v Visitor, link string) (Invitation, error) {
	row, err := d.linked(ctx, v, link)
	if err != nil {
		return Invitation{}, err
	}
	may, err := mayUsePassword(ctx, d.desk.reader(), row)
	return Invitation{ownerFromRow(row), may, d.provider != nil}, err
}

// linked is the person that a link is for, if it is of use.
func (d *Door) linked(ctx context.Context, v Visitor, link string) (*sqlgen.Owner, error) {
	if err := d.countGroup(v); err != nil {
		return nil, err
	}
	if err := check(link, linkPrefix, "signin.link_mistyped"); err != nil {
		return nil, err
	}
	row, err := d.desk.reader().OwnerByLink(ctx, sql.NullString{String: hash(link), Valid: true})
	if err != nil {
		return nil, found(err, errs.Unauthenticated, "signin.link_ended")
	}
	if micros(d.desk.now()) >= row.LinkExpiresAt {
		return nil, errs.New(errs.Unauthenticated, "signin.link_ended")
	}
	return &row, nil
}

// Join lets somebody in by a one-time link, which is used with that: with a
// password, an authenticator app and recovery codes in place of any they had.
// The codes are given here and never again. Every session they had ends.
//
// Errors: Unauthenticated when the link is mistyped, and when it is used,
// replaced, too old or unknown, which it does not tell apart; Invalid when the
// password is not good enough or the code not the app's, which uses nothing up;
// Forbidden when single sign-on is the only way in; RateLimited and
// Unavailable as [Door.SignIn].
func (d *Door) Join(ctx context.Context, v Visitor, j Joining) (Entered, []string, error) {
	row, err := d.linked(ctx, v, j.Link)
	if err != nil {
		return Entered{}, nil, err
	}
	has, err := d.equip(ctx, row, j)
	if err != nil {
		return Entered{}, nil, err
	}
	var (
		entered Entered
		codes   []string
	)
	err = d.desk.inTx(ctx, func(tx *sql.Tx, q *sqlgen.Queries) error {
		owner, err := d.desk.takeLink(ctx, tx, j.Link)
		if err != nil {
			return err
		}
		may, err := mayUsePassword(ctx, q, owner)
		if err != nil {
			return err
		}
		if !may {
			return errs.New(errs.Forbidden, "signin.single_sign_on_only")
		}
		if codes, err = d.desk.setCredential(ctx, tx, owner, has); err != nil {
			return err
		}
		entered, err = d.desk.open(ctx, tx, owner, ByLink, v)
		return err
	})
	if err != nil {
		return Entered{}, nil, err
	}
	return entered, codes, nil
}

// equip checks what somebody chose, and makes of it what is kept.
func (d *Door) equip(ctx context.Context, owner *sqlgen.Owner, j Joining) (sqlgen.SetCredentialParams, error) {
	has := sqlgen.SetCredentialParams{Enterprise: owner.Enterprise, Owner: owner.ID, SetAt: micros(d.desk.now())}
	if err := checkPassword(j.Password, owner); err != nil {
		return has, err
	}
	secret, step, err := d.authenticator(j.Authenticator, j.Code)
	if err != nil {
		return has, err
	}
	has.Totp, has.TotpStep = secret.Text(), step
	has.Password, err = d.hasher.Hash(ctx, j.Password)
	return has, err
}

// checkPassword refuses a password that is bad for anybody, or for its person.
func checkPassword(text string, owner *sqlgen.Owner) error {
	local, _, _ := strings.Cut(owner.Email, "@")
	return password.Check(text, owner.Name, local)
}

// authenticator is the secret that an app was given, if a code shows that it
// was, and the step of the code.
func (d *Door) authenticator(text, code string) (totp.Secret, int64, error) {
	secret, err := totp.Parse(text)
	if err != nil {
		return totp.Secret{}, 0, errs.New(errs.Invalid, "signin.authenticator_odd")
	}
	step, ok := secret.Check(code, d.desk.now())
	if !ok {
		return totp.Secret{}, 0, errs.New(errs.Invalid, "signin.code_wrong")
	}
	return secret, step, nil
}

// setCredential gives a person a password, an authenticator app and recovery
// codes, and ends every session they had.
func (d *Desk) setCredential(ctx context.Context, tx *sql.Tx, owner *sqlgen.Owner, has sqlgen.SetCredentialParams) ([]string, error) {
	if err := sqlgen.New(tx).SetCredential(ctx, has); err != nil {
		return nil, err
	}
	person := ownerFromRow(owner)
	by := person.Actor()
	for _, action := range []Action{PasswordSet, SecondFactorSet} {
		if err := d.recordOwner(ctx, tx, by, action, owner); err != nil {
			return nil, err
		}
	}
	if err := d.endSessions(ctx, tx, by, owner, ""); err != nil {
		return nil, err
	}
	return d.makeRecoveryCodes(ctx, tx, by, owner)
}

// takeLink uses a one-time link up, and gives the person it is for.
func (d *Desk) takeLink(ctx context.Context, tx *sql.Tx, secret string) (*sqlgen.Owner, error) {
	q, link := sqlgen.New(tx), sql.NullString{String: hash(secret), Valid: true}
	row, err := q.OwnerByLink(ctx, link)
	if err != nil {
		return nil, found(err, errs.Unauthenticated, "signin.link_ended")
	}
	now := micros(d.now())
	n, err := q.TakeLink(ctx, sqlgen.TakeLinkParams{Enterprise: row.Enterprise, ID: row.ID, LinkHash: link, Now: now})
	switch {
	case err != nil:
		return nil, err
	case n == 0:
		return nil, errs.New(errs.Unauthenticated, "signin.link_ended")
	case row.JoinedAt == 0:
		row.JoinedAt = now
	}
	row.LinkHash = sql.NullString{}
	owner := ownerFromRow(&row)
	return &row, d.recordOwner(ctx, tx, owner.Actor(), owner.Role.joined(), &row)
}
