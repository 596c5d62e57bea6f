package source

import (
	"encoding/csv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestScannerAgreesWithEncodingCSV: the same rows with the same cells, and the
// same inputs refused.
func TestScannerAgreesWithEncodingCSV(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`([ab,]|"[ab,\n]{0,9}"|""|"|\n|\r\n|\r|aaaaaaa,|é){0,40}`).Draw(t, "text")
		wanted := rapid.IntRange(1, 5).Draw(t, "wanted")
		compareWithCSV(t, text, wanted)
	})
}

func FuzzScanner(f *testing.F) {
	f.Add("a,b\n\"c\"\"\r\nd\",e\n", 2)
	f.Add("1,\"\"\"ghost\"\"\",x\r\n\r\n\n2,b,\"", 1)
	f.Add(strings.Repeat(",", 300)+`",":`, 88)
	f.Fuzz(func(t *testing.T, text string, wanted int) {
		compareWithCSV(t, text, 1+max(0, min(wanted, 9)))
	})
}

// scannedCells is how many cells a row has at most in these tests.
const scannedCells = 200

func compareWithCSV(t interface{ Fatalf(string, ...any) }, text string, wanted int) {
	reference := csv.NewReader(strings.NewReader(text))
	reference.FieldsPerRecord = -1
	want, err := reference.ReadAll()
	var got [][]string
	s := newScanner(',', scannedCells, wanted)
	data, refused := []byte(text), false
	for len(data) > 0 && !refused {
		length := s.cut(data)
		row := s.row(data, length)
		data = data[length:]
		if len(row) == 0 {
			continue
		}
		if s.cells > scannedCells {
			return // refused for that, whatever its quotation marks
		}
		at, _ := s.misquoted(row)
		refused = s.quoted != 0 && at >= 0
		if !refused {
			got = append(got, cellsOf(&s, row))
		}
	}
	if refused != (err != nil) {
		t.Fatalf("%q: refused is %v, encoding/csv says %v", text, refused, err)
	}
	if refused {
		return
	}
	if len(got) != len(want) {
		t.Fatalf("%q: got %q, want %q", text, got, want)
	}
	for i := range want {
		known := len(want[i])
		if !strings.Contains(strings.Join(want[i], ""), `"`) {
			known = min(known, wanted)
		}
		if len(got[i]) != len(want[i]) || strings.Join(got[i][:known], "|") != strings.Join(want[i][:known], "|") {
			t.Fatalf("%q, row %d: got %q, want %q", text, i, got[i], want[i])
		}
	}
}

// cellsOf gives the cells of the row cut last; those whose ends are not known
// as "?".
func cellsOf(s *scanner, row []byte) []string {
	cells := make([]string, s.cells)
	for i := range cells {
		cells[i] = "?"
		if i < s.wanted || s.quoted != 0 {
			cells[i] = string(s.cell(row, i))
		}
	}
	return cells
}
