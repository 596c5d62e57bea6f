package source

import (
	"bytes"
	"errors"
	"io"
	"sync"
)

// block is a piece of a CSV: whole rows, some thousands of them.
type block struct {
	data []byte
	line int // of its first row, from 1
	rows int // lines in it
	// damage is why there is nothing after this block.
	damage damage
}

// damage is what a splitter cannot go on after.
type damage uint8

const (
	undamaged damage = iota
	rowTooLong
	inputTooLong
)

// blockBytes is how much is read at once. A block with its cells and strings
// stays within a core's cache.
const blockBytes = 1 << 20

// maxBlockRows is how many rows a block holds at most.
const maxBlockRows = 1 << 16

// splitter cuts a CSV at row boundaries into blocks, so that blocks can be
// parsed side by side. It tells newlines inside quotation marks from those
// that end a row by counting marks; a mark that stands where none may shifts
// the boundaries behind it, and parse refuses the block it stands in. When it
// leaves no boundary at all, whoever refuses the row that does not end looks for
// the mark.
type splitter struct {
	in     io.Reader
	limits Limits
	line   int    // of what comes next
	carry  []byte // begun row of the last block
	read   int64
	ended  bool
	spare  sync.Pool
}

func newSplitter(in io.Reader, limits Limits, line int) *splitter {
	return &splitter{in: in, limits: limits, line: line}
}

// next gives the next block; false after the last one. The error is the
// input's own.
func (s *splitter) next() (block, bool, error) {
	if s.ended && len(s.carry) == 0 {
		return block{}, false, nil
	}
	data := append(s.buffer(), s.carry...)
	for {
		var err error
		if data, err = s.fill(data); err != nil {
			return block{}, false, err
		}
		if s.read > s.limits.MaxBytes {
			return s.stop(inputTooLong, nil), true, nil
		}
		if end, lines := s.boundary(data); end > 0 {
			return s.take(data, end, lines), true, nil
		}
		switch {
		case s.ended:
			return s.take(data, len(data), bytes.Count(data, []byte{'\n'})), len(data) > 0, nil
		case int64(len(data)) > s.limits.MaxRowBytes:
			return s.stop(rowTooLong, data), true, nil
		}
		data = append(make([]byte, 0, 2*cap(data)), data...)
	}
}

// buffer gives room for a block.
func (s *splitter) buffer() []byte {
	if spare, ok := s.spare.Get().(*[]byte); ok && cap(*spare) > len(s.carry) {
		return (*spare)[:0]
	}
	return make([]byte, 0, max(blockBytes, 2*len(s.carry)))
}

// recycle takes a block back whose bytes nobody needs any more.
func (s *splitter) recycle(b block) {
	if cap(b.data) > 0 {
		s.spare.Put(&b.data)
	}
}

// fill reads until data is full or the input ends.
func (s *splitter) fill(data []byte) ([]byte, error) {
	for len(data) < cap(data) && !s.ended {
		n, err := s.in.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		s.read += int64(n)
		switch {
		case errors.Is(err, io.EOF):
			s.ended = true
		case err != nil:
			return data, err
		}
	}
	return data, nil
}

// boundary is the end of the last whole row of at most maxBlockRows, and how
// many lines there are before it; 0 when there is none.
func (s *splitter) boundary(data []byte) (end, lines int) {
	lines = bytes.Count(data, []byte{'\n'})
	if s.ended && lines < maxBlockRows {
		return len(data), lines
	}
	some := data
	for lines > maxBlockRows {
		some = some[:len(some)/2]
		lines = bytes.Count(some, []byte{'\n'})
	}
	if end, lines = lastRowEnd(some, lines); end == 0 && len(some) < len(data) {
		return firstRowEnd(data) // a row of very many lines
	}
	return end, lines
}

// lastRowEnd is the end of the last whole row in data of so many lines, and how
// many are before it; 0 when there is none.
func lastRowEnd(data []byte, lines int) (end, before int) {
	marks := bytes.Count(data, []byte{'"'})
	for end = len(data); ; lines-- {
		newline := bytes.LastIndexByte(data[:end], '\n')
		if newline < 0 {
			return 0, 0
		}
		marks -= bytes.Count(data[newline:end], []byte{'"'})
		if marks%2 == 0 {
			return newline + 1, lines
		}
		end = newline
	}
}

// firstRowEnd is the end of the first row, and of how many lines that is; 0 when
// data ends before.
func firstRowEnd(data []byte) (end, lines int) {
	for marks := 0; ; {
		next := bytes.IndexByte(data[end:], '\n')
		if next < 0 {
			return 0, 0
		}
		marks += bytes.Count(data[end:end+next], []byte{'"'})
		end += next + 1
		lines++
		if marks%2 == 0 {
			return end, lines
		}
	}
}

// take makes a block of the beginning of data and carries the rest over.
func (s *splitter) take(data []byte, end, lines int) block {
	b := block{data: data[:end], line: s.line, rows: lines + 1}
	s.carry = append(s.carry[:0], data[end:]...)
	s.line += lines
	return b
}

// stop makes a last block that holds no rows but why there are no more, and
// where that begins.
func (s *splitter) stop(why damage, data []byte) block {
	s.ended, s.carry = true, nil
	return block{data: data, line: s.line, damage: why}
}
