package ahead_test

import (
	"errors"
	"fmt"
	"iter"
	"testing"

	"github.com/oneseat/oneseat/internal/ahead"
)

// numbers counts to n and then ends as it is told to.
func numbers(n int, end func() error) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		for i := range n {
			if !yield(i, nil) {
				return
			}
		}
		if err := end(); err != nil {
			yield(0, err)
		}
	}
}

func TestOf(t *testing.T) {
	t.Parallel()
	failed := errors.New("failed")
	for _, n := range []int{0, 1, 511, 512, 513, 10_000} {
		for _, want := range []error{nil, failed} {
			t.Run(fmt.Sprintf("%d %v", n, want), func(t *testing.T) {
				t.Parallel()
				next, got := 0, error(nil)
				for value, err := range ahead.Of(numbers(n, func() error { return want })) {
					if got = err; err == nil && value != next {
						t.Fatalf("got %d, want %d", value, next)
					}
					if err == nil {
						next++
					}
				}
				if next != n || !errors.Is(got, want) {
					t.Errorf("got %d values and %v, want %d and %v", next, got, n, want)
				}
			})
		}
	}
}

// TestOfStops: the maker has ended when the taker stopped.
func TestOfStops(t *testing.T) {
	t.Parallel()
	ended := false
	seq := func(yield func(int, error) bool) {
		defer func() { ended = true }()
		for i := 0; yield(i, nil); i++ {
			continue // until it is told to stop
		}
	}
	for value, err := range ahead.Of(seq) {
		if err != nil || value == 2000 {
			break
		}
	}
	if !ended {
		t.Error("the sequence runs on")
	}
}

func TestOfPanics(t *testing.T) {
	t.Parallel()
	defer func() {
		if got := recover(); got != "defect" {
			t.Errorf("recovered %v", got)
		}
	}()
	for _, err := range ahead.Of(numbers(700, func() error { panic("defect") })) {
		if err != nil {
			t.Error(err)
		}
	}
}
