package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/oneseat/oneseat/internal/agent"
	agentstore "github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/job"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/source"
	"github.com/oneseat/oneseat/usagefile"
)

// agentCommand is the sending role, and what its operator does beside it.
type agentCommand struct {
	Serve      agentServeCommand      `cmd:"" name:"serve" default:"withargs" hidden:""`
	Init       agentInitCommand       `cmd:"" name:"init"`
	Enrol      agentEnrolCommand      `cmd:"" name:"enrol"`
	Leave      agentLeaveCommand      `cmd:"" name:"leave"`
	Collect    agentCollectCommand    `cmd:"" name:"collect"`
	Confirm    agentConfirmCommand    `cmd:"" name:"confirm"`
	Discard    agentDiscardCommand    `cmd:"" name:"discard"`
	Export     agentExportCommand     `cmd:"" name:"export"`
	Snapshots  agentSnapshotsCommand  `cmd:"" name:"snapshots"`
	Status     agentStatusCommand     `cmd:"" name:"status"`
	Seats      agentSeatsCommand      `cmd:"" name:"seats"`
	Resume     agentResumeCommand     `cmd:"" name:"resume"`
	Renew      agentRenewCommand      `cmd:"" name:"renew"`
	Connect    agentConnectCommand    `cmd:"" name:"connect"`
	Disconnect agentDisconnectCommand `cmd:"" name:"disconnect"`
	Sync       agentSyncCommand       `cmd:"" name:"sync"`
	Owner      agentOwnerCommand      `cmd:"" name:"owner"`
	Config     agentConfigCommand     `cmd:"" name:"config"`
}

// agentStorage are the settings about where an agent keeps what it knows.
type agentStorage struct {
	Data         string `default:"oneseat-agent" placeholder:"DIR" setting:"agent"`
	Database     string `placeholder:"FILE|postgres://…" setting:"agent" secret:""`
	DatabaseFile string `placeholder:"FILE" setting:"agent"`
}

// agentServing are the settings about how an agent answers, those of a hub with
// another port.
type agentServing struct {
	Listen       string   `default:"127.0.0.1:8081" placeholder:"HOST:PORT" setting:"agent"`
	ExternalURL  string   `name:"external-url" placeholder:"URL" setting:"agent"`
	TLSCert      string   `name:"tls-cert" placeholder:"FILE" setting:"agent"`
	TLSKey       string   `name:"tls-key" placeholder:"FILE" setting:"agent"`
	TrustedProxy []string `placeholder:"ADDRESS,…" setting:"agent"`
	LogLevel     string   `default:"info" placeholder:"debug|info|warn|error" setting:"agent"`
	LogFormat    string   `default:"json" placeholder:"json|text" setting:"agent"`
	DevPages     bool     `setting:"agent"`
}

// serving are the same settings, as everything that serves takes them.
func (o *agentServing) serving() *serving { return (*serving)(o) }

// reporting are the settings about what an agent reads, and what it says of it.
type reporting struct {
	Source          string        `placeholder:"FILE|exec:COMMAND" setting:"agent"`
	SourceSchedule  string        `default:"hourly" placeholder:"hourly|15m|HH:MM" setting:"agent"`
	SourceTimeout   time.Duration `default:"10m" placeholder:"DURATION" setting:"agent"`
	SourceMaxBytes  int64         `default:"17179869184" placeholder:"BYTES" setting:"agent"`
	HostName        string        `placeholder:"HOST" setting:"agent"`
	HTTPOnly        bool          `name:"http-only" setting:"agent"`
	VersionOfServer string        `placeholder:"VERSION" setting:"agent"`
	Cleartext       bool          `setting:"agent"`
	Recipient       []string      `placeholder:"age1…,…" setting:"agent"`
	NeverSignedIn   string        `default:"include" placeholder:"include|leave_out" setting:"agent"`
	KeepDays        int           `default:"90" placeholder:"DAYS" setting:"agent"`
}

// onAgent is what every command has that works on an agent's own machine.
type onAgent struct {
	configuration
	agentStorage
	reporting
	connecting
}

// check looks at the settings alone, and names all that is wrong.
func (o *onAgent) check(v *settings) error {
	return errors.Join(o.reporting.check(v), o.connecting.check(v))
}

