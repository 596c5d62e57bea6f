package signin

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/signin/sqlgen"
)

// useEvery is how exact a token's last use is: it is not written more often.
const useEvery = time.Hour

// useWait bounds how long a request waits to write the last use of its token.
const useWait = time.Second

// CreateToken makes a token. Its secret is given here and never again.
//
// Errors: Invalid when the name, the scopes or the expiry cannot be; Conflict
// when the name is taken, or when the enterprise has [MaxTokens] that all
// still count; Unauthenticated when it is made with a token that has ended.
func (d *Desk) CreateToken(ctx context.Context, by Actor, n NewToken) (Secret, Token, error) {
	now := d.now()
	if err := n.check(now); err != nil {
		return Secret{}, Token{}, err
	}
	secret := newSecret(tokenPrefix)
	row := sqlgen.AddTokenParams{
		Enterprise: n.Enterprise, ID: newID(), Name: n.Name, Scopes: joinScopes(n.Scopes), Instance: n.Instance,
		Hash: hash(secret.text), CreatedBy: by.Name, CreatedAt: micros(now), ExpiresAt: micros(n.ExpiresAt),
		Maker: by.Token,
	}
	err := d.inTx(ctx, func(tx *sql.Tx, q *sqlgen.Queries) error {
		if err := outlives(ctx, q, &row, now); err != nil {
			return err
		}
		if err := makeRoom(ctx, q, n.Enterprise, now); err != nil {
			return err
		}
		if err := addToken(ctx, q, row); err != nil {
			return err
		}
		return d.Record(ctx, tx, Entry{
			Enterprise: n.Enterprise, Actor: by.Name, Action: TokenCreated, Target: "token " + n.Name,
			Details: map[string]any{"id": row.ID, "scopes": n.Scopes, "instance": n.Instance, "expires_at": row.ExpiresAt},
		})
	})
	if err != nil {
		return Secret{}, Token{}, err
	}
	return secret, tokenFromRow(&sqlgen.ApiToken{
		Enterprise: row.Enterprise, ID: row.ID, Name: row.Name, Scopes: row.Scopes, Instance: row.Instance,
		CreatedBy: row.CreatedBy, CreatedAt: row.CreatedAt, ExpiresAt: row.ExpiresAt, Maker: row.Maker,
	}), nil
}

// outlives refuses a token that would be of use when the one that it is made
// with is not.
func outlives(ctx context.Context, q *sqlgen.Queries, row *sqlgen.AddTokenParams, now time.Time) error {
	if row.Maker == "" {
		return nil
	}
	found, err := q.Token(ctx, sqlgen.TokenParams{Enterprise: row.Enterprise, ID: row.Maker})
	if errors.Is(err, sql.ErrNoRows) {
		return errs.New(errs.Unauthenticated, "signin.token_unknown")
	}
	if err != nil {
		return err
	}
	maker := tokenFromRow(&found)
	switch {
	case maker.State(now) != Live:
		return errs.New(errs.Unauthenticated, "signin.token_revoked", "Name", maker.Name)
	case found.ExpiresAt > 0 && (row.ExpiresAt == 0 || row.ExpiresAt > found.ExpiresAt):
		return errs.New(errs.Invalid, "signin.outlives_maker", "Name", maker.Name, "ExpiresAt", maker.ExpiresAt.Format(time.RFC3339))
	default:
		return nil
	}
}

// makeRoom lets the oldest token go that is of no use any more, when the
// enterprise has as many as it may.
func makeRoom(ctx context.Context, q *sqlgen.Queries, enterprise int64, now time.Time) error {
	n, err := q.CountTokens(ctx, enterprise)
	if err != nil || n < MaxTokens {
		return err
	}
	id, err := q.DeadToken(ctx, sqlgen.DeadTokenParams{Enterprise: enterprise, Now: micros(now)})
	if err != nil {
		return found(err, errs.Conflict, "signin.too_many_tokens")
	}
	return q.DeleteToken(ctx, sqlgen.DeleteTokenParams{Enterprise: enterprise, ID: id})
}

func addToken(ctx context.Context, q *sqlgen.Queries, row sqlgen.AddTokenParams) error {
	same, err := q.TokensNamed(ctx, sqlgen.TokensNamedParams{Enterprise: row.Enterprise, Name: row.Name})
	if err != nil {
		return err
	}
	if same > 0 {
		return errs.New(errs.Conflict, "signin.name_taken", "Name", row.Name)
	}
	return q.AddToken(ctx, row)
}

