package hub

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/usagefile"
)

// Status is an upload's state in the three words of GitHub's API.
type Status string

// The words.
const (
	Pending Status = "pending"
	Success Status = "success"
	Failure Status = "failure"
)

// StatusOf is the word for an upload.
func StatusOf(u *Upload) Status {
	switch {
	case u.State.Pending():
		return Pending
	case u.State == store.Applied:
		return Success
	default:
		return Failure
	}
}

// Overview is where an enterprise's accounts come from, and how old they are.
type Overview struct {
	At time.Time
	// Result is the current one; nil: nothing was counted yet.
	Result *Result
	// Behind says that something counts that Result does not count yet: a recount
	// is under way.
	Behind    bool
	Cloud     SourceState
	Instances []SourceState // held ones too, by host name
}

// SourceState is a source with its age and its last event.
type SourceState struct {
	Source
	// Fingerprint of the key that signs its usage files; none when they come by
	// hand.
	Fingerprint usagefile.Fingerprint
	// Snapshot is what counts; nil: nothing does yet.
	Snapshot *Snapshot
	Last     *Event // nil: nothing ever came
	// Standing is how Snapshot came, where Last came after it and was not taken;
	// nil otherwise.
	Standing *Event
	// Pending is the upload somebody has to decide about; nil: none.
	Pending *Upload
	// Connection is the newest one of its agent, which may have ended; nil: there
	// never was one.
	Connection *Connection
	// Statement is the instance's part in the current result, with accounts and
	// the people only it accounts for; nil: it has none.
	Statement *licensing.InstanceStatement
}

// Connected says that the agent of the instance delivers by itself.
func (s *SourceState) Connected() bool { return s.Connection != nil && s.Connection.Active }

// Event is the last thing that came from a source, or was to come.
type Event struct {
	Upload string
	At     time.Time
	Actor  string
	Status Status
	// Text is the key of the sentence for a history: GitHub's own words
	// (license-sync.md 14) where there are some.
	Text string
	// Error says why Status is Failure; nil otherwise.
	Error *Refusal
}

// Age is how old what counts is: since its accounts were as they are, else
// since the snapshot was taken, else since it was applied. Zero when nothing
// counts.
func (s *SourceState) Age(at time.Time) time.Duration {
	if s.Snapshot == nil {
		return 0
	}
	for _, t := range []time.Time{s.Snapshot.SourceAt, s.Snapshot.TakenAt, s.Snapshot.AppliedAt} {
		if !t.IsZero() {
			return max(0, at.Sub(t))
		}
	}
	return 0
}

// Overview gives the cloud side and the server instances, each with what counts
// of it, its last event and its part in the current result.
func (s *Service) Overview(ctx context.Context, enterprise int64) (*Overview, error) {
	in, sources, err := s.store.For(enterprise).Overview(ctx)
	if err != nil {
		return nil, err
	}
	out := &Overview{At: s.now()}
	if out.Result, err = s.resultOf(ctx, in); err != nil {
		return nil, err
	}
	out.Behind = behind(out.Result, in)
	connections, err := s.store.For(enterprise).Connections(ctx)
	if err != nil {
		return nil, err
	}
	parts := statements(out.Result)
	for i := range sources {
		state, err := stateOf(&sources[i])
		if err != nil {
			return nil, err
		}
		if state.Number == CloudSource {
			out.Cloud = state
			continue
		}
		state.Statement, state.Connection = parts[state.Number], connections[state.Number]
		out.Instances = append(out.Instances, state)
	}
	return out, nil
}

// resultOf is the current result of inputs; nil: nothing was counted yet.
func (s *Service) resultOf(ctx context.Context, in *store.Inputs) (*Result, error) {
	if in.Result == 0 {
		return nil, nil //nolint:nilnil // that nothing was counted is an answer here
	}
	return s.Result(ctx, in.Number, in.Result)
}

// behind says that a result does not count everything that counts; nothing is
// missing where nothing came yet.
func behind(r *Result, in *store.Inputs) bool {
	if r != nil {
		return !r.current(in)
	}
	return slices.ContainsFunc(in.Sources, func(s Source) bool { return s.Seq > 0 && s.State == store.Active })
}

