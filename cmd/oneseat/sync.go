package main

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/oneseat/oneseat/client"
	"github.com/oneseat/oneseat/internal/errs"
)

// syncCommand is Sync now on a hub: its agent is asked to deliver, and hears of
// it when it asks next. On an agent's machine "oneseat sync" is another command,
// see aliases.
type syncCommand struct {
	asker

	Instance string        `placeholder:"HOST"`
	Timeout  time.Duration `default:"10m" placeholder:"DURATION"`
	NoWait   bool
	Format   string `default:"text" placeholder:"text|json"`
}

// synced is what came of it.
type synced struct {
	Request *client.SyncRequest `json:"request"`
	Upload  *client.Upload      `json:"upload,omitempty"`
}

// Run asks, and waits for what comes of it.
func (c *syncCommand) Run(ctx context.Context, s *session) error {
	if err := oneOf("--format", c.Format, "text", "json"); err != nil {
		return err
	}
	if c.Instance == "" {
		return usage("usage.option_missing", "Option", "--instance HOST", "Command", "oneseat sync --hub URL")
	}
	hub, err := c.client(s, "oneseat sync")
	if err != nil {
		return err
	}
	done, err := c.do(ctx, s, hub)
	if err != nil {
		return c.refused(err)
	}
	return c.show(s, done)
}

func (c *syncCommand) do(ctx context.Context, s *session, hub *client.Client) (*synced, error) {
	number, err := instanceOf(ctx, hub, c.Instance)
	if err != nil {
		return nil, err
	}
	r, err := hub.SyncNow(ctx, number)
	if err != nil {
		return nil, err
	}
	done := &synced{Request: r}
	if c.NoWait {
		return done, nil
	}
	busy := s.busy(s.T("synchub.waiting", "Host", c.Instance))
	defer busy.end()
	return done, c.await(ctx, hub, number, done)
}

// instanceOf finds an instance by its host name, whatever its case.
func instanceOf(ctx context.Context, hub *client.Client, host string) (int64, error) {
	all, err := hub.Instances(ctx)
	if err != nil {
		return 0, err
	}
	at := slices.IndexFunc(all, func(i client.Instance) bool { return i.State == "active" && strings.EqualFold(i.HostName, host) })
	if at < 0 {
		return 0, errs.New(errs.NotFound, "upload.no_instance", "Host", host)
	}
	return all[at].Number, nil
}

// syncEvery is how often the hub is asked what came of a request.
const syncEvery = time.Second

// await asks until the agent has answered and the hub has looked at what it
// delivered, or nobody waits any more.
func (c *syncCommand) await(ctx context.Context, hub *client.Client, number int64, done *synced) error {
	until := time.Now().Add(c.Timeout)
	for {
		var err error
		if done.Request, err = hub.SyncRequest(ctx, number, done.Request.ID); err != nil {
			return err
		}
		if id := done.Request.Upload; id != "" {
			if done.Upload, err = hub.Upload(ctx, id); err != nil {
				return err
			}
		}
		if done.over() {
			return nil
		}
		if time.Now().After(until) {
			return errs.New(errs.Unavailable, "synchub.late", "Host", c.Instance, "Time", c.Timeout.String())
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(syncEvery):
		}
	}
}

// over says that nothing more comes by itself.
func (d *synced) over() bool {
	if d.Upload == nil {
		return d.Request.State != "open"
	}
	return d.Upload.State != "checking" && (d.Upload.State != "preview" || d.Upload.Preview != 0)
}

// show says what came of it: what failed is an error.
func (c *syncCommand) show(s *session, d *synced) error {
	if c.Format == "json" {
		if err := s.json(d); err != nil {
			return err
		}
	}
	refusal := d.Request.Error
	if d.Upload != nil && d.Upload.State == "refused" {
		refusal = d.Upload.Refusal
	}
	switch {
	case refusal != nil:
		return errs.New(errs.Conflict, "client.refused", "Sentence", refusal.Message)
	case d.Upload == nil && d.Request.State == "lapsed":
		return errs.New(errs.Conflict, "synchub.lapsed", "Host", c.Instance)
	case c.Format == "json":
	case d.Upload == nil:
		s.note(s.T("synchub.asked", "Host", c.Instance))
	case d.Upload.State == "applied":
		s.out.Strong(s.T("synchub.applied", "Count", int(d.Upload.Accounts), "Host", c.Instance, "Sequence", int(d.Upload.Sequence)))
	case d.Upload.Pending:
		s.out.Strong(s.T("synchub.held", "Host", c.Instance, "Upload", d.Upload.ID))
	default:
		s.out.Strong(s.T("synchub.newer", "Host", c.Instance))
	}
	return nil
}
