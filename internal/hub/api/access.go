package api

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/web"
)

// asker is who asks, and the enterprise that it is about.
type asker struct {
	signin.Actor

	About hub.EnterpriseInfo
}

type askerKey struct{}

// askerOf gives who asks; Authorize has let them in.
func askerOf(ctx context.Context) asker {
	who, _ := ctx.Value(askerKey{}).(asker)
	return who
}

// Authorize lets a token in: for [web.Config]. A token is of one enterprise,
// and for anybody else that enterprise is not there.
//
//   - Unauthenticated: no token, or one that is unknown, revoked or expired.
//   - NotFound: another enterprise than the token's, or one of which the token
//     may read nothing.
//   - Forbidden: the token reads its enterprise, and the route changes it.
//     GitHub's calls change nothing and never answer this.
func (a *API) Authorize(r *http.Request, route web.Route) (*http.Request, error) {
	who, err := a.authenticate(r, route)
	if err != nil {
		return nil, err
	}
	event := web.Event(r.Context())
	event.Actor, event.Caller = who.Name, who.Token
	if strings.Contains(route.Pattern, "/{enterprise}") {
		if who.About, err = a.about(r.Context(), who.Actor, r.PathValue("enterprise")); err != nil {
			return nil, styled(route, err)
		}
		event.Enterprise = who.About.Number
	}
	if err := allowed(who, route); err != nil {
		return nil, styled(route, err)
	}
	return r.WithContext(context.WithValue(r.Context(), askerKey{}, who)), nil
}

func (a *API) authenticate(r *http.Request, route web.Route) (asker, error) {
	secret := secretOf(r)
	if secret == "" {
		return asker{}, styled(route, errs.New(errs.Unauthenticated, "api.no_token"))
	}
	actor, err := a.desk.Authenticate(r.Context(), secret)
	if err != nil {
		return asker{}, styled(route, err)
	}
	return asker{Actor: actor}, nil
}

// about gives the enterprise that a path names by slug or number, when it is
// the asker's.
func (a *API) about(ctx context.Context, who signin.Actor, name string) (hub.EnterpriseInfo, error) {
	info, err := a.hub.Enterprise(ctx, strings.ToLower(name))
	if errs.KindOf(err) == errs.NotFound {
		info, err = a.numbered(ctx, name)
	}
	if err == nil && info.Number != who.Enterprise {
		err = noEnterprise(name)
	}
	return info, err
}

func (a *API) numbered(ctx context.Context, name string) (hub.EnterpriseInfo, error) {
	number, err := strconv.ParseInt(name, 10, 64)
	if err != nil || strconv.FormatInt(number, 10) != name {
		return hub.EnterpriseInfo{}, noEnterprise(name)
	}
	all, err := a.hub.Enterprises(ctx)
	if err != nil {
		return hub.EnterpriseInfo{}, err
	}
	i := slices.IndexFunc(all, func(e hub.EnterpriseInfo) bool { return e.Number == number })
	if i < 0 {
		return hub.EnterpriseInfo{}, noEnterprise(name)
	}
	return all[i], nil
}

func noEnterprise(name string) error {
	return errs.New(errs.NotFound, "api.no_enterprise", "Name", name)
}

// allowed says that the asker has one of the route's scopes.
func allowed(who asker, route web.Route) error {
	if mayOne(who.Actor, route.Access) {
		return nil
	}
	if mayOne(who.Actor, reads()) && route.Style != web.StyleGitHub {
		return errs.New(errs.Forbidden, "api.scope_missing", "Needed", strings.Join(route.Access, ", "))
	}
	return noEnterprise(who.About.Slug)
}

func mayOne(who signin.Actor, list []string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return who.May(signin.Scope(s)) })
}

// styled gives refusals of who asks GitHub's own words on GitHub's calls, which
// clients compare.
func styled(route web.Route, err error) error {
	if route.Style != web.StyleGitHub {
		return err
	}
	switch errs.KindOf(err) {
	case errs.Unauthenticated:
		return errs.Wrap(errs.Unauthenticated, err, "api.github_credentials")
	case errs.NotFound:
		return errs.Wrap(errs.NotFound, err, "api.github_not_found")
	default:
		return err
	}
}
