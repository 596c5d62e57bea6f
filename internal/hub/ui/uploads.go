package ui

import (
	"context"
	"net/http"

	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/web"
)

func (u *UI) uploadRoutes() []web.Route {
	add := deed(account+"/usage", "add-usage", u.addUsage)
	add.MaxBody = u.spool.Most() + maxFields*maxField
	form := view(account+"/usage", "add-usage", u.usage)
	form.Access = owners()
	return []web.Route{
		form,
		add,
		view(account+"/uploads", "uploads", u.uploads),
		view(account+"/uploads/{upload}", "upload", u.upload),
		deed(account+"/uploads/{upload}/confirm", "confirm-upload", u.confirm),
		deed(account+"/uploads/{upload}/apply", "apply-upload", u.apply),
		deed(account+"/uploads/{upload}/discard", "discard-upload", u.discard),
	}
}

// uploadsPage is what arrived, newest first.
type uploadsPage struct {
	frame

	Uploads []uploadLine
	// More is the upload behind which the next page begins; empty at the end.
	More string
}

type uploadLine struct {
	*hub.Upload

	Header hub.Header
}

// uploadsPerPage is how many uploads a page shows.
const uploadsPerPage = 30

func (u *UI) uploads(w http.ResponseWriter, r *http.Request) error {
	p := uploadsPage{frame: u.frame(r, inUploads, "")}
	p.Title = p.T("ui.nav.uploads")
	before := &hub.Upload{}
	if after := r.URL.Query().Get("after"); after != "" {
		var err error
		if before, err = u.hub.Upload(r.Context(), p.About.Number, after); err != nil {
			return err
		}
	}
	list, err := u.hub.Uploads(r.Context(), p.About.Number, *before, uploadsPerPage)
	if err != nil {
		return err
	}
	for _, up := range list {
		h, err := hub.HeaderOf(up)
		if err != nil {
			return err
		}
		p.Uploads = append(p.Uploads, uploadLine{up, h})
	}
	if len(list) == uploadsPerPage {
		p.More = list[len(list)-1].ID
	}
	return page.Show(w, r, http.StatusOK, uploadsContent(&p))
}

// uploadPage is one upload: what it says of itself, and, while somebody has to
// decide about it, what would change.
type uploadPage struct {
	frame
	uploadLine

	// Preview is the result there would be; nil when there is none to look at.
	Preview *hub.Result
	// Groups are its changes by kind.
	Groups []changeGroup
	// KnownHost is the instance that has the host name of a held upload under
	// another server id; nil: none has.
	KnownHost *hub.Source
	// Refusal is why what a form asked for was not done.
	Refusal string
	// Typed is the fingerprint that the form said.
	Typed string
}

// changeGroup is the changes of a kind.
type changeGroup struct {
	hub.ChangeTally

	Changes []changeLine
}

// Same says that the change leaves whoever it is about known by the same name.
func (c *changeLine) Same() bool {
	return len(c.Before) == 1 && len(c.After) == 1 && c.Before[0].Name == c.After[0].Name
}

// More is how many changes of the kind are not shown.
func (g *changeGroup) More() int { return max(0, g.Count-len(g.Changes)) }

// changeLine is a change with the names that the visitor sees.
type changeLine struct {
	Before, After []personLink
	Licenses      int
}

// maxChanges is how many changes of a kind a preview names.
const maxChanges = 100

func (u *UI) upload(w http.ResponseWriter, r *http.Request) error { return u.showUpload(w, r, nil) }

// showUpload shows an upload, with why a form was refused.
func (u *UI) showUpload(w http.ResponseWriter, r *http.Request, refusal error) error {
	p := uploadPage{frame: u.frame(r, inUploads, "")}
	up, err := u.hub.Upload(r.Context(), p.About.Number, r.PathValue("upload"))
	if err != nil {
		return err
	}
	if p.Header, err = hub.HeaderOf(up); err != nil {
		return err
	}
	p.Upload = up
	p.Title = p.T("ui.upload.title", "What", uploadName(&p.frame, &p.uploadLine))
	if up.Kind == hub.UploadRemoval {
		p.Title = p.T("ui.upload.removing", "Host", p.Header.HostName)
	}
	if err := u.decision(r.Context(), &p); err != nil {
		return err
	}
	status := http.StatusOK
	if refusal != nil {
		p.Refusal, p.Typed, status = p.Error(refusal), r.PostFormValue("fingerprint"), web.StatusOf(refusal)
	}
	return page.Show(w, r, status, uploadContent(&p))
}

