package main

import (
	"errors"
	"io"
	"io/fs"
	"os"

	"github.com/oneseat/oneseat/internal/atomicfile"
	"github.com/oneseat/oneseat/internal/terminal"
	"github.com/oneseat/oneseat/usagefile"
)

type keysCommand struct {
	Enterprise keysEnterpriseCommand `cmd:"" name:"enterprise"`
	Instance   keysInstanceCommand   `cmd:"" name:"instance"`
}

type keysEnterpriseCommand struct {
	Output string `placeholder:"FILE"`
	Format string `default:"text" placeholder:"text|json"`
}

// enterpriseKey is what is shown of an unsealing key; the key itself never is.
type enterpriseKey struct {
	File        string `json:"file"`
	Recipient   string `json:"recipient"`
	Fingerprint string `json:"fingerprint"`
	short       string
}

// Run makes an unsealing key, or shows the one that is there.
func (c *keysEnterpriseCommand) Run(s *session) error {
	if err := oneOf("--format", c.Format, "text", "json"); err != nil {
		return err
	}
	if c.Output == "" {
		return usage("usage.option_missing", "Option", "--output FILE", "Command", "oneseat keys enterprise")
	}
	if err := checkOutput(c.Output); err != nil {
		return err
	}
	keys, err := c.make(s)
	made := err == nil
	if errors.Is(err, fs.ErrExist) {
		keys, err = identities(c.Output)
	}
	if err != nil {
		return err
	}
	return c.show(s, keys, made)
}

// make makes a key, unless the file exists.
func (c *keysEnterpriseCommand) make(s *session) ([]*usagefile.Identity, error) {
	key, err := usagefile.NewIdentity()
	if err != nil {
		return nil, err
	}
	err = atomicfile.Create(c.Output, 0o600, func(w io.Writer) error { return key.WriteKeyFile(w, s.now) })
	return []*usagefile.Identity{key}, cannotWrite(c.Output, err)
}

func (c *keysEnterpriseCommand) show(s *session, keys []*usagefile.Identity, made bool) error {
	shown := make([]enterpriseKey, len(keys))
	for i, key := range keys {
		f := key.Recipient().Fingerprint()
		shown[i] = enterpriseKey{c.Output, key.Recipient().String(), f.String(), f.Short()}
	}
	c.warnOpen(s)
	if !made {
		s.note(s.T("keys.kept", "File", c.Output))
	}
	if c.Format == "json" {
		return s.json(map[string]any{"made": made, "keys": shown})
	}
	s.out.Strong(s.T("keys.enterprise_title"))
	for _, key := range shown {
		s.out.Definitions(2, []terminal.Definition{
			{Term: s.T("keys.file"), Text: key.File},
			{Term: s.T("keys.recipient"), Text: key.Recipient},
			{Term: s.T("keys.fingerprint"), Text: key.short},
			{Text: key.Fingerprint},
		})
	}
	if made {
		s.out.Blank()
		s.out.Prose(0, s.T("keys.enterprise_next"))
	}
	return nil
}

// warnOpen warns of a key file that others can read.
func (c *keysEnterpriseCommand) warnOpen(s *session) {
	info, err := os.Stat(c.Output)
	if err == nil && info.Mode().Perm()&0o077 != 0 {
		s.warn(s.T("keys.open", "File", c.Output, "Mode", info.Mode().Perm().String()))
	}
}
