package ui

import (
	"net/http"
	"net/url"

	"github.com/oneseat/oneseat/internal/agent"
	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/web"
)

func (u *UI) userRoutes() []web.Route {
	return []web.Route{
		view(string(inUsers), "users", u.users),
		view(string(inUsers)+"/{id}", "user", u.user),
	}
}

// usersPage is Users: who has an account on the instance, found by text and
// filter, and who of them leaves.
type usersPage struct {
	frame

	Query   agent.UsersQuery
	Found   *agent.Users
	Refusal string
}

// usersPerPage is how many users a page shows.
const usersPerPage = 50

func (u *UI) users(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	p := usersPage{frame: u.frame(r, inUsers), Query: agent.UsersQuery{Text: q.Get("q"), Show: agent.Show(q.Get("show"))}}
	var err error
	p.Found, err = u.agent.Users(r.Context(), p.Query, q.Get("after"), usersPerPage)
	switch {
	case err == nil:
	case page.Refused(err):
		p.Refusal, p.Found = p.Error(err), &agent.Users{}
		web.Event(r.Context()).Kind = errs.KindOf(err)
	default:
		return err
	}
	return page.Show(w, r, statusAfter(err), usersContent(&p))
}

// choice is a value to choose.
type choice struct {
	Value, Text string
	Chosen      bool
}

// Shows are what the list can show, with how many each are.
func (p *usersPage) Shows() []choice {
	var all []choice
	for _, show := range agent.Shows() {
		text := p.T("pageagent.users.show." + showName(show))
		if p.Found.Reading != nil {
			text += " (" + p.count(howMany(show, &p.Found.Reading.Counts)) + ")"
		}
		all = append(all, choice{string(show), text, show == p.Query.Show})
	}
	return all
}

func showName(show agent.Show) string {
	if show == agent.ShowAll {
		return "all"
	}
	return string(show)
}

// howMany are shown, of all.
func howMany(show agent.Show, c *agent.Counts) int64 {
	switch show {
	case agent.ShowActive:
		return c.Leaving
	case agent.ShowSuspended:
		return c.Suspended
	case agent.ShowStaying:
		return c.All - c.Leaving
	case agent.ShowWithoutAddress:
		return c.WithoutAddress
	case agent.ShowDuplicate:
		return c.Shared
	case agent.ShowNoSignIn:
		return c.NoSignIn
	case agent.ShowAll:
	}
	return c.All
}

// userPage is a user, with whoever has the same address.
type userPage struct {
	frame

	User *agent.UserDetail
}

func (u *UI) user(w http.ResponseWriter, r *http.Request) error {
	p := userPage{frame: u.frame(r, inUsers)}
	var err error
	if p.User, err = u.agent.User(r.Context(), r.PathValue("id")); errs.KindOf(err) == errs.NotFound {
		return errs.Wrap(errs.NotFound, err, "agent.no_user", "ID", r.PathValue("id"))
	} else if err != nil {
		return err
	}
	p.Title = p.name(&p.User.User)
	return page.Show(w, r, http.StatusOK, userContent(&p))
}

// name is what a user is called: their login, or else their id.
func (f *frame) name(one *agent.User) string {
	if one.Login == "" {
		return one.UserID
	}
	return one.Login
}

// userPath is that of a user's page.
func userPath(one *agent.User) string { return string(inUsers) + "/" + url.PathEscape(one.UserID) }

// email is a user's address as the visitor may see it.
func (f *frame) email(one *agent.User) string {
	switch {
	case !one.Email.IsZero():
		return f.address(one.Email)
	case one.Leaves:
		return f.T("pageagent.users.no_address")
	default:
		return "–"
	}
}

// signIn says whether the source shows a sign-in.
func (f *frame) signIn(one *agent.User) string {
	switch one.SignIn {
	case store.SignInSeen:
		return f.T("pageagent.users.sign_in.seen")
	case store.SignInNone:
		return f.T("pageagent.users.sign_in.none")
	case store.SignInUnknown:
	}
	return f.T("pageagent.users.sign_in.unknown")
}