// decision adds what somebody needs who has to decide about an upload.
func (u *UI) decision(ctx context.Context, p *uploadPage) (err error) {
	switch {
	case p.State == hub.UploadHeld && p.Header.KnownHost != 0:
		p.KnownHost, err = u.source(ctx, p.About.Number, p.Header.KnownHost)
	case p.State == hub.UploadInPreview && p.PreviewResult != 0:
		err = u.preview(ctx, p)
	}
	return err
}

func (u *UI) source(ctx context.Context, enterprise, number int64) (*hub.Source, error) {
	all, err := u.hub.Sources(ctx, enterprise)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].Number == number {
			return &all[i], nil
		}
	}
	return nil, nil
}

// doubtText is the sentence of what puts a preview's total in doubt.
func (f *frame) doubtText(d hub.Doubt) string {
	key, args := d.Message()
	return refusalText(f, &hub.Refusal{Key: key, Args: args})
}

// preview adds the difference, by name.
func (u *UI) preview(ctx context.Context, p *uploadPage) (err error) {
	if p.Preview, err = u.hub.Result(ctx, p.About.Number, p.PreviewResult); err != nil {
		return err
	}
	if err := u.reads(ctx, p.PreviewResult); err != nil {
		return err
	}
	at := map[string]int{}
	for _, t := range p.Preview.Difference.Tallies {
		if t.Count > 0 {
			at[t.Kind] = len(p.Groups)
			p.Groups = append(p.Groups, changeGroup{ChangeTally: t})
		}
	}
	for after := int64(0); ; {
		changes, err := u.hub.Changes(ctx, p.About.Number, p.PreviewResult, after, changesAtOnce)
		if err != nil || len(changes) == 0 {
			return err
		}
		for i := range changes {
			after = changes[i].N
			if g, ok := at[changes[i].Kind]; ok && len(p.Groups[g].Changes) < maxChanges {
				p.Groups[g].Changes = append(p.Groups[g].Changes, p.change(&changes[i]))
			}
		}
	}
}

// changesAtOnce is how many changes are asked for in one go.
const changesAtOnce = 500

func (f *frame) change(c *hub.Change) changeLine {
	link := func(who hub.Concerned) personLink { return personLink{who.ID, f.name(who.Name)} }
	return changeLine{Before: each(c.Before, link), After: each(c.After, link), Licenses: int(c.Licenses)}
}

func (u *UI) confirm(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r.Context())
	_, err := u.hub.Confirm(context.WithoutCancel(r.Context()), v.About.Number, r.PathValue("upload"), hub.Identity{
		Fingerprint: r.PostFormValue("fingerprint"), SameAs: pathNumber(r.PostFormValue("same_as")),
		HostName: r.PostFormValue("host_name"), Actor: v.Actor.Name,
	})
	return u.decided(w, r, err)
}

func (u *UI) apply(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r.Context())
	_, err := u.hub.Apply(context.WithoutCancel(r.Context()), v.About.Number, r.PathValue("upload"), v.Actor.Name)
	return u.decided(w, r, err)
}

func (u *UI) discard(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r.Context())
	_, err := u.hub.Discard(context.WithoutCancel(r.Context()), v.About.Number, r.PathValue("upload"), v.Actor.Name)
	return u.decided(w, r, err)
}

// decided shows the upload as it is now.
func (u *UI) decided(w http.ResponseWriter, r *http.Request, err error) error {
	switch {
	case err == nil:
		return u.back(w, r, "uploads", r.PathValue("upload"))
	case refused(err):
		return u.showUpload(w, r, err)
	default:
		return err
	}
}

// uploadName is what a page calls an upload: the instance, or the cloud side.
func uploadName(f *frame, u *uploadLine) string {
	switch {
	case u.Header.HostName != "":
		return u.Header.HostName
	case u.Source == hub.CloudSource && u.Kind == hub.UploadOfCloud:
		return f.T("ui.sources.cloud")
	default:
		return u.FileName
	}
}

// Before is the total without the upload.
func (p *uploadPage) Before() int {
	return p.Preview.Statement.Licenses - p.Preview.Difference.Licenses
}
