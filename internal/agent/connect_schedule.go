package agent

import (
	"context"
	"time"

	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/job"
)

// Every says how often license sync comes round.
type Every string

// How often it can.
const (
	Hourly  Every = "hourly"
	Daily   Every = "daily"
	Weekly  Every = "weekly"
	Monthly Every = "monthly"
)

// Evers are all of them, the most frequent first.
func Evers() []Every { return []Every{Hourly, Daily, Weekly, Monthly} }

// How far runs of many agents with one schedule are spread.
const (
	spread       = 2 * time.Hour
	spreadHourly = 10 * time.Minute
)

// SyncSettings are what an owner decided about license sync.
type SyncSettings struct {
	// EnabledAt is when it was enabled, zero when it is not. EnabledBy did it.
	EnabledAt time.Time `json:"enabled_at,omitzero"`
	EnabledBy string    `json:"enabled_by,omitempty"`

	Every Every `json:"every,omitempty"`
	// Weekday and Day (of a month) are those of weekly and monthly schedules.
	// Hour and Minute are UTC.
	Weekday time.Weekday `json:"weekday,omitempty"`
	Day     int          `json:"day,omitempty"`
	Hour    int          `json:"hour,omitempty"`
	Minute  int          `json:"minute,omitempty"`
	// OnChange also syncs when there is a new snapshot. Asks lets owners on the
	// hub press Sync now: the agent then asks the hub every minute.
	OnChange bool `json:"on_change,omitempty"`
	Asks     bool `json:"asks,omitempty"`
}

// Enabled says that license sync is on.
func (o *SyncSettings) Enabled() bool { return !o.EnabledAt.IsZero() }

// off are the settings of license sync that is not enabled.
func (o *SyncSettings) off() SyncSettings {
	kept := *o
	kept.EnabledAt, kept.EnabledBy = time.Time{}, ""
	return kept
}

// keptFor are the settings that outlast a connection, for one with a hub: what an
// owner decided about this agent. What they let the owners on a hub do is for that
// hub alone.
func (c *Connection) keptFor(hub string) SyncSettings {
	kept := c.Sync.off()
	kept.Asks = kept.Asks && c.Hub == hub
	return kept
}

// schedule is when it comes round, spread by the server id so that agents do
// not all come at once.
func (o *SyncSettings) schedule(serverID string) job.Schedule {
	s := job.Weekly(o.Weekday, o.Hour, o.Minute)
	switch o.Every {
	case Hourly:
		s = job.Hourly(o.Minute)
	case Daily:
		s = job.Daily(o.Hour, o.Minute)
	case Monthly:
		s = job.Monthly(o.Day, o.Hour, o.Minute)
	case Weekly:
	}
	return s.Spread(o.spread(), serverID)
}

// spread is how far the runs of many agents are apart.
func (o *SyncSettings) spread() time.Duration {
	if o.Every == Hourly {
		return spreadHourly
	}
	return spread
}

// times are the settings without what does not move a schedule.
func (o *SyncSettings) times() SyncSettings {
	t := *o
	t.EnabledAt, t.EnabledBy, t.OnChange, t.Asks = time.Time{}, "", false, false
	return t
}

// nextRun is when the schedule comes round after the run that is due now. The
// first one is made at once when license sync is enabled, and so that of the same
// hours is left out.
func (c *Connection) nextRun(serverID string, now time.Time) time.Time {
	if c.NextRunAt.Equal(c.Sync.EnabledAt) {
		now = now.Add(c.Sync.spread())
	}
	return c.Sync.schedule(serverID).Next(now)
}

func (o *SyncSettings) check() error {
	switch o.Every {
	case Hourly, Daily, Weekly, Monthly:
	default:
		return errs.New(errs.Invalid, "agentsync.bad_every", "Value", string(o.Every))
	}
	if o.Hour < 0 || o.Hour > 23 || o.Minute < 0 || o.Minute > 59 || o.Weekday < time.Sunday || o.Weekday > time.Saturday {
		return errs.New(errs.Invalid, "agentsync.bad_time")
	}
	if o.Every == Monthly && (o.Day < 1 || o.Day > 31) {
		return errs.New(errs.Invalid, "agentsync.bad_time")
	}
	return nil
}

