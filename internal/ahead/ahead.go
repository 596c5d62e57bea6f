// Package ahead makes the values of a sequence beside whoever takes them: a
// file is decoded while a database writes.
//
// Start with [Of]. It deliberately keeps the order and one maker: what takes
// turns on many processors is another thing. Invariants: at most some thousand
// values wait; nothing runs on when the taker has stopped, and a panic of the
// maker is the taker's.
package ahead

import "iter"

const (
	batchSize = 512
	batches   = 3 // that wait to be taken
)

// batch is what went from the maker to the taker at a time, and how it ended.
type batch[T any] struct {
	values   []T
	err      error
	panicked any
}

// Of gives the values of a sequence, which is walked in a goroutine of its
// own: it must not share with the taker what either changes, and no value may
// be changed by the sequence after it was given. The sequence ends with its
// first error.
func Of[T any](seq iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		full, stop := make(chan batch[T], batches), make(chan struct{})
		go fill(seq, full, stop)
		defer func() {
			close(stop)
			for range full {
				continue // until the maker has ended
			}
		}()
		for b := range full {
			for _, value := range b.values {
				if !yield(value, nil) {
					return
				}
			}
			if b.panicked != nil {
				panic(b.panicked)
			}
			if b.err != nil {
				var none T
				yield(none, b.err)
				return
			}
		}
	}
}

// fill walks the sequence and sends its values until the taker stops.
func fill[T any](seq iter.Seq2[T, error], full chan<- batch[T], stop <-chan struct{}) {
	var b batch[T]
	send := func() bool {
		select {
		case full <- b:
			b = batch[T]{values: make([]T, 0, batchSize)}
			return true
		case <-stop:
			return false
		}
	}
	defer close(full)
	defer func() {
		if b.panicked = recover(); b.panicked != nil {
			send()
		}
	}()
	for value, err := range seq {
		if b.err = err; err != nil {
			break
		}
		if b.values = append(b.values, value); len(b.values) == batchSize && !send() {
			return
		}
	}
	send()
}
