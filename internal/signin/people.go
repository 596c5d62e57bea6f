package signin

import (
	"context"
	"time"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/signin/sqlgen"
)

// Person is somebody who may sign in, and how they can.
type Person struct {
	Owner

	Ways Ways
	// SeenAt is when they used one of their sessions last, to the hour; zero:
	// never.
	SeenAt time.Time
}

// People gives the people of an enterprise with the ways in that each has, by
// name; [MaxOwners] at most.
func (d *Desk) People(ctx context.Context, enterprise int64) ([]Person, error) {
	owners, err := d.Owners(ctx, enterprise)
	if err != nil {
		return nil, err
	}
	rows, err := d.reader().WaysOfAll(ctx, sqlgen.WaysOfAllParams{Enterprise: enterprise, Page: MaxOwners})
	if err != nil {
		return nil, database.Translate(err)
	}
	known := make(map[string]Person, len(rows))
	for _, r := range rows {
		ways := Ways{Password: r.Passwords > 0, RecoveryCodes: int(r.Codes), Identity: r.Identities > 0}
		known[r.ID] = Person{Ways: ways, SeenAt: instant(r.SeenAt)}
	}
	people := make([]Person, len(owners))
	for i, o := range owners {
		people[i] = known[o.ID]
		people[i].Owner = o
	}
	return people, nil
}

// MaxAllSessions is how many sessions [Desk.AllSessions] gives at most.
const MaxAllSessions = 500

// AllSessions gives the sessions of everybody that have not ended, the one that
// was seen last first; [MaxAllSessions] at most.
func (d *Desk) AllSessions(ctx context.Context, enterprise int64) ([]Session, error) {
	now := d.now()
	rows, err := d.reader().SessionsOfAll(ctx, sqlgen.SessionsOfAllParams{
		Enterprise: enterprise, Page: MaxAllSessions, Created: micros(now.Add(-SessionLife)), Seen: micros(now.Add(-SessionIdle)),
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
