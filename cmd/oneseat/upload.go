package main

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"path/filepath"
	"slices"
	"time"

	"github.com/oneseat/oneseat/client"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/source"
)

// uploadCommand brings files to a hub, shows what they would change, and
// decides.
type uploadCommand struct {
	asker

	File     string `arg:"" optional:"" name:"file"`
	Cloud    words  `placeholder:"[DATE=]FILE…"`
	Server   string `placeholder:"HOST=FILE"`
	Pending  string `placeholder:"UPLOAD"`
	Identity string `placeholder:"KEYFILE"`

	Confirm  string `placeholder:"FINGERPRINT"`
	SameAs   string `placeholder:"HOST"`
	HostName string `placeholder:"HOST"`
	Apply    bool
	Discard  bool

	Supersede     bool
	ReplaceSigned bool
	AllowPartial  bool
	NeverSignedIn string `placeholder:"keep|leave_out"`
	Format        string `default:"text" placeholder:"text|json"`
}

// uploaded is what came of an upload.
type uploaded struct {
	Upload *client.Upload `json:"upload"`
	// Preview is what applying would give; nil when there is nothing to look at,
	// or this token may not.
	Preview *client.Result  `json:"preview,omitempty"`
	Changes []client.Change `json:"changes,omitempty"`
	// Before are the licenses until now.
	before int
	// Result is what was counted after it was applied.
	Result *client.Result `json:"result,omitempty"`
}

// Run brings what there is to bring, shows what it would change, and decides
// if told to.
func (c *uploadCommand) Run(ctx context.Context, s *session) error {
	if err := c.check(); err != nil {
		return err
	}
	hub, err := c.client(s, "oneseat upload")
	if err != nil {
		return err
	}
	done, err := c.do(ctx, s, hub)
	if err != nil {
		return c.refused(err)
	}
	if c.Format == "json" {
		return s.json(done)
	}
	s.uploaded(done, c)
	return nil
}

// check looks at the options alone.
func (c *uploadCommand) check() error {
	given := 0
	for _, yes := range []bool{c.File != "", len(c.Cloud) > 0, c.Server != "", c.Pending != ""} {
		if yes {
			given++
		}
	}
	switch {
	case given == 0:
		return usage("upload.nothing")
	case given > 1:
		return usage("upload.several")
	case c.Apply && c.Discard:
		return usage("upload.apply_or_discard")
	case c.SameAs != "" && c.HostName != "":
		return usage("upload.same_or_other")
	case c.Confirm == "" && (c.SameAs != "" || c.HostName != ""):
		return usage("usage.option_missing", "Option", "--confirm FINGERPRINT", "Command", "oneseat upload")
	case c.NeverSignedIn != "":
		if err := oneOf("--never-signed-in", c.NeverSignedIn, "keep", "leave_out"); err != nil {
			return err
		}
	}
	return oneOf("--format", c.Format, "text", "json")
}

func (c *uploadCommand) do(ctx context.Context, s *session, hub *client.Client) (*uploaded, error) {
	u, err := c.bring(ctx, s, hub)
	if err != nil {
		return nil, err
	}
	if c.Confirm != "" && u.State == "held" {
		if u, err = c.confirm(ctx, hub, u); err != nil {
			return nil, err
		}
	}
	done := &uploaded{Upload: u}
	if err := done.look(ctx, hub); err != nil {
		return nil, err
	}
	switch {
	case c.Discard:
		done.Upload, err = hub.Discard(ctx, u.ID)
	case c.Apply && u.State == "held":
		return nil, errs.New(errs.Conflict, "upload.held", "ID", u.ID, "Host", u.HostName)
	case c.Apply:
		err = done.apply(ctx, hub)
	}
	return done, err
}

// bring gives the upload: a new one, or one that is there.
func (c *uploadCommand) bring(ctx context.Context, s *session, hub *client.Client) (*client.Upload, error) {
	if c.Pending != "" {
		return hub.Upload(ctx, c.Pending)
	}
	busy := s.busy(s.T("upload.sending"))
	defer busy.end()
	a := client.Arrival{Supersede: c.Supersede}
	switch {
	case len(c.Cloud) > 0:
		return c.bringCloud(ctx, hub, a)
	case c.Server != "":
		return c.bringReport(ctx, hub, a)
	}
	if err := recognised(c.File); err != nil {
		return nil, err
	}
	file, err := open(c.File)
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // only read
	if c.Identity != "" {
		if a.Identity, err = readSmall(c.Identity); err != nil {
			return nil, err
		}
	}
	return hub.UploadUsage(ctx, client.File{Name: filepath.Base(c.File), Content: file}, a)
}

