package agent

import (
	"context"

	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/usagefile"
)

// Leaving is what a usage file of a snapshot would hold, and what it would not.
type Leaving struct {
	Snapshot store.Snapshot
	// Header is what anybody who carries the file can read. Its Recipients are
	// empty when the users are in clear.
	Header usagefile.Header
	// Sealed says that only the recipients can read who the users are.
	Sealed bool
	// Blocked says why no file can be made now; nil when one can.
	Blocked *Sentence
	// Fields are what the file says of a person, in its order.
	Fields []Field
	// Stays are what it does not say, and why.
	Stays []Stay
}

// Field is one thing that leaves about people.
type Field struct {
	// Name is the one in the file: "user_id", "emails.email", "emails.primary".
	Name string
	// Sample is the value of the first user, as the instance's own people may
	// see it; empty when there is none. Of addresses it is Email.
	Sample string
	Email  licensing.Email
	// Count is for how many users it leaves.
	Count int64
}

// Stay is something that does not leave.
type Stay struct {
	// What and Why are keys of sentences.
	What, Why string
	// Count is how many accounts it is about; 0 when it is about all.
	Count int64
}

// Leaving shows what an export of a snapshot would hold: 0 is the last one. It is
// read from the sealed file itself, as far as its first user.
func (s *Service) Leaving(ctx context.Context, sequence int64, note string) (*Leaving, error) {
	row, err := s.chosen(ctx, sequence)
	if err != nil {
		return nil, err
	}
	if !row.Kept {
		return nil, errs.New(errs.NotFound, "agent.snapshot_gone", "Sequence", row.Sequence)
	}
	out := &Leaving{Snapshot: row, Sealed: !s.config.Cleartext}
	x, _, err := s.prepare(ctx, note)
	if err == nil {
		err = s.troubled(ctx)
	}
	if err != nil {
		if out.Blocked = refusalOf(err); out.Blocked == nil {
			return nil, err
		}
	}
	out.header(&x, &row, note)
	if out.Fields, err = s.fields(&row); err != nil {
		return nil, err
	}
	out.Stays, err = s.stays(ctx, &row)
	return out, err
}

func (l *Leaving) header(x *usagefile.Export, row *store.Snapshot, note string) {
	l.Header = usagefile.Header{Instance: x.Instance, Snapshot: usagefile.Snapshot{
		Sequence: row.Sequence, TakenAt: row.TakenAt, SourceAt: row.SourceAt, Digest: row.Digest, Previous: row.Previous, UserCount: row.Users, Note: note,
	}}
	if len(x.Recipients) > 0 {
		l.Header.Audience = x.Recipients[0].Fingerprint()
	}
	for _, r := range x.Recipients {
		if l.Sealed {
			l.Header.Recipients = append(l.Header.Recipients, r.String())
		}
	}
}

// fields are what the file says of people, with the first of them.
func (s *Service) fields(row *store.Snapshot) ([]Field, error) {
	first, err := s.first(row.Sequence)
	if err != nil {
		return nil, err
	}
	id := Field{Name: "user_id", Sample: first.UserID, Count: row.Users}
	email := Field{Name: "emails.email", Count: row.Addresses}
	primary := Field{Name: "emails.primary", Count: row.Addresses}
	if len(first.Emails) > 0 {
		email.Email = first.Emails[0].Email
		primary.Sample = "true"
	}
	return []Field{id, email, primary}, nil
}

// looked is how many users are looked at for one with an address.
const looked = 1000

// first is the first user of a snapshot who has an address, or the first of all.
func (s *Service) first(sequence int64) (licensing.ServerAccount, error) {
	file, f, err := s.lookInto(sequence)
	if err != nil {
		return licensing.ServerAccount{}, err
	}
	defer file.Close() //nolint:errcheck // only read
	var first licensing.ServerAccount
	n := 0
	for a := range f.UnverifiedUsers() {
		if n == 0 || len(a.Emails) > 0 {
			first = a
		}
		if n++; len(a.Emails) > 0 || n == looked {
			break
		}
	}
	return first, nil
}

// stays are what the file does not say. How many accounts stay is known of what
// counts now.
func (s *Service) stays(ctx context.Context, row *store.Snapshot) ([]Stay, error) {
	out := []Stay{
		{What: "agent.stays.login", Why: "agent.why.login"},
		{What: "agent.stays.columns", Why: "agent.why.columns"},
	}
	st, err := s.store.State(ctx)
	if err != nil || st.Counts == 0 {
		return out, err
	}
	r, err := s.Reading(ctx, st.Counts)
	if err != nil || r.Snapshot != row.Sequence {
		return out, err
	}
	c := &r.Counts
	for _, one := range []Stay{
		{"agent.stays.suspended", "agent.why.suspended", c.Suspended},
		{"agent.stays.built_in", "agent.why.built_in", c.BuiltIn},
		{"agent.stays.never_signed_in", "agent.why.never_signed_in", c.NeverSignedIn},
	} {
		if one.Count > 0 {
			out = append(out, one)
		}
	}
	return out, nil
}
