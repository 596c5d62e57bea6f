package source

import (
	"bytes"
	"encoding/csv"
	"path"
	"slices"
	"strings"
)

// dormancy says what the first rows of a CSV say of dormant users.
type dormancy struct {
	rows  int
	every bool // every one of them is dormant
	whole bool // they are all the rows there are
}

// columnDormant is a column of all_users.csv and of its siblings, which have
// the same header.
const columnDormant = "dormant?"

// sample gives the rows at the beginning of a file, as far as it was looked at
// and to the end of a line, and whether they are all.
func (in *opened) sample() sample {
	h := in.head.header
	rows := in.begin[min(h.length, len(in.begin)):]
	if !in.whole {
		rows = rows[:1+bytes.LastIndexByte(rows, '\n')]
	}
	return sample{rows, in.whole}
}

type sample struct {
	rows  []byte
	whole bool
}

func dormancyOf(h header, s sample) dormancy {
	at := slices.IndexFunc(h.cells, func(cell string) bool { return columnName(cell) == columnDormant })
	if at < 0 || h.loneCR {
		return dormancy{}
	}
	in := csv.NewReader(bytes.NewReader(s.rows))
	in.Comma, in.LazyQuotes, in.FieldsPerRecord = rune(h.comma), true, -1
	d := dormancy{every: true, whole: s.whole}
	for {
		cells, err := in.Read()
		if err != nil {
			return d
		}
		d.rows++
		dormant, ok := false, at < len(cells)
		if ok {
			dormant, ok = boolean([]byte(cells[at]))
		}
		d.every = d.every && ok && dormant
	}
}

// fewDormant is up to how many dormant users are chance.
const fewDormant = 3

// doubts are about a report that lists some users only: GitHub Enterprise
// Server offers several with the header of all_users.csv, under names of their
// own. Of a long file its first rows are judged, some hundred people.
func (c *csvServer) doubts() []Warning {
	name := strings.ToLower(path.Base(strings.ReplaceAll(c.file.Name, `\`, "/")))
	for _, sibling := range []string{"dormant_users", "active_users", "suspended_users"} {
		if strings.HasPrefix(name, sibling) {
			return []Warning{warning("source.warn_sibling", "File", c.file.Name)}
		}
	}
	switch d := c.dormant; {
	case !d.every || d.rows <= fewDormant:
		return nil
	case d.whole:
		return []Warning{warning("source.warn_all_dormant", "File", c.file.Name)}
	default:
		return []Warning{warning("source.warn_first_dormant", "File", c.file.Name, "Count", d.rows)}
	}
}
