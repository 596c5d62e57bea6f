package signin

import (
	"context"
	"database/sql"
	"errors"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/signin/sqlgen"
)

// SingleSignOn is what holds for an enterprise.
type SingleSignOn struct {
	// Available says that there is a provider.
	Available bool
	// BreakGlass is the id of the one owner who may still use a password,
	// where single sign-on is the only way in; empty where it is not.
	BreakGlass string
}

// Enforced says that single sign-on is the only way in, but for one owner.
func (s SingleSignOn) Enforced() bool { return s.BreakGlass != "" }

// SingleSignOn says what holds for an enterprise. It stays enforced when a
// provider is taken away: then the one owner alone gets in, and whoever has a
// one-time link from the host for them.
func (d *Door) SingleSignOn(ctx context.Context, enterprise int64) (SingleSignOn, error) {
	breakGlass, err := enforcedBut(ctx, d.desk.reader(), enterprise)
	return SingleSignOn{d.provider != nil, breakGlass}, err
}

// Enforce makes single sign-on the only way in, but for one owner. Sessions of
// others that began otherwise end.
//
// Errors: Conflict when there is no provider, when the owner has no password
// to get in by, and when no other owner has come in by single sign-on yet,
// which would show too late that it does not work; NotFound when there is no
// such owner.
func (d *Door) Enforce(ctx context.Context, by Actor, enterprise int64, breakGlass string) error {
	if d.provider == nil {
		return errs.New(errs.Conflict, "signin.no_provider")
	}
	return d.desk.inTx(ctx, func(tx *sql.Tx, q *sqlgen.Queries) error {
		row, err := d.breakGlass(ctx, q, enterprise, breakGlass)
		if err != nil {
			return err
		}
		if err := q.EnforceSingleSignOn(ctx, sqlgen.EnforceSingleSignOnParams{Enterprise: enterprise, BreakGlass: breakGlass}); err != nil {
			return err
		}
		ended, err := q.DeleteSessionsWithPassword(ctx, sqlgen.DeleteSessionsWithPasswordParams{Enterprise: enterprise, But: breakGlass})
		if err != nil {
			return err
		}
		return d.desk.recordFor(ctx, tx, by, SingleSignOnEnforced, row, map[string]any{"issuer": d.provider.Issuer(), "sessions": ended})
	})
}

// breakGlass is the owner with an id, if they can be the one.
func (d *Door) breakGlass(ctx context.Context, q *sqlgen.Queries, enterprise int64, id string) (*sqlgen.Owner, error) {
	row, err := q.Owner(ctx, sqlgen.OwnerParams{Enterprise: enterprise, ID: id})
	if err != nil || Role(row.Role) != RoleOwner {
		return nil, found(firstOf(err, sql.ErrNoRows), errs.NotFound, "signin.no_owner")
	}
	has, err := credential(ctx, q, &row)
	if err != nil {
		return nil, err
	}
	if has.Password == "" {
		return nil, errs.New(errs.Conflict, "signin.break_glass_needs_password", "Name", row.Name)
	}
	others, err := q.OthersLinked(ctx, sqlgen.OthersLinkedParams{Enterprise: enterprise, Issuer: d.provider.Issuer(), But: id})
	if err != nil {
		return nil, err
	}
	if others == 0 {
		return nil, errs.New(errs.Conflict, "signin.nobody_linked")
	}
	return &row, nil
}

// Release lets people use passwords again. Where they could, nothing changes.
func (d *Door) Release(ctx context.Context, by Actor, enterprise int64) error {
	return d.desk.inTx(ctx, func(tx *sql.Tx, q *sqlgen.Queries) error {
		n, err := q.ReleaseSingleSignOn(ctx, enterprise)
		if err != nil || n == 0 {
			return err
		}
		return d.desk.Record(ctx, tx, Entry{Enterprise: enterprise, Actor: by.Name, Action: SingleSignOnReleased})
	})
}

// enforcedBut is the one owner who may use a password where single sign-on is
// the only way in, empty where it is not.
func enforcedBut(ctx context.Context, q *sqlgen.Queries, enterprise int64) (string, error) {
	id, err := q.SingleSignOn(ctx, enterprise)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return id, database.Translate(err)
}

func mayUsePassword(ctx context.Context, q *sqlgen.Queries, owner *sqlgen.Owner) (bool, error) {
	breakGlass, err := enforcedBut(ctx, q, owner.Enterprise)
	return breakGlass == "" || breakGlass == owner.ID, err
}
