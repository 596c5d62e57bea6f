package entry

import (
	"errors"
	"net/http"

	"github.com/a-h/templ"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/i18n"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/web"
)

// form is a page with forms that can be refused.
type form struct {
	page.Frame

	// Refusal is why a form was; empty when the page is asked for.
	Refusal string
}

// again shows the page once more, with why its form was refused. What is not the
// person's affair is the answer.
func (f *form) again(w http.ResponseWriter, r *http.Request, err error, content templ.Component) error {
	if _, said := errors.AsType[i18n.Message](err); !said || errs.KindOf(err) == errs.Internal {
		return err
	}
	f.Refusal = f.Error(err)
	return page.Show(w, r, web.Describe(r.Context(), err).Status, content)
}
