package usagefile

import (
	"bytes"
	"crypto/sha256"
	"hash"

	"github.com/oneseat/oneseat/licensing"
)

// tally looks at users one by one as they stand: their order, their digest,
// their number, and what should be said of them. It holds one user.
type tally struct {
	limits Limits
	sum    hash.Hash
	n      int64 // users as they stand
	line   []byte
	before []byte
	id     string
	notes  notes
}

func newTally(limits Limits) *tally {
	return &tally{limits: limits, sum: sha256.New()}
}

// add takes the next user, whose addresses it sorts. Repeated: the user equals
// the one before and is to be merged with it. The canonical line is in t.line.
func (t *tally) add(a *licensing.ServerAccount) (repeated bool, err error) {
	if t.n == t.limits.Users {
		return false, fault(CodeLimitUsers, "Limit", t.limits.Users)
	}
	t.n++
	sortEmails(a.Emails)
	t.before, t.line = t.line, appendAccount(t.before[:0], a)
	if repeated, err = t.order(a.UserID); err != nil {
		return false, err
	}
	t.id = a.UserID
	if repeated {
		t.notes.add(WarnMerged, a.UserID)
		return true, nil
	}
	t.notes.user(a)
	return false, nil
}

// count makes the line part of the digest.
func (t *tally) count() {
	t.line = append(t.line, '\n')
	t.sum.Write(t.line)
	t.line = t.line[:len(t.line)-1]
}

func (t *tally) order(id string) (repeated bool, err error) {
	switch {
	case t.n == 1 || id > t.id:
		return false, nil
	case id < t.id:
		return false, t.fault(CodeOutOfOrder, "ID", licensing.MaskText(id), "Before", licensing.MaskText(t.id))
	case bytes.Equal(t.line, t.before):
		return true, nil
	default:
		return false, t.fault(CodeConflictingUser, "ID", licensing.MaskText(id))
	}
}

func (t *tally) fault(code Code, values ...any) error {
	e := fault(code, values...)
	e.User = t.n
	return e
}

func (t *tally) digest() (d Digest) {
	t.sum.Sum(d[:0])
	return d
}

// begin makes the nonce the first part of the digest.
func (t *tally) begin(n Nonce) { t.sum.Write(n[:]) }
