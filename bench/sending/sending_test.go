package sending_test

import (
	"os/exec"
	"testing"

	"github.com/oneseat/oneseat/bench/sending"
)

// TestEveryStepDoesSomething, and page and command give a file of one size.
func TestEveryStepDoesSomething(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := sending.Prepare(t.Context(), dir, 3000); err != nil {
		t.Fatal(err)
	}
	took := map[sending.Step]sending.Outcome{}
	for _, step := range sending.Steps() {
		if _, err := exec.LookPath("sqlite3"); err != nil && step == sending.Import {
			continue
		}
		o, err := sending.Take(t.Context(), dir, step)
		if err != nil || o.Seconds <= 0 {
			t.Fatalf("%s: %+v, %v", step, o, err)
		}
		took[step] = o
	}
	page, command, reference := took[sending.Page].Bytes, took[sending.Export].Bytes, took[sending.Seal].Bytes
	if page != command || reference == 0 || command < reference/2 || command > 3*reference {
		t.Errorf("%d bytes by the page, %d by the command, %d by the reference", page, command, reference)
	}
}
