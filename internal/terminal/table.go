package terminal

import (
	"math"
	"strings"
)

// Column is one column of a [Table].
type Column struct {
	// Head stands above it; a table whose heads are all empty has no such
	// line.
	Head string
	// Right aligns numbers under numbers.
	Right bool
	// Fixed columns are never shortened.
	Fixed bool
	// Faint columns stand back.
	Faint bool
}

// Cell is what stands in a row under a column: a text, or a list.
type Cell struct {
	items []string
	list  bool
	more  int
}

// Text is a cell of one text.
func Text(text string) Cell { return Cell{items: []string{Clean(text)}} }

// List is a cell of a list, shown with commas; more is how many items it lacks.
func List(items []string, more int) Cell {
	clean := make([]string, len(items))
	for i := range items {
		clean[i] = Clean(items[i])
	}
	return Cell{items: clean, list: true, more: more}
}

func (c Cell) width() int {
	if c.list {
		return Width(ShortenList(c.items, c.more, math.MaxInt))
	}
	return Width(c.items[0])
}

func (c Cell) fit(cells int) string {
	if c.list {
		return ShortenList(c.items, c.more, cells)
	}
	return Shorten(c.items[0], cells)
}

// List writes a list on one line, as much of it as fits.
func (s *Screen) List(indent int, items []string, more int) {
	limit := math.MaxInt
	if s.width > 0 {
		limit = s.width - indent
	}
	s.write(strings.Repeat(" ", indent) + List(items, more).fit(limit) + "\n")
}

// Table is rows under columns.
type Table struct {
	Columns []Column
	Rows    [][]Cell
	Indent  int
	// Total sets the last row off from those above.
	Total bool
}

// DropLast takes the last column away.
func (t *Table) DropLast() {
	last := len(t.Columns) - 1
	t.Columns = t.Columns[:last]
	for i := range t.Rows {
		t.Rows[i] = t.Rows[i][:last]
	}
}

const (
	columnGap = 2
	// narrowest is as far as a column is shortened before its neighbours.
	narrowest = 6
)

// Table writes a table that fits the width; without a limit every cell is
// whole.
func (s *Screen) Table(t Table) {
	widths := t.natural()
	if s.width > 0 {
		t.fit(widths, s.width)
	}
	if t.hasHead() {
		s.row(&t, widths, t.heads(), true)
	}
	for i, row := range t.Rows {
		if t.Total && i == len(t.Rows)-1 {
			s.rule(&t, widths)
		}
		s.row(&t, widths, row, false)
	}
}

// natural is the width of every column when nothing is shortened.
func (t *Table) natural() []int {
	widths := make([]int, len(t.Columns))
	for i, c := range t.Columns {
		widths[i] = Width(c.Head)
		for _, row := range t.Rows {
			widths[i] = max(widths[i], row[i].width())
		}
	}
	return widths
}

// fit takes cells from the widest columns until the table fits.
func (t *Table) fit(widths []int, limit int) {
	over := t.Indent + columnGap*(len(widths)-1) - limit
	for _, w := range widths {
		over += w
	}
	for _, least := range []int{narrowest, 1} {
		for over > 0 {
			i := t.widest(widths, least)
			if i < 0 {
				break
			}
			widths[i]--
			over--
		}
	}
}

// widest is the widest column that may still be shortened, -1 when there is
// none. Where everything was tried, even a fixed one is.
func (t *Table) widest(widths []int, least int) int {
	at := -1
	for i, w := range widths {
		if w > least && (!t.Columns[i].Fixed || least == 1) && (at < 0 || w > widths[at]) {
			at = i
		}
	}
	return at
}

func (t *Table) hasHead() bool {
	for _, c := range t.Columns {
		if c.Head != "" {
			return true
		}
	}
	return false
}

func (t *Table) heads() []Cell {
	row := make([]Cell, len(t.Columns))
	for i, c := range t.Columns {
		row[i] = Text(c.Head)
	}
	return row
}

func (s *Screen) row(t *Table, widths []int, row []Cell, head bool) {
	var line strings.Builder
	line.WriteString(strings.Repeat(" ", t.Indent))
	for i, c := range t.Columns {
		text := row[i].fit(widths[i])
		pad := strings.Repeat(" ", max(widths[i]-Width(text), 0))
		if head || c.Faint {
			text = s.faint(text)
		}
		switch {
		case c.Right:
			line.WriteString(pad + text)
		case i == len(t.Columns)-1:
			line.WriteString(text)
		default:
			line.WriteString(text + pad)
		}
		if i < len(t.Columns)-1 {
			line.WriteString(strings.Repeat(" ", columnGap))
		}
	}
	s.write(strings.TrimRight(line.String(), " ") + "\n")
}

// rule draws a line over the columns of numbers.
func (s *Screen) rule(t *Table, widths []int) {
	row := make([]Cell, len(widths))
	for i, c := range t.Columns {
		row[i] = Text("")
		if c.Right {
			row[i] = Text(strings.Repeat("─", widths[i]))
		}
	}
	s.row(t, widths, row, true)
}