// place gives where the settings say.
func (o *agentStorage) place(v *settings) (*place, error) {
	location, err := v.secret("database", o.Database, o.DatabaseFile)
	if err != nil {
		return nil, err
	}
	p := &place{data: o.Data, database: cmp.Or(location, filepath.Join(o.Data, "agent.db")), spool: filepath.Join(o.Data, "spool")}
	if !isPostgres(location) {
		p.file = p.database
	}
	return p, nil
}

// check looks at the settings alone, and names all that is wrong.
func (o *reporting) check(v *settings) error {
	var wrong []error
	if o.HostName != "" {
		wrong = append(wrong, checkHost(v.place("host-name"), o.HostName))
	}
	if o.Source != "" {
		if err := (&agent.Source{Text: o.Source}).Check(); err != nil {
			wrong = append(wrong, &usageError{err})
		}
	}
	if _, err := o.schedule(); err != nil {
		wrong = append(wrong, usage("settings.bad_schedule", "Option", v.place("source-schedule"), "Value", o.SourceSchedule))
	}
	if o.KeepDays < 1 || o.KeepDays > agent.MaxKeepDays {
		wrong = append(wrong, usage("settings.bad_number", "Option", v.place("keep-days"), "Value", o.KeepDays, "Least", 1, "Most", agent.MaxKeepDays))
	}
	for _, text := range o.Recipient {
		if _, err := usagefile.ParseRecipient(text); err != nil {
			wrong = append(wrong, &usageError{err})
		}
	}
	return errors.Join(append(wrong, oneOf(v.place("never-signed-in"), o.NeverSignedIn, "include", "leave_out"))...)
}

// schedule says when the source is looked at.
func (o *reporting) schedule() (job.Schedule, error) {
	if o.SourceSchedule == "hourly" {
		const minute = 5 // whatever writes the file on the hour has done so
		return job.Hourly(minute), nil
	}
	if minutes, often := strings.CutSuffix(o.SourceSchedule, "m"); often {
		n, err := strconv.Atoi(minutes)
		if err == nil && !slices.Contains(oftenMinutes(), n) {
			err = errors.New("not a part of an hour")
		}
		if err != nil {
			return job.Schedule{}, err
		}
		return job.Often(n), nil
	}
	at, err := time.Parse("15:04", o.SourceSchedule)
	return job.Daily(at.Hour(), at.Minute()), err
}

// oftenMinutes are the minutes that may lie between two looks at the source.
func oftenMinutes() []int { return []int{5, 10, 15, 20, 30} }

// source is where the agent reads from; nil when that is not set.
func (o *reporting) source(s *session) *agent.Source {
	if o.Source == "" {
		return nil
	}
	return &agent.Source{
		Text: o.Source, Env: sourceEnvironment(s.settings.env), Timeout: o.SourceTimeout, Limits: source.Limits{MaxBytes: o.SourceMaxBytes},
	}
}

// sourceEnvironment is what a command that fetches the source sees: enough to run
// and to reach a network, and what is meant for it. Nothing of the agent's own is
// there.
func sourceEnvironment(env func(string) string) []string {
	out := []string{"PATH=" + cmp.Or(env("PATH"), "/usr/local/bin:/usr/bin:/bin")}
	for _, name := range []string{
		"HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "https_proxy", "http_proxy", "no_proxy",
		"SSL_CERT_FILE", "SSL_CERT_DIR", "CREDENTIALS_DIRECTORY",
		"ONESEAT_SOURCE_URL", "ONESEAT_SOURCE_TOKEN_FILE", "ONESEAT_SOURCE_CA_FILE", "ONESEAT_SOURCE_TRIES", "ONESEAT_SOURCE_WAIT",
	} {
		if value := env(name); value != "" {
			out = append(out, name+"="+value)
		}
	}
	return out
}

// station is an agent put together, over an open database. Its jobs are not
// begun.
type station struct {
	db        *database.DB
	agent     *agent.Service
	desk      *signin.Desk
	queue     *job.Queue
	schedules *job.Schedules
	loop      *job.Loop
}

// openStation opens the agent that is there.
func (o *onAgent) openStation(ctx context.Context, s *session, p *place, logger *slog.Logger) (*station, error) {
	if err := p.mine(); err != nil {
		return nil, err
	}
	if !agent.Holds(p.data) || p.file != "" && !exists(p.file) {
		return nil, errs.New(errs.NotFound, "place.no_agent", "Directory", p.data)
	}
	return o.assemble(ctx, s, p, logger)
}

