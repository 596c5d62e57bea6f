package terminal

// Transient shows a line that the next one replaces, on a terminal alone. What
// is written after it comes in its place when Erase was called.
func (s *Screen) Transient(text string) {
	if s.isTerminal {
		s.transient = true
		s.write("\r\x1b[K" + Shorten(Clean(text), max(s.width-1, 1)))
	}
}

// Erase takes a transient line away.
func (s *Screen) Erase() {
	if s.transient {
		s.transient = false
		s.write("\r\x1b[K")
	}
}
