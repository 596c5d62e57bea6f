package usagefile

import (
	"errors"
	"fmt"
	"io"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"
)

// sealWriter compresses, then encrypts, then writes chunks: what goes in is
// JSON lines, what comes out are the elements of "users".
type sealWriter struct {
	*zstd.Encoder
	age    io.WriteCloser
	chunks *chunkWriter
	in     int64
	out    counter
	ratio  int64
}

func newSealWriter(w io.Writer, recipients []Recipient, limits Limits) (*sealWriter, error) {
	s := &sealWriter{chunks: newChunkWriter(w), ratio: limits.Ratio}
	to := make([]age.Recipient, len(recipients))
	for i, r := range recipients {
		key, err := age.ParseX25519Recipient(r.text)
		if err != nil {
			return nil, fault(CodeBadRecipient)
		}
		to[i] = key
	}
	var err error
	if s.age, err = age.Encrypt(s.chunks, to...); err != nil {
		return nil, fmt.Errorf("seal users: %w", err)
	}
	s.out.w = s.age
	// One block after the other, in little memory: a file is written once a
	// day, beside a server that has other work.
	s.Encoder, err = zstd.NewWriter(&s.out, zstd.WithWindowSize(windowBytes), zstd.WithEncoderConcurrency(1),
		zstd.WithLowerEncoderMem(true), zstd.WithEncoderCRC(false))
	if err != nil {
		return nil, fmt.Errorf("compress users: %w", err)
	}
	return s, nil
}

func (s *sealWriter) Write(p []byte) (int, error) {
	// The reader has the same rule, and has read more of the stream whenever it
	// applies it: what passes here passes there.
	if s.in += int64(len(p)); s.in > ratioFree+s.ratio*s.out.n {
		return 0, fault(CodeLimitRatio, "Limit", s.ratio)
	}
	return s.Encoder.Write(p)
}

// Close writes what has gathered in every layer.
func (s *sealWriter) Close() error {
	if err := errors.Join(s.Encoder.Close(), s.age.Close()); err != nil {
		return err
	}
	return s.chunks.flush()
}

type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

// sealReader is the way back: it decrypts and decompresses what chunks holds,
// in little memory and never past the limits.
type sealReader struct {
	age   io.Reader
	zstd  *zstd.Decoder
	in    int64
	out   int64
	ratio int64
}

func newSealReader(chunks io.Reader, identities []*Identity, limits Limits) (*sealReader, error) {
	keys := make([]age.Identity, len(identities))
	for i, id := range identities {
		keys[i] = id.key
	}
	opened, err := age.Decrypt(chunks, keys...)
	if err != nil {
		return nil, sealError(err)
	}
	s := &sealReader{age: opened, ratio: limits.Ratio}
	s.zstd, err = zstd.NewReader(sealed{s}, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxWindow(windowBytes))
	if err != nil {
		return nil, compressionError(err)
	}
	return s, nil
}

// Read gives JSON lines.
func (s *sealReader) Read(p []byte) (int, error) {
	n, err := s.zstd.Read(p)
	s.out += int64(n)
	switch {
	case s.out > ratioFree+s.ratio*s.in:
		return 0, fault(CodeLimitRatio, "Limit", s.ratio)
	case err == nil, err == io.EOF: //nolint:errorlint // the contract of io.Reader
		return n, err
	default:
		return n, compressionError(err)
	}
}

// sealed is the compressed stream of a sealReader.
type sealed struct{ s *sealReader }

func (c sealed) Read(p []byte) (int, error) {
	n, err := c.s.age.Read(p)
	c.s.in += int64(n)
	if err == nil || err == io.EOF {
		return n, err
	}
	return n, sealError(err)
}

func sealError(err error) error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	if _, ok := errors.AsType[*age.NoIdentityMatchError](err); ok {
		return fault(CodeOtherRecipient).because(err)
	}
	return fault(CodeBrokenSeal).because(err)
}

func compressionError(err error) error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	if errors.Is(err, zstd.ErrWindowSizeExceeded) {
		return fault(CodeLimitWindow, "Limit", windowBytes)
	}
	return fault(CodeBadCompression).because(err)
}
