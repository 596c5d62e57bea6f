package usagefile

import (
	"bytes"
	"io"
	"iter"
	"slices"

	"github.com/oneseat/oneseat/licensing"
)

// Options say who reads, and within which limits. The zero value reads any
// header, and users in clear whomever they are meant for, which the receipt
// warns about ([WarnAudienceUnchecked]). Whoever reads what others send names
// itself.
type Options struct {
	// Identities open sealed users. The reader also goes by the fingerprints
	// of their recipients.
	Identities []*Identity
	// Audiences are further fingerprints the reading enterprise goes by. A
	// file, sealed or in clear, that names an audience the reader does not go
	// by is [CodeOtherAudience], even when an identity would open it.
	Audiences []Fingerprint
	Limits    Limits
}

// File is a usage file being read once, from its beginning to its end. It is
// not safe for concurrent use.
type File struct {
	src     *source
	outer   *tokens
	header  Header
	opts    Options
	users   userReader // nil before the first user
	tally   *tally
	kept    int64
	unread  bool  // the users were passed over, unopened
	ended   bool  // the last user was read
	failed  error // what ended the users too early
	receipt *Receipt
	verdict error
	judged  bool
}

// userReader gives users one by one, ending with io.EOF.
type userReader interface {
	next() (licensing.ServerAccount, error)
}

// Open reads the header, for which nobody needs a key, and refuses a file that
// is for somebody else. Nothing in it is verified until [File.Verify] returned
// a receipt.
func Open(r io.Reader, opts Options) (*File, error) {
	f, err := open(r, opts)
	if err == nil {
		err = f.forUs()
	}
	if err != nil {
		return nil, err
	}
	return f, nil
}

// open is Open for a file that may be for anybody.
func open(r io.Reader, opts Options) (*File, error) {
	opts.Limits = opts.Limits.withDefaults()
	f := &File{src: newSource(r, opts.Limits.FileBytes), opts: opts, tally: newTally(opts.Limits)}
	f.outer = newTokens(f.src, opts.Limits)
	f.outer.header = opts.Limits.HeaderBytes
	if err := f.outer.begin(); err != nil {
		return nil, err
	}
	var err error
	if f.header, err = f.outer.readHeader(); err != nil {
		return nil, err
	}
	if err := f.outer.delim('[', "users"); err != nil {
		return nil, err
	}
	f.outer.header = 0
	return f, nil
}

// forUs compares the audience with whom the reader goes by.
func (f *File) forUs() error {
	to, own := f.header.Audience, f.opts.fingerprints()
	switch {
	case to.IsZero() || slices.Contains(own, to):
		return nil
	case len(own) > 0:
		return fault(CodeOtherAudience, "Audience", to.Short(), "Own", own[0].Short())
	case !f.header.Sealed(): // sealed, nobody reads it without an identity
		f.tally.notes.add(WarnAudienceUnchecked, "")
	}
	return nil
}

// fingerprints are all the reader goes by.
func (o *Options) fingerprints() []Fingerprint {
	own := slices.Clone(o.Audiences)
	for _, key := range o.Identities {
		own = append(own, key.Recipient().Fingerprint())
	}
	return own
}

// Header is what the file says of itself: a claim until it was verified.
func (f *File) Header() Header { return f.header }

// UnverifiedUsers gives the users as they stream by, equal neighbours merged,
// in ascending order of the bytes of their ids. None of it counts before
// [File.Verify], which also says why the users ended early if they did. They
// can be gone through once; a loop that was left goes on where it stopped.
func (f *File) UnverifiedUsers() iter.Seq[licensing.ServerAccount] {
	return func(yield func(licensing.ServerAccount) bool) {
		for {
			a, ok := f.next()
			if !ok || !yield(a) {
				return
			}
		}
	}
}

// Verify reads what is left, checks everything and returns the receipt, or the
// [*Error] for which the file is refused. Sealed users must be opened for it:
// without a key, [CodeNoIdentity]; see [Inspect] for less.
func (f *File) Verify() (*Receipt, error) {
	if !f.judged {
		for {
			if _, ok := f.next(); !ok {
				break
			}
		}
		f.receipt, f.verdict = f.finish()
		f.judged = true
	}
	return f.receipt, f.verdict
}

// next gives the next user after merging; false at the end or at a defect.
func (f *File) next() (a licensing.ServerAccount, ok bool) {
	for !f.ended && f.failed == nil {
		a, err := f.read()
		if err == io.EOF { //nolint:errorlint // readers give it as it is
			f.ended = true
			break
		}
		repeated, err := f.add(&a, err)
		if err != nil {
			f.failed = err
			break
		}
		if !repeated {
			f.kept++
			return a, true
		}
	}
	return licensing.ServerAccount{}, false
}

func (f *File) read() (licensing.ServerAccount, error) {
	if f.users == nil {
		if err := f.start(); err != nil {
			return licensing.ServerAccount{}, err
		}
	}
	return f.users.next()
}

func (f *File) add(a *licensing.ServerAccount, err error) (repeated bool, _ error) {
	if err != nil {
		return false, err
	}
	repeated, err = f.tally.add(a)
	if err == nil {
		f.tally.count()
	}
	return repeated, err
}

// start opens the seal, if there is one.
func (f *File) start() error {
	if !f.header.Sealed() {
		f.tally.begin(f.header.Snapshot.Nonce)
		f.users = &clearUsers{f.outer}
		return nil
	}
	if len(f.opts.Identities) == 0 {
		return fault(CodeNoIdentity, "Audience", f.header.Audience.Short())
	}
	users, nonce, err := openSeal(newChunkReader(f.outer), f.opts)
	if err != nil {
		return f.outer.check(err)
	}
	f.header.Snapshot.Nonce = nonce
	f.tally.begin(nonce)
	f.users = users
	return nil
}

// passOver reads sealed users without opening them.
func (f *File) passOver() {
	_, err := io.Copy(io.Discard, newChunkReader(f.outer))
	f.ended, f.unread, f.failed = err == nil, true, err
}

// rest is what follows the array of users.
func (f *File) rest() io.Reader {
	return io.MultiReader(bytes.NewReader(f.outer.dec.UnreadBuffer()), f.src)
}
