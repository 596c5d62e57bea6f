package api_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/oneseat/oneseat/internal/hub/api"
)

// TestAPreviewSaysThatAListWasCut: with the sentence of the page, before
// anything is applied and no longer once it counts.
func TestAPreviewSaysThatAListWasCut(t *testing.T) {
	t.Parallel()
	k := one(t)
	var logins []string
	for n := range 12 {
		logins = append(logins, fmt.Sprintf("login%d", n))
	}
	k.loadCloud(cloudList(logins...))
	shrunk := func(r *api.Result) int {
		return slices.IndexFunc(r.Warnings, func(w api.Warning) bool {
			return w.Code == "shrunk" && strings.Contains(w.Message, "more than half of them would be gone")
		})
	}
	for _, left := range []int{6, 5} { // half of them, and fewer
		u := k.stageCloud(cloudList(logins[:left]...))
		var preview api.Result
		k.mustGet(acme+"/uploads/"+u.ID+"/preview", k.admin()).into(t, &preview)
		if said := shrunk(&preview) >= 0; said != (left == 5) {
			t.Errorf("%d of 12 are left, and the warnings are %+v", left, preview.Warnings)
		}
		if left == 6 {
			k.post("/uploads/"+u.ID+"/discard", k.admin(), nil, http.StatusOK)
			continue
		}
		r := k.apply(u)
		var counted api.Result
		k.mustGet(fmt.Sprintf("%s/results/%d", acme, r.Number), k.reader()).into(t, &counted)
		if shrunk(&counted) >= 0 {
			t.Error("what counts is said to be about to shrink")
		}
	}
}
