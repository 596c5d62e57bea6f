package source

import "strings"

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
type lists[T any] struct{ piece []T }

const pieceElements = 1 << 10

// keep gives a copy of values; nil for none.
func (l *lists[T]) keep(values []T) []T {
	if len(values) == 0 {
		return nil
	}
	if cap(l.piece)-len(l.piece) < len(values) {
		l.piece = make([]T, 0, max(pieceElements, len(values)))
	}
	at := len(l.piece)
	l.piece = append(l.piece, values...)
	return l.piece[at:len(l.piece):len(l.piece)]
}
