package main

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/oneseat/oneseat/internal/agent"
	"github.com/oneseat/oneseat/internal/atomicfile"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/instance"
	"github.com/oneseat/oneseat/internal/snapshot"
	"github.com/oneseat/oneseat/internal/source"
	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/usagefile"
)

type exportCommand struct {
	State           string `placeholder:"DIR"`
	Source          string `placeholder:"FILE"`
	HostName        string `placeholder:"HOST"`
	Recipient       words  `placeholder:"age1…"`
	Cleartext       bool
	Note            string `placeholder:"TEXT"`
	Output          string `placeholder:"FILE"`
	HTTPOnly        bool   `name:"http-only"`
	VersionOfServer string `placeholder:"VERSION"`
	Policy          words  `placeholder:"NAME=VALUE…"`
	Format          string `default:"text" placeholder:"text|json"`

	recipients []usagefile.Recipient
	policy     policies
}

// exported is what came of an export.
type exported struct {
	file string
	same bool // the last snapshot again
	// before is the last snapshot until now, with Sequence 0 for none, and
	// host the name it was exported under.
	before  usagefile.Snapshot
	host    string
	receipt *usagefile.Receipt
	summary source.ServerSummary
}

// Run writes a usage file. The state directory is locked while it does.
func (c *exportCommand) Run(ctx context.Context, s *session) error {
	if err := c.check(); err != nil {
		return err
	}
	if agent.Holds(c.State) {
		return errs.New(errs.Conflict, "export.of_agent", "Directory", c.State)
	}
	defer spare()()
	dir, err := instance.Open(c.State)
	if err != nil {
		return err
	}
	done, err := c.export(ctx, s, dir)
	if err = errors.Join(err, dir.Close()); err != nil {
		return err
	}
	return c.show(s, done)
}

// check looks at the options alone.
func (c *exportCommand) check() error {
	const command = "oneseat export"
	for _, o := range []struct{ option, value string }{
		{"--state DIR", c.State}, {"--source FILE", c.Source}, {"--host-name HOST", c.HostName},
	} {
		if o.value == "" {
			return usage("usage.option_missing", "Option", o.option, "Command", command)
		}
	}
	if err := checkHost("--host-name", c.HostName); err != nil {
		return err
	}
	if err := checkOutput(c.Output); err != nil {
		return err
	}
	if len(c.Recipient) > 0 && c.Cleartext {
		return usage("usage.export_both")
	}
	if len(c.Recipient) == 0 && !c.Cleartext {
		return usage("usage.export_to_whom")
	}
	for _, text := range c.Recipient {
		r, err := usagefile.ParseRecipient(text)
		if err != nil {
			return &usageError{err}
		}
		c.recipients = append(c.recipients, r)
	}
	var err error
	if c.policy, err = parsePolicies(c.Policy, policyNeverSignedIn); err != nil {
		return err
	}
	return oneOf("--format", c.Format, "text", "json")
}

func (c *exportCommand) export(ctx context.Context, s *session, dir *instance.Dir) (*exported, error) {
	i, err := dir.Load()
	if err != nil {
		return nil, err
	}
	users, done, err := c.read(ctx, s)
	if err != nil {
		return nil, err
	}
	done.before, done.host = i.Last, i.HostName
	if last := i.Last; last.Sequence > 0 {
		last.Note = cmp.Or(c.Note, last.Note)
		err := c.write(ctx, dir, i, last, users, done)
		if errors.Is(err, fs.ErrExist) {
			err = cmp.Or(c.encode(io.Discard, i, c.usageExport(i, last), users.Sorted(ctx), done), err)
		}
		if done.same = err == nil; done.same || !isSourceChanged(err) {
			return done, err
		}
	}
	next := i.Next()
	next.TakenAt, next.SourceAt, next.Note = s.now, modified(c.Source), c.Note
	return done, c.write(ctx, dir, i, next, users, done)
}

// isSourceChanged says that the users are not those of the snapshot that was
// tried first.
func isSourceChanged(err error) bool {
	e, ok := errors.AsType[*usagefile.Error](err)
	return ok && e.Code == usagefile.CodeSourceChanged
}

// read gathers the users of the source.
func (c *exportCommand) read(ctx context.Context, s *session) (*snapshot.Users, *exported, error) {
	busy := s.busy(s.T("match.reading", "File", c.Source))
	defer busy.end()
	in, err := source.OpenServer(source.FromPath(c.Source), source.ServerOptions{LeaveOutNeverSignedIn: c.policy.leaveOutNeverSignedIn()})
	if err != nil {
		return nil, nil, err
	}
	defer in.Close() //nolint:errcheck // only read
	users, done := &snapshot.Users{}, &exported{}
	for accounts, err := range in.Shards(&done.summary) {
		if err = errors.Join(err, ctx.Err()); err != nil {
			return nil, nil, err
		}
		if err := add(users, accounts); err != nil {
			return nil, nil, errs.Wrap(errs.TooLarge, err, "export.too_many", "File", c.Source)
		}
		busy.add(len(accounts))
	}
	return users, done, nil
}

func add(users *snapshot.Users, accounts []licensing.ServerAccount) error {
	for i := range accounts {
		if err := users.Add(&accounts[i]); err != nil {
			return err
		}
	}
	return nil
}

// modified is when a file was last written, as far as that can be told.
func modified(name string) time.Time {
	info, err := os.Stat(name)
	if err != nil {
		return time.Time{}
	}
	return info.ModTime().UTC().Truncate(time.Second)
}

// write makes the file of a snapshot, where none may be. What is known of the
// instance is saved when the file is whole and before it is in its place:
// whatever happens in between, no sequence is given twice, and the same users
// give the same snapshot again.
func (c *exportCommand) write(ctx context.Context, dir *instance.Dir, i *instance.Instance, snap usagefile.Snapshot, users *snapshot.Users, done *exported) error {
	x := c.usageExport(i, snap)
	done.file = c.Output
	if done.file == "" {
		done.file = usagefile.Header{Instance: x.Instance, Snapshot: snap}.FileName()
	}
	err := atomicfile.Create(done.file, 0o600, func(w io.Writer) error {
		if err := c.encode(w, i, x, users.Sorted(ctx), done); err != nil {
			return err
		}
		i.Exported(done.receipt.Header)
		return dir.Save(i)
	})
	return cannotWrite(done.file, err)
}

// usageExport is what a usage file of a snapshot says beside its users.
func (c *exportCommand) usageExport(i *instance.Instance, snap usagefile.Snapshot) usagefile.Export {
	return usagefile.Export{
		Instance: usagefile.Instance{
			ServerID: i.ServerID, HostName: c.HostName, HTTPOnly: c.HTTPOnly, Version: c.VersionOfServer, Rotation: i.Rotation,
		},
		Snapshot: snap, Recipients: c.recipients, Cleartext: c.Cleartext,
	}
}

func (c *exportCommand) encode(w io.Writer, i *instance.Instance, x usagefile.Export, users usagefile.Users, done *exported) (err error) {
	done.receipt, err = usagefile.Encode(w, i.Key(), x, users)
	return err
}
