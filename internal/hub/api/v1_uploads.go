package api

import (
	"context"
	"net/http"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
)

func (v *v1) uploadCalls() []call {
	return []call{
		{
			Method: http.MethodGet, Path: own + "/uploads", Name: "list-uploads", Access: reads(), Tag: "Uploads",
			Summary: "Uploads, newest first", Run: answers(v.uploads),
		},
		{
			Method: http.MethodGet, Path: own + "/uploads/{upload}", Name: "get-upload", Access: reads(), Tag: "Uploads",
			Summary: "One upload", Run: answers(v.upload),
		},
		{
			Method: http.MethodGet, Path: own + "/uploads/{upload}/preview", Name: "get-upload-preview", Access: reads(), Tag: "Uploads",
			Summary: "The result there would be if the upload were applied", Run: answers(v.preview),
		},
		{
			Method: http.MethodGet, Path: own + "/uploads/{upload}/changes", Name: "list-upload-changes", Access: reads(), Tag: "Uploads",
			Summary: "What applying the upload would change, by name",
			Text:    "Of each kind the first thousand; the tallies of the preview count all.",
			Run:     answers(v.uploadChanges),
		},
		{
			Method: http.MethodPost, Path: own + "/uploads/{upload}/confirm", Name: "confirm-upload", Access: admins(), Tag: "Uploads",
			Summary: "Say who the instance of a held upload is",
			Text:    "Compare the fingerprint with the one the instance itself shows. The upload then is in preview.",
			Run:     answers(v.confirm),
		},
		{
			Method: http.MethodPost, Path: own + "/uploads/{upload}/apply", Name: "apply-upload", Access: admins(), Tag: "Uploads",
			Summary: "Make an upload in preview count",
			Text:    "When applying would now change something else than the preview said, nothing is applied and the answer is 409; look at the new preview. The total follows with the next recount.",
			Run:     answers(v.apply),
		},
		{
			Method: http.MethodPost, Path: own + "/uploads/{upload}/discard", Name: "discard-upload", Access: admins(), Tag: "Uploads",
			Summary: "Drop a pending upload", Text: "Nothing else changes.", Run: answers(v.discard),
		},
	}
}

// Upload is the arrival of a file, or the wish to go back to a snapshot.
type Upload struct {
	ID          string    `json:"id" doc:"Name of the upload."`
	Kind        string    `json:"kind" doc:"usage: a usage file. csv: a server's report, by hand. cloud: files of the cloud side. undo: back to a kept snapshot. remove: an instance goes."`
	State       string    `json:"state" doc:"checking, held, preview, removing, applied, refused, discarded or superseded."`
	Pending     bool      `json:"pending" doc:"Nobody decided yet; its source takes no other."`
	Instance    int64     `json:"instance,omitempty" doc:"Number of the server instance; absent for the cloud side, and for a file refused before anybody knew whose it is."`
	HostName    string    `json:"host_name,omitempty" doc:"Host name, as the file says."`
	ServerID    string    `json:"server_id,omitempty" doc:"Server id, as the file says."`
	Fingerprint string    `json:"fingerprint,omitempty" doc:"Fingerprint of the key that signed the file."`
	KnownHost   int64     `json:"known_host,omitempty" doc:"Of a held upload: the instance that has this host name under another server id."`
	Sequence    int64     `json:"sequence,omitempty" doc:"Sequence of the usage file."`
	TakenAt     time.Time `json:"taken_at,omitzero" doc:"When the snapshot was taken."`
	SourceAt    time.Time `json:"source_at,omitzero" doc:"When the accounts were as they are; absent when unknown."`
	Accounts    int64     `json:"accounts" doc:"Accounts in it."`
	Note        string    `json:"note,omitempty" doc:"What whoever exported it noted."`
	FileName    string    `json:"file_name,omitempty" doc:"Name of the file."`
	Files       []string  `json:"files,omitempty" nullable:"false" doc:"Names of the files of the cloud side."`
	Content     string    `json:"content,omitempty" doc:"SHA-256 of what was uploaded; the same again is the same upload."`
	Snapshot    int64     `json:"snapshot,omitempty" doc:"The snapshot an undo goes back to."`
	Reason      string    `json:"reason,omitempty" doc:"Why, of an undo."`
	Actor       string    `json:"actor" doc:"Who brought it."`
	Preview     int64     `json:"preview_result,omitempty" doc:"Number of the result that shows what applying would change."`
	Warnings    []Warning `json:"warnings" nullable:"false" doc:"What was noticed and stops nothing."`
	Refusal     *Refusal  `json:"refusal,omitempty" doc:"Why it was refused, or discarded by nobody in particular."`
	CreatedAt   time.Time `json:"created_at" doc:"When it arrived."`
	UpdatedAt   time.Time `json:"updated_at" doc:"When its state changed last, or its agent sent the same again."`
	LapsesAt    time.Time `json:"lapses_at,omitzero" doc:"When it is discarded unless somebody decides before; absent when nothing waits for people."`
}

