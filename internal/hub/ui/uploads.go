package ui

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
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
	// Current is the result that counts now; nil: nothing was counted yet.
	Current *hub.Result
	// New says that nothing of the instance counted before; Meant is the host
	// that may have been meant, empty: none is like it.
	New   bool
	Meant string
	// Falls are the sentences about what counts now and the files do not have.
	Falls []string
	// Counted says that the total counts the upload, which was applied.
	Counted bool
	// First says that the cloud side was applied and no instance is there yet.
	First bool
	// KnownHost is the instance that has the host name of a held upload under
	// another server id; nil: none has.
	KnownHost *hub.Source
	// Refusal is why what a form asked for was not done.
	Refusal string
	// Typed is the fingerprint that the form said.
	Typed string
	// Gone is what an instance said that this removed, with the way back; nil
	// where it removed none, or the instance is there again.
	Gone *sourceHistory
}

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
	if up.Source == hub.CloudSource {
		p.frame = u.settingsFrame(r, inCloudSide)
	}
	p.Title = p.T("ui.upload.title", "What", uploadName(&p.frame, &p.uploadLine))
	if up.Kind == hub.UploadUndo {
		p.Title = p.T("ui.upload.back", "What", uploadName(&p.frame, &p.uploadLine))
	}
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

// Of says which files an upload is of, and of when; empty: nothing is known but
// its name.
func (u *uploadLine) Of(f *frame) string {
	names := u.FileName
	if names == "" {
		names = strings.Join(u.Header.Files, ", ")
	}
	if names == uploadName(f, u) {
		names = ""
	}
	if u.Header.SourceAt.IsZero() {
		return names
	}
	if names == "" {
		return f.T("ui.uploads.of", "Date", f.Time(u.Header.SourceAt))
	}
	return names + " · " + f.T("ui.uploads.of", "Date", f.Time(u.Header.SourceAt))
}

// decision adds what somebody needs who has to decide about an upload.
func (u *UI) decision(ctx context.Context, p *uploadPage) (err error) {
	switch {
	case p.State == hub.UploadHeld && p.Header.KnownHost != 0:
		p.KnownHost, err = u.source(ctx, p.About.Number, p.Header.KnownHost)
	case p.State == hub.UploadInPreview && p.PreviewResult != 0:
		err = u.preview(ctx, p)
	case p.State == hub.UploadApplied && p.Kind == hub.UploadRemoval:
		err = u.gone(ctx, p)
	}
	if err == nil && p.State == hub.UploadApplied {
		p.Counted, err = u.counts(ctx, p)
	}
	if err == nil && p.State == hub.UploadApplied && p.Source == hub.CloudSource {
		sources, wrong := u.hub.Sources(ctx, p.About.Number)
		p.First, err = noInstance(sources), wrong
	}
	if err == nil && p.State == hub.UploadInPreview && p.Source == hub.CloudSource {
		err = u.fallsAway(ctx, p)
	}
	return err
}

// counts says that the total counts the upload already.
func (u *UI) counts(ctx context.Context, p *uploadPage) (bool, error) {
	now, err := u.hub.Current(ctx, p.About.Number)
	if errs.KindOf(err) == errs.NotFound {
		return false, nil
	}
	return err == nil && now.Covers(p.Upload), err
}

// fallsAway finds what counts of the cloud side now and is not among the files.
func (u *UI) fallsAway(ctx context.Context, p *uploadPage) error {
	now, err := u.hub.CloudSide(ctx, p.About.Number)
	if err != nil || now.Loaded == nil {
		return err
	}
	had, files := now.Loaded.Header, strings.Join(now.Loaded.Header.Files, ", ")
	switch {
	case p.Header.Lists == 0 && p.Header.Reports > 0 && had.Lists > 0:
		p.Falls = append(p.Falls, p.T("ui.preview.list_falls", "Files", files))
	case p.Header.Reports == 0 && p.Header.Lists > 0 && had.Reports > 0:
		p.Falls = append(p.Falls, p.T("ui.preview.report_falls", "Files", files))
	}
	if p.Current != nil && p.Preview != nil && p.Current.Purchased > 0 && p.Preview.Purchased == 0 {
		p.Falls = append(p.Falls, p.T("ui.preview.purchased_falls", "Count", p.Current.Purchased))
	}
	return nil
}

