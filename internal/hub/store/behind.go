package store

// behind runs functions behind its caller, one after another in the order they
// were given; after the first error no other runs. It is not safe for
// concurrent use.
type behind struct {
	done chan error // of the last; nil: there is none
	err  error      // the first
}

// run has f run when those before it ended.
func (b *behind) run(f func() error) {
	if b.err != nil {
		return
	}
	before, done := b.done, make(chan error, 1)
	b.done = done
	go func() {
		if before != nil {
			if err := <-before; err != nil {
				done <- err
				return
			}
		}
		done <- f()
	}()
}

// wait waits for all of them and gives the first error.
func (b *behind) wait() error {
	if b.done != nil {
		b.err, b.done = <-b.done, nil
	}
	return b.err
}
