package main

import (
	"context"
	"hash/maphash"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/oneseat/oneseat/internal/mixup"
	"github.com/oneseat/oneseat/internal/source"
	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/usagefile"
)

type matchCommand struct {
	Cloud        words  `placeholder:"[DATE=]FILE…"`
	Server       words  `placeholder:"[HOST=]FILE…"`
	Identity     string `placeholder:"KEYFILE"`
	Policy       words  `placeholder:"NAME=VALUE…"`
	AsOf         string `placeholder:"DATE"`
	Format       string `default:"table" placeholder:"table|json|csv"`
	Explain      string `placeholder:"WHO"`
	AllowPartial bool
	GitHubFigure string `name:"github-figure" placeholder:"[DATE=]N"`

	cloud    []source.File
	servers  []*serverFile
	at       time.Time
	policies policies
	figure   *licensing.Figure
	keys     []*usagefile.Identity
	seed     maphash.Seed // of the digests of accounts
}

// Run counts and prints.
func (c *matchCommand) Run(ctx context.Context, s *session) error {
	if err := c.check(s); err != nil {
		return err
	}
	c.seed = maphash.MakeSeed()
	var err error
	if c.keys, err = identities(c.Identity); err != nil {
		return err
	}
	counted, err := c.count(ctx, s)
	switch {
	case err != nil:
		return err
	case c.Explain != "":
		return c.explain(ctx, s, counted)
	}
	switch c.Format {
	case "json":
		return s.matchJSON(ctx, counted)
	case "csv":
		return s.matchCSV(ctx, counted)
	default:
		s.table(counted)
		return nil
	}
}

// check looks at the options alone.
func (c *matchCommand) check(s *session) error {
	if len(c.Cloud) == 0 {
		return usage("usage.option_missing", "Option", "--cloud FILE", "Command", "oneseat match")
	}
	if err := oneOf("--format", c.Format, "table", "json", "csv"); err != nil {
		return err
	}
	if c.Explain != "" && c.Format != "table" {
		return usage("usage.explain_format")
	}
	var err error
	if c.at, err = c.instant(s.now); err != nil {
		return err
	}
	if c.policies, err = parsePolicies(
		c.Policy, policyBilling, policyManagedUsers, policyNeverSignedIn, policyUnlinkedSubscribers, policyUseGitHubJoins,
	); err != nil {
		return err
	}
	if c.figure, err = parseFigure(c.GitHubFigure); err != nil {
		return err
	}
	return c.files()
}

// files reads the names of the files, with what stands in front of them.
func (c *matchCommand) files() error {
	for _, text := range c.Cloud {
		f, err := datedFile(text)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(c.cloud, func(o source.File) bool { return o.Name == f.Name }) {
			return usage("usage.cloud_twice", "File", f.Name)
		}
		c.cloud = append(c.cloud, f)
	}
	for _, text := range c.Server {
		f, err := hostFile(text)
		if err != nil {
			return err
		}
		c.servers = append(c.servers, f)
	}
	return nil
}

func (c *matchCommand) instant(now time.Time) (time.Time, error) {
	if c.AsOf == "" {
		return now, nil
	}
	if at, ok := parseInstant(c.AsOf); ok {
		return at, nil
	}
	return time.Time{}, usage("usage.bad_date", "Option", "--as-of", "Value", c.AsOf)
}

// parseInstant reads a date, which begins at 00:00 UTC, or RFC 3339.
func parseInstant(text string) (time.Time, bool) {
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC(), true
		}
	}
	return time.Time{}, false
}

// parseFigure reads [DATE=]N; nil for nothing.
func parseFigure(text string) (*licensing.Figure, error) {
	if text == "" {
		return nil, nil //nolint:nilnil // no figure was given, and that is fine
	}
	date, number, dated := strings.Cut(text, "=")
	if !dated {
		date, number = "", text
	}
	n, err := strconv.Atoi(strings.ReplaceAll(number, ",", ""))
	at, ok := parseInstant(date)
	if err != nil || n < 0 || dated && !ok {
		return nil, usage("usage.bad_figure", "Value", text)
	}
	return &licensing.Figure{Licenses: n, Date: at}, nil
}

// datedFile reads [DATE=]FILE: only what is a date counts as one. What looks
// like a date of another form and is no file is told the form.
func datedFile(text string) (source.File, error) {
	before, name, ok := strings.Cut(text, "=")
	at, isDate := parseInstant(before)
	switch {
	case ok && isDate && name == "":
		return source.File{}, usage("usage.no_file", "Option", "--cloud", "Value", text)
	case ok && isDate:
		f := source.FromPath(name)
		f.Date = at
		return f, nil
	case ok && len(before) >= len("1.1.26") && strings.Trim(before, "0123456789-./:TZ") == "" && !exists(text):
		return source.File{}, usage("usage.bad_date", "Option", "--cloud", "Value", before)
	}
	return source.FromPath(text), nil
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// serverFile is a file of a server instance's accounts.
type serverFile struct {
	file source.File
	host string // as given, or as the file says
	// header of a usage file, nil for anything else
	header *usagefile.Header
	// summary is what its reader noticed, once it was read.
	summary *source.ServerSummary
	// digest is that of its accounts, to compare with another's in this run.
	digest uint64
	// Sample are its first accounts, to compare with GitHub's report.
	Sample mixup.Sample
}

// hostFile reads [HOST=]FILE: what holds a path separator is no host, unless
// it is an address copied as a whole.
func hostFile(text string) (*serverFile, error) {
	host, name, ok := strings.Cut(text, "=")
	if !ok || !strings.Contains(host, "://") && strings.ContainsAny(host, `/\`) && (exists(text) || !exists(name)) {
		return &serverFile{file: source.FromPath(text)}, nil
	}
	if err := checkHost("--server", host); err != nil {
		return nil, err
	}
	if name == "" {
		return nil, usage("usage.no_file", "Option", "--server", "Value", text)
	}
	return &serverFile{file: source.FromPath(name), host: host}, nil
}
