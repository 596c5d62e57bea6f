package main

import (
	"context"
	"errors"
	"slices"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/mixup"
	"github.com/oneseat/oneseat/internal/source"
	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/usagefile"
)

// count reads every file and counts.
func (c *matchCommand) count(ctx context.Context, s *session) (*counted, error) {
	defer spare()()
	if err := c.nameHosts(); err != nil {
		return nil, err
	}
	busy := s.busy(s.T("match.reading", "File", c.cloud[0].Name))
	defer busy.end()
	out, err := c.readCloud(ctx, s)
	if err != nil {
		return nil, err
	}
	count := licensing.NewCount(out.index)
	for _, f := range c.servers {
		busy.next(s.T("match.reading", "File", f.file.Name))
		if err := c.countServer(ctx, s, f, out, count, busy); err != nil {
			return nil, err
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	out.servers = c.servers
	out.notes = append(out.notes, c.doubts(s, out)...)
	busy.next(s.T("match.counting"))
	slices.Sort(out.notes)
	if out.result, err = count.ResultWith(sideBySide); err != nil {
		return nil, err
	}
	return out, nil
}

// readCloud reads the cloud side and indexes it.
func (c *matchCommand) readCloud(ctx context.Context, s *session) (*counted, error) {
	cloud, err := source.ReadCloud(ctx, c.cloud, source.CloudOptions{AllowPartial: c.AllowPartial})
	if err != nil {
		return nil, err
	}
	out := &counted{side: cloud.Side}
	for _, w := range cloud.Warnings {
		out.notes = append(out.notes, s.sentence(w))
	}
	if c.figure != nil && out.side.Report != nil {
		return nil, errs.New(errs.Invalid, "match.figure_and_report", "Licenses", out.side.Report.Consumed)
	}
	if c.figure != nil {
		out.side.Figure = c.figure
	}
	out.policy = licensing.Documented(out.side.Enterprise, c.at)
	c.policies.apply(&out.policy)
	out.index, err = licensing.NewIndex(out.side, out.policy)
	return out, err
}

// nameHosts looks into every server file for the host it is of, and refuses
// what is given twice before anything is read.
func (c *matchCommand) nameHosts() error {
	byHost, byServer := map[string]*serverFile{}, map[string]*serverFile{}
	for _, f := range c.servers {
		if err := f.look(c.serverOptions()); err != nil {
			return err
		}
		if f.header != nil {
			id := f.header.Instance.ServerID
			if other := byServer[id]; other != nil {
				return twoSnapshots(other, f)
			}
			byServer[id] = f
		}
		host := licensing.NormalHost(f.host)
		if other := byHost[host]; other != nil {
			return errs.New(errs.Conflict, "match.host_twice", "Host", host, "File", f.file.Name, "Other", other.file.Name)
		}
		byHost[host] = f
	}
	return nil
}

// look recognises the file and reads the header of a usage file, which names
// its own host; a CSV is given one.
func (f *serverFile) look(options source.ServerOptions) error {
	in, err := source.OpenServer(f.file, options)
	if err != nil {
		return err
	}
	f.header = in.Header
	if err := in.Close(); err != nil {
		return cannotRead(f.file.Name, err)
	}
	switch {
	case f.header == nil && f.host == "":
		return errs.New(errs.Invalid, "match.no_host", "File", f.file.Name)
	case f.header == nil:
		return nil
	case f.host != "" && licensing.NormalHost(f.host) != licensing.NormalHost(f.header.Instance.HostName):
		return errs.New(errs.Conflict, "match.other_host", "File", f.file.Name, "Host", f.host, "Own", f.header.Instance.HostName)
	}
	f.host = f.header.Instance.HostName
	return nil
}

// twoSnapshots refuses two files of one instance and names the newest.
func twoSnapshots(a, b *serverFile) error {
	newest := a
	if b.header.Snapshot.Sequence > a.header.Snapshot.Sequence {
		newest = b
	}
	return errs.New(errs.Conflict, "match.server_twice", "File", a.file.Name, "Other", b.file.Name,
		"Host", b.host, "Newest", newest.file.Name, "Sequence", newest.header.Snapshot.Sequence)
}

func (c *matchCommand) serverOptions() source.ServerOptions {
	return source.ServerOptions{
		LeaveOutNeverSignedIn: c.policies.leaveOutNeverSignedIn(), Usage: usagefile.Options{Identities: c.keys},
	}
}

// countServer adds the accounts of one instance.
func (c *matchCommand) countServer(ctx context.Context, s *session, f *serverFile, out *counted, count *licensing.Count, busy *busy) error {
	in, err := source.OpenServer(f.file, c.serverOptions())
	if err != nil {
		return err
	}
	number, err := count.AddInstance(f.host)
	if err != nil {
		return errors.Join(err, in.Close())
	}
	p := placing{in: in, index: out.index, host: f.host, seed: c.seed, sampled: mixup.SampleSize(len(c.servers)), take: func(shard *licensing.Shard, accounts int) {
		count.Add(number, shard)
		busy.add(accounts)
	}}
	f.summary, err = p.run(ctx)
	if err = errors.Join(err, in.Close()); err != nil {
		return err
	}
	f.digest, f.Sample = p.digest.Load(), p.Sample
	for _, w := range f.summary.Warnings {
		out.notes = append(out.notes, s.sentence(w))
	}
	return nil
}
