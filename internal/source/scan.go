package source

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// scanner cuts CSV rows into cells. It looks at eight bytes at a time for the
// three that matter, and takes a quotation mark for what it is only
// afterwards: every mark opens or closes, so that a doubled one closes and
// opens again, and a comma or newline counts outside marks alone. Rows in
// which marks stand where none may are cut wrongly, and refused by check.
type scanner struct {
	comma  byte
	commas uint64 // comma in each of eight bytes
	wanted int
	// Of the row cut last: how many cells it has and where they end; where
	// those after the wanted ones end only when there are quotation marks.
	cells int
	ends  []int
	// quoted has a bit for each cell with a quotation mark, the last bit for
	// all from 63 on; open: a mark was never closed.
	quoted uint64
	open   bool
	marked bool // the row before had quotation marks
}

const (
	everyByte = 0x0101010101010101
	lowBits   = 0x7f7f7f7f7f7f7f7f
	newlines  = everyByte * '\n'
	quotes    = everyByte * '"'
)

// newScanner makes a scanner for rows of so many cells, of which the first
// ones are wanted.
func newScanner(comma byte, cells, wanted int) scanner {
	// Eight more, because a word may hold that many commas.
	return scanner{comma: comma, commas: everyByte * uint64(comma), wanted: wanted, ends: make([]int, cells+8)}
}

// cut takes the row at the beginning of data apart and gives its length with
// the newline. The last row of data may lack one.
func (s *scanner) cut(data []byte) int {
	s.marked, s.quoted, s.open = s.quoted != 0, 0, false
	cells, ends := 0, s.ends
	i := 0
	for ; i+8 <= len(data); i += 8 {
		word := binary.LittleEndian.Uint64(data[i:])
		if zeroBytes(word^quotes) != 0 {
			break
		}
		commas, newline := zeroBytes(word^s.commas), zeroBytes(word^newlines)
		if newline != 0 {
			commas &= (newline & -newline) - 1
		}
		for ; commas != 0; commas &= commas - 1 {
			ends[cells] = i + bits.TrailingZeros64(commas)>>3
			cells++
		}
		if newline != 0 {
			at := i + bits.TrailingZeros64(newline)>>3
			ends[cells] = at
			s.cells = cells + 1
			return at + 1
		}
		if cells >= s.wanted {
			i += 8
			break
		}
	}
	s.cells = cells
	if cells >= s.wanted {
		if n := s.skip(data[i:]); n > 0 {
			return i + n
		}
	}
	return s.marks(data, i)
}

// skip goes to the end of a row of which enough is known, counting its cells;
// 0 when there are quotation marks in the way, as it supposes after a row that
// had some.
func (s *scanner) skip(data []byte) int {
	if s.marked {
		return 0
	}
	end := bytes.IndexByte(data, '\n')
	if end < 0 || bytes.IndexByte(data[:end], '"') >= 0 {
		return 0
	}
	s.cells += bytes.Count(data[:end], []byte{s.comma}) + 1
	return end + 1
}

// marks goes on from i, a mark at a time where there are quotation marks.
func (s *scanner) marks(data []byte, i int) int {
	cells, quoted, ends := s.cells, s.quoted, s.ends
	open := false
	for ; i+8 <= len(data); i += 8 {
		word := binary.LittleEndian.Uint64(data[i:])
		quote := zeroBytes(word ^ quotes)
		if quote == 0 && open {
			continue
		}
		for marks := quote | zeroBytes(word^s.commas) | zeroBytes(word^newlines); marks != 0; marks &= marks - 1 {
			at := i + bits.TrailingZeros64(marks)>>3
			switch c := data[at]; {
			case c == '"':
				quoted |= 1 << min(cells, 63)
				open = !open
			case open:
			default:
				if cells < len(ends) {
					ends[cells] = at
				}
				cells++
				if c == '\n' {
					s.cells, s.quoted = cells, quoted
					return at + 1
				}
			}
		}
	}
	s.cells, s.quoted, s.open = cells, quoted, open
	return s.tail(data, i)
}

// tail goes on from i, with less than eight bytes to go.
func (s *scanner) tail(data []byte, i int) int {
	for ; i < len(data); i++ {
		switch c := data[i]; {
		case c == '"':
			s.quoted |= 1 << min(s.cells, 63)
			s.open = !s.open
		case s.open || c != s.comma && c != '\n':
		default:
			s.end(i)
			if c == '\n' {
				return i + 1
			}
		}
	}
	s.end(len(data))
	return len(data)
}

func (s *scanner) end(at int) {
	if s.cells < len(s.ends) {
		s.ends[s.cells] = at
	}
	s.cells++
}

// zeroBytes has the highest bit set of each byte of x that is zero, and no
// other.
func zeroBytes(x uint64) uint64 {
	return ^((x&lowBits + lowBits) | x | lowBits)
}

// cell gives the text of cell i of the row cut last, which is well quoted.
func (s *scanner) cell(row []byte, i int) []byte {
	cell := row[s.begin(i):min(s.ends[i], len(row))]
	if s.quoted != 0 && len(cell) > 0 && cell[0] == '"' {
		return unquoted(cell)
	}
	return cell
}

// row is the row cut last from data, without what ends its line.
func (s *scanner) row(data []byte, length int) []byte {
	if length > 0 && data[length-1] == '\n' {
		length--
	}
	if length > 0 && data[length-1] == '\r' {
		length--
	}
	return data[:length]
}

// misquoted gives where in the row cut last a quotation mark is wrong, -1 when
// all are well, and whether it opens a cell that is never closed. It refuses
// what encoding/csv refuses.
func (s *scanner) misquoted(row []byte) (at int, open bool) {
	known := min(s.cells, len(s.ends))
	for marked := s.quoted; marked != 0; marked &= marked - 1 {
		first := bits.TrailingZeros64(marked)
		last := first
		if first == 63 {
			last = known - 1
		}
		for i := first; i <= last && i < known; i++ {
			start := s.begin(i)
			if at := misquoted(row[start:min(s.ends[i], len(row))]); at >= 0 {
				return start + at, at == 0
			}
		}
	}
	return -1, false
}

// begin is where cell i of the row cut last begins.
func (s *scanner) begin(i int) int {
	if i == 0 {
		return 0
	}
	return s.ends[i-1] + 1
}

// misquoted is where a quotation mark in a cell is wrong: inside a cell that
// does not begin with one, alone inside one that does, or at the beginning of
// one that is never closed; -1 when all are well.
func misquoted(cell []byte) int {
	first := bytes.IndexByte(cell, '"')
	if first != 0 {
		return first
	}
	for at := 1; ; {
		next := bytes.IndexByte(cell[at:], '"')
		if next < 0 {
			return 0
		}
		at += next + 1
		switch {
		case at == len(cell):
			return -1
		case cell[at] != '"':
			return at - 1
		}
		at++
	}
}

// unquoted is the text of a cell that begins with a quotation mark.
func unquoted(cell []byte) []byte {
	inner := cell[1 : len(cell)-1]
	if bytes.IndexByte(inner, '"') >= 0 {
		inner = bytes.ReplaceAll(inner, []byte(`""`), []byte(`"`))
	}
	return bytes.ReplaceAll(inner, []byte("\r\n"), []byte("\n"))
}
