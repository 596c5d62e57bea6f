package spool

import (
	"context"
	"io"
	"os"

	"github.com/oneseat/oneseat/internal/errs"
)

// Guest is who brings files.
type Guest struct {
	// Name tells those of one enterprise apart: the id of a token, or of a
	// person.
	Name       string
	Enterprise int64
	// Most is how many bytes a file of theirs has at most; 0 is [Spool.Most].
	Most int64
}

// guestKey tells guests apart.
type guestKey struct {
	enterprise int64
	name       string
}

func (g *Guest) key() guestKey { return guestKey{g.Enterprise, g.Name} }

// Stay is the time that the files of one request are in the spool.
type Stay struct {
	spool *Spool
	guest Guest
	files []*File
	turn  bool
}

// Enter lets a guest bring the files of a request; the caller ends the stay with
// [Stay.Leave]. Unavailable when the guest or the enterprise brings as much at
// the same time as one may.
func (s *Spool) Enter(g Guest) (*Stay, error) {
	if g.Most <= 0 || g.Most > s.most {
		g.Most = s.most
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	switch {
	case s.guests[g.key()] >= maxOfGuest:
		return nil, errs.New(errs.Unavailable, "spool.guest_busy", "Most", maxOfGuest)
	case s.enterprises[g.Enterprise] >= maxOfEnterprise:
		return nil, errs.New(errs.Unavailable, "spool.enterprise_busy", "Most", maxOfEnterprise)
	}
	s.guests[g.key()]++
	s.enterprises[g.Enterprise]++
	return &Stay{spool: s, guest: g}, nil
}

// Take reads a body to its end. The file goes with the stay.
func (t *Stay) Take(body io.Reader) (*File, error) {
	f, err := os.CreateTemp(t.spool.directory, spooledFiles)
	if err != nil {
		return nil, errs.Wrap(errs.Unavailable, err, "spool.no_spool")
	}
	out := &File{File: f, spool: t.spool}
	if err := out.fill(body, t.guest.Most); err != nil {
		out.drop()
		return nil, err
	}
	t.files = append(t.files, out)
	return out, nil
}

// Files are those that were taken, in order.
func (t *Stay) Files() []*File { return t.files }

// Turn waits until the files may be taken in, which they are until [Stay.Leave]:
// to be called once, when they all are here. Unavailable when others take too
// long.
func (t *Stay) Turn(ctx context.Context) error {
	late, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	select {
	case t.spool.places <- struct{}{}:
		t.turn = true
		return nil
	case <-late.Done():
		if err := ctx.Err(); err != nil {
			return err
		}
		return errs.New(errs.Unavailable, "spool.uploads_busy", "Most", maxTaken)
	}
}

// Leave removes the files and gives everything back.
func (t *Stay) Leave() {
	for _, f := range t.files {
		f.drop()
	}
	if t.turn {
		<-t.spool.places
	}
	s := t.spool
	s.mutex.Lock()
	defer s.mutex.Unlock()
	less(s.guests, t.guest.key())
	less(s.enterprises, t.guest.Enterprise)
}

// less counts down and forgets what is 0.
func less[K comparable](counts map[K]int, key K) {
	if counts[key]--; counts[key] <= 0 {
		delete(counts, key)
	}
}