// Counted gives the current result, and says whether it does not count yet what
// was applied or changed last, because a recount is under way: both of the same
// moment, so that nobody takes an older total for the last word. NotFound when
// nothing was counted yet.
func (s *Service) Counted(ctx context.Context, enterprise int64) (r *Result, late bool, err error) {
	in, err := s.store.For(enterprise).Inputs(ctx)
	if err != nil {
		return nil, false, err
	}
	if r, err = s.resultOf(ctx, in); err == nil && r == nil {
		err = errs.New(errs.NotFound, "hub.no_result")
	}
	if err != nil {
		return nil, false, err
	}
	return r, behind(r, in), nil
}

// Uncounted are the sources of which what counts is not in the result yet, the
// cloud side first. The total may be behind without any: a setting changed, or
// an instance went.
func (o *Overview) Uncounted() []*SourceState {
	counted := map[int64]int64{}
	if o.Result != nil {
		for _, in := range o.Result.Inputs {
			counted[in.Source] = in.Seq
		}
	}
	var out []*SourceState
	if s := &o.Cloud; s.Snapshot != nil && counted[CloudSource] != s.Seq {
		out = append(out, s)
	}
	for i := range o.Instances {
		if s := &o.Instances[i]; s.Snapshot != nil && counted[s.Number] != s.Seq {
			out = append(out, s)
		}
	}
	return out
}

// statements are the instances of a result by the number of their source.
func statements(r *Result) map[int64]*licensing.InstanceStatement {
	out := map[int64]*licensing.InstanceStatement{}
	if r == nil {
		return out
	}
	byHost := map[string]*licensing.InstanceStatement{}
	for i := range r.Instances {
		if in := &r.Instances[i]; !in.Reported {
			byHost[licensing.NormalHost(in.Host)] = in
		}
	}
	for _, in := range r.Inputs {
		if in.Source != CloudSource {
			out[in.Source] = byHost[in.Host]
		}
	}
	return out
}

func stateOf(now *store.SourceNow) (SourceState, error) {
	state := SourceState{Source: now.Source, Snapshot: now.Snapshot, Pending: now.Pending}
	if len(now.PublicKey) > 0 {
		state.Fingerprint = usagefile.KeyFingerprint(now.PublicKey)
	}
	if now.Last == nil {
		return state, nil
	}
	var err error
	if state.Last, err = lastOf(now); err != nil || state.Last.Status != Failure || now.Counting == nil {
		return state, err
	}
	then := *now
	then.Last = now.Counting
	state.Standing, err = lastOf(&then)
	return state, err
}

func lastOf(now *store.SourceNow) (*Event, error) {
	header, err := HeaderOf(now.Last)
	if err != nil {
		return nil, fmt.Errorf("header of upload %s: %w", now.Last.ID, err)
	}
	return eventOf(now, header.Synced || confirmed(now)), nil
}

// confirmed says that the agent sent what counts once more, whoever brought it
// first.
func confirmed(now *store.SourceNow) bool {
	return now.Snapshot != nil && now.Snapshot.Upload == now.Last.ID && now.Last.State == store.Applied &&
		now.Last.UpdatedAt.After(now.Snapshot.AppliedAt)
}

func eventOf(now *store.SourceNow, synced bool) *Event {
	u := now.Last
	e := &Event{Upload: u.ID, At: u.UpdatedAt, Actor: u.Actor, Status: StatusOf(u), Text: eventText(now, synced)}
	if e.Status != Failure {
		return e
	}
	switch {
	case u.Refusal != nil:
		e.Error = u.Refusal
	case u.State == store.Discarded:
		e.Error = &Refusal{Key: "hub.event_discarded"}
	case u.State == store.Superseded:
		e.Error = &Refusal{Key: "hub.event_superseded"}
	}
	return e
}

// eventText is the sentence beside the time.
func eventText(now *store.SourceNow, synced bool) string {
	switch {
	case now.Number == CloudSource:
		return "hub.event_loaded"
	case !synced:
		return "hub.event_uploaded"
	case now.Snapshot == nil:
		return "hub.event_never_synced"
	default:
		return "hub.event_synced"
	}
}
