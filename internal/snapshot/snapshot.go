// Package snapshot gathers the users of one server instance for a usage file:
// in any order, as reports have them, and gives them back in the order a usage
// file has, that of the bytes of their ids.
//
// A million users take some forty megabytes: their texts lie behind each other
// in few large pieces of memory, domains, which repeat, as numbers, and what is
// sorted is a number each. The
// package deliberately checks nothing (the readers found repeated ids, the
// encoder checks texts) and keeps nothing about a user but what a usage file
// holds.
//
// Start with a zero [Users], [Users.Add], then [Users.Sorted].
package snapshot

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"slices"
	"strings"

	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/usagefile"
)

// Users are the users of a snapshot. The zero value is empty. It is not safe
// for concurrent use.
type Users struct {
	chunks  [][]byte
	at      []place
	sorted  bool
	domains []string
	number  map[string]uint64 // of a domain, from 1
}

// place is where a user lies: the number of a chunk and an offset in it.
type place struct{ chunk, offset uint32 }

const chunkSize = 1 << 20

// ErrTooMany says that a snapshot is larger than its places can name.
var ErrTooMany = errors.New("too many users for one snapshot")

// maxUsers keeps the list of places below a size nobody has.
const maxUsers = 1 << 28

// Add adds a user; nothing of it is kept.
func (u *Users) Add(a *licensing.ServerAccount) error {
	if len(u.at) == maxUsers {
		return ErrTooMany
	}
	last := len(u.chunks) - 1
	if need := packedSize(a); last < 0 || len(u.chunks[last])+need > cap(u.chunks[last]) {
		u.chunks = append(u.chunks, make([]byte, 0, max(need, chunkSize)))
		last++
	}
	u.at = append(u.at, place{uint32(last), uint32(len(u.chunks[last]))}) //nolint:gosec // fewer chunks than users
	u.chunks[last] = u.pack(u.chunks[last], a)
	u.sorted = false
	return nil
}

// Sorted gives the users in ascending order of the bytes of their ids, as often
// as asked. When the context ends, so do they, with its error.
func (u *Users) Sorted(ctx context.Context) usagefile.Users {
	if !u.sorted {
		slices.SortFunc(u.at, func(a, b place) int { return bytes.Compare(u.id(a), u.id(b)) })
		u.sorted = true
	}
	return func(yield func(licensing.ServerAccount, error) bool) {
		for i, p := range u.at {
			if i%checkEvery == 0 && ctx.Err() != nil {
				yield(licensing.ServerAccount{}, ctx.Err())
				return
			}
			if !yield(u.unpack(u.chunks[p.chunk][p.offset:]), nil) {
				return
			}
		}
	}
}

// checkEvery is after how many users a context is looked at.
const checkEvery = 4096

func (u *Users) id(p place) []byte {
	id, _ := cut(u.chunks[p.chunk][p.offset:])
	return id
}

// pack appends a user: the id, a flag, and each address with a mark.
func (u *Users) pack(dst []byte, a *licensing.ServerAccount) []byte {
	dst = appendText(dst, a.UserID)
	dst = append(dst, flag(a.AdvancedSecurity))
	dst = binary.AppendUvarint(dst, uint64(len(a.Emails)))
	for _, e := range a.Emails {
		dst = u.packAddress(dst, e.Email.Address())
		dst = append(dst, flag(e.Primary))
	}
	return dst
}

// packAddress appends the number of what follows the last @, 0 when it has
// none, and the rest.
func (u *Users) packAddress(dst []byte, address string) []byte {
	at := strings.LastIndexByte(address, '@')
	if at >= 0 {
		if number := u.domain(address[at+1:]); number > 0 {
			return appendText(binary.AppendUvarint(dst, number), address[:at])
		}
	}
	return appendText(append(dst, 0), address)
}

// maxDomains is how many domains get a number: an enterprise has few, and what
// has more gains nothing.
const maxDomains = 1 << 12

func (u *Users) domain(name string) uint64 {
	if n, ok := u.number[name]; ok || len(u.domains) == maxDomains {
		return n
	}
	if u.number == nil {
		u.number = map[string]uint64{}
	}
	u.domains = append(u.domains, strings.Clone(name))
	n := uint64(len(u.domains))
	u.number[u.domains[n-1]] = n
	return n
}

// packedSize is at least what pack appends.
func packedSize(a *licensing.ServerAccount) int {
	n := len(a.UserID) + 2*binary.MaxVarintLen64 + 1
	for _, e := range a.Emails {
		n += len(e.Email.Address()) + 2*binary.MaxVarintLen64 + 1
	}
	return n
}

func (u *Users) unpack(data []byte) licensing.ServerAccount {
	id, data := cut(data)
	a := licensing.ServerAccount{UserID: string(id), AdvancedSecurity: data[0] == 1}
	n, size := binary.Uvarint(data[1:])
	data = data[1+size:]
	for range n {
		domain, size := binary.Uvarint(data)
		text, rest := cut(data[size:])
		address := string(text)
		if domain > 0 {
			address += "@" + u.domains[domain-1]
		}
		a.Emails = append(a.Emails, licensing.ServerEmail{Email: licensing.NewEmail(address), Primary: rest[0] == 1})
		data = rest[1:]
	}
	return a
}

func appendText(dst []byte, text string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(text))), text...)
}

// cut takes a text off the front of data.
func cut(data []byte) (text, rest []byte) {
	n, size := binary.Uvarint(data)
	end := size + int(n) //nolint:gosec // as pack wrote it
	return data[size:end], data[end:]
}

func flag(set bool) byte {
	if set {
		return 1
	}
	return 0
}
