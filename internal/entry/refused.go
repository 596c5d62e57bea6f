package entry

import (
	"errors"
	"net/http"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/i18n"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/web"
)

// refused gives the sentence for a form that is shown again, and its status.
// False when err is not the person's affair: then it is the answer.
func refused(r *http.Request, f *page.Frame, err error) (string, int, bool) {
	if _, said := errors.AsType[i18n.Message](err); !said || errs.KindOf(err) == errs.Internal {
		return "", 0, false
	}
	return f.Error(err), web.Describe(r.Context(), err).Status, true
}
