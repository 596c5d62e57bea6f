package ui

import (
	"context"
	"slices"
	"strconv"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/licensing"
)

// maxBack is how many results a page looks back for somebody whom the current
// one does not know any more.
const maxBack = 20

// lastStood is the newest result that knows a person; 0: none that is kept does.
func (u *UI) lastStood(ctx context.Context, enterprise int64, person string) (int64, error) {
	results, err := u.hub.History(ctx, enterprise, 0, maxBack)
	if err != nil {
		return 0, err
	}
	for _, r := range results {
		_, err := u.hub.Person(ctx, enterprise, r.Number, person)
		switch {
		case err == nil:
			return r.Number, nil
		case errs.KindOf(err) != errs.NotFound:
			return 0, err
		}
	}
	return 0, nil
}

// movedTo is where the page of somebody is who was known by this address and
// joined somebody else since; empty: nobody knows of them.
func (u *UI) movedTo(ctx context.Context, f *frame, person string) (string, error) {
	result, err := u.lastStood(ctx, f.About.Number, person)
	if err != nil || result == 0 {
		return "", err
	}
	return f.To(f.path("people", person)) + "?result=" + strconv.FormatInt(result, 10), nil
}

// nowOf is the id of who a person of an earlier result is now: the same, or
// whoever has one of their accounts; empty: nobody has.
func (u *UI) nowOf(ctx context.Context, enterprise int64, current *hub.Result, p *hub.Person) (string, error) {
	if _, err := u.hub.Person(ctx, enterprise, current.Number, p.ID); errs.KindOf(err) != errs.NotFound {
		return p.ID, err
	}
	for i := range p.Person.Servers {
		at := p.Person.Servers[i].HostID
		found, err := u.hub.Search(ctx, enterprise, hub.Query{Text: at.String()}, "", hub.MaxPage)
		if err != nil {
			return "", err
		}
		for _, other := range found.People {
			if slices.ContainsFunc(other.Person.Servers, func(a licensing.PlacedAccount) bool { return a.HostID == at }) {
				return other.ID, nil
			}
		}
	}
	return "", nil
}
