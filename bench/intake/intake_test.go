package intake_test

import (
	"os/exec"
	"testing"

	"github.com/oneseat/oneseat/bench/intake"
)

// TestRowsWritten: what a hub writes is in proportion to what changed, and it
// finds the same total when nothing did.
func TestRowsWritten(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := intake.Prepare(t.Context(), dir, 5000); err != nil {
		t.Fatal(err)
	}
	took := map[intake.Step]intake.Outcome{}
	for _, step := range intake.Steps() {
		o, err := intake.Take(t.Context(), dir, step)
		if err != nil {
			t.Fatal(err)
		}
		took[step] = o
	}
	first, changed, same := took[intake.First], took[intake.Changed], took[intake.Same]
	const bookkeeping = 30 // rows of the upload, the snapshot and the result
	if got := changed.Rows - bookkeeping; got <= 0 || got > first.Rows*3/100 {
		t.Errorf("1 in 100 changed: %d rows written after %d", changed.Rows, first.Rows)
	}
	if same.Rows > bookkeeping {
		t.Errorf("nothing changed: %d rows written", same.Rows)
	}
	if first.People != 5000 || changed.People != 5000 || same.People != 5000 {
		t.Errorf("there are %d, %d and %d people", first.People, changed.People, same.People)
	}
}

func TestImport(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("sqlite3"); err != nil {
		t.Skip("sqlite3 is not installed")
	}
	dir := t.TempDir()
	if err := intake.Prepare(t.Context(), dir, 100); err != nil {
		t.Fatal(err)
	}
	if _, err := intake.Take(t.Context(), dir, intake.First); err != nil {
		t.Fatal(err)
	}
	in, err := intake.Import(t.Context(), dir)
	if err != nil || in.Accounts.Seconds <= 0 || in.People.Seconds <= 0 {
		t.Errorf("got %+v, %v", in, err)
	}
}
