package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/i18n"
	"github.com/oneseat/oneseat/internal/source"
	"github.com/oneseat/oneseat/internal/terminal"
)

// The exit statuses.
const (
	statusDone   = 0
	statusFailed = 1
	statusUsage  = 2
)

// process is what a command has of the process it runs in.
type process struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	env            func(name string) string
}

// session is what every command works with.
type session struct {
	*i18n.Catalogue

	stdout *results         // results for programs
	out    *terminal.Screen // results for people
	err    *terminal.Screen // everything else
	stderr io.Writer        // standard error itself, for logs
	now    time.Time        // when the command was started, UTC

	settings *settings // where the values of settings are from
}

// cli is the grammar of the command line. Its help is in the catalogue, under
// "help." and the names.
type cli struct {
	Demo    demoCommand    `cmd:"" name:"demo"`
	Match   matchCommand   `cmd:"" name:"match"`
	Export  exportCommand  `cmd:"" name:"export"`
	Inspect inspectCommand `cmd:"" name:"inspect"`
	Keys    keysCommand    `cmd:"" name:"keys"`
	Hub     hubCommand     `cmd:"" name:"hub"`
	Agent   agentCommand   `cmd:"" name:"agent"`
	Upload  uploadCommand  `cmd:"" name:"upload"`
	Sync    syncCommand    `cmd:"" name:"sync"`
	Report  reportCommand  `cmd:"" name:"report"`
	Status  statusCommand  `cmd:"" name:"status"`
	Person  personCommand  `cmd:"" name:"person"`
	Backup  backupCommand  `cmd:"" name:"backup"`
	Restore restoreCommand `cmd:"" name:"restore"`
	Config  configCommand  `cmd:"" name:"config"`
	Version versionCommand `cmd:"" name:"version"`
}

// run is the program: it gives the exit status and ends nothing.
func run(ctx context.Context, args []string, p process) int {
	catalogue, err := i18n.New(language(p.env))
	if err != nil {
		fmt.Fprintln(p.stderr, "oneseat:", err) //nolint:errcheck // there is no better place to say it
		return statusFailed
	}
	stdout := &results{to: p.stdout}
	s := &session{
		Catalogue: catalogue,
		stdout:    stdout,
		out:       terminal.New(stdout, p.env),
		err:       terminal.New(p.stderr, p.env),
		stderr:    p.stderr,
		now:       time.Now().UTC().Truncate(time.Second),

		settings: &settings{env: p.env, origin: map[string]origin{}},
	}
	return s.status(s.execute(ctx, args))
}

func (s *session) execute(ctx context.Context, args []string) error {
	parser, err := kong.New(&cli{}, kong.Name("oneseat"), kong.NoDefaultHelp(), kong.Resolvers(s.settings))
	if err != nil {
		return fmt.Errorf("build the command line: %w", err)
	}
	args = aliases(args)
	if node, wanted := helpWanted(parser.Model.Node, args); wanted {
		return s.helpOn(node, args)
	}
	if len(args) == 0 {
		s.help(s.err, parser.Model.Node)
		return usage("usage.no_command")
	}
	node := commandOf(parser.Model.Node, args)
	if err := checkArgs(node, args); err != nil {
		return err
	}
	if err := s.settings.load(parser.Model.Node, node, args); err != nil {
		return err
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		return s.misused(node, err)
	}
	if err := s.settings.checkSecrets(node); err != nil {
		return err
	}
	parsed.BindTo(ctx, (*context.Context)(nil))
	if err := parsed.Run(s); err != nil {
		return err
	}
	return s.out.Err()
}

// status says what went wrong, if anything did, and gives the exit status.
func (s *session) status(err error) int {
	if err == nil {
		return statusDone
	}
	if errors.Is(err, context.Canceled) {
		key := "usage.interrupted"
		if s.stdout.begun {
			key = "usage.interrupted_partly"
		}
		err = errs.Wrap(errs.Unavailable, err, key)
	}
	for _, problem := range problems(err) {
		s.complain(s.Error(problem))
	}
	if _, ok := errors.AsType[*usageError](err); ok {
		return statusUsage
	}
	return statusFailed
}

// problems are errors that stand beside each other one by one, and the single
// refusals of a file that has several, with whether there are more.
func problems(err error) []error {
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		var all []error
		for _, one := range several.Unwrap() {
			all = append(all, problems(one)...)
		}
		return all
	}
	all, ok := errors.AsType[*source.Problems](err)
	if !ok {
		return []error{err}
	}
	if all.More {
		return append(slices.Clone(all.List), errs.New(errs.Invalid, "file.more_problems", "File", all.File))
	}
	return all.List
}

// complain says what went wrong.
func (s *session) complain(sentence string) { s.note("oneseat: " + sentence) }

// note writes text to standard error: wrapped for somebody who looks, on one
// line for a log.
func (s *session) note(text string) {
	if s.err.IsTerminal() {
		s.err.Prose(0, text)
		return
	}
	for line := range strings.SplitSeq(text, "\n") {
		s.err.Line(line)
	}
}

// warn is complain for what does not stop a command.
func (s *session) warn(sentence string) { s.complain(s.T("usage.warning", "Text", sentence)) }

// aliases are other ways in which people ask for the same.
func aliases(args []string) []string {
	if len(args) == 0 {
		return args
	}
	switch args[0] {
	case "help":
		return append(append([]string{}, args[1:]...), "--help")
	case "--version":
		return append([]string{"version"}, args[1:]...)
	case "sync": // on an agent's machine; of a hub it names the instance
		if !slices.ContainsFunc(args, ofHub) {
			return append([]string{"agent"}, args...)
		}
	}
	return args
}

// ofHub says that an argument of "oneseat sync" makes it the command for a hub, or
// asks for the help, which has both.
func ofHub(arg string) bool {
	name, _, _ := strings.Cut(arg, "=")
	return slices.Contains([]string{"--instance", "--hub", "--url", "--enterprise", "--token-file", "--timeout", "--help", "-h"}, name)
}

// language is the reader's, as the environment names it: "fr" for
// "fr_FR.UTF-8".
func language(env func(string) string) string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := env(name); value != "" {
			tag, _, _ := strings.Cut(value, ".")
			return strings.ReplaceAll(tag, "_", "-")
		}
	}
	return ""
}
