package ui

import (
	"bytes"
	"encoding/base64"
	"io"
	"net/http"

	"github.com/oneseat/oneseat/internal/agent"
	"github.com/oneseat/oneseat/internal/enrolment"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/web"
)

// maxEnrolmentForm is a form with an enrolment file, whose text grows by a third
// between the two steps.
const maxEnrolmentForm = 4 * enrolment.MaxBytes

func (u *UI) enrolmentRoutes() []web.Route {
	routes := []web.Route{
		view(string(inEnrolment), "enrolment", u.enrolment),
		deed(string(inEnrolment), "look-at-enrolment", u.lookAtEnrolment),
		deed(string(inEnrolment)+"/apply", "enrol", u.enrol),
		deed(string(inEnrolment)+"/leave", "leave", u.leave),
	}
	for i := range routes {
		routes[i].MaxBody = maxEnrolmentForm
	}
	return routes
}

// enrolmentPage is Enrolment: the enterprise that files are sealed to.
type enrolmentPage struct {
	frame

	Now           *agent.Enrolled // nil: none
	Done, Refusal string

	// File is one that was chosen and does not count yet, with its text for the
	// form that applies it; Known says that its key is known.
	File  *enrolment.Enrolment
	Text  string
	Known bool
}

func (u *UI) enrolment(w http.ResponseWriter, r *http.Request) error {
	return u.showEnrolment(w, r, &enrolmentPage{}, nil)
}

func (u *UI) showEnrolment(w http.ResponseWriter, r *http.Request, p *enrolmentPage, refusal error) error {
	p.frame = u.frame(r, inEnrolment)
	var err error
	if p.Now, err = u.agent.Enrolment(r.Context()); err != nil && errs.KindOf(err) != errs.NotFound {
		return err
	}
	p.Done = p.done(r, "enrol", "leave")
	if refusal != nil {
		p.Refusal = p.Error(refusal)
	}
	return page.Show(w, r, statusAfter(refusal), enrolmentContent(p))
}

// enrolmentRefused shows the page with the reason.
func (u *UI) enrolmentRefused(w http.ResponseWriter, r *http.Request, refusal error) error {
	return u.showEnrolment(w, r, &enrolmentPage{}, refusal)
}

// lookAtEnrolment shows whose file it is. Nothing is applied by it.
func (u *UI) lookAtEnrolment(w http.ResponseWriter, r *http.Request) error {
	text, err := enrolmentFile(r)
	if err == nil {
		p := &enrolmentPage{Text: base64.StdEncoding.EncodeToString(text)}
		if p.File, p.Known, err = u.agent.LookAtEnrolment(r.Context(), bytes.NewReader(text)); err == nil {
			return u.showEnrolment(w, r, p, nil)
		}
		_, err = u.agent.Enrol(r.Context(), visitorOf(r.Context()).Actor.Name, bytes.NewReader(text), "") // refuses it as well, and records that
	}
	return u.settled(w, r, inEnrolment, "enrol", err, u.enrolmentRefused)
}

// enrolmentFile is the file of the form, a byte longer than it may be at most.
func enrolmentFile(r *http.Request) ([]byte, error) {
	file, _, err := r.FormFile("file")
	if err != nil {
		return nil, errs.Wrap(errs.Invalid, err, "pageagent.enrolment.no_file")
	}
	defer file.Close() //nolint:errcheck // only read
	return io.ReadAll(io.LimitReader(file, enrolment.MaxBytes+1))
}

// enrol applies a file that the page showed. Its key counts as compared when the
// box says so.
func (u *UI) enrol(w http.ResponseWriter, r *http.Request) error {
	text, err := base64.StdEncoding.DecodeString(r.PostFormValue("document"))
	if err != nil || len(text) == 0 {
		return u.enrolmentRefused(w, r, errs.New(errs.Invalid, "pageagent.enrolment.no_file"))
	}
	e, known, err := u.agent.LookAtEnrolment(r.Context(), bytes.NewReader(text))
	if err == nil && !known {
		if err = confirmed(r); err != nil {
			return u.showEnrolment(w, r, &enrolmentPage{File: e, Text: r.PostFormValue("document")}, err)
		}
	}
	fingerprint := ""
	if err == nil {
		fingerprint = e.Fingerprint().String()
	}
	_, err = u.agent.Enrol(r.Context(), visitorOf(r.Context()).Actor.Name, bytes.NewReader(text), fingerprint)
	return u.settled(w, r, inEnrolment, "enrol", err, u.enrolmentRefused)
}

func (u *UI) leave(w http.ResponseWriter, r *http.Request) error {
	err := confirmed(r)
	if err == nil {
		err = u.agent.Leave(r.Context(), visitorOf(r.Context()).Actor.Name)
	}
	return u.settled(w, r, inEnrolment, "leave", err, u.enrolmentRefused)
}
