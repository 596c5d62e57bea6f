package hub_test

import (
	"strings"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/licensing"
)

func day(text string) time.Time {
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err) // a constant of a test
	}
	return d
}

func (k *kit) buy(terms hub.ContractTerms) *hub.ContractLine {
	k.t.Helper()
	line, err := k.hub.AddContractLine(k.t.Context(), k.e, terms, "mona")
	if err != nil {
		k.t.Fatal(err)
	}
	return line
}

func (k *kit) wantPurchase(want hub.Purchase) {
	k.t.Helper()
	r := k.recount()
	if r.Purchase != want || r.Purchased != want.Seats {
		k.t.Errorf("got %+v and %d, want %+v", r.Purchase, r.Purchased, want)
	}
}

// TestContractLinesInForceDecideWhatWasBought: lines before the settings, these
// before what was loaded.
func TestContractLinesInForceDecideWhatWasBought(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		k.wantPurchase(hub.Purchase{})
		k.apply(k.load(strings.Replace(list("mona"), `"slug": "acme"`, `"slug": "acme", "total_seats_purchased": 7`, 1)))
		k.wantPurchase(hub.Purchase{Source: hub.BoughtByList, Seats: 7, Listed: 7})
		if _, err := k.hub.ChangeSettings(t.Context(), k.e, "mona", func(_ *string, s *hub.Settings) { s.Purchased = 8 }); err != nil {
			t.Fatal(err)
		}
		k.wantPurchase(hub.Purchase{Source: hub.BoughtBySettings, Seats: 8, Listed: 7})
		k.buy(hub.ContractTerms{From: day("2025-01-01"), Until: day("2026-11-19"), Seats: 100}) // over since yesterday
		k.buy(hub.ContractTerms{From: day("2026-11-21"), Seats: 1000})                          // begins tomorrow
		k.wantPurchase(hub.Purchase{Source: hub.BoughtBySettings, Seats: 8, Listed: 7})
		k.buy(hub.ContractTerms{From: day("2026-11-20"), Until: day("2026-11-20"), Seats: 20}) // today alone
		both := k.buy(hub.ContractTerms{From: day("2026-01-01"), Seats: 5, License: licensing.LicenseVisualStudio, Note: " order\n4711 "})
		if both.Note != "order 4711" {
			t.Errorf("the note is %q", both.Note)
		}
		k.wantPurchase(hub.Purchase{Source: hub.BoughtByContract, Seats: 25, VisualStudio: 5, Lines: 2, Listed: 7})
		if now, err := k.hub.Purchased(t.Context(), hub.EnterpriseInfo{Number: k.e}); err != nil || now.Seats != 25 {
			t.Errorf("before a count: %+v, %v", now, err)
		}
	})
}

// TestContractLinesAreCorrectedAndKept: what a line said before is in the audit
// log, and a removed one in the list.
func TestContractLinesAreCorrectedAndKept(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		line := k.buy(hub.ContractTerms{From: day("2026-01-01"), Seats: 50})
		changed, err := k.hub.ChangeContractLine(t.Context(), k.e, line.ID, hub.ContractTerms{From: day("2026-01-01"), Until: day("2026-12-31"), Seats: 60}, "jun")
		if err != nil {
			t.Fatal(err)
		}
		if changed.Seats != 60 || changed.CreatedBy != "mona" || changed.ChangedBy != "jun" || !changed.ChangedAt.After(changed.CreatedAt) {
			t.Errorf("corrected: %+v", changed)
		}
		k.wantPurchase(hub.Purchase{Source: hub.BoughtByContract, Seats: 60, Lines: 1})
		if _, err := k.hub.RemoveContractLine(t.Context(), k.e, line.ID, "jun"); err != nil {
			t.Fatal(err)
		}
		k.wantPurchase(hub.Purchase{})
		all, err := k.hub.ContractLines(t.Context(), k.e)
		if err != nil || len(all) != 1 || all[0].RemovedBy != "jun" || all[0].RemovedAt.IsZero() {
			t.Errorf("kept: %+v, %v", all, err)
		}
		_, err = k.hub.RemoveContractLine(t.Context(), k.e, line.ID, "jun")
		wantError(t, err, errs.NotFound, "hub.no_contract_line")
		_, err = k.hub.ChangeContractLine(t.Context(), k.e, 99, hub.ContractTerms{From: day("2026-01-01"), Seats: 1}, "jun")
		wantError(t, err, errs.NotFound, "hub.no_contract_line")
	})
}

func TestContractLinesThatAreNoneAreRefused(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		good := hub.ContractTerms{From: day("2026-01-01"), Seats: 1}
		for key, spoil := range map[string]func(*hub.ContractTerms){
			"hub.contract_from":  func(c *hub.ContractTerms) { c.From = time.Time{} },
			"hub.contract_day":   func(c *hub.ContractTerms) { c.From = at() },
			"hub.contract_order": func(c *hub.ContractTerms) { c.Until = day("2025-12-31") },
			"hub.contract_seats": func(c *hub.ContractTerms) { c.Seats = 0 },
			"hub.bad_filter":     func(c *hub.ContractTerms) { c.License = "Gold" },
			"hub.contract_note":  func(c *hub.ContractTerms) { c.Note = strings.Repeat("é", hub.MaxContractNote+1) },
		} {
			terms := good
			spoil(&terms)
			_, err := k.hub.AddContractLine(t.Context(), k.e, terms, "mona")
			wantError(t, err, errs.Invalid, key)
		}
	})
}
