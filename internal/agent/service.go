package agent

import (
	"context"
	"database/sql"
	"path/filepath"
	"sync"
	"time"

	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/usagefile"
)

// Enterprise is the number that internal/signin knows the agent's people by: an
// agent has one enterprise.
const Enterprise int64 = 1

// What [Config] defaults to.
const (
	DefaultKeepDays = 90
	MaxKeepDays     = 400
)

// Config is what a Service depends on. Everything beside the first two is the
// site's policy: whoever runs the program decides it, and no page can change it.
type Config struct {
	Store *store.Store
	// Dir is the state directory: the instance's keys and the sealed
	// snapshots.
	Dir string

	// Source is where accounts are read from; nil: nowhere yet.
	Source *Source
	// HostName of the server instance, HTTPOnly and Version as a usage file
	// has them.
	HostName string
	HTTPOnly bool
	Version  string
	// Cleartext: usage files are signed and not sealed, because a guard has to
	// read them.
	Cleartext bool
	// Recipients are the site's own, whom files are sealed to beside the
	// enterprise.
	Recipients []usagefile.Recipient
	// LeaveOutNeverSignedIn leaves out accounts of which the source shows no
	// sign-in.
	LeaveOutNeverSignedIn bool
	// KeepDays is how long snapshots are kept, [MaxKeepDays] at most; 0 means
	// [DefaultKeepDays].
	KeepDays int

	// Place names the machine and directory, in a text that says nothing else;
	// empty where that cannot be told, and then a copy goes unnoticed.
	Place string
	// Audit is told of every change, in its transaction; nil: nobody is.
	Audit Audit
	// Enqueue adds a job that calls [Service.Collect], in the transaction of
	// whoever asked; nil: whoever asks waits for it.
	Enqueue func(ctx context.Context, tx *sql.Tx, actor string) error
	// Now is the clock.
	Now func() time.Time
}

// Service is the agent. It is safe for concurrent use.
type Service struct {
	config Config
	store  *store.Store
	// state keeps those apart who change the instance in this process; the lock
	// of its directory does it for other processes.
	state sync.Mutex
}

// New makes an agent.
func New(c Config) *Service {
	if c.KeepDays <= 0 {
		c.KeepDays = DefaultKeepDays
	}
	c.KeepDays = min(c.KeepDays, MaxKeepDays)
	return &Service{config: c, store: c.Store}
}

// snapshotDir has the sealed files of snapshots, spoolDir what is being made.
func (s *Service) snapshotDir() string { return filepath.Join(s.config.Dir, "snapshots") }

func (s *Service) spoolDir() string { return filepath.Join(s.config.Dir, "spool") }

// now is the time, to the second as files have it.
func (s *Service) now() time.Time { return s.config.Now().UTC().Truncate(time.Second) }
