package ui

import (
	"net/http"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/help"
	"github.com/oneseat/oneseat/internal/web"
)

// helpRoutes are open to everybody: they show nothing of an instance.
func (u *UI) helpRoutes() []web.Route {
	return help.New(help.Config{Role: help.Server, Around: u.aroundHelp}).Routes()
}

// aroundHelp is the navigation, for those who are signed in.
func (u *UI) aroundHelp(r *http.Request) (help.Around, error) {
	around := help.Around{Frame: u.look.Frame(r)}
	who, err := u.config.Visitor(r)
	switch {
	case errs.KindOf(err) == errs.Unauthenticated:
		return around, nil
	case err != nil:
		return help.Around{}, err
	}
	f := u.frameFor(around.Frame, who, inNone)
	return help.Around{Frame: f.Frame, Places: map[help.Place]string{help.PlaceLicensing: string(inLicense), help.PlacePeople: string(inUsers)}}, nil
}
