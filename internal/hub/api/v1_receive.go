package api

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/source"
	"github.com/oneseat/oneseat/internal/spool"
	"github.com/oneseat/oneseat/internal/web"
	"github.com/oneseat/oneseat/usagefile"
)

// maxCloudFiles is how many files a cloud side comes in at most.
const maxCloudFiles = 16

func (v *v1) receiveCalls() []call {
	most := v.spool.Most()
	return []call{
		{
			Method: http.MethodPost, Path: own + "/uploads", Name: "upload-usage", Tag: "Uploads",
			Access: scopes(signin.AdminEnterprise, signin.Upload), Summary: "Upload a usage file",
			Text: "The body is the file. It is verified as a whole before anything of it is used. " +
				"The same file again gives the upload it has already, with 200; another one while an upload of the instance is pending is refused with 409, and Location leads to the pending one.",
			MaxBody: most, Body: usageBody(), Run: answers(v.receiveUsage),
		},
		{
			Method: http.MethodPost, Path: own + "/uploads/csv", Name: "upload-csv", Tag: "Uploads", Access: admins(),
			Summary: "Upload a server's own report",
			Text:    "For instances where no agent runs: all_users.csv, or any CSV with ids and addresses. Its people stay marked as unsigned and by hand.",
			MaxBody: most, Body: rawBody("A CSV.", "text/csv", "application/octet-stream"), Run: answers(v.receiveCSV),
		},
		{
			Method: http.MethodPost, Path: own + "/cloud-list", Name: "load-cloud-list", Tag: "Cloud list", Access: admins(),
			Summary: "Load the cloud side",
			Text:    "All of it: one file as the body, or up to 16 as parts of a form, each with its file name: cloud lists and GitHub's consumed-license reports.",
			MaxBody: most, Body: rawBody("A cloud list, or GitHub's report.", "application/octet-stream", "application/json", "text/csv", "multipart/form-data"),
			Run: answers(v.loadCloud),
		},
	}
}

// rawBody describes a file.
func rawBody(text string, types ...string) *huma.RequestBody {
	body := &huma.RequestBody{Required: true, Description: text, Content: map[string]*huma.MediaType{}}
	for _, name := range types {
		schema := &huma.Schema{Type: huma.TypeString, Format: "binary"}
		if name == "multipart/form-data" {
			schema = &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{
				"file": {Type: huma.TypeArray, Items: schema, MaxItems: new(maxCloudFiles)},
			}}
		}
		body.Content[name] = &huma.MediaType{Schema: schema}
	}
	return body
}

// Arriving is what is said of every file.
type Arriving struct {
	FileName  string `query:"file_name" maxLength:"255" doc:"Name of the file, for the history."`
	Supersede bool   `query:"supersede" doc:"Drop the pending upload of the same source instead of being refused because of it."`
}

// arrival says who brings a file.
func (a *Arriving) arrival(ctx context.Context, content string) hub.Arrival {
	who := askerOf(ctx)
	out := hub.Arrival{FileName: a.FileName, Actor: who.Name, Supersede: a.Supersede, Content: content}
	if !who.May(signin.AdminEnterprise) {
		out.Instance = who.Instance
	}
	return out
}

// createdUpload is the answer of a call that makes an upload.
type createdUpload struct {
	Status   int
	Location string `header:"Location" doc:"Where the upload can be asked for."`
	Body     Upload
}

type usageInput struct {
	InEnterprise
	Arriving
}

func (v *v1) receiveUsage(ctx context.Context, in *usageInput) (*createdUpload, error) {
	var keys []*usagefile.Identity
	take := func(r *http.Request, stay *spool.Stay) (err error) {
		keys, err = sealed(r, stay)
		return err
	}
	return v.receive(ctx, func(files ...*spool.File) (*hub.Upload, error) {
		arrival := in.arrival(ctx, spool.ContentOf(files...))
		arrival.Identities = keys
		return v.hub.ReceiveUsage(detached(ctx), askerOf(ctx).About.Number, files[0], arrival)
	}, take)
}

type csvInput struct {
	InEnterprise
	Arriving

	Host          string    `query:"host" required:"true" minLength:"1" maxLength:"255" doc:"Host name of the instance the report is of."`
	ReplaceSigned bool      `query:"replace_signed" doc:"Accept it although the people of the instance came in signed usage files."`
	TakenAt       time.Time `query:"taken_at" doc:"When the report was made."`
	NeverSignedIn string    `query:"never_signed_in" enum:"keep,leave_out" doc:"Whether accounts that never signed in count; absent: as the settings say."`
}

func (v *v1) receiveCSV(ctx context.Context, in *csvInput) (*createdUpload, error) {
	by := hub.ByHand{Host: in.Host, ReplaceSigned: in.ReplaceSigned, TakenAt: in.TakenAt, LeaveOutNeverSignedIn: in.NeverSignedIn == "leave_out"}
	return v.receive(ctx, func(files ...*spool.File) (*hub.Upload, error) {
		file := files[0].Named(in.FileName, in.TakenAt)
		return v.hub.ReceiveCSV(detached(ctx), askerOf(ctx).About.Number, file, by, in.arrival(ctx, spool.ContentOf(files...)))
	}, one)
}

type cloudInput struct {
	InEnterprise
	Arriving

	AllowPartial bool      `query:"allow_partial" doc:"Accept an answer of GitHub's that lacks rows."`
	Date         time.Time `query:"date" doc:"The age of files that do not say it themselves."`
}

