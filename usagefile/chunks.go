package usagefile

import (
	"encoding/base64"
	"io"
)

// Sealed users stand in the file as texts of chunkBytes each; only the last is
// shorter, and none is empty.
const (
	chunkBytes   = 48 << 10
	sealedInText = chunkBytes / 3 * 4
)

// chunkWriter writes the elements of the array that holds the sealed users.
type chunkWriter struct {
	list elements
	buf  []byte
	text []byte
}

func newChunkWriter(w io.Writer) *chunkWriter {
	return &chunkWriter{list: elements{w: w}, buf: make([]byte, 0, chunkBytes), text: make([]byte, 0, sealedInText+2)}
}

func (c *chunkWriter) Write(p []byte) (int, error) {
	total := len(p)
	for len(p) > 0 {
		n := min(len(p), chunkBytes-len(c.buf))
		c.buf = append(c.buf, p[:n]...)
		p = p[n:]
		if len(c.buf) == chunkBytes {
			if err := c.flush(); err != nil {
				return 0, err
			}
		}
	}
	return total, nil
}

// flush writes what has gathered; the last chunk may be short.
func (c *chunkWriter) flush() error {
	if len(c.buf) == 0 {
		return nil
	}
	c.text = append(c.text[:0], '"')
	c.text = base64.StdEncoding.AppendEncode(c.text, c.buf)
	c.text = append(c.text, '"')
	c.buf = c.buf[:0]
	return c.list.add(c.text)
}

// elements writes the elements of a JSON array, one a line.
type elements struct {
	w    io.Writer
	some bool
}

func (e *elements) add(element []byte) error {
	separator := ",\n"
	if !e.some {
		e.some, separator = true, "\n"
	}
	if _, err := io.WriteString(e.w, separator); err != nil {
		return err
	}
	_, err := e.w.Write(element)
	return err
}

// chunkReader reads the bytes that stand in the array, behind its bracket, and
// the bracket that ends it. It holds one chunk.
type chunkReader struct {
	t      *tokens
	strict *base64.Encoding
	buf    []byte
	rest   []byte
	short  bool // a chunk was short, so it is the last
	any    bool
	err    error
}

func newChunkReader(t *tokens) *chunkReader {
	return &chunkReader{t: t, strict: base64.StdEncoding.Strict(), buf: make([]byte, chunkBytes)}
}

// Read ends with io.EOF behind the array, or with an *Error.
func (c *chunkReader) Read(p []byte) (int, error) {
	for len(c.rest) == 0 {
		if c.err == nil {
			c.err = c.next()
		}
		if c.err != nil {
			return 0, c.err
		}
	}
	n := copy(p, c.rest)
	c.rest = c.rest[n:]
	return n, nil
}

func (c *chunkReader) next() error {
	const key = "users"
	if c.t.peek() == ']' {
		if !c.any {
			return c.bad()
		}
		if err := c.t.delim(']', key); err != nil {
			return err
		}
		return io.EOF
	}
	raw, err := c.t.value('"', key, "BASE64")
	if err != nil {
		return err
	}
	text := raw[1 : len(raw)-1]
	if c.short || len(text) == 0 || len(text) > sealedInText {
		return c.bad()
	}
	n, err := c.strict.Decode(c.buf, text)
	if err != nil {
		return c.t.place(fault(CodeLooseBase64, "Key", key).because(err))
	}
	c.any, c.short, c.rest = true, n < chunkBytes, c.buf[:n]
	return nil
}

func (c *chunkReader) bad() error { return c.t.place(fault(CodeBadChunk, "Size", chunkBytes)) }
