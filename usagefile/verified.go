package usagefile

import (
	"bytes"
	"fmt"
	"io"
	"iter"

	"github.com/oneseat/oneseat/licensing"
)

// VerifiedFile is a file that was read to its end and found whole, so that its
// users count.
type VerifiedFile struct {
	r       io.ReadSeeker
	start   int64
	opts    Options
	receipt *Receipt
	sum     []byte
}

// OpenVerified reads the whole file from where r stands, without keeping the
// users, and refuses it for anything [File.Verify] would. Its users are read
// in a second pass.
func OpenVerified(r io.ReadSeeker, opts Options) (*VerifiedFile, error) {
	start, err := r.Seek(0, io.SeekCurrent)
	if err != nil {
		return nil, fault(CodeUnreadable).at(0).because(err)
	}
	v := &VerifiedFile{r: r, start: start, opts: opts}
	f, err := Open(r, opts)
	if err != nil {
		return nil, err
	}
	if v.receipt, err = f.Verify(); err != nil {
		return nil, err
	}
	v.sum = f.src.whole()
	return v, nil
}

// Receipt says what was verified.
func (v *VerifiedFile) Receipt() *Receipt { return v.receipt }

// Users gives the verified users, equal neighbours merged. Each loop reads the
// file again and compares it with what was verified: when the bytes changed in
// between, the last element is an error, [CodeSourceChanged] or the defect
// itself, and what came before it does not count. One loop at a time.
func (v *VerifiedFile) Users() iter.Seq2[licensing.ServerAccount, error] {
	return func(yield func(licensing.ServerAccount, error) bool) {
		f, err := v.again()
		if err != nil {
			yield(licensing.ServerAccount{}, err)
			return
		}
		for a := range f.UnverifiedUsers() {
			if !yield(a, nil) {
				return
			}
		}
		_, err = f.Verify()
		if err == nil && !bytes.Equal(f.src.whole(), v.sum) {
			err = fault(CodeSourceChanged)
		}
		if err != nil {
			yield(licensing.ServerAccount{}, err)
		}
	}
}

func (v *VerifiedFile) again() (*File, error) {
	if _, err := v.r.Seek(v.start, io.SeekStart); err != nil {
		return nil, fault(CodeUnreadable).at(0).because(fmt.Errorf("read again: %w", err))
	}
	return Open(v.r, v.opts)
}
