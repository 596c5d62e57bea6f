package source

import (
	"slices"
	"strings"
)

// texts keeps many short strings in few long ones, so that two million people
// are some hundred pieces of memory and not some ten million.
type texts struct{ piece strings.Builder }

const pieceBytes = 64 << 10

// keep gives b as a string.
func (t *texts) keep(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if t.piece.Cap()-t.piece.Len() < len(b) {
		t.piece = strings.Builder{}
		t.piece.Grow(max(pieceBytes, len(b)))
	}
	t.piece.Write(b)
	whole := t.piece.String()
	return whole[len(whole)-len(b):]
}

// lists keeps many short lists in few long ones, for the same reason.
type lists[T any] struct{ Piece []T }

const pieceElements = 1 << 10

// growing is a list that grows to any length without being copied at each
// step, but once.
type growing[T any] struct {
	Full [][]T
	Last []T
}

const growth = 1 << 13

func (g *growing[T]) add(value T) {
	if len(g.Last) == cap(g.Last) {
		if len(g.Last) > 0 {
			g.Full = append(g.Full, g.Last)
		}
		g.Last = make([]T, 0, growth)
	}
	g.Last = append(g.Last, value)
}

// all gives the list; nil for an empty one.
func (g *growing[T]) all() []T {
	if len(g.Full) == 0 {
		return g.Last
	}
	return slices.Concat(append(g.Full, g.Last)...)
}

// keep gives a copy of values; nil for none.
func (l *lists[T]) keep(values []T) []T {
	if len(values) == 0 {
		return nil
	}
	if cap(l.Piece)-len(l.Piece) < len(values) {
		l.Piece = make([]T, 0, max(pieceElements, len(values)))
	}
	at := len(l.Piece)
	l.Piece = append(l.Piece, values...)
	return l.Piece[at:len(l.Piece):len(l.Piece)]
}