// Authenticate says who shows a secret, and notes the use of the token, at
// most once an hour.
//
// The error is Unauthenticated when the secret is mistyped, unknown, revoked
// or expired, with a sentence for each.
func (d *Desk) Authenticate(ctx context.Context, secret string) (Actor, error) {
	if err := CheckToken(secret); err != nil {
		return Actor{}, err
	}
	row, err := d.reader().TokenByHash(ctx, hash(secret))
	if err != nil {
		return Actor{}, found(err, errs.Unauthenticated, "signin.token_unknown")
	}
	token, now := tokenFromRow(&row), d.now()
	switch token.State(now) {
	case Revoked:
		return Actor{}, errs.New(errs.Unauthenticated, "signin.token_revoked", "Name", token.Name)
	case Expired:
		return Actor{}, errs.New(errs.Unauthenticated, "signin.token_expired", "Name", token.Name, "ExpiresAt", token.ExpiresAt.Format(time.RFC3339))
	case Live:
	}
	d.noteUse(ctx, &token, now)
	return token.Actor(), nil
}

// noteUse writes the last use of a token when the one that stands there is old.
// Reading goes on where nothing can be written: a full disk signs nobody out.
func (d *Desk) noteUse(ctx context.Context, t *Token, now time.Time) {
	if now.Sub(t.LastUsedAt) < useEvery {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, useWait)
	defer cancel()
	_ = sqlgen.New(d.db.Write).UseToken(ctx, sqlgen.UseTokenParams{
		Enterprise: t.Enterprise, ID: t.ID, Now: micros(now), Before: micros(now.Add(-useEvery)),
	})
}

// Tokens gives the tokens of an enterprise, the newest first, revoked and
// expired ones too; [MaxTokens] at most.
func (d *Desk) Tokens(ctx context.Context, enterprise int64) ([]Token, error) {
	rows, err := d.reader().Tokens(ctx, sqlgen.TokensParams{Enterprise: enterprise, Page: MaxTokens})
	if err != nil {
		return nil, database.Translate(err)
	}
	tokens := make([]Token, len(rows))
	for i := range rows {
		tokens[i] = tokenFromRow(&rows[i])
	}
	return tokens, nil
}

// RevokeToken ends a token for ever, and with it every token that was made with
// it, with one of those, and so on: whoever had the secret may have any of them.
// It gives those that ended, the named one first; one that was revoked stays as
// it is. NotFound when the enterprise has none with the id.
func (d *Desk) RevokeToken(ctx context.Context, by Actor, enterprise int64, id string) ([]Token, error) {
	var ended []Token
	err := d.inTx(ctx, func(tx *sql.Tx, q *sqlgen.Queries) error {
		ended = nil
		row, err := q.Token(ctx, sqlgen.TokenParams{Enterprise: enterprise, ID: id})
		if err != nil {
			return found(err, errs.NotFound, "signin.no_token")
		}
		all, err := q.Tokens(ctx, sqlgen.TokensParams{Enterprise: enterprise, Page: MaxTokens})
		if err != nil {
			return err
		}
		for _, t := range family(&row, all) {
			gone, err := d.revoke(ctx, tx, by, &t)
			if err != nil {
				return err
			}
			if gone {
				ended = append(ended, t)
			}
		}
		return nil
	})
	return ended, err
}

// revoke ends one token; false when that was done before.
func (d *Desk) revoke(ctx context.Context, tx *sql.Tx, by Actor, t *Token) (bool, error) {
	now := d.now()
	n, err := sqlgen.New(tx).RevokeToken(ctx, sqlgen.RevokeTokenParams{Enterprise: t.Enterprise, ID: t.ID, Now: micros(now)})
	if err != nil || n == 0 {
		return false, err
	}
	t.RevokedAt = now
	details := map[string]any{"id": t.ID}
	if t.Maker != "" {
		details["made_with"] = t.Maker
	}
	return true, d.Record(ctx, tx, Entry{
		Enterprise: t.Enterprise, Actor: by.Name, Action: TokenRevoked, Target: "token " + t.Name, Details: details,
	})
}

// family is a token and those that were made with it, and with those, each
// behind its maker.
func family(first *sqlgen.ApiToken, all []sqlgen.ApiToken) []Token {
	made := map[string][]Token{}
	for i := range all {
		t := tokenFromRow(&all[i])
		made[t.Maker] = append(made[t.Maker], t)
	}
	list := []Token{tokenFromRow(first)}
	for i := 0; i < len(list); i++ {
		list = append(list, made[list[i].ID]...)
	}
	return list
}
