package usagefile

import (
	"crypto/ed25519"
	"crypto/sha512"
	"encoding/base64"
	"hash"
	"io"
)

// The end of a file, after the comma that is the last signed byte. It has
// exactly one form, because nothing else protects it.
const (
	tailHead  = `"signature":{"algorithm":"ed25519ph","value":"`
	tailEnd   = "\"}}\n"
	tailValue = 88 // base64 of 64 bytes
	tailBytes = len(tailHead) + tailValue + len(tailEnd)
)

// source reads the file's bytes for everything above it. It counts them,
// hashes all but the last tailBytes, and keeps those: so the signature can be
// judged after any defect, whatever stands before it.
type source struct {
	r     io.Reader
	limit int64
	n     int64
	sum   hash.Hash
	tail  []byte
	err   error
}

func newSource(r io.Reader, limit int64) *source {
	return &source{r: r, limit: limit, sum: sha512.New(), tail: make([]byte, 0, tailBytes)}
}

// Read ends with io.EOF, or with an *Error.
func (s *source) Read(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.r.Read(p)
	s.absorb(p[:n])
	s.n += int64(n)
	switch {
	case s.n > s.limit:
		s.err = fault(CodeLimitFile, "Limit", s.limit).at(s.limit)
		return 0, s.err
	case err == io.EOF:
		s.err = err
	case err != nil:
		s.err = fault(CodeUnreadable).at(s.n).because(err)
	}
	return n, s.err
}

func (s *source) absorb(p []byte) {
	if len(p) >= tailBytes {
		s.sum.Write(s.tail)
		s.sum.Write(p[:len(p)-tailBytes])
		s.tail = append(s.tail[:0], p[len(p)-tailBytes:]...)
		return
	}
	if over := len(s.tail) + len(p) - tailBytes; over > 0 {
		s.sum.Write(s.tail[:over])
		s.tail = s.tail[:copy(s.tail, s.tail[over:])]
	}
	s.tail = append(s.tail, p...)
}

// drain reads to the end.
func (s *source) drain() error {
	_, err := io.Copy(io.Discard, s)
	return err
}

// signed says that the last bytes are a signature by key over all before.
// Only after the end.
func (s *source) signed(key ed25519.PublicKey) (bool, error) {
	value, err := parseTail(s.tail)
	if err != nil {
		return false, err
	}
	return verifySignature(key, s.sum.Sum(nil), value), nil
}

// parseTail gives the signature's bytes, or the defect of the tail's form.
func parseTail(tail []byte) ([]byte, error) {
	for i, c := range tail {
		if want, fixed := tailByte(i); fixed && c != want {
			return nil, fault(CodeSignatureForm).at(int64(i))
		}
	}
	if len(tail) < tailBytes {
		return nil, fault(CodeTruncated)
	}
	value, err := decodeBase64(string(tail[len(tailHead):len(tailHead)+tailValue]), ed25519.SignatureSize)
	if err != nil {
		return nil, fault(CodeLooseBase64, "Key", "signature").at(int64(len(tailHead))).because(err)
	}
	return value, nil
}

func tailByte(i int) (want byte, fixed bool) {
	switch {
	case i < len(tailHead):
		return tailHead[i], true
	case i < len(tailHead)+tailValue:
		return 0, false
	default:
		return tailEnd[i-len(tailHead)-tailValue], true
	}
}

func appendTail(dst, signature []byte) []byte {
	dst = append(dst, tailHead...)
	dst = base64.StdEncoding.AppendEncode(dst, signature)
	return append(dst, tailEnd...)
}

// whole names every byte that was read. Only after the end, and the last use.
func (s *source) whole() []byte {
	s.sum.Write(s.tail)
	return s.sum.Sum(nil)
}
