package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/oneseat/oneseat/internal/hub/api"
	"github.com/oneseat/oneseat/internal/signin"
)

// TestPurchasedLicensesAreLinesThatTotalsFollow: what is written counts, here
// and in GitHub's form, and what is refused says why.
func TestPurchasedLicensesAreLinesThatTotalsFollow(t *testing.T) {
	t.Parallel()
	k := one(t)
	admin := k.token(k.acme, signin.AdminEnterprise)
	const path = "/api/v1/enterprises/acme/purchased-licenses"
	send := func(method, path, body string) answer {
		return k.ask(method, path, admin, strings.NewReader(body), "Content-Type", "application/json")
	}
	var line api.ContractLine
	added := send(http.MethodPost, path, `{"from": "2026-01-01", "seats": 40, "note": "order 4711"}`)
	added.into(t, &line)
	if added.Status != http.StatusOK || line.ID != 1 || !line.InForce || line.License != "Enterprise" || line.Until != "" {
		t.Fatalf("added: %d %s", added.Status, added.Body)
	}
	var before struct {
		Purchased int `json:"total_seats_purchased"`
	}
	k.ask(http.MethodGet, "/api/v3/enterprises/acme/consumed-licenses", admin, http.NoBody).into(t, &before)
	if before.Purchased != 40 {
		t.Errorf("before the first count %d were bought, want 40", before.Purchased)
	}
	if a := send(http.MethodPut, path+"/1", `{"from": "2026-01-01", "until": "2025-01-01", "seats": 40}`); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("a line that ends before it begins: %d %s", a.Status, a.Body)
	}
	if a := send(http.MethodPut, path+"/1", `{"from": "2026-01-01", "seats": 41, "license": "Visual Studio subscription"}`); a.Status != http.StatusOK {
		t.Errorf("corrected: %d %s", a.Status, a.Body)
	}
	if _, err := k.hub.Recount(t.Context(), k.acme.Number, "job", false); err != nil {
		t.Fatal(err)
	}
	var result api.Result
	k.ask(http.MethodGet, "/api/v1/enterprises/acme/results/1", admin, http.NoBody).into(t, &result)
	if want := (api.Purchase{Source: "contract", Seats: 41, VisualStudio: 41, Lines: 1}); result.Purchase != want || result.Purchased != 41 {
		t.Errorf("counted with %+v, %d", result.Purchase, result.Purchased)
	}
	if a := send(http.MethodDelete, path+"/1", ""); a.Status != http.StatusOK {
		t.Errorf("removed: %d %s", a.Status, a.Body)
	}
	if a := send(http.MethodDelete, path+"/1", ""); a.Status != http.StatusNotFound {
		t.Errorf("removed twice: %d", a.Status)
	}
	var all struct{ Lines []api.ContractLine }
	k.ask(http.MethodGet, path, admin, http.NoBody).into(t, &all)
	if len(all.Lines) != 1 || all.Lines[0].RemovedAt.IsZero() || all.Lines[0].InForce {
		t.Errorf("kept: %+v", all.Lines)
	}
}
