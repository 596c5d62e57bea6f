package licensing

import "encoding/binary"

// chunkSize is how much text one piece of memory of a texts holds.
const (
	chunkBits = 20
	chunkSize = 1 << chunkBits
	maxChunks = 1 << (32 - chunkBits)
	// firstChunk keeps small enterprises small; every next chunk doubles.
	firstChunk = 1 << 12
)

// textID names a text in a texts.
type textID uint32

// texts keeps many short texts in few large pieces of memory, so that ten
// million of them cost their bytes and no pointers. Texts are never removed.
// It holds maxChunks pieces, about 4 GiB; what does not fit any more sets full
// and is lost, so that who keeps a texts asks full before using it.
type texts struct {
	chunks [][]byte
	full   bool
}

// add copies a text and names it.
func (t *texts) add(text string) textID {
	need := binary.MaxVarintLen64 + len(text)
	last := len(t.chunks) - 1
	if last < 0 || len(t.chunks[last])+need > cap(t.chunks[last]) {
		if last+1 == maxChunks {
			t.full = true
			return 0
		}
		t.chunks = append(t.chunks, make([]byte, 0, max(need, min(chunkSize, firstChunk<<min(len(t.chunks), chunkBits)))))
		last++
	}
	id := textID(last<<chunkBits | len(t.chunks[last])) //nolint:gosec // fewer than maxChunks pieces
	c := binary.AppendUvarint(t.chunks[last], uint64(len(text)))
	t.chunks[last] = append(c, text...)
	return id
}

// get gives the bytes of a text; they must not be changed.
func (t *texts) get(id textID) []byte {
	c := t.chunks[id>>chunkBits][id&(chunkSize-1):]
	if n := int(c[0]); n < 0x80 {
		return c[1 : 1+n]
	}
	n, size := binary.Uvarint(c)
	return c[size : size+int(n)] //nolint:gosec // the length add was given
}