// assemble brings the database up to date and puts the parts together.
func (o *onAgent) assemble(ctx context.Context, s *session, p *place, logger *slog.Logger) (*station, error) {
	db, err := database.Open(ctx, database.Config{Location: p.database})
	if err != nil {
		return nil, err
	}
	m := &station{db: db, desk: signin.New(db, time.Now), schedules: job.NewSchedules(db, logger)}
	if err = m.migrate(ctx); err == nil {
		m.queue, err = job.New(db, job.Config{Rescue: agent.JobRescue, Alone: p.file != ""}, logger)
	}
	if err == nil {
		m.agent, err = o.agent(s, p, m)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	schedule, err := o.schedule()
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	agent.RegisterJobs(m.queue, m.schedules, m.agent, schedule)
	m.loop = job.NewLoop("license sync", m.agent.SyncTurn, logger)
	agent.RegisterSync(m.queue, m.loop)
	return m, nil
}

// agent is the role as the settings want it.
func (o *onAgent) agent(s *session, p *place, m *station) (*agent.Service, error) {
	transport, err := o.transport(s.settings)
	if err != nil {
		return nil, err
	}
	c := agent.Config{
		Store: agentstore.New(m.db), Dir: p.data, Source: o.source(s), HostName: o.HostName, HTTPOnly: o.HTTPOnly, Version: o.VersionOfServer,
		Cleartext: o.Cleartext, LeaveOutNeverSignedIn: o.NeverSignedIn == "leave_out", KeepDays: o.KeepDays, Place: whereabouts(p.data),
		Audit: agentAudit{m.desk}, Enqueue: agent.EnqueueCollect(m.queue), Now: time.Now,
		Transport: transport, UserAgent: userAgent(), PokeSync: agent.EnqueuePoke(m.queue), LicenseFile: o.LicenseFile,
		SourceMaxAge: time.Duration(o.SourceMaxAge) * 24 * time.Hour,
	}
	if len(o.SyncDelays) > 0 {
		c.Delays = o.SyncDelays
	}
	for _, text := range o.Recipient {
		r, err := usagefile.ParseRecipient(text)
		if err != nil {
			return nil, err
		}
		c.Recipients = append(c.Recipients, r)
	}
	return agent.New(c), nil
}

func (m *station) migrate(ctx context.Context) error {
	if err := m.db.Migrate(ctx, agentstore.Migrations()); err != nil {
		return err
	}
	if err := job.Migrate(ctx, m.db); err != nil {
		return err
	}
	return signin.Migrate(ctx, m.db)
}

func (m *station) close() error { return m.db.Close() }

// with runs fn on the agent that is there.
func (o *onAgent) with(ctx context.Context, s *session, fn func(m *station) error) error {
	return o.withPlace(ctx, s, func(m *station, _ *place) error { return fn(m) })
}

// withPlace is with for whoever asks whether the agent runs.
func (o *onAgent) withPlace(ctx context.Context, s *session, fn func(m *station, p *place) error) error {
	p, err := o.place(s.settings)
	if err = errors.Join(err, o.check(s.settings)); err != nil {
		return err
	}
	m, err := o.openStation(ctx, s, p, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	return errors.Join(fn(m, p), m.close())
}

// named demands the host name, of an agent that is there.
func (o *onAgent) named(command string) error {
	if o.HostName == "" && !agent.Holds(o.Data) {
		return errs.New(errs.NotFound, "place.no_agent", "Directory", o.Data)
	}
	return o.reporting.named(command)
}

// named demands the host name, which every snapshot says.
func (o *reporting) named(command string) error {
	if o.HostName == "" {
		return usage("usage.option_missing", "Option", "--host-name HOST", "Command", command)
	}
	return nil
}

// operator is who runs a command beside the agent.
func operator() string { return signin.CommandLine(agent.Enterprise).Name }

// whereabouts names this machine and directory, so that a copy or a move shows,
// and says nothing else: the machine's id is not to be given away. Where there is
// none, as in many containers, the directory alone is named.
func whereabouts(dir string) string {
	machine, _ := os.ReadFile("/etc/machine-id")
	where, err := filepath.Abs(dir)
	if err != nil {
		return ""
	}
	if resolved, err := filepath.EvalSymlinks(where); err == nil {
		where = resolved
	}
	sum := sha256.Sum256([]byte("oneseat agent\n" + strings.TrimSpace(string(machine)) + "\n" + where))
	return hex.EncodeToString(sum[:16])
}
