package source

// tally is what was noticed in the rows of one block or more.
type tally struct {
	suspended, builtIn, neverSignedIn int
	problems                          collection
	// Addresses beyond ASCII: in UTF-8, in Windows-1252, and in UTF-8 twice.
	utf8, windows, doubled sightings
}

// sightings count something and remember the first place.
type sightings struct {
	count int
	first place
}

func (s *sightings) note(at place) {
	if s.count == 0 || at.before(s.first) {
		s.first = at
	}
	s.count++
}

func (s *sightings) merge(o sightings) {
	if o.count > 0 {
		s.note(o.first)
		s.count += o.count - 1
	}
}

func (t *tally) merge(o *tally) {
	t.suspended += o.suspended
	t.builtIn += o.builtIn
	t.neverSignedIn += o.neverSignedIn
	t.utf8.merge(o.utf8)
	t.windows.merge(o.windows)
	t.doubled.merge(o.doubled)
	for _, p := range o.problems.found {
		t.problems.add(p.at, p.err)
	}
	t.problems.more = t.problems.more || o.problems.more
}