// Refusal is why an upload was refused.
type Refusal struct {
	Code    string `json:"code" doc:"Short name of what is wrong."`
	Message string `json:"message" doc:"The sentence: what is wrong and what to do."`
}

// show shows an upload.
func (v *v1) show(u *hub.Upload) (Upload, error) {
	h, err := hub.HeaderOf(u)
	if err != nil {
		return Upload{}, err
	}
	out := Upload{
		ID: u.ID, Kind: string(u.Kind), State: string(u.State), Pending: u.State.Pending(), Instance: max(0, u.Source),
		HostName: h.HostName, ServerID: h.ServerID, Fingerprint: h.Fingerprint, KnownHost: h.KnownHost, Sequence: h.Sequence,
		TakenAt: h.TakenAt, SourceAt: h.SourceAt, Accounts: h.Accounts, Note: h.Note, FileName: u.FileName, Files: h.Files,
		Content: h.Content, Snapshot: h.Snapshot, Reason: u.Reason, Actor: u.Actor, Preview: u.PreviewResult,
		Warnings: each(h.Warnings, v.noticed), CreatedAt: u.CreatedAt, UpdatedAt: u.UpdatedAt,
		LapsesAt: hub.LapsesAt(u),
	}
	if u.Refusal != nil {
		out.Refusal = &Refusal{Code: u.Refusal.Key, Message: v.sentence(u.Refusal.Key, u.Refusal.Args)}
	}
	return out, nil
}

// received is an upload as those see it who brought the file and read nothing:
// what the file says, that it is here, and, when somebody else brought it first,
// not who.
func (u *Upload) received(actor string) Upload {
	out := Upload{
		ID: u.ID, Kind: u.Kind, State: u.State, Pending: u.Pending, Instance: u.Instance, HostName: u.HostName, ServerID: u.ServerID,
		Fingerprint: u.Fingerprint, Sequence: u.Sequence, TakenAt: u.TakenAt, SourceAt: u.SourceAt, Accounts: u.Accounts, Note: u.Note,
		Content: u.Content, Warnings: u.Warnings, Refusal: u.Refusal, CreatedAt: u.CreatedAt, UpdatedAt: u.UpdatedAt,
		LapsesAt: u.LapsesAt,
	}
	if u.Actor == actor {
		out.Actor, out.FileName = u.Actor, u.FileName
	}
	return out
}

// noticed is a warning of a file.
func (v *v1) noticed(w hub.Refusal) Warning {
	return Warning{Code: w.Key, Message: v.sentence(w.Key, w.Args)}
}

// OfUpload is the part of paths below an upload.
type OfUpload struct {
	InEnterprise

	Upload string `path:"upload" maxLength:"64" doc:"Name of the upload." example:"4QTNX7W2JDGN3MSJ6XQK5ZPT3I"`
}

type uploadOutput struct{ Body Upload }

// shownUpload is the answer of a call about one upload.
func (v *v1) shownUpload(u *hub.Upload, err error) (*uploadOutput, error) {
	if err != nil {
		return nil, err
	}
	body, err := v.show(u)
	return &uploadOutput{body}, err
}

