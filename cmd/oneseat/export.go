package main

import (
	"cmp"
	"context"
	"errors"
	"io"
	"os"
	"time"

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
	file    string
	same    bool // the last snapshot again
	receipt *usagefile.Receipt
	summary source.ServerSummary
}

// Run writes a usage file. The state directory is locked while it does.
func (c *exportCommand) Run(ctx context.Context, s *session) error {
	if err := c.check(); err != nil {
		return err
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
	if last := i.Last; last.Sequence > 0 {
		last.Note = cmp.Or(c.Note, last.Note)
		err := c.write(ctx, dir, i, last, users, done)
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

// write makes the file of a snapshot. What is known of the instance is saved
// when the file is whole and before it is in its place: whatever happens in
// between, no sequence is given twice, and the same users give the same
// snapshot again.
func (c *exportCommand) write(ctx context.Context, dir *instance.Dir, i *instance.Instance, snap usagefile.Snapshot, users *snapshot.Users, done *exported) error {
	x := usagefile.Export{
		Instance: usagefile.Instance{
			ServerID: i.ServerID, HostName: c.HostName, HTTPOnly: c.HTTPOnly, Version: c.VersionOfServer, Rotation: i.Rotation,
		},
		Snapshot: snap, Recipients: c.recipients, Cleartext: c.Cleartext,
	}
	done.file = c.Output
	if done.file == "" {
		done.file = usagefile.Header{Instance: x.Instance, Snapshot: snap}.FileName()
	}
	put := atomicfile.Create
	if isOwnFile(done.file, i.ServerID) {
		put = atomicfile.Replace
	}
	err := put(done.file, 0o600, func(w io.Writer) error {
		var err error
		if done.receipt, err = usagefile.Encode(w, i.Key(), x, users.Sorted(ctx)); err != nil {
			return err
		}
		i.Exported(done.receipt.Header.Snapshot)
		return dir.Save(i)
	})
	return cannotWrite(done.file, err)
}

// isOwnFile says that a file is an earlier usage file of the same instance,
// which may be replaced.
func isOwnFile(name, serverID string) bool {
	file, err := os.Open(name)
	if err != nil {
		return false
	}
	defer file.Close() //nolint:errcheck // only read
	f, err := usagefile.Open(file, usagefile.Options{})
	return err == nil && f.Header().Instance.ServerID == serverID
}
