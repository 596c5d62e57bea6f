package agent

import (
	"context"
	"database/sql"
	"net/http"
	"path/filepath"
	"sync"
	"sync/atomic"
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
	// Transport carries what is said to a hub, as connect.NewTransport makes it;
	// UserAgent is "oneseat/VERSION".
	Transport http.RoundTripper
	UserAgent string
	// Delays are those between the attempts of a run of license sync; nil:
	// [connect.Delays].
	Delays []time.Duration
	// PokeSync asks for a turn of [Service.SyncTurn] soon, once the transaction
	// is there; nil: nobody takes turns.
	PokeSync func(ctx context.Context, tx *sql.Tx) error
	// LicenseFile is the license of the server instance, whose hash the hub is
	// told; empty: it is not known.
	LicenseFile string
	// SourceMaxAge is how old what counts may be before the agent is said to be
	// unwell; 0: [DefaultSourceAge] while license sync is enabled.
	SourceMaxAge time.Duration

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

	// tokens guards what was held last of the hub's tokens.
	tokens    sync.Mutex
	lastToken heldToken
	// progress is that of the run that this process is at; nil for none.
	progress atomic.Pointer[progress]
	// stuck is why this process could not write down what is due for license sync,
	// such as of a disk without room: nobody can read it in the database. Nil when
	// it could.
	stuck atomic.Pointer[Failure]
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

// after is the time so much later, to the second as well and never before: what
// is due within a second could not be told from what is due at its end.
func (s *Service) after(d time.Duration) time.Time {
	return s.now().Add(d + time.Second - 1).Truncate(time.Second)
}
