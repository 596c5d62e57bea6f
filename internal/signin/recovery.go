package signin

import (
	"context"
	"crypto/rand"
	"database/sql"
	"strings"

	"github.com/oneseat/oneseat/internal/signin/sqlgen"
)

// RecoveryCodes is how many recovery codes a person gets.
const RecoveryCodes = 10

// A recovery code is 16 characters of base 32, 80 bits: enough that a fast
// hash keeps it.
const recoveryLength = 16

// newRecoveryCode makes a code, in fours.
func newRecoveryCode() string {
	text := strings.ToLower(rand.Text()[:recoveryLength])
	return text[:4] + "-" + text[4:8] + "-" + text[8:12] + "-" + text[12:]
}

// recoveryHash is what is kept of a code, however it is typed.
func recoveryHash(code string) string {
	return hash("recovery " + strings.ToLower(strings.NewReplacer("-", "", " ", "").Replace(code)))
}

// makeRecoveryCodes gives a person new codes; the old ones are of no use any
// more.
func (d *Desk) makeRecoveryCodes(ctx context.Context, tx *sql.Tx, by Actor, owner *sqlgen.Owner) ([]string, error) {
	q := sqlgen.New(tx)
	if err := q.DeleteRecoveryCodes(ctx, sqlgen.DeleteRecoveryCodesParams{Enterprise: owner.Enterprise, Owner: owner.ID}); err != nil {
		return nil, err
	}
	codes := make([]string, RecoveryCodes)
	for i := range codes {
		codes[i] = newRecoveryCode()
		row := sqlgen.AddRecoveryCodeParams{Enterprise: owner.Enterprise, Owner: owner.ID, Hash: recoveryHash(codes[i])}
		if err := q.AddRecoveryCode(ctx, row); err != nil {
			return nil, err
		}
	}
	return codes, d.recordOwner(ctx, tx, by, RecoveryCodesMade, owner)
}

// useRecoveryCode uses up a code; errCode when it is none.
func (d *Door) useRecoveryCode(ctx context.Context, tx *sql.Tx, owner *sqlgen.Owner, code string) error {
	q := sqlgen.New(tx)
	n, err := q.UseRecoveryCode(ctx, sqlgen.UseRecoveryCodeParams{Enterprise: owner.Enterprise, Owner: owner.ID, Hash: recoveryHash(code)})
	if err != nil {
		return err
	}
	if n == 0 {
		return errCode
	}
	left, err := q.CountRecoveryCodes(ctx, sqlgen.CountRecoveryCodesParams{Enterprise: owner.Enterprise, Owner: owner.ID})
	if err != nil {
		return err
	}
	by := ownerFromRow(owner)
	return d.desk.recordFor(ctx, tx, by.Actor(), RecoveryCodeUsed, owner, map[string]any{"left": left})
}
