package signin

import (
	"context"
	"database/sql"
	"time"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/signin/sqlgen"
)

// Recognise says who a browser is signed in as, by the secret of its session,
// and notes that it was seen, at most once an hour. The role is that of now.
//
// The error is Unauthenticated when the secret is mistyped, and when the
// session is unknown or has ended, which it does not tell apart.
func (d *Desk) Recognise(ctx context.Context, secret string) (Guest, error) {
	if err := check(secret, sessionPrefix, "signin.session_ended"); err != nil {
		return Guest{}, err
	}
	row, err := d.reader().SessionByHash(ctx, hash(secret))
	if err != nil {
		return Guest{}, found(err, errs.Unauthenticated, "signin.session_ended")
	}
	session, now := sessionFromRow(&row), d.now()
	if !now.Before(session.EndsAt()) {
		return Guest{}, errs.New(errs.Unauthenticated, "signin.session_ended")
	}
	owner, err := d.reader().Owner(ctx, sqlgen.OwnerParams{Enterprise: row.Enterprise, ID: row.Owner})
	if err != nil {
		return Guest{}, found(err, errs.Unauthenticated, "signin.session_ended")
	}
	d.noteSeen(ctx, &session, now)
	return Guest{ownerFromRow(&owner), session}, nil
}

// noteSeen writes that a session is in use, as noteUse does of tokens.
func (d *Desk) noteSeen(ctx context.Context, s *Session, now time.Time) {
	if now.Sub(s.SeenAt) < useEvery {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, useWait)
	defer cancel()
	q := sqlgen.New(d.db.Write)
	_ = q.SeeSession(ctx, sqlgen.SeeSessionParams{
		Enterprise: s.Enterprise, ID: s.ID, Now: micros(now), Before: micros(now.Add(-useEvery)),
	})
	_ = q.SeeOwner(ctx, sqlgen.SeeOwnerParams{Enterprise: s.Enterprise, ID: s.OwnerID, Now: micros(now)})
}

// Sessions gives the sessions of a person that have not ended, the newest
// first; [MaxSessions] at most.
func (d *Desk) Sessions(ctx context.Context, enterprise int64, owner string) ([]Session, error) {
	now := d.now()
	rows, err := d.reader().SessionsOf(ctx, sqlgen.SessionsOfParams{
		Enterprise: enterprise, Owner: owner, Page: MaxSessions,
		Created: micros(now.Add(-SessionLife)), Seen: micros(now.Add(-SessionIdle)),
	})
	if err != nil {
		return nil, database.Translate(err)
	}
	sessions := make([]Session, len(rows))
	for i := range rows {
		sessions[i] = sessionFromRow(&rows[i])
	}
	return sessions, nil
}

// SignOut ends the session that a guest is.
func (d *Desk) SignOut(ctx context.Context, g Guest) error {
	return d.end(ctx, g.Actor(), SignedOut, g.Session)
}

// EndSession ends one of a person's sessions. NotFound when they have none with
// the id.
func (d *Desk) EndSession(ctx context.Context, by Actor, enterprise int64, owner, id string) error {
	return d.end(ctx, by, SessionEnded, Session{Enterprise: enterprise, OwnerID: owner, ID: id})
}

func (d *Desk) end(ctx context.Context, by Actor, action Action, s Session) error {
	return d.inTx(ctx, func(tx *sql.Tx, q *sqlgen.Queries) error {
		n, err := q.DeleteSession(ctx, sqlgen.DeleteSessionParams{Enterprise: s.Enterprise, Owner: s.OwnerID, ID: s.ID})
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.NotFound, "signin.no_session")
		}
		row, err := q.Owner(ctx, sqlgen.OwnerParams{Enterprise: s.Enterprise, ID: s.OwnerID})
		if err != nil {
			return err
		}
		return d.recordFor(ctx, tx, by, action, &row, map[string]any{"session": s.ID})
	})
}

// EndSessions ends every session of a person but one, which may be none.
// NotFound when there is nobody with the id.
func (d *Desk) EndSessions(ctx context.Context, by Actor, enterprise int64, owner, but string) error {
	return d.inTx(ctx, func(tx *sql.Tx, q *sqlgen.Queries) error {
		row, err := q.Owner(ctx, sqlgen.OwnerParams{Enterprise: enterprise, ID: owner})
		if err != nil {
			return found(err, errs.NotFound, "signin.no_owner")
		}
		return d.endSessions(ctx, tx, by, &row, but)
	})
}

func (d *Desk) endSessions(ctx context.Context, tx *sql.Tx, by Actor, owner *sqlgen.Owner, but string) error {
	n, err := sqlgen.New(tx).DeleteSessionsOf(ctx, sqlgen.DeleteSessionsOfParams{Enterprise: owner.Enterprise, Owner: owner.ID, But: but})
	if err != nil || n == 0 {
		return err
	}
	return d.recordFor(ctx, tx, by, SessionEnded, owner, map[string]any{"sessions": n})
}

// open begins a session, in place of those that have ended and, where a person
// has as many as they may, of their oldest.
func (d *Desk) open(ctx context.Context, tx *sql.Tx, owner *sqlgen.Owner, method Method, v Visitor) (Entered, error) {
	q, now := sqlgen.New(tx), d.now()
	if err := makeRoomFor(ctx, q, owner, now); err != nil {
		return Entered{}, err
	}
	secret := newSecret(sessionPrefix)
	row := sqlgen.Session{
		Enterprise: owner.Enterprise, ID: newID(), Owner: owner.ID, Method: string(method), Browser: v.browser(),
		CreatedAt: micros(now), SeenAt: micros(now),
	}
	err := q.AddSession(ctx, sqlgen.AddSessionParams{
		Enterprise: row.Enterprise, ID: row.ID, Owner: row.Owner, Hash: hash(secret.text), Method: row.Method, Browser: row.Browser, Now: row.CreatedAt,
	})
	if err != nil {
		return Entered{}, err
	}
	if err := q.SeeOwner(ctx, sqlgen.SeeOwnerParams{Enterprise: row.Enterprise, ID: row.Owner, Now: row.SeenAt}); err != nil {
		return Entered{}, err
	}
	guest := Guest{ownerFromRow(owner), sessionFromRow(&row)}
	err = d.recordFor(ctx, tx, guest.Actor(), SignedIn, owner, map[string]any{"session": row.ID, "method": method, "browser": row.Browser})
	return Entered{guest, secret}, err
}

func makeRoomFor(ctx context.Context, q *sqlgen.Queries, owner *sqlgen.Owner, now time.Time) error {
	created, seen := micros(now.Add(-SessionLife)), micros(now.Add(-SessionIdle))
	if err := q.DeleteEndedSessions(ctx, sqlgen.DeleteEndedSessionsParams{Enterprise: owner.Enterprise, Created: created, Seen: seen}); err != nil {
		return err
	}
	rows, err := q.SessionsOf(ctx, sqlgen.SessionsOfParams{
		Enterprise: owner.Enterprise, Owner: owner.ID, Created: created, Seen: seen, Page: MaxSessions,
	})
	if err != nil || len(rows) < MaxSessions {
		return err
	}
	oldest := &rows[len(rows)-1]
	_, err = q.DeleteSession(ctx, sqlgen.DeleteSessionParams{Enterprise: oldest.Enterprise, Owner: oldest.Owner, ID: oldest.ID})
	return err
}
