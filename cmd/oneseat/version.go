package main

import (
	"cmp"
	"runtime"
	"runtime/debug"

	"github.com/oneseat/oneseat/internal/terminal"
	"github.com/oneseat/oneseat/usagefile"
)

type versionCommand struct {
	Format string `default:"text" placeholder:"text|json"`
}

// build is what the program knows of itself.
type build struct {
	Version   string `json:"version"`
	Commit    string `json:"commit"`      // empty when it was built outside a checkout
	CommitAt  string `json:"commit_time"` // RFC 3339, or empty
	Modified  bool   `json:"modified"`    // the checkout was not clean
	Go        string `json:"go"`
	Platform  string `json:"platform"`
	UsageFile string `json:"usage_file_format"`
}

// Run prints what was built from what.
func (c *versionCommand) Run(s *session) error {
	if err := oneOf("--format", c.Format, "text", "json"); err != nil {
		return err
	}
	b := readBuild()
	if c.Format == "json" {
		return s.json(b)
	}
	s.out.Line("oneseat " + b.Version)
	s.out.Definitions(2, []terminal.Definition{
		{Term: s.T("version.commit"), Text: cmp.Or(b.Commit, s.T("version.unknown"))},
		{Term: s.T("version.go"), Text: b.Go},
		{Term: s.T("version.platform"), Text: b.Platform},
		{Term: s.T("version.usage_file"), Text: b.UsageFile},
	})
	return nil
}

func readBuild() build {
	b := build{Version: "(devel)", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH, UsageFile: usagefile.Format}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	b.Version = cmp.Or(info.Main.Version, b.Version)
	for _, setting := range info.Settings {
		switch setting.Key {
		case "vcs.revision":
			b.Commit = setting.Value
		case "vcs.time":
			b.CommitAt = setting.Value
		case "vcs.modified":
			b.Modified = setting.Value == "true"
		}
	}
	return b
}
