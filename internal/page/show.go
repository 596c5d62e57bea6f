package page

import (
	"bytes"
	"net/http"

	"github.com/a-h/templ"
)

// Show answers with a page. It is made whole before the answer begins, so that
// a defect is a refusal and never half a page.
func Show(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error {
	var body bytes.Buffer
	if err := c.Render(r.Context(), &body); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, err := body.WriteTo(w)
	return err
}
