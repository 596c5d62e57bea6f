package ui

import (
	"context"
	"net/http"
	"slices"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/web"
)

type visitorKey struct{}

func visitorOf(ctx context.Context) Visitor {
	v, _ := ctx.Value(visitorKey{}).(Visitor)
	return v
}

// owner says that the visitor may change things and see addresses.
func (v *Visitor) owner() bool { return v.Role == signin.RoleOwner }

// everybody are the roles that an agent has, owners those that change things.
func everybody() []string { return []string{string(signin.RoleOwner), string(signin.RoleAuditor)} }

func owners() []string { return []string{string(signin.RoleOwner)} }

// Authorize lets a visitor in, for [web.Config] and the routes of this package:
// their Access are roles. Unauthenticated: nobody is signed in. Forbidden: the
// visitor's role may not.
func (u *UI) Authorize(r *http.Request, route web.Route) (*http.Request, error) {
	who, err := u.config.Visitor(r)
	if errs.KindOf(err) == errs.Unauthenticated {
		err = page.Stranger(err)
	}
	if err != nil {
		return nil, err
	}
	event := web.Event(r.Context())
	event.Actor, event.Caller, event.Enterprise = who.Actor.Name, who.ID, who.Enterprise
	if !slices.Contains(route.Access, string(who.Role)) {
		return nil, errs.New(errs.Forbidden, "pageagent.owners_only")
	}
	return r.WithContext(context.WithValue(r.Context(), visitorKey{}, who)), nil
}
