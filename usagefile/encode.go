package usagefile

import (
	"bufio"
	"crypto/ed25519"
	"crypto/sha512"
	"fmt"
	"hash"
	"io"
	"iter"
	"slices"

	"github.com/oneseat/oneseat/licensing"
)

// Users are the users of a snapshot in ascending order of the bytes of their
// ids. They can be gone through several times and are the same each time. An
// error ends them; it comes out of [Encode] as it is, wrapped.
type Users = iter.Seq2[licensing.ServerAccount, error]

// Export is what a usage file is made of, beside its users.
type Export struct {
	// Instance reports. Its PublicKey is set by Encode.
	Instance Instance
	// Snapshot of the users. UserCount is set by Encode. A zero Nonce is made
	// by Encode and is in the receipt: keep it with the snapshot. With a
	// Digest, that of an earlier export of the same snapshot (which has a
	// Nonce and a UserCount), Encode goes through the users once instead of
	// twice and refuses when they are not those.
	Snapshot Snapshot
	// Recipients the users are sealed to. The first is the enterprise's and
	// becomes the audience.
	Recipients []Recipient
	// Cleartext leaves the users readable. The first recipient, if there is
	// one, is still the audience.
	Cleartext bool
	Limits    Limits
}

// Encode writes a usage file, signed with the instance's key, in constant
// memory. It goes through the users twice, because the header counts them.
// Equal neighbours become one. What a reader would refuse under the same
// limits is refused here with the same code; [CodeSourceChanged] says that the
// users were not the same the second time.
//
// After an error the bytes in w are worthless, and cannot be taken for a file:
// the signature comes last. Write to a temporary file and rename it.
func Encode(w io.Writer, key ed25519.PrivateKey, x Export, users Users) (*Receipt, error) {
	e := encoder{x: x, limits: x.Limits.withDefaults(), key: key}
	if err := e.prepare(users); err != nil {
		return nil, err
	}
	e.sum = sha512.New()
	e.out = counter{w: io.MultiWriter(w, e.sum)}
	e.buf = bufio.NewWriterSize(&e.out, 64<<10)
	if err := e.write(users); err != nil {
		return nil, err
	}
	return e.receipt(), nil
}

type encoder struct {
	x      Export
	limits Limits
	key    ed25519.PrivateKey
	header Header
	text   []byte // the header's bytes
	tally  *tally
	kept   int64
	sum    hash.Hash
	out    counter
	buf    *bufio.Writer
}

// prepare makes the header, reading the users if their digest is not known.
func (e *encoder) prepare(users Users) error {
	if len(e.key) != ed25519.PrivateKeySize {
		return fault(CodeBadValue, "Key", "instance.public_key", "Want", "Ed25519")
	}
	if len(e.x.Recipients) == 0 && !e.x.Cleartext {
		return fault(CodeNoRecipient)
	}
	s := &e.x.Snapshot
	if s.Nonce.IsZero() {
		s.Nonce, s.Digest = NewNonce(), Digest{}
	}
	if s.Digest.IsZero() {
		if err := e.each(users, nil); err != nil {
			return err
		}
		s.Digest, s.UserCount = e.tally.digest(), e.kept
	}
	return e.makeHeader()
}

func (e *encoder) makeHeader() error {
	h := Header{Instance: e.x.Instance, Snapshot: e.x.Snapshot}
	h.Instance.PublicKey = slices.Clone(ed25519.PublicKey(e.key[ed25519.SeedSize:]))
	if len(e.x.Recipients) > 0 {
		h.Audience = e.x.Recipients[0].Fingerprint()
	}
	if !e.x.Cleartext {
		h.Snapshot.Nonce = Nonce{} // it goes under the seal
		for _, r := range e.x.Recipients {
			h.Recipients = append(h.Recipients, r.String())
		}
	}
	var err error
	e.text, e.header, err = formatHeader(h, e.limits)
	return err
}

// each goes through the users: it checks, sorts and merges them, and gives
// every canonical line to write, when there is one.
func (e *encoder) each(users Users, write func(line []byte) error) error {
	e.tally, e.kept = newTally(e.limits), 0
	e.tally.begin(e.x.Snapshot.Nonce)
	for a, err := range users {
		if err != nil {
			return fmt.Errorf("read users to export: %w", err)
		}
		if err := checkAccount(&a, e.limits, e.tally.n+1); err != nil {
			return err
		}
		a.Emails = slices.Clone(a.Emails) // to be sorted
		repeated, err := e.tally.add(&a)
		if err != nil {
			return err
		}
		if repeated {
			continue
		}
		e.kept++
		e.tally.count()
		if err := e.put(write); err != nil {
			return err
		}
	}
	return nil
}

func (e *encoder) put(write func(line []byte) error) error {
	if write == nil {
		return nil
	}
	if e.out.n > e.limits.FileBytes {
		return fault(CodeLimitFile, "Limit", e.limits.FileBytes)
	}
	return writeError(write(e.tally.line))
}

func (e *encoder) write(users Users) error {
	if _, err := e.buf.Write(e.text); err != nil {
		return writeError(err)
	}
	var err error
	if e.x.Cleartext {
		list := elements{w: e.buf}
		err = e.each(users, list.add)
	} else {
		err = e.writeSealed(users)
	}
	if err != nil {
		return err
	}
	if e.tally.digest() != e.x.Snapshot.Digest || e.kept != e.x.Snapshot.UserCount {
		return fault(CodeSourceChanged)
	}
	return e.sign()
}

func (e *encoder) writeSealed(users Users) error {
	seal, err := newSealWriter(e.buf, e.x.Recipients, e.limits)
	if err != nil {
		return err
	}
	line := append(appendNonce(nil, e.x.Snapshot.Nonce), '\n')
	if _, err := seal.Write(line); err != nil {
		return writeError(err)
	}
	err = e.each(users, func(user []byte) error {
		line = append(append(line[:0], user...), '\n')
		_, err := seal.Write(line)
		return err
	})
	if err != nil {
		return err
	}
	return writeError(seal.Close())
}

// sign ends the array of users and the file.
func (e *encoder) sign() error {
	if _, err := e.buf.WriteString("\n],"); err != nil {
		return writeError(err)
	}
	if err := e.buf.Flush(); err != nil {
		return writeError(err)
	}
	if e.out.n+int64(tailBytes) > e.limits.FileBytes {
		return fault(CodeLimitFile, "Limit", e.limits.FileBytes)
	}
	signature, err := makeSignature(e.key, e.sum.Sum(nil))
	if err != nil {
		return err
	}
	if _, err := e.out.Write(appendTail(nil, signature)); err != nil {
		return writeError(err)
	}
	return nil
}

func (e *encoder) receipt() *Receipt {
	h := e.header
	h.Snapshot.Nonce = e.x.Snapshot.Nonce
	return &Receipt{
		Header: h, Users: e.kept, Opened: true, Bytes: e.out.n,
		SignedBy: KeyFingerprint(h.Instance.PublicKey), Warnings: e.tally.notes.warnings(&h),
	}
}

func writeError(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("write usage file: %w", err)
}
