package main

import (
	"log/slog"
	"path/filepath"
	"sync"
	"testing"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/source"
)

// TestADemoCountsBesideItsHub: the hub of a demo counts when it likes, and what
// the demo counts meanwhile comes to its end all the same.
func TestADemoCountsBesideItsHub(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "hub")
	if made := call(t, "hub", "init", "--data", data, "--enterprise", "acme", "--name", "Acme Instruments", "--owner", "Mona"); made.status != statusDone {
		t.Fatal(made)
	}
	var both [2]*machine
	for i := range both {
		m, err := openMachine(t.Context(), &place{
			data: data, database: filepath.Join(data, "hub.db"), file: filepath.Join(data, "hub.db"), keys: hub.KeyDir(filepath.Join(data, "keys")), spool: filepath.Join(data, "spool"),
		}, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = m.close() })
		both[i] = m
	}
	ctx, demo := t.Context(), both[0]
	e, err := demo.enterprise(ctx, "acme", "")
	if err != nil {
		t.Fatal(err)
	}
	u, err := demo.hub.LoadCloud(ctx, e.Number, []source.File{source.FromPath("../../examples/cloud.json")}, false, hub.Arrival{FileName: "cloud.json", Actor: "mona"})
	if err == nil {
		_, err = demo.hub.Apply(ctx, e.Number, u.ID, "mona")
	}
	if err != nil {
		t.Fatal(err)
	}
	var beside sync.WaitGroup
	defer beside.Wait()
	ended := make(chan struct{})
	defer close(ended)
	beside.Go(func() {
		for {
			select {
			case <-ended:
				return
			default:
			}
			if _, err := both[1].hub.Recount(ctx, e.Number, "job", true); err != nil && errs.KindOf(err) != errs.Conflict {
				t.Error(err)
				return
			}
		}
	})
	for round := range 50 {
		if _, err := demo.hub.ChangeSettings(ctx, e.Number, "mona", func(_ *string, s *hub.Settings) { s.Purchased = 100 + round }); err != nil {
			t.Fatal(err)
		}
		if err := demo.recount(ctx, e.Number); err != nil {
			t.Errorf("round %d: %v", round, err)
		}
	}
}
