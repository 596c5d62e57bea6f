package main

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/oneseat/oneseat/internal/terminal"
)

type configCommand struct {
	Print configPrintCommand `cmd:"" name:"print"`
}

// configPrintCommand has the settings of every role.
type configPrintCommand struct {
	configuration
	storage
	serving
	singleSignOn
	whose
	asking

	Format string `default:"text" placeholder:"text|json"`
}

// setting is what is shown of one.
type setting struct {
	Name     string `json:"name"`
	Value    string `json:"value"` // without what is secret
	From     string `json:"from"`  // default, file, environment or option
	Variable string `json:"variable"`
	Role     string `json:"role"`
}

// Run prints the settings as the commands here would have them, and says what
// is wrong with them.
func (c *configPrintCommand) Run(s *session, parsed *kong.Context) error {
	wrong := errors.Join(c.storage.check(s.settings), c.serving.check(s.settings), c.singleSignOn.check(s.settings), c.asking.check(s.settings))
	return s.showSettings(parsed, c.Format, wrong)
}

// showSettings prints the settings of a command.
func (s *session) showSettings(parsed *kong.Context, format string, wrong error) error {
	if err := oneOf("--format", format, "text", "json"); err != nil {
		return err
	}
	var all []setting
	for _, f := range parsed.Selected().Flags {
		if f.Tag.Has("setting") && f.Name != "config" {
			all = append(all, s.setting(f))
		}
	}
	if format == "json" {
		return errors.Join(s.json(map[string]any{"settings": all}), wrong)
	}
	t := terminal.Table{Columns: []terminal.Column{
		{Head: s.T("config.head.setting"), Fixed: true}, {Head: s.T("config.head.value")}, {Head: s.T("config.head.from"), Faint: true},
	}}
	for _, one := range all {
		t.Rows = append(t.Rows, []terminal.Cell{
			terminal.Text(one.Name), terminal.Text(one.Value), terminal.Text(s.T("config.from." + one.From)),
		})
	}
	s.out.Table(t)
	return wrong
}

func (s *session) setting(f *kong.Flag) setting {
	value := flagText(f)
	if f.Tag.Has("secret") && value != "" {
		value = redacted(f, value)
	}
	return setting{f.Name, value, s.settings.from(f.Name).String(), s.settings.variable(f.Name), f.Tag.Get("setting")}
}

// flagText is an option's value as it would be written.
func flagText(f *kong.Flag) string {
	switch v := f.Target.Interface().(type) {
	case bool:
		if v {
			return "true"
		}
		return "false"
	case []string:
		return strings.Join(v, ",")
	default:
		return fmt.Sprint(v)
	}
}

// redacted is a secret as it may be shown: an address without its password,
// anything else not at all.
func redacted(f *kong.Flag, value string) string {
	const hidden = "xxxxx"
	address, err := url.Parse(value)
	switch {
	case f.Tag.Has("noflag"):
		return hidden
	case !strings.Contains(value, "://"):
		return value
	case err != nil:
		return hidden
	}
	query := address.Query()
	if query.Has("password") {
		query.Set("password", hidden)
		address.RawQuery = query.Encode()
	}
	return address.Redacted()
}

// String is the word for an origin.
func (o origin) String() string {
	switch o {
	case byFile:
		return "file"
	case byEnvironment:
		return "environment"
	case byOption:
		return "option"
	case byDefault:
	}
	return "default"
}
