package signin

import (
	"context"
	"database/sql"
	"errors"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/signin/sqlgen"
)

// AddOwner adds a person and makes the one-time link they come in by, within
// 24 hours. The secret part of the link is given here and never again.
//
// Errors: Invalid when the name, the address or the role cannot be; Conflict
// when the name is taken or the enterprise has [MaxOwners].
func (d *Desk) AddOwner(ctx context.Context, by Actor, n NewOwner) (Secret, Owner, error) {
	if err := n.check(); err != nil {
		return Secret{}, Owner{}, err
	}
	now, secret := d.now(), newSecret(linkPrefix)
	row := sqlgen.Owner{
		Enterprise: n.Enterprise, ID: newID(), Name: n.Name, Email: n.Email.Address(), Role: string(n.Role), CreatedBy: by.Name,
		CreatedAt: micros(now), LinkHash: sql.NullString{String: hash(secret.text), Valid: true}, LinkExpiresAt: micros(now.Add(linkFor)),
	}
	err := d.inTx(ctx, func(tx *sql.Tx, q *sqlgen.Queries) error {
		if err := addOwner(ctx, q, &row); err != nil {
			return err
		}
		return d.recordOwner(ctx, tx, by, n.Role.invited(), &row)
	})
	if err != nil {
		return Secret{}, Owner{}, err
	}
	return secret, ownerFromRow(&row), nil
}

func (n *NewOwner) check() error {
	if err := checkName(n.Name); err != nil {
		return err
	}
	if _, ok := n.Email.Key(); !ok && !n.Email.IsZero() {
		return errs.New(errs.Invalid, "signin.bad_email")
	}
	if !n.Role.known() {
		return errs.New(errs.Invalid, "signin.bad_role", "Role", string(n.Role))
	}
	return nil
}

func addOwner(ctx context.Context, q *sqlgen.Queries, row *sqlgen.Owner) error {
	same, err := q.OwnersNamed(ctx, sqlgen.OwnersNamedParams{Enterprise: row.Enterprise, Name: row.Name})
	if err != nil {
		return err
	}
	if same > 0 {
		return errs.New(errs.Conflict, "signin.name_taken", "Name", row.Name)
	}
	n, err := q.CountOwners(ctx, row.Enterprise)
	if err != nil {
		return err
	}
	if n >= MaxOwners {
		return errs.New(errs.Conflict, "signin.too_many_owners", "Most", MaxOwners)
	}
	return q.AddOwner(ctx, sqlgen.AddOwnerParams{
		Enterprise: row.Enterprise, ID: row.ID, Name: row.Name, Email: row.Email, Role: row.Role, CreatedBy: row.CreatedBy,
		CreatedAt: row.CreatedAt, LinkHash: row.LinkHash, LinkExpiresAt: row.LinkExpiresAt,
	})
}

// NewLink makes another one-time link for a person who needs one; the one
// before it is of no use any more. NotFound when there is nobody with the id.
func (d *Desk) NewLink(ctx context.Context, by Actor, enterprise int64, id string) (Secret, Owner, error) {
	secret, owner := newSecret(linkPrefix), Owner{}
	err := d.inTx(ctx, func(tx *sql.Tx, q *sqlgen.Queries) error {
		row, err := q.Owner(ctx, sqlgen.OwnerParams{Enterprise: enterprise, ID: id})
		if err != nil {
			return found(err, errs.NotFound, "signin.no_owner")
		}
		row.LinkHash = sql.NullString{String: hash(secret.text), Valid: true}
		row.LinkExpiresAt = micros(d.now().Add(linkFor))
		err = q.SetLink(ctx, sqlgen.SetLinkParams{Enterprise: enterprise, ID: id, LinkHash: row.LinkHash, LinkExpiresAt: row.LinkExpiresAt})
		if err != nil {
			return err
		}
		owner = ownerFromRow(&row)
		return d.recordOwner(ctx, tx, by, owner.Role.invited(), &row)
	})
	if err != nil {
		return Secret{}, Owner{}, err
	}
	return secret, owner, nil
}

// Owners gives the people of an enterprise by name; [MaxOwners] at most.
func (d *Desk) Owners(ctx context.Context, enterprise int64) ([]Owner, error) {
	rows, err := d.reader().Owners(ctx, sqlgen.OwnersParams{Enterprise: enterprise, Page: MaxOwners})
	if err != nil {
		return nil, database.Translate(err)
	}
	owners := make([]Owner, len(rows))
	for i := range rows {
		owners[i] = ownerFromRow(&rows[i])
	}
	return owners, nil
}

// RemoveOwner removes a person, and with them their link, their sessions and
// every way in. NotFound when there is nobody with the id; Conflict when they
// are the last owner who came in, or the one who may pass by single sign-on.
func (d *Desk) RemoveOwner(ctx context.Context, by Actor, enterprise int64, id string) error {
	return d.inTx(ctx, func(tx *sql.Tx, q *sqlgen.Queries) error {
		row, err := q.Owner(ctx, sqlgen.OwnerParams{Enterprise: enterprise, ID: id})
		if err != nil {
			return found(err, errs.NotFound, "signin.no_owner")
		}
		if err := dispensable(ctx, q, &row); err != nil {
			return err
		}
		if err := q.DeleteOwner(ctx, sqlgen.DeleteOwnerParams{Enterprise: enterprise, ID: id}); err != nil {
			return err
		}
		return d.recordOwner(ctx, tx, by, Role(row.Role).removed(), &row)
	})
}

// dispensable refuses what would leave an enterprise without an owner who can
// come in.
func dispensable(ctx context.Context, q *sqlgen.Queries, row *sqlgen.Owner) error {
	switch only, err := q.SingleSignOn(ctx, row.Enterprise); {
	case err == nil && only == row.ID:
		return errs.New(errs.Conflict, "signin.break_glass_stays", "Name", row.Name)
	case err != nil && !errors.Is(err, sql.ErrNoRows):
		return err
	}
	if Role(row.Role) != RoleOwner || row.JoinedAt == 0 {
		return nil
	}
	others, err := q.OtherOwnersJoined(ctx, sqlgen.OtherOwnersJoinedParams{Enterprise: row.Enterprise, But: row.ID})
	if err == nil && others == 0 {
		err = errs.New(errs.Conflict, "signin.last_owner", "Name", row.Name)
	}
	return err
}

// recordOwner records what was done to a person, recordFor with more details.
func (d *Desk) recordOwner(ctx context.Context, tx *sql.Tx, by Actor, action Action, row *sqlgen.Owner) error {
	return d.recordFor(ctx, tx, by, action, row, map[string]any{})
}

func (d *Desk) recordFor(ctx context.Context, tx *sql.Tx, by Actor, action Action, row *sqlgen.Owner, details map[string]any) error {
	details["id"] = row.ID
	return d.Record(ctx, tx, Entry{Enterprise: row.Enterprise, Actor: by.Name, Action: action, Target: "owner " + row.Name, Details: details})
}