func (v *v1) loadCloud(ctx context.Context, in *cloudInput) (*createdUpload, error) {
	var names []string
	take := func(r *http.Request, stay *spool.Stay) (err error) {
		names, err = several(r, in.FileName, stay)
		return err
	}
	return v.receive(ctx, func(files ...*spool.File) (*hub.Upload, error) {
		var list []source.File
		for i, f := range files {
			list = append(list, f.Named(names[i], in.Date))
		}
		return v.hub.LoadCloud(detached(ctx), askerOf(ctx).About.Number, list, in.AllowPartial, in.arrival(ctx, spool.ContentOf(files...)))
	}, take)
}

// receive spools what a request brings and lets the hub take it in, when whoever
// brought it still may: it may have been long on its way. The files are gone
// afterwards.
func (v *v1) receive(ctx context.Context, accept func(...*spool.File) (*hub.Upload, error), take func(*http.Request, *spool.Stay) error) (*createdUpload, error) {
	who, r := askerOf(ctx), outcomeOf(ctx).request
	stay, err := v.spool.Enter(v.guest(who))
	if err != nil {
		return nil, err
	}
	defer stay.Leave()
	if err := take(r, stay); err != nil {
		return nil, err
	}
	if err := stay.Turn(ctx); err != nil {
		return nil, err
	}
	if _, err := v.desk.Authenticate(ctx, secretOf(r)); err != nil {
		return nil, err
	}
	u, err := accept(stay.Files()...)
	if again := v.again(ctx, err, spool.ContentOf(stay.Files()...)); again != nil {
		return v.uploaded(ctx, http.StatusOK, again)
	}
	return v.created(ctx, u, told(who, err))
}

// told is a refusal as the asker may hear it: who reads nothing is not told
// which upload is in the way, nor whose.
func told(who asker, err error) error {
	if hub.InTheWay(err) == "" || mayOne(who.Actor, reads()) {
		return err
	}
	return errs.New(errs.Conflict, "api.upload_pending")
}

// uploaderShare is the part of the largest file that a token has at most which
// brings usage files of one instance and does nothing else.
const uploaderShare = 8

func (v *v1) guest(who asker) spool.Guest {
	g := spool.Guest{Name: who.Token, Enterprise: who.About.Number}
	if !who.May(signin.AdminEnterprise) {
		g.Most = v.spool.Most() / uploaderShare
	}
	return g
}

// one takes a body that is one file.
func one(r *http.Request, stay *spool.Stay) error {
	_, err := stay.Take(r.Body)
	return err
}

// several takes a body that is one file, or a form of files, and gives their
// names.
func several(r *http.Request, name string, stay *spool.Stay) ([]string, error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		return []string{name}, one(r, stay)
	}
	form, err := r.MultipartReader()
	if err != nil {
		return nil, web.WithStatus(http.StatusBadRequest, errs.Wrap(errs.Invalid, err, "api.bad_form"))
	}
	return parts(form, stay)
}

func parts(form *multipart.Reader, stay *spool.Stay) ([]string, error) {
	var names []string
	for {
		part, err := form.NextPart()
		switch {
		case errors.Is(err, io.EOF) && len(names) > 0:
			return names, nil
		case errors.Is(err, io.EOF):
			return nil, errs.New(errs.Invalid, "spool.empty_file")
		case err != nil:
			return nil, web.WithStatus(http.StatusBadRequest, errs.Wrap(errs.Invalid, err, "api.bad_form"))
		case len(names) == maxCloudFiles:
			return nil, errs.New(errs.Invalid, "api.many_files", "Most", maxCloudFiles)
		}
		if _, err := stay.Take(part); err != nil {
			return nil, err
		}
		names = append(names, part.FileName())
	}
}

// created answers a call that made an upload, or says why not. What is in the
// way, or what records the refusal, is where Location leads.
func (v *v1) created(ctx context.Context, u *hub.Upload, err error) (*createdUpload, error) {
	if err == nil {
		return v.uploaded(ctx, http.StatusCreated, u)
	}
	id := hub.InTheWay(err)
	if id == "" && u != nil {
		id = u.ID
	}
	if id != "" {
		err = web.WithHeader(err, "Location", location(ctx, "uploads", id))
	}
	return nil, err
}

func (v *v1) uploaded(ctx context.Context, status int, u *hub.Upload) (*createdUpload, error) {
	body, err := v.show(u)
	if who := askerOf(ctx); !mayOne(who.Actor, reads()) {
		body = body.received(who.Name)
	}
	return &createdUpload{Status: status, Location: location(ctx, "uploads", u.ID), Body: body}, err
}

// again is the upload that the same content has already, nil when there is none.
func (v *v1) again(ctx context.Context, err error, content string) *hub.Upload {
	id := hub.InTheWay(err)
	if id == "" {
		return nil
	}
	u, failure := v.hub.Upload(ctx, askerOf(ctx).About.Number, id)
	if failure != nil {
		return nil
	}
	if h, failure := hub.HeaderOf(u); failure != nil || h.Content != content {
		return nil
	}
	return u
}

// detached goes on when the asker hangs up: once a file is here, the hub takes
// all of it in or none, and the asker who tries again is told what became of it.
func detached(ctx context.Context) context.Context { return context.WithoutCancel(ctx) }
