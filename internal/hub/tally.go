package hub

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"
)

// tally counts what happened, whatever order it is told in, and keeps the
// first of each kind.
type tally struct {
	out   Difference
	named [6][]happened
	// digest is the sum of the digests of everything that happened, so that it
	// depends on no order.
	digest [4]uint64
	text   []byte
}

func newTally() *tally {
	t := &tally{}
	for _, name := range kindNames() {
		t.out.Tallies = append(t.out.Tallies, ChangeTally{Kind: name})
	}
	return t
}

func (t *tally) add(h *happened) {
	t.out.Tallies[h.kind].Count++
	t.out.Tallies[h.kind].Licenses += h.licenses
	t.out.Licenses += h.licenses
	if list := &t.named[h.kind]; len(*list) < maxNamed {
		named := *h
		named.after = slices.Clone(h.after) // of one who appeared it is used again
		*list = append(*list, named)
	}
	t.text = h.signature(t.text[:0])
	sum := sha256.Sum256(t.text)
	for i := range t.digest {
		t.digest[i] += binary.BigEndian.Uint64(sum[8*i:])
	}
}

// sum gives the difference, and what is named of each kind, by kind.
func (t *tally) sum() (Difference, []happened) {
	var all []byte
	for _, word := range t.digest {
		all = binary.BigEndian.AppendUint64(all, word)
	}
	sum := sha256.Sum256(all)
	t.out.Digest = hex.EncodeToString(sum[:16])
	var named []happened
	for _, list := range t.named {
		named = append(named, list...)
	}
	return t.out, named
}

// signature says who was concerned and what they consume.
func (h *happened) signature(b []byte) []byte {
	b = append(b, byte(h.kind))
	for _, side := range [][]standing{h.before, h.after} {
		b = binary.BigEndian.AppendUint32(b, uint32(len(side))) //nolint:gosec // fewer people than 2^31
		for i := range side {
			b = append(append(b, side[i].id[:]...), side[i].license...)
			b = append(b, 0)
		}
	}
	return b
}
