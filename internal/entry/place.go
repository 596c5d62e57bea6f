package entry

import (
	"context"
	"strings"

	"github.com/oneseat/oneseat/internal/page"
)

// place says whose pages these are: people come to a hub and to agents with the
// same name, and the pages look alike. Empty when it is not known of whom.
func (e *Entry) place(f *page.Frame, name string) string {
	switch {
	case name == "":
		return ""
	case e.agent:
		return f.T("entry.of_agent", "Name", name)
	default:
		return f.T("entry.of_hub", "Name", name)
	}
}

// issuer is what an authenticator app calls these pages: codes of a hub and of
// agents stand in one list there. A colon would end it.
func (e *Entry) issuer(about Enterprise) string {
	name := about.Slug
	if e.agent {
		name = about.Name
	}
	return strings.TrimSpace("OneSeat " + strings.ReplaceAll(name, ":", " "))
}

// of gives the enterprise of a number; the zero one when there is none.
func (e *Entry) of(ctx context.Context, number int64) (Enterprise, error) {
	all, err := e.enterprises(ctx)
	for _, one := range all {
		if one.Number == number {
			return one, err
		}
	}
	return Enterprise{}, err
}

// shownTo is what a stranger may read of an enterprise that they named: its name
// where there is only one, else no more than they said.
func (e *Entry) shownTo(ctx context.Context, about Enterprise) (string, error) {
	all, err := e.enterprises(ctx)
	if len(all) == 1 && all[0].Number == about.Number {
		return about.Name, err
	}
	return about.Slug, err
}