// weeklyFrom is the schedule that follows from when it is enabled: weekly, from that
// day and time on.
func weeklyFrom(at time.Time) SyncSettings {
	at = at.UTC()
	return SyncSettings{Every: Weekly, Weekday: at.Weekday(), Day: at.Day(), Hour: at.Hour(), Minute: at.Minute()}
}

// EnableSync turns license sync on: weekly from now on, and for the first time
// at once. Nothing changes when it is on already. Conflict without a connection.
func (s *Service) EnableSync(ctx context.Context, actor string) error {
	return s.settings(ctx, func(tx *store.Tx, c *Connection) error { return s.enableSync(ctx, tx, c, actor) })
}

func (s *Service) enableSync(ctx context.Context, tx *store.Tx, c *Connection, actor string) error {
	if c.Sync.Enabled() {
		return nil
	}
	now := s.now()
	asks, onChange := c.Sync.Asks, c.Sync.OnChange
	if c.Sync.Every == "" {
		c.Sync = weeklyFrom(now)
	}
	c.Sync.Asks, c.Sync.OnChange = asks, onChange
	c.Sync.EnabledAt, c.Sync.EnabledBy = now, actor
	c.NextRunAt, c.Requests = now, Chore{At: now}
	return s.record(ctx, tx, actor, AuditSyncEnabled, c.Hub, "every", string(c.Sync.Every))
}

// DisableSync turns license sync off; the connection stays. A run that is not over
// ends, unless the hub has its file already.
func (s *Service) DisableSync(ctx context.Context, actor string) error {
	return s.settings(ctx, func(tx *store.Tx, c *Connection) error {
		if !c.Sync.Enabled() {
			return nil
		}
		c.Sync, c.NextRunAt = c.Sync.off(), time.Time{}
		if err := s.dropOpenRun(ctx, tx, &Failure{Sentence: Sentence{Key: "agentsync.turned_off"}, At: s.now()}); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, AuditSyncDisabled, c.Hub)
	})
}

// SetSchedule says when license sync comes round from now on, and what else
// starts it. Invalid for times there are not; Conflict while it is off.
func (s *Service) SetSchedule(ctx context.Context, actor string, o SyncSettings) error {
	if err := o.check(); err != nil {
		return err
	}
	return s.settings(ctx, func(tx *store.Tx, c *Connection) error {
		if !c.Sync.Enabled() {
			return errs.New(errs.Conflict, "agentsync.off")
		}
		o.EnabledAt, o.EnabledBy = c.Sync.EnabledAt, c.Sync.EnabledBy
		st, err := tx.State(ctx)
		if err != nil {
			return err
		}
		if o.times() != c.Sync.times() {
			c.NextRunAt = o.schedule(st.ServerID).Next(s.now())
		}
		c.Sync, c.Requests = o, Chore{At: s.now()}
		return s.record(ctx, tx, actor, AuditSyncScheduled, c.Hub, "every", string(o.Every), "on_change", o.OnChange, "asks", o.Asks)
	})
}

// settings changes what an owner decides about a connection in force, and lets
// the loop look at once.
func (s *Service) settings(ctx context.Context, change func(tx *store.Tx, c *Connection) error) error {
	c, err := s.Connection(ctx)
	if err != nil {
		return err
	}
	if !c.Connected() {
		return errs.New(errs.Conflict, "agentconnect.not_connected")
	}
	_, err = s.amend(ctx, c, func(tx *store.Tx, c *Connection) error {
		if err := change(tx, c); err != nil {
			return err
		}
		return s.poke(ctx, tx)
	})
	return err
}

// poke asks for a turn soon, wherever the loop runs.
func (s *Service) poke(ctx context.Context, tx *store.Tx) error {
	if s.config.PokeSync == nil {
		return nil
	}
	return s.config.PokeSync(ctx, tx.SQL)
}
