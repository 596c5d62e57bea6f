package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// table prints rows of cells in columns; the first error is kept for flush.
type table struct {
	out *tabwriter.Writer
	err error
}

func newTable(out io.Writer, header ...string) *table {
	t := &table{out: tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)}
	t.row(header...)
	return t
}

func (t *table) row(cells ...string) {
	if t.err == nil {
		_, t.err = fmt.Fprintln(t.out, strings.Join(cells, "\t")+"\t")
	}
}

// flush prints the table and an empty line.
func (t *table) flush() error {
	if t.err == nil {
		_, t.err = fmt.Fprintln(t.out)
	}
	if t.err == nil {
		t.err = t.out.Flush()
	}
	return t.err
}
