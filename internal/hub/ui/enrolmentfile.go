package ui

import (
	"net/http"

	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/web"
)

func (u *UI) enrolmentRoutes() []web.Route {
	return []web.Route{deed(account+"/enrolment", "make-enrolment", u.makeEnrolment)}
}

// enrolmentBox is what an owner enrols agents with.
type enrolmentBox struct {
	// Fingerprint is of the key that signs the file, Refusal why there can be none.
	Fingerprint, Refusal string
}

// enrolmentBox gives the box; nil for who may not enrol anybody.
func (u *UI) enrolmentBox(f *frame) (*enrolmentBox, error) {
	if !f.owner() {
		return nil, nil //nolint:nilnil // readers see no box
	}
	key, err := u.hub.EnrolmentKey(f.About.Slug)
	switch {
	case err == nil:
		return &enrolmentBox{Fingerprint: key.Short()}, nil
	case page.Refused(err):
		return &enrolmentBox{Refusal: f.Error(err)}, nil
	default:
		return nil, err
	}
}

// makeEnrolment answers with a new enrolment file.
func (u *UI) makeEnrolment(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r.Context())
	file, err := u.hub.Enrolment(r.Context(), v.About.Number, v.Actor.Name, web.URL(r, "", nil), nil)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Disposition", `attachment; filename="`+file.FileName()+`"`)
	_, err = w.Write(file.Text)
	return err
}
