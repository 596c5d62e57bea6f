package agent

import (
	"context"
	"time"

	"github.com/oneseat/oneseat/internal/agent/store"
)

// DefaultSourceAge is how old the list that counts may be while license sync is
// enabled, unless the site says otherwise: a weekly sync, and a day.
const DefaultSourceAge = 8 * 24 * time.Hour

// SyncStatus is what the section "License sync" and the page of Connect show.
type SyncStatus struct {
	// Connection is the one in force or the last one; nil when there never was
	// any.
	Connection *Connection
	// Open is the run that is not over, Last the newest that is, Delivered the
	// newest that the hub counts with; nil for none.
	Open, Last, Delivered *Run
	// Progress is how far Open is, nil when this process is not at it.
	Progress *Progress
	// Next is when the schedule comes round; zero when it does not.
	Next time.Time
	// Unwell are the reasons why somebody should look after the agent, the gravest
	// first: "agent status", the pages and /healthz say so by them alone.
	Unwell []Worry
}

// Worry is why somebody should look after the agent.
type Worry struct {
	Sentence

	// Cause is what went wrong, where that is a sentence of its own; else nil.
	Cause *Failure
}

// LastContact is when the hub last answered; zero without a connection. What its
// owners did since, the agent hears with its next call.
func (st *SyncStatus) LastContact() time.Time {
	c := st.Connection
	if !c.Connected() {
		return time.Time{}
	}
	last := c.Since
	for _, at := range []time.Time{c.TokenAt, c.Record.DoneAt, c.Requests.DoneAt, c.Keys.DoneAt} {
		last = later(last, at)
	}
	if st.Delivered != nil {
		last = later(last, st.Delivered.EndedAt)
	}
	return last
}

// later is the later one of two instants.
func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// Progress is how far a run is.
type Progress struct {
	Stage Stage
	// Sent and Total are bytes of the file, while it is sent.
	Sent, Total int64
}

// SyncStatus says how Connect and license sync are. It is read with the same
// number of rows whatever happened.
func (s *Service) SyncStatus(ctx context.Context) (*SyncStatus, error) {
	out := &SyncStatus{}
	var err error
	if out.Connection, err = s.Connection(ctx); err != nil {
		return nil, err
	}
	if out.Connection.Syncs() {
		out.Next = out.Connection.NextRunAt
	}
	newest, err := s.Runs(ctx, 0, 2)
	if err != nil {
		return nil, err
	}
	for _, r := range newest {
		switch {
		case !r.Over():
			out.Open = r
		case out.Last == nil:
			out.Last = r
		}
	}
	if out.Delivered, err = s.lastRunIn(ctx, store.RunSucceeded); err != nil {
		return nil, err
	}
	if p := s.progress.Load(); p != nil && out.Open != nil && p.run == out.Open.Number {
		out.Progress = &Progress{p.stage, p.sent.Load(), p.total}
	}
	out.Unwell, err = s.unwell(ctx, out)
	return out, err
}

// unwell says why somebody should look after the agent.
func (s *Service) unwell(ctx context.Context, st *SyncStatus) ([]Worry, error) {
	var why []Worry
	trouble, err := s.Trouble(ctx)
	if err != nil {
		return nil, err
	}
	if trouble != nil {
		why = append(why, Worry{Sentence: *trouble})
	}
	if stuck := s.stuck.Load(); stuck != nil {
		why = append(why, Worry{Sentence{"agentsync.unwell_stuck", nil}, stuck})
	}
	if run := unwellSync(st); run != nil {
		why = append(why, *run)
	}
	old, err := s.tooOld(ctx, st)
	if err == nil && old != nil {
		why = append(why, Worry{Sentence: *old})
	}
	return why, err
}

// unwellSync says why license sync does not deliver although somebody enabled it;
// nil when it does.
func unwellSync(st *SyncStatus) *Worry {
	c := st.Connection
	switch {
	case c != nil && c.Lost && !c.Connected():
		return &Worry{Sentence{"agentsync.unwell_ended", map[string]any{"Hub": c.Hub}}, c.Ended}
	case !c.Syncs():
		return nil
	case st.Last != nil && st.Last.State == store.RunFailed && st.Last.Failure != nil:
		return &Worry{Sentence{"agentsync.unwell_failed", map[string]any{"Date": st.Last.EndedAt.Format(time.DateOnly)}}, st.Last.Failure}
	case st.Open != nil && st.Open.State == store.RunRetrying && st.Open.Failure != nil:
		return &Worry{Sentence{"agentsync.unwell_retrying", nil}, st.Open.Failure}
	}
	return nil
}

// tooOld says that what counts is older than it may be; nil when it is not, or
// when nobody said how old that is.
func (s *Service) tooOld(ctx context.Context, st *SyncStatus) (*Sentence, error) {
	most := s.config.SourceMaxAge
	if most == 0 && st.Connection.Syncs() {
		most = DefaultSourceAge
	}
	if most == 0 {
		return nil, nil //nolint:nilnil // nothing is too old
	}
	row, err := s.store.State(ctx)
	if err != nil {
		return nil, err
	}
	current, err := s.current(ctx, &row)
	if err != nil {
		return nil, err
	}
	since, key := row.CreatedAt, "agentsync.unwell_never"
	if newest, err := s.newestSource(ctx, current); err != nil {
		return nil, err
	} else if !newest.IsZero() {
		since, key = newest, "agentsync.unwell_old"
	}
	age := s.now().Sub(since)
	if age <= most {
		return nil, nil //nolint:nilnil // as above
	}
	return &Sentence{key, map[string]any{"Days": int64(age / (24 * time.Hour)), "Most": int64(most / (24 * time.Hour))}}, nil
}

// newestSource is when the newest list that a snapshot rests on was produced; zero
// without one.
func (s *Service) newestSource(ctx context.Context, current *Reading) (time.Time, error) {
	if current == nil {
		return time.Time{}, nil
	}
	last, err := s.Snapshots(ctx, 0, 1)
	if err != nil || len(last) == 0 {
		return current.SourceAt, err
	}
	return last[0].SourceAt, nil
}
