package agent

import (
	"context"
	"strconv"
	"time"

	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/enrolment"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/instance"
)

// TotalFrom is where the number of licenses comes from.
type TotalFrom string

// The origins of a total.
const (
	TotalUnknown   TotalFrom = ""          // nobody said
	TotalOwner     TotalFrom = "owner"     // an owner noted it
	TotalEnrolment TotalFrom = "enrolment" // the enrolment file says so
)

// Licenses are the numbers of the section "User licenses".
type Licenses struct {
	// Total is the number of licenses for this instance; 0 when From is
	// TotalUnknown.
	Total int64
	From  TotalFrom
	// ExpiresAt is when they end; zero when they do not, or nobody knows.
	ExpiresAt time.Time
	// Consumed is how many users of this instance consume a license of its own;
	// the hub knows which of them are one person. -1 before the source was
	// read.
	Consumed int64
	// As of when that is: when the source was produced.
	AsOf time.Time
	// Available is Total without Consumed, negative when there are too few; it
	// says nothing when either is unknown.
	Available int64
}

// Known says that Available is a number.
func (l *Licenses) Known() bool { return l.From != TotalUnknown && l.Consumed >= 0 }

// Status is what the License page shows. It is read with the same number of rows
// whatever the number of users.
type Status struct {
	ServerID    string
	HostName    string
	Fingerprint string // of the signing key, short
	Source      string // empty when none is configured
	Cleartext   bool   // the site's policy
	KeepDays    int

	Licenses Licenses
	// Current is the reading that counts, Held the one that an owner has to
	// decide about, Last the newest; nil for none.
	Current, Held, Last *Reading
	// Snapshot is the last one, nil for none.
	Snapshot *store.Snapshot
	// Enrolment is the one in force, nil for none.
	Enrolment *Enrolled
	// Trouble is what must be solved first, nil for none.
	Trouble *Sentence
}

// Status says how the agent is.
func (s *Service) Status(ctx context.Context) (*Status, error) {
	st, err := s.store.State(ctx)
	if err != nil {
		return nil, err
	}
	i, err := s.Instance()
	if err != nil {
		return nil, err
	}
	out := s.about(i)
	if err := s.readings(ctx, &st, out); err != nil {
		return nil, err
	}
	snap, err := s.store.LastSnapshot(ctx)
	if err == nil {
		out.Snapshot = &snap
	} else if errs.KindOf(err) != errs.NotFound {
		return nil, err
	}
	if out.Enrolment, err = s.Enrolment(ctx); err != nil && errs.KindOf(err) != errs.NotFound {
		return nil, err
	}
	if out.Trouble, err = s.Trouble(ctx); err != nil {
		return nil, err
	}
	out.Licenses = licensesOf(&st, out.Enrolment, out.Current)
	return out, nil
}

func (s *Service) about(i *instance.Instance) *Status {
	return &Status{
		ServerID: i.ServerID, HostName: s.config.HostName, Fingerprint: i.Fingerprint().Short(), Source: s.sourceText(),
		Cleartext: s.config.Cleartext, KeepDays: s.config.KeepDays,
	}
}

func (s *Service) readings(ctx context.Context, st *store.State, out *Status) (err error) {
	if out.Current, err = s.current(ctx, st); err != nil {
		return err
	}
	if st.Held > 0 {
		if out.Held, err = s.Reading(ctx, st.Held); err != nil {
			return err
		}
	}
	out.Last, err = s.last(ctx)
	return err
}

// Licenses gives the numbers alone.
func (s *Service) Licenses(ctx context.Context) (Licenses, error) {
	st, err := s.Status(ctx)
	if err != nil {
		return Licenses{}, err
	}
	return st.Licenses, nil
}

// licensesOf puts the numbers together. What the enterprise granted goes before
// what an owner noted.
func licensesOf(st *store.State, e *Enrolled, current *Reading) Licenses {
	l := Licenses{Consumed: -1}
	var granted *enrolment.Licenses
	if e != nil {
		granted = e.Licenses
	}
	switch {
	case granted != nil:
		l.Total, l.From, l.ExpiresAt = int64(granted.Seats), TotalEnrolment, granted.ExpiresAt
	case st.Seats > 0:
		l.Total, l.From = st.Seats, TotalOwner
	}
	if current != nil {
		l.Consumed, l.AsOf = current.Counts.Leaving, current.SourceAt
	}
	if l.Known() {
		l.Available = l.Total - l.Consumed
	}
	return l
}

// maxSeats is more than anybody has.
const maxSeats = 100_000_000

// SetSeats notes the number of licenses for this instance, as the license of the
// server says; 0 forgets it.
func (s *Service) SetSeats(ctx context.Context, actor string, seats int64) error {
	if seats < 0 || seats > maxSeats {
		return errs.New(errs.Invalid, "agent.bad_seats", "Seats", seats, "Most", maxSeats)
	}
	return s.store.InTx(ctx, func(tx *store.Tx) error {
		if err := tx.SetSeats(ctx, seats); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, AuditSeats, strconv.FormatInt(seats, 10))
	})
}
