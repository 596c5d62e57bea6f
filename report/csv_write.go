package report

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/oneseat/oneseat/licensing"
)

// Generation is a set of columns of the CSV.
type Generation uint8

// The generations that are written. The zero value is the default.
const (
	// GenerationA has the keys of the JSON as headers, in the order really
	// sent: "github_com_login".
	GenerationA Generation = iota
	// GenerationC is GitHub's current one: "GitHub com login", with columns
	// for cost center, Code Security and Secret Protection.
	GenerationC
)

// CSVOptions choose how a CSV is written.
type CSVOptions struct {
	Generation Generation
	// BOM begins the file with a byte order mark. The contract says without;
	// some spreadsheets need it to see that the text is UTF-8.
	BOM bool
}

// CSVWriter writes the CSV row by row.
type CSVWriter struct {
	csv    *csv.Writer
	fields []field
	cells  []string
}

// NewCSVWriter writes the header. Errors show at the latest in Close.
func NewCSVWriter(w io.Writer, options CSVOptions) (*CSVWriter, error) {
	where := genA
	if options.Generation == GenerationC {
		where = genC
	}
	out := bufio.NewWriter(w)
	if options.BOM {
		if _, err := out.WriteString(byteOrderMark); err != nil {
			return nil, fmt.Errorf("write report: %w", err)
		}
	}
	c := &CSVWriter{csv: csv.NewWriter(out)}
	c.csv.UseCRLF = true
	for _, f := range fields() {
		if f.where&where == 0 {
			continue
		}
		c.fields = append(c.fields, f)
		header := f.key
		if options.Generation == GenerationC {
			header = f.title()
		}
		c.cells = append(c.cells, header)
	}
	return c, c.csv.Write(c.cells)
}

const byteOrderMark = "\ufeff"

// Write adds a row.
func (c *CSVWriter) Write(u *User) error {
	for i, f := range c.fields {
		c.cells[i] = guard(cell(f.at(u)))
	}
	return c.csv.Write(c.cells)
}

// Close writes what is left. It does not close what is written to.
func (c *CSVWriter) Close() error {
	c.csv.Flush()
	if err := c.csv.Error(); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

func cell(member any) string {
	switch m := member.(type) {
	case *string:
		return *m
	case *licensing.Email:
		return m.Address()
	case *licensing.LicenseType:
		return string(*m)
	case *bool:
		return strconv.FormatBool(*m)
	case **bool:
		if *m == nil {
			return ""
		}
		return strconv.FormatBool(**m)
	case *int:
		return strconv.Itoa(*m)
	}
	var texts []string
	eachText(member, func(text string) { texts = append(texts, text) })
	return strings.Join(texts, ", ")
}

// formula are the first characters by which a spreadsheet takes a cell for a
// formula, and the mark that guards against it.
const formula = "=+-@\t\r'"

// guard puts the mark in front of what a spreadsheet would calculate.
func guard(cell string) string {
	if cell != "" && strings.IndexByte(formula, cell[0]) >= 0 {
		return "'" + cell
	}
	return cell
}

// unguard removes exactly one mark.
func unguard(cell string) string { return strings.TrimPrefix(cell, "'") }
