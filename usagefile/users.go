package usagefile

import (
	"io"

	"github.com/oneseat/oneseat/licensing"
)

// clearUsers reads the users that stand in the array, and the bracket that
// ends it.
type clearUsers struct{ t *tokens }

func (c *clearUsers) next() (licensing.ServerAccount, error) {
	if c.t.peek() == ']' {
		c.t.user = 0
		if err := c.t.delim(']', "users"); err != nil {
			return licensing.ServerAccount{}, err
		}
		return licensing.ServerAccount{}, io.EOF
	}
	c.t.user++
	return c.t.account()
}

// sealedUsers reads the users of an opened seal, JSON lines behind the nonce.
type sealedUsers struct {
	t      *tokens
	chunks *chunkReader
}

// openSeal opens what chunks holds and reads its first line.
func openSeal(chunks *chunkReader, opts Options) (*sealedUsers, Nonce, error) {
	var nonce Nonce
	lines, err := newSealReader(chunks, opts.Identities, opts.Limits)
	if err != nil {
		return nil, nonce, err
	}
	u := &sealedUsers{t: newTokens(lines, opts.Limits), chunks: chunks}
	u.t.inner = true
	r := headerReader{tokens: u.t}
	err = u.t.object("", member{name: "nonce", read: func(key string) error { return r.nonce(key, &nonce) }})
	return u, nonce, err
}

func (u *sealedUsers) next() (licensing.ServerAccount, error) {
	if u.t.peek() == 0 {
		if _, err := u.t.dec.ReadToken(); err != io.EOF { //nolint:errorlint // how jsontext says that nothing follows
			return licensing.ServerAccount{}, u.t.check(err)
		}
		return licensing.ServerAccount{}, u.end()
	}
	u.t.user++
	return u.t.account()
}

// end is io.EOF when the array of chunks ends where the seal does.
func (u *sealedUsers) end() error {
	n, err := io.ReadFull(u.chunks, make([]byte, 1))
	if n > 0 {
		return u.chunks.bad()
	}
	return err
}
