package signin

import (
	"context"
	"database/sql"
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
// still count.
func (d *Desk) CreateToken(ctx context.Context, by Actor, n NewToken) (Secret, Token, error) {
	now := d.now()
	if err := n.check(now); err != nil {
		return Secret{}, Token{}, err
	}
	secret := newSecret(tokenPrefix)
	row := sqlgen.AddTokenParams{
		Enterprise: n.Enterprise, ID: newID(), Name: n.Name, Scopes: joinScopes(n.Scopes), Instance: n.Instance,
		Hash: hash(secret.text), CreatedBy: by.Name, CreatedAt: micros(now), ExpiresAt: micros(n.ExpiresAt),
	}
	err := d.inTx(ctx, func(tx *sql.Tx, q *sqlgen.Queries) error {
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
		CreatedBy: row.CreatedBy, CreatedAt: row.CreatedAt, ExpiresAt: row.ExpiresAt,
	}), nil
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

// RevokeToken ends a token for ever; one that was revoked stays as it is.
// NotFound when the enterprise has none with the id.
func (d *Desk) RevokeToken(ctx context.Context, by Actor, enterprise int64, id string) error {
	return d.inTx(ctx, func(tx *sql.Tx, q *sqlgen.Queries) error {
		row, err := q.Token(ctx, sqlgen.TokenParams{Enterprise: enterprise, ID: id})
		if err != nil {
			return found(err, errs.NotFound, "signin.no_token")
		}
		n, err := q.RevokeToken(ctx, sqlgen.RevokeTokenParams{Enterprise: enterprise, ID: id, Now: micros(d.now())})
		if err != nil || n == 0 {
			return err
		}
		return d.Record(ctx, tx, Entry{
			Enterprise: enterprise, Actor: by.Name, Action: TokenRevoked, Target: "token " + row.Name,
			Details: map[string]any{"id": id},
		})
	})
}
