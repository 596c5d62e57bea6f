package ui

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/web"
)

// visit is who asks, and the enterprise that it is about.
type visit struct {
	Visitor

	About hub.EnterpriseInfo
}

type visitKey struct{}

func visitOf(ctx context.Context) visit {
	v, _ := ctx.Value(visitKey{}).(visit)
	return v
}

// owner says that the visitor may change things and see addresses.
func (v visit) owner() bool { return v.May(signin.AdminEnterprise) }

// everybody are the roles that see pages, owners those that change things.
func everybody() []string {
	var roles []string
	for _, role := range signin.Roles() {
		roles = append(roles, string(role))
	}
	return roles
}

func owners() []string { return []string{string(signin.RoleOwner)} }

// Authorize lets a visitor in, for [web.Config] and the routes of this package:
// their Access are roles.
//
//   - Unauthenticated: nobody is signed in.
//   - NotFound: another enterprise than the visitor's.
//   - Forbidden: the visitor's role sees the enterprise, and the route changes
//     it.
func (u *UI) Authorize(r *http.Request, route web.Route) (*http.Request, error) {
	who, err := u.visitor(r)
	if err != nil {
		return nil, err
	}
	event := web.Event(r.Context())
	event.Actor, event.Caller, event.Enterprise = who.Actor.Name, who.ID, who.Enterprise
	v := visit{Visitor: who}
	if strings.Contains(route.Pattern, "/{enterprise}") {
		about, err := u.hub.Enterprise(r.Context(), r.PathValue("enterprise"))
		if err != nil && errs.KindOf(err) != errs.NotFound {
			return nil, err
		}
		if err != nil || about.Number != who.Enterprise {
			return nil, errs.New(errs.NotFound, "ui.no_enterprise")
		}
		v.About = about
	}
	if !slices.Contains(route.Access, string(who.Role)) {
		return nil, errs.New(errs.Forbidden, "ui.owners_only")
	}
	return r.WithContext(context.WithValue(r.Context(), visitKey{}, v)), nil
}

// visitor says who asks, now.
func (u *UI) visitor(r *http.Request) (Visitor, error) {
	who, err := u.config.Visitor(r)
	if errs.KindOf(err) == errs.Unauthenticated {
		err = page.Stranger(err)
	}
	return who, err
}

// stillOwner asks once more who it is, for what happens long after a request
// began: a session may have ended, and a role been taken away.
func (u *UI) stillOwner(r *http.Request) error {
	who, err := u.visitor(r)
	if err == nil && (who.Enterprise != visitOf(r.Context()).Enterprise || who.Role != signin.RoleOwner) {
		err = errs.New(errs.Forbidden, "ui.owners_only")
	}
	return err
}

// reads notes that a visitor reads people of a result with whole addresses.
// Whoever sees masks alone reads none.
func (u *UI) reads(ctx context.Context, result int64) error {
	v := visitOf(ctx)
	if !v.owner() {
		return nil
	}
	return u.hub.ReadPeople(ctx, v.Enterprise, v.ID, v.Actor.Name, result)
}
