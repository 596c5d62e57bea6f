package main

import (
	"encoding/base64"
	"errors"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/instance"
	"github.com/oneseat/oneseat/internal/terminal"
	"github.com/oneseat/oneseat/usagefile"
)

type keysInstanceCommand struct {
	State  string `placeholder:"DIR"`
	Rotate bool
	Format string `default:"text" placeholder:"text|json"`
}

// instanceKey is what is shown of an instance; its private key never is.
type instanceKey struct {
	State       string `json:"state"`
	ServerID    string `json:"server_id"`
	PublicKey   string `json:"public_key"`
	Fingerprint string `json:"fingerprint"`
	Previous    string `json:"previous_fingerprint"` // of the key it was rotated from, or empty
	Sequence    int64  `json:"sequence"`             // of the last snapshot exported, 0 for none
	Digest      string `json:"digest"`
}

// Run makes an instance, rotates its key, or shows it.
func (c *keysInstanceCommand) Run(s *session) error {
	if err := oneOf("--format", c.Format, "text", "json"); err != nil {
		return err
	}
	if c.State == "" {
		return usage("usage.option_missing", "Option", "--state DIR", "Command", "oneseat keys instance")
	}
	i, next, err := c.instance()
	if err != nil {
		return err
	}
	if c.Format == "json" {
		return s.json(c.shown(i))
	}
	c.show(s, i)
	if next != "" {
		s.out.Blank()
		s.out.Prose(0, s.T("keys.instance_next."+next))
	}
	return nil
}

// instance gives the instance and what is to be done next: "made", "rotated"
// or nothing.
func (c *keysInstanceCommand) instance() (i *instance.Instance, next string, err error) {
	if i, err = instance.Read(c.State); !c.Rotate && errs.KindOf(err) != errs.NotFound {
		return i, "", err
	}
	open := instance.Make
	if c.Rotate {
		open = instance.Open
	}
	dir, err := open(c.State)
	if err != nil {
		return nil, "", err
	}
	i, next, err = c.change(dir)
	return i, next, errors.Join(err, dir.Close())
}

func (c *keysInstanceCommand) change(dir *instance.Dir) (*instance.Instance, string, error) {
	i, err := dir.Load()
	switch {
	case err == nil && c.Rotate:
		if err := i.Rotate(); err != nil {
			return nil, "", err
		}
		return i, "rotated", dir.Save(i)
	case err == nil || errs.KindOf(err) != errs.NotFound || c.Rotate:
		return i, "", err
	default:
		i = instance.New()
		return i, "made", dir.Save(i)
	}
}

func (c *keysInstanceCommand) shown(i *instance.Instance) instanceKey {
	shown := instanceKey{
		State: c.State, ServerID: i.ServerID, Fingerprint: i.Fingerprint().String(),
		PublicKey: base64.StdEncoding.EncodeToString(i.PublicKey()),
		Sequence:  i.Last.Sequence, Digest: i.Last.Digest.String(),
	}
	if i.Rotation != nil {
		shown.Previous = usagefile.KeyFingerprint(i.Rotation.Previous).String()
	}
	return shown
}

func (c *keysInstanceCommand) show(s *session, i *instance.Instance) {
	k := c.shown(i)
	last := s.T("keys.no_snapshot")
	if i.Last.Sequence > 0 {
		last = s.T("keys.last_snapshot", "Sequence", i.Last.Sequence, "Time", s.instant(i.Last.TakenAt))
	}
	s.out.Strong(s.T("keys.instance_title"))
	list := []terminal.Definition{
		{Term: s.T("keys.state"), Text: k.State},
		{Term: s.T("keys.server_id"), Text: k.ServerID},
		{Term: s.T("keys.public_key"), Text: k.PublicKey},
		{Term: s.T("keys.fingerprint"), Text: i.Fingerprint().Short()},
		{Text: k.Fingerprint},
		{Term: s.T("keys.snapshot"), Text: last},
	}
	if i.Rotation != nil {
		list = append(list, terminal.Definition{
			Term: s.T("keys.previous"), Text: usagefile.KeyFingerprint(i.Rotation.Previous).Short(),
		})
	}
	s.out.Definitions(2, list)
}
