package api

import (
	"bytes"
	"net/http"

	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/report"
)

// consumedLicenses answers GET /enterprises/{enterprise}/consumed-licenses: a
// page of who consumes a license, with the totals of everybody.
func (a *API) consumedLicenses(w http.ResponseWriter, r *http.Request) error {
	who, p := askerOf(r.Context()), pagingOf(r.URL.Query())
	walk := hub.Walk{Walker: who.Token, Actor: who.Name, Size: int(p.PerPage)}
	result, err := a.hub.WalkResult(r.Context(), who.About.Number, walk, p.Page)
	if err != nil {
		return err
	}
	people, err := a.hub.People(r.Context(), who.About.Number, result.Number, hub.Consumed, p.from(), int(p.PerPage))
	if err != nil {
		return err
	}
	body, err := pageOf(result, people)
	if err != nil {
		return err
	}
	if link := p.link(r, int64(result.Statement.Licenses)); link != "" {
		w.Header().Set("Link", link)
	}
	return answerGitHub(w, r, body)
}

// pageOf writes people as GitHub does.
func pageOf(result *hub.Result, people []*hub.Person) ([]byte, error) {
	var body bytes.Buffer
	out := report.NewJSONWriter(&body, report.Totals{Consumed: result.Statement.Licenses, Purchased: result.Purchased})
	for _, p := range people {
		row := result.Row(p)
		if err := out.Write(&row); err != nil {
			return nil, err
		}
	}
	err := out.Close()
	return body.Bytes(), err
}