// gone adds the way back to an instance that has no page any more.
func (u *UI) gone(ctx context.Context, p *uploadPage) error {
	again, err := u.source(ctx, p.About.Number, p.Source)
	if err != nil || again != nil {
		return err
	}
	snapshots, err := u.hub.Snapshots(ctx, p.About.Number, p.Source, maxSnapshots)
	if err != nil {
		return err
	}
	snapshots = slices.DeleteFunc(snapshots, func(s hub.Snapshot) bool { return s.Upload == p.ID }) // nothing is there to go back to
	number := hub.Source{Number: p.Source}
	p.Gone = &sourceHistory{&hub.SourceState{Source: number}, snapshots, inInstances.parts(p.id(p.Source), "undo")}
	return nil
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
	if p.New, p.Meant, err = u.hub.NewHost(ctx, p.About.Number, p.Upload); err != nil {
		return err
	}
	if p.Preview, p.Current, err = u.hub.Previewed(ctx, p.About.Number, p.Upload); err != nil {
		return err
	}
	if err := u.reads(ctx, p.PreviewResult); err != nil {
		return err
	}
	p.Groups, err = u.changes(ctx, &p.frame, p.Preview, maxChanges)
	return err
}

// AccountsAsOf is when the accounts were as the file has them, as the history of
// the instance shows it: else when the snapshot was taken; zero: nothing says.
func (p *uploadPage) AccountsAsOf() time.Time {
	if p.Header.SourceAt.IsZero() {
		return p.Header.TakenAt
	}
	return p.Header.SourceAt
}

// Vouched says who says whose the file is.
func (p *uploadPage) Vouched() string {
	switch p.Kind {
	case hub.UploadByHand:
		return p.T("ui.preview.by_hand", "Actor", p.By(p.Actor), "Host", p.Header.HostName)
	case hub.UploadSigned:
		return p.T("ui.preview.signed", "Actor", p.By(p.Actor), "Host", p.Header.HostName)
	default:
		return ""
	}
}

// LeftOut says how many accounts of a report do not count, and why.
func (p *uploadPage) LeftOut() []string {
	var list []string
	for _, cause := range []struct {
		key   string
		count int
	}{
		{"ui.left_out.suspended", p.Header.LeftOut.Suspended},
		{"ui.left_out.built_in", p.Header.LeftOut.BuiltIn},
		{"ui.left_out.never_signed_in", p.Header.LeftOut.NeverSignedIn},
	} {
		if cause.count > 0 {
			list = append(list, p.T(cause.key, "Count", cause.count))
		}
	}
	return list
}

// beforeAfter is a number as it is and as it would be.
type beforeAfter struct{ Name, Before, After string }

// Effects are what the upload does to the numbers beside the total.
func (p *uploadPage) Effects() []beforeAfter {
	now, then := p.numbers(p.Current), p.numbers(p.Preview)
	for i := range then {
		then[i].Before = now[i].After
	}
	return then
}

// numbers are those of a result beside its total; nil: of none.
func (p *uploadPage) numbers(r *hub.Result) []beforeAfter {
	between, bought, left := "–", "–", "–"
	if r != nil {
		between = p.T("ui.licensing.range", "Low", r.Visibility.Low, "High", r.Visibility.High)
		if r.Visibility.Low == r.Visibility.High {
			between = p.Number(r.Visibility.Low)
		}
	}
	if r != nil && r.Purchased > 0 {
		bought, left = p.Number(r.Purchased), p.Number(r.Purchased-r.Statement.Licenses)
		if r.Purchased < r.Statement.Licenses {
			left = p.Signed(r.Purchased - r.Statement.Licenses)
		}
	}
	return []beforeAfter{
		{Name: p.T("ui.preview.range"), After: between},
		{Name: p.T("ui.licensing.purchased"), After: bought},
		{Name: p.T("ui.licensing.available"), After: left},
	}
}

// Changed is how many changes there are, when the total stays as it is all the
// same; 0 otherwise.
func (p *uploadPage) Changed() int {
	n := 0
	for i := range p.Groups {
		n += p.Groups[i].Count
	}
	if p.Preview == nil || p.Preview.Difference.Licenses != 0 {
		return 0
	}
	return n
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
	case u.Source == hub.CloudSource:
		return f.T("ui.sources.cloud")
	default:
		return u.FileName
	}
}

// Before is the total without the upload.
func (p *uploadPage) Before() int {
	return p.Preview.Statement.Licenses - p.Preview.Difference.Licenses
}
