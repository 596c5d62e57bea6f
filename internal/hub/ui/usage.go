package ui

import (
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/spool"
	"github.com/oneseat/oneseat/internal/web"
	"github.com/oneseat/oneseat/usagefile"
)

// usagePage is Add server usage: a usage file, or a server's own report by hand.
type usagePage struct {
	frame

	// Refusal is why the file was not taken; Pending the upload in its way.
	Refusal string
	Pending string
	// Place is where the file belongs; empty: here, or nobody can say.
	Place hub.Place
	// ByHand opens the part for a server's own report; Host is what it named.
	ByHand bool
	Host   string
}

func (u *UI) usagePageFor(r *http.Request) usagePage {
	p := usagePage{frame: u.frame(r, inInstances, "")}
	p.Title, p.Help = p.T("ui.usage.add"), inUploads.help()
	return p
}

func (u *UI) usage(w http.ResponseWriter, r *http.Request) error {
	p := u.usagePageFor(r)
	return page.Show(w, r, http.StatusOK, usageContent(&p))
}

// addUsage takes in a file that the form brings, and leads to its preview.
func (u *UI) addUsage(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r.Context())
	stay, err := u.spool.Enter(spool.Guest{Name: v.ID, Enterprise: v.About.Number})
	if err != nil {
		return u.usageRefused(w, r, nil, usageForm{}, err)
	}
	defer stay.Leave()
	form, err := u.readUsage(r, stay)
	if err == nil {
		err = stay.Turn(r.Context())
	}
	if err == nil {
		err = u.stillOwner(r)
	}
	if err != nil {
		return u.usageRefused(w, r, nil, form, err)
	}
	upload, err := u.takeUsage(r, &form)
	if err != nil {
		return u.usageRefused(w, r, upload, form, err)
	}
	return u.back(w, r, "uploads", upload.ID)
}

// takeUsage gives the file to the hub. It goes on when the browser hangs up:
// once a file is here, all of it is taken in or none.
func (u *UI) takeUsage(r *http.Request, form *usageForm) (*hub.Upload, error) {
	v, ctx := visitOf(r.Context()), context.WithoutCancel(r.Context())
	arrival := form.arrival(v)
	file := form.files[0]
	if form.values["kind"] == "report" {
		by := hub.ByHand{
			Host: form.values["host"], ReplaceSigned: form.values["replace_signed"] != "", LeaveOutNeverSignedIn: form.values["never_signed_in"] != "",
		}
		return u.hub.ReceiveCSV(ctx, v.About.Number, file.Named(file.name, time.Time{}), by, arrival)
	}
	return u.hub.ReceiveUsage(ctx, v.About.Number, file.File, arrival)
}

// arrival says who brings the files of a form, and what they are called.
func (form *usageForm) arrival(v visit) hub.Arrival {
	var names []string
	var files []*spool.File
	for _, f := range form.files {
		names, files = append(names, f.name), append(files, f.File)
	}
	return hub.Arrival{
		FileName: strings.Join(names, ", "), Actor: v.Actor.Name, Supersede: form.values["supersede"] != "", Content: spool.ContentOf(files...),
	}
}

// usageRefused shows the form again with the reason, and leads to what is in
// the way: the upload that waits, or the one that the same file is already.
func (u *UI) usageRefused(w http.ResponseWriter, r *http.Request, _ *hub.Upload, form usageForm, err error) error {
	if !refused(err) {
		return err
	}
	web.Event(r.Context()).Kind = errs.KindOf(err)
	p := u.usagePageFor(r)
	p.Refusal, p.Pending = p.Error(err), hub.InTheWay(err)
	p.Place, p.Host = placeOf(err), form.values["host"]
	p.ByHand = form.values["kind"] == "report" && p.Place != hub.PlaceUsage || p.Place == hub.PlaceReport
	return page.Show(w, r, web.StatusOf(err), usageContent(&p))
}

// placeOf is where a file belongs that was refused; empty: nobody can say.
func placeOf(err error) hub.Place {
	r := hub.RefusalOf(err)
	return hub.PlaceOf(&r)
}

// usageForm is what a form brings that sends files.
type usageForm struct {
	files  []sentFile
	values map[string]string
}

// sentFile is a file with the name it had where it came from.
type sentFile struct {
	*spool.File

	name string
}

// Bounds of the form's fields, its files among them.
const (
	maxFields = 20
	maxField  = 1 << 10
)

// readUsage reads the form part by part: the file goes to the spool as it comes.
func (u *UI) readUsage(r *http.Request, stay *spool.Stay) (usageForm, error) {
	form := usageForm{values: map[string]string{}}
	parts, err := r.MultipartReader()
	if err != nil {
		return form, errs.Wrap(errs.Invalid, err, "ui.usage.bad_form")
	}
	for range maxFields {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = readPart(&form, part, stay)
		} else {
			err = errs.Wrap(errs.Invalid, err, "spool.cut_off")
		}
		if err != nil {
			return form, err
		}
	}
	if len(form.files) == 0 {
		return form, errs.New(errs.Invalid, "ui.usage.no_file")
	}
	return form, nil
}

func readPart(form *usageForm, part *multipart.Part, stay *spool.Stay) error {
	if part.FormName() != "file" {
		value, err := io.ReadAll(io.LimitReader(part, maxField))
		form.values[part.FormName()] = string(value)
		return err
	}
	if part.FileName() == "" {
		return errs.New(errs.Invalid, "ui.usage.no_file")
	}
	file, err := stay.Take(part)
	form.files = append(form.files, sentFile{file, part.FileName()})
	return err
}

// short is a fingerprint in the form that both sides show.
func short(text string) string {
	if f, ok := usagefile.ParseFingerprint(text); ok {
		return f.Short()
	}
	return text
}
