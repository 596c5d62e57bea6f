package ui

import (
	"net/http"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/help"
	"github.com/oneseat/oneseat/internal/web"
)

// help is where an area's pages are explained; where none is, help begins.
func (a area) help() string {
	switch a {
	case inLicensing:
		return help.Path(help.ViewLicenseUsage, "")
	case inInstances, inServerInstances:
		return help.Path(help.ViewLicenseUsage, "instances")
	case inConnect:
		return help.Path(help.EnableAutomaticSync, "")
	case inCloudSide:
		return help.Path(help.CloudSide, "")
	case inUploads:
		return help.Path(help.SyncLicenseUsage, "manually")
	case inPeople:
		return help.Path(help.MatchingRules, "")
	case inLicenses:
		return help.Path(help.AboutLicenses, "billing")
	case inRoles, inTokens:
		return help.Path(help.SyncLicenseUsage, "who")
	case inWorklist:
		return help.Path(help.Troubleshooting, "counted-twice")
	default:
		return help.Path("", "")
	}
}

// helpRoutes are open to everybody: they show nothing of an enterprise.
func (u *UI) helpRoutes() []web.Route {
	return help.New(help.Config{Role: help.Cloud, Around: u.aroundHelp}).Routes()
}

// aroundHelp is the navigation of the visitor's enterprise, for those who are
// signed in.
func (u *UI) aroundHelp(r *http.Request) (help.Around, error) {
	around := help.Around{Frame: u.look.Frame(r)}
	who, err := u.config.Visitor(r)
	if errs.KindOf(err) == errs.Unauthenticated {
		return around, nil
	} else if err != nil {
		return help.Around{}, err
	}
	all, err := u.hub.Enterprises(r.Context())
	if err != nil {
		return help.Around{}, err
	}
	for _, about := range all {
		if about.Number == who.Enterprise {
			f := frame{Frame: around.Frame, visit: visit{Visitor: who, About: about}}
			f.begin(inNone, "")
			return f.aroundHelp(), nil
		}
	}
	return around, nil
}

// aroundHelp names what the visitor has of the pages that help speaks of.
func (f *frame) aroundHelp() help.Around {
	places := map[help.Place]string{
		help.PlaceLicensing: f.path("licensing"), help.PlaceInstances: f.path("instances"), help.PlacePeople: f.path("people"),
		help.PlaceWorklists: f.path(string(inWorklist)), help.PlaceCloud: f.path(inCloudSide.parts()...),
	}
	if f.owner() {
		places[help.PlaceUsage] = f.path("usage")
	}
	return help.Around{Frame: f.Frame, Places: places}
}