// recognised refuses a file that is visibly another one than a usage file, with
// the option it is for: the hub could only say that it is none.
func recognised(name string) error {
	err := source.LookForUsage(source.FromPath(name))
	refusal, ok := errors.AsType[interface {
		error
		Message() (string, map[string]any)
	}](err)
	if !ok {
		return nil // the hub judges it
	}
	switch key, _ := refusal.Message(); key {
	case "source.server_not_usage":
		return errs.Wrap(errs.Invalid, err, "upload.server_file", "File", name)
	case "source.list_not_usage", "source.report_not_usage":
		return errs.Wrap(errs.Invalid, err, "upload.cloud_file", "File", name)
	}
	return nil
}

func (c *uploadCommand) bringReport(ctx context.Context, hub *client.Client, a client.Arrival) (*client.Upload, error) {
	given, err := hostFile(c.Server)
	if err != nil {
		return nil, err
	}
	if given.host == "" {
		return nil, usage("match.no_host", "File", given.file.Name)
	}
	file, err := open(given.file.Name)
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // only read
	return hub.UploadCSV(ctx, client.File{Name: filepath.Base(given.file.Name), Content: file}, client.ByHand{
		Arrival: a, Host: given.host, ReplaceSigned: c.ReplaceSigned, TakenAt: modified(given.file.Name), NeverSignedIn: c.NeverSignedIn,
	})
}

// bringCloud brings the files of the cloud side. A date is more than was said
// when the same files came without one and wait for a decision: they are
// brought in the place of those.
func (c *uploadCommand) bringCloud(ctx context.Context, hub *client.Client, a client.Arrival) (*client.Upload, error) {
	named, date, err := c.cloudFiles()
	if err != nil {
		return nil, err
	}
	how := client.CloudSide{Arrival: a, AllowPartial: c.AllowPartial, Date: date}
	u, err := sendCloud(ctx, hub, named, how)
	if err == nil && u.Pending && u.SourceAt.IsZero() && !date.IsZero() && !how.Supersede {
		how.Supersede = true
		return sendCloud(ctx, hub, named, how)
	}
	return u, err
}

// cloudFiles are the files of the cloud side. One date is for all of them: the
// hub is told it with the upload.
func (c *uploadCommand) cloudFiles() (named []source.File, date time.Time, err error) {
	for _, text := range c.Cloud {
		f, err := datedFile(text)
		switch {
		case err != nil:
			return nil, date, err
		case slices.ContainsFunc(named, func(o source.File) bool { return o.Name == f.Name }):
			return nil, date, usage("usage.cloud_twice", "File", f.Name)
		case !f.Date.IsZero() && !date.IsZero() && !f.Date.Equal(date):
			return nil, date, usage("upload.one_date", "File", f.Name)
		case !f.Date.IsZero():
			date = f.Date
		}
		named = append(named, f)
	}
	return named, date, nil
}

func sendCloud(ctx context.Context, hub *client.Client, named []source.File, how client.CloudSide) (*client.Upload, error) {
	var files []client.File
	for _, f := range named {
		file, err := open(f.Name)
		if err != nil {
			return nil, err
		}
		defer file.Close() //nolint:errcheck // only read
		files = append(files, client.File{Name: filepath.Base(f.Name), Content: file})
	}
	return hub.LoadCloud(ctx, files, how)
}

// confirm says who the instance of a held upload is.
func (c *uploadCommand) confirm(ctx context.Context, hub *client.Client, u *client.Upload) (*client.Upload, error) {
	who := client.Confirmation{Fingerprint: c.Confirm, HostName: c.HostName}
	if c.SameAs != "" {
		instances, err := hub.Instances(ctx)
		if err != nil {
			return nil, err
		}
		at := slices.IndexFunc(instances, func(i client.Instance) bool { return i.HostName == c.SameAs && i.State == "active" })
		if at < 0 {
			return nil, errs.New(errs.NotFound, "upload.no_instance", "Host", c.SameAs)
		}
		who.SameAs = instances[at].Number
	}
	return hub.Confirm(ctx, u.ID, who)
}

// maxShown is how many changes are shown by name.
const maxShown = 20

// look reads what applying would change, as far as this token may.
func (d *uploaded) look(ctx context.Context, hub *client.Client) error {
	if d.Upload.State != "preview" {
		return nil
	}
	preview, err := hub.Preview(ctx, d.Upload.ID)
	if isStatus(err, http.StatusForbidden, http.StatusNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	d.Preview, d.before = preview, preview.Statement.Licenses-preview.Difference.Licenses
	d.Changes, err = first(hub.PreviewedChanges(ctx, d.Upload.ID), maxShown)
	return err
}

// first gives at most n values.
func first[T any](all iter.Seq2[T, error], n int) ([]T, error) {
	var list []T
	for value, err := range all {
		if err != nil || len(list) == n {
			return list, err
		}
		list = append(list, value)
	}
	return list, nil
}

// apply makes the upload count, and waits for the new total.
func (d *uploaded) apply(ctx context.Context, hub *client.Client) error {
	if d.Upload.State == "applied" {
		return nil
	}
	u, err := hub.Apply(ctx, d.Upload.ID)
	if err != nil {
		return err
	}
	d.Upload = u
	d.Result, err = hub.Recount(ctx, false)
	return err
}
