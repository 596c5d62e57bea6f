package api

import (
	"bytes"
	"context"
	"errors"
	"net/http"

	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/i18n"
	"github.com/oneseat/oneseat/report"
)

// consumedLicenses answers GET /enterprises/{enterprise}/consumed-licenses: a
// page of who consumes a license, with the totals of everybody.
func (a *API) consumedLicenses(w http.ResponseWriter, r *http.Request) error {
	who, p := askerOf(r.Context()), pagingOf(r.URL.Query())
	result, people, err := a.page(r.Context(), who, p)
	if nothingCounted(err) {
		result, err = a.uncounted(r.Context(), who)
	}
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

func (a *API) page(ctx context.Context, who asker, p paging) (*hub.Result, []*hub.Person, error) {
	walk := hub.Walk{Walker: who.Token, Actor: who.Name, Size: int(p.PerPage)}
	result, err := a.hub.WalkResult(ctx, who.About.Number, walk, p.Page)
	if err != nil {
		return nil, nil, err
	}
	people, err := a.hub.People(ctx, who.About.Number, result.Number, hub.Consumed, p.from(), int(p.PerPage))
	return result, people, err
}

// nothingCounted says that an enterprise has no result yet. GitHub documents no
// other answer than 200, and its clients take 404 for a lack of rights: until
// the first count nobody consumes a license.
func nothingCounted(err error) bool {
	named, ok := errors.AsType[i18n.Message](err)
	if !ok {
		return false
	}
	key, _ := named.Message()
	return key == "hub.no_result"
}

// uncounted is what is known before the first count: what was bought.
func (a *API) uncounted(ctx context.Context, who asker) (*hub.Result, error) {
	bought, err := a.hub.Purchased(ctx, who.About)
	return &hub.Result{Counted: hub.Counted{Purchased: bought.Seats, Purchase: bought}}, err
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
