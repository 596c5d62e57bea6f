package measure_test

import (
	"errors"
	"testing"

	"github.com/oneseat/oneseat/bench/measure"
)

// Not parallel: the peak is the process's.
func TestOf(t *testing.T) { //nolint:paralleltest // see above
	const size = 64 << 20
	cost, err := measure.Of(func() error {
		held := make([]byte, size)
		for i := range held {
			held[i] = 1
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if cost.PeakBytes-cost.IdleBytes < size*9/10 {
		t.Errorf("touching %d bytes raised the peak from %d to %d", size, cost.IdleBytes, cost.PeakBytes)
	}
	if cost.Seconds <= 0 || cost.CPUSeconds <= 0 {
		t.Errorf("it took %v s and %v s of the cores", cost.Seconds, cost.CPUSeconds)
	}
}

func TestOfGivesTheError(t *testing.T) { //nolint:paralleltest // as above
	want := errors.New("no")
	if cost, err := measure.Of(func() error { return want }); !errors.Is(err, want) || cost != (measure.Cost{}) {
		t.Errorf("got %v, %v", cost, err)
	}
}
