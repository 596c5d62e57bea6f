package signin

import (
	"context"
	"database/sql"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/signin/sqlgen"
)

// ChangeRole gives a person another role, from their next click on. The role
// that they have changes nothing.
//
// Errors: NotFound when there is nobody with the id; Invalid when there is no
// such role; Conflict as [Desk.RemoveOwner].
func (d *Desk) ChangeRole(ctx context.Context, by Actor, enterprise int64, id string, role Role) error {
	if !role.known() {
		return errs.New(errs.Invalid, "signin.bad_role", "Role", string(role))
	}
	return d.inTx(ctx, func(tx *sql.Tx, q *sqlgen.Queries) error {
		row, err := q.Owner(ctx, sqlgen.OwnerParams{Enterprise: enterprise, ID: id})
		if err != nil {
			return found(err, errs.NotFound, "signin.no_owner")
		}
		if row.Role == string(role) {
			return nil
		}
		if err := dispensable(ctx, q, &row); err != nil {
			return err
		}
		if err := q.SetRole(ctx, sqlgen.SetRoleParams{Enterprise: enterprise, ID: id, Role: string(role)}); err != nil {
			return err
		}
		return d.recordFor(ctx, tx, by, RoleChanged, &row, map[string]any{"from": row.Role, "to": role})
	})
}
