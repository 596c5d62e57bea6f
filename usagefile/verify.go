package usagefile

import (
	"bufio"
	"errors"
	"io"
)

// Receipt says what was verified of a file: the signature by its own key over
// every byte, the form of every value and, when Opened, order, number and
// digest of the users. Whether the key is the instance's is for [Check].
type Receipt struct {
	Header Header
	// Users is their number after merging.
	Users int64
	// Opened is false when sealed users were passed over ([Inspect] without a
	// key): then nothing is known of them.
	Opened bool
	// SignedBy is the fingerprint of the key that signed.
	SignedBy Fingerprint
	// Bytes is the length of the file.
	Bytes int64
	// Warnings about the users and the header, sorted by code.
	Warnings []Warning
}

// finish checks the end, and all that only the end can show.
func (f *File) finish() (*Receipt, error) {
	if f.failed != nil {
		return nil, f.judge(f.failed)
	}
	if err := f.end(); err != nil {
		return nil, err
	}
	signed, err := f.src.signed(f.header.Instance.PublicKey)
	if err != nil {
		return nil, err
	}
	if err := f.agree(signed); err != nil {
		return nil, err
	}
	return &Receipt{
		Header: f.header, Users: f.kept, Opened: !f.unread, Bytes: f.src.n,
		SignedBy: KeyFingerprint(f.header.Instance.PublicKey), Warnings: f.tally.notes.warnings(&f.header),
	}, nil
}

// agree compares signature, digest and count. Digest and signature both wrong:
// somebody changed the users. The signature alone: somebody changed the header
// or signed with another key. The digest alone: the instance itself was wrong.
func (f *File) agree(signed bool) error {
	digest := f.unread || f.tally.digest() == f.header.Snapshot.Digest
	signer := KeyFingerprint(f.header.Instance.PublicKey).Short()
	switch {
	case !signed && !digest:
		return fault(CodeChanged, "Key", signer)
	case !signed:
		return fault(CodeWrongSignature, "Key", signer)
	case !f.unread && f.tally.n != f.header.Snapshot.UserCount:
		return fault(CodeCountDiffers, "Count", f.tally.n, "Stated", f.header.Snapshot.UserCount)
	case !digest:
		return fault(CodeDigestDiffers)
	default:
		return nil
	}
}

// judge decides what a defect among the users means. If the signature does not
// fit, somebody changed the file and the defect is only where it shows.
// Otherwise the instance itself wrote it so. Where the file is cut off, over a
// limit or not ours to open, nothing more is read.
func (f *File) judge(defect error) error {
	e, ok := errors.AsType[*Error](defect)
	if !ok {
		return defect
	}
	switch e.Code { //nolint:exhaustive // what is not listed here may come from a changed byte
	case CodeTruncated, CodeUnreadable, CodeNoIdentity,
		CodeLimitFile, CodeLimitUsers, CodeLimitEmails, CodeLimitText, CodeLimitNesting, CodeLimitRatio, CodeLimitWindow:
		return e
	}
	if err := f.src.drain(); err != nil {
		return err
	}
	signed, err := f.src.signed(f.header.Instance.PublicKey)
	if err != nil || signed {
		return e
	}
	changed := fault(CodeChanged, "Key", KeyFingerprint(f.header.Instance.PublicKey).Short()).because(e)
	changed.Byte, changed.User = e.Byte, e.User
	return changed
}

// end reads the comma behind the users and the tail behind the comma.
func (f *File) end() error {
	before := f.outer.dec.InputOffset()
	rest := bufio.NewReader(f.rest())
	comma, err := f.comma(rest, &before)
	if err != nil {
		return err
	}
	if comma == '}' {
		return fault(CodeMissingKey, "Key", "signature").at(before)
	}
	if comma != ',' {
		return fault(CodeNotJSON).at(before)
	}
	tail, err := io.ReadAll(io.LimitReader(rest, int64(tailBytes)))
	if err != nil {
		return err
	}
	return f.tail(tail, rest, before+1)
}

// comma gives the first byte that is no white space, and leaves in offset how
// many bytes stand before it. As before every token, white space is bounded.
func (f *File) comma(rest io.ByteReader, offset *int64) (byte, error) {
	for end := *offset + f.opts.Limits.tokenBytes(); *offset < end; *offset++ {
		c, err := rest.ReadByte()
		switch {
		case err == io.EOF: //nolint:errorlint // the contract of io.ByteReader
			return 0, fault(CodeTruncated).at(*offset)
		case err != nil:
			return 0, err
		case c != ' ' && c != '\t' && c != '\r' && c != '\n':
			return c, nil
		}
	}
	return 0, fault(CodeLimitText, "Limit", f.opts.Limits.TextBytes).at(*offset)
}

func (f *File) tail(tail []byte, rest io.Reader, offset int64) error {
	if _, err := parseTail(tail); err != nil {
		e, _ := errors.AsType[*Error](err)
		if e.Code == CodeTruncated {
			return e.at(offset + int64(len(tail)))
		}
		e.Byte += offset
		return e
	}
	more, err := io.Copy(io.Discard, rest)
	if err != nil {
		return err
	}
	if more > 0 {
		return fault(CodeTrailing, "Extra", more).at(offset + int64(tailBytes))
	}
	return nil
}