func (v *v1) upload(ctx context.Context, in *OfUpload) (*uploadOutput, error) {
	return v.shownUpload(v.hub.Upload(ctx, askerOf(ctx).About.Number, in.Upload))
}

type uploadsInput struct {
	InEnterprise
	Paged

	After string `query:"after" maxLength:"64" doc:"Uploads that came before this one."`
}

type uploadsOutput struct {
	Linked

	Body struct {
		Uploads []Upload `json:"uploads" nullable:"false" doc:"Uploads, newest first."`
	}
}

func (v *v1) uploads(ctx context.Context, in *uploadsInput) (*uploadsOutput, error) {
	enterprise, before := askerOf(ctx).About.Number, &hub.Upload{}
	if in.After != "" {
		var err error
		if before, err = v.hub.Upload(ctx, enterprise, in.After); err != nil {
			return nil, err
		}
	}
	list, err := v.hub.Uploads(ctx, enterprise, *before, in.PerPage)
	if err != nil {
		return nil, err
	}
	out := &uploadsOutput{}
	out.Body.Uploads = []Upload{}
	for _, u := range list {
		shown, err := v.show(u)
		if err != nil {
			return nil, err
		}
		out.Body.Uploads = append(out.Body.Uploads, shown)
	}
	if len(list) == in.PerPage {
		out.Linked = nextPage(ctx, "after", list[len(list)-1].ID)
	}
	return out, nil
}

func (v *v1) preview(ctx context.Context, in *OfUpload) (*resultOutput, error) {
	u, err := v.previewed(ctx, in.Upload)
	if err != nil {
		return nil, err
	}
	r, _, err := v.hub.Previewed(ctx, askerOf(ctx).About.Number, u)
	if err != nil {
		return nil, err
	}
	return &resultOutput{v.result(r)}, nil
}

// previewed is an upload that has a preview.
func (v *v1) previewed(ctx context.Context, id string) (*hub.Upload, error) {
	u, err := v.hub.Upload(ctx, askerOf(ctx).About.Number, id)
	if err != nil {
		return nil, err
	}
	if u.PreviewResult == 0 {
		return nil, errs.New(errs.NotFound, "api.no_preview", "ID", u.ID, "State", string(u.State))
	}
	return u, nil
}

type uploadChangesInput struct {
	OfUpload
	Paged

	After int64 `query:"after" minimum:"0" doc:"Changes behind this place; 0 begins with the first."`
}

func (v *v1) uploadChanges(ctx context.Context, in *uploadChangesInput) (*changesOutput, error) {
	u, err := v.previewed(ctx, in.Upload)
	if err != nil {
		return nil, err
	}
	return v.changesOf(ctx, u.PreviewResult, in.After, in.PerPage)
}

type confirmInput struct {
	OfUpload

	Body struct {
		Fingerprint string `json:"fingerprint" minLength:"8" maxLength:"128" doc:"Fingerprint of the signing key as the instance shows it, whole or short; blanks do not matter."`
		SameAs      int64  `json:"same_as,omitempty" minimum:"0" doc:"Number of the instance this is, set up again: its history goes on."`
		HostName    string `json:"host_name,omitempty" maxLength:"255" doc:"What to call another instance whose host name is taken."`
	}
}

func (v *v1) confirm(ctx context.Context, in *confirmInput) (*uploadOutput, error) {
	who := askerOf(ctx)
	return v.shownUpload(v.hub.Confirm(detached(ctx), who.About.Number, in.Upload, hub.Identity{
		Fingerprint: in.Body.Fingerprint, SameAs: in.Body.SameAs, HostName: in.Body.HostName, Actor: who.Name,
	}))
}

func (v *v1) apply(ctx context.Context, in *OfUpload) (*uploadOutput, error) {
	who := askerOf(ctx)
	return v.shownUpload(v.hub.Apply(detached(ctx), who.About.Number, in.Upload, who.Name))
}

func (v *v1) discard(ctx context.Context, in *OfUpload) (*uploadOutput, error) {
	who := askerOf(ctx)
	return v.shownUpload(v.hub.Discard(detached(ctx), who.About.Number, in.Upload, who.Name))
}
