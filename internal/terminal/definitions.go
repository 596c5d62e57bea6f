package terminal

import "strings"

// Definition is a term and what is to be said of it.
type Definition struct{ Term, Text string }

// widestTerm is how far terms push the texts behind them to the right; a
// longer term stands on a line of its own.
const widestTerm = 24

// Definitions writes terms with their texts beside them, wrapped.
func (s *Screen) Definitions(indent int, list []Definition) {
	column := 0
	for _, d := range list {
		if w := Width(d.Term); w <= widestTerm {
			column = max(column, w)
		}
	}
	for _, d := range list {
		s.definition(indent, column, d)
	}
}

func (s *Screen) definition(indent, column int, d Definition) {
	margin, gap := strings.Repeat(" ", indent), strings.Repeat(" ", column+columnGap)
	lines := Wrap(d.Text, s.proseWidth()-indent-column-columnGap)
	first := margin + Clean(d.Term)
	if w := Width(d.Term); w <= column {
		first += strings.Repeat(" ", column-w+columnGap) + Clean(lines[0])
		lines = lines[1:]
	}
	s.write(strings.TrimRight(first, " ") + "\n")
	for _, line := range lines {
		s.write(strings.TrimRight(margin+gap+Clean(line), " ") + "\n")
	}
}
