package hub

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
)

// enrolEvery is how old an agent's enrolment file becomes before it gets another
// one, whether anything in it changed or not.
const enrolEvery = 30 * day

// enrol adds the enrolment file to a token when the agent's is older than what
// it says. A hub that has no key to sign with, or nothing to seal to, gives none.
func (s *Service) enrol(ctx context.Context, g *Granted, address string, has time.Time) error {
	if !has.IsZero() && s.now().Sub(has) < enrolEvery && !has.Before(s.keys.changed(g.Enterprise.Slug)) {
		return nil
	}
	file, err := s.Enrolment(ctx, g.Enterprise.Number, g.Connection.Actor(), address, nil)
	if errs.KindOf(err) == errs.Conflict {
		return nil
	}
	if err == nil {
		g.Enrolment = file.Text
	}
	return err
}

// changed is when the keys of an enterprise were written last, zero when there
// are none.
func (d KeyDir) changed(slug string) time.Time {
	var last time.Time
	for _, name := range []string{d.file(slug), filepath.Join(string(d), SigningKeyFile(slug))} {
		if file, err := os.Stat(name); err == nil && file.ModTime().After(last) {
			last = file.ModTime()
		}
	}
	return last
}
