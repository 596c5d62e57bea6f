package ui

import (
	"net/http"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/web"
	"github.com/oneseat/oneseat/licensing"
)

func (u *UI) roleRoutes() []web.Route {
	return []web.Route{
		view(inRoles.pattern(""), "roles", u.roles),
		deed(inRoles.pattern(""), "invite-person", u.invitePerson),
		deed(inRoles.pattern("/{person}/link"), "link-person", u.linkPerson),
		deed(inRoles.pattern("/{person}/role"), "change-role", u.changeRole),
		deed(inRoles.pattern("/{person}/remove"), "remove-person", u.removePerson),
	}
}

// rolesPage is Roles: who may sign in, and as what.
type rolesPage struct {
	frame

	People []signin.Person
	// BreakGlass is the id of the one owner who may pass by single sign-on;
	// empty: it is not enforced.
	BreakGlass    string
	Refusal, Done string
	// Invited is what the form said that was refused.
	Invited invitation
}

type invitation struct {
	Name, Email string
	Role        signin.Role
}

func (u *UI) roles(w http.ResponseWriter, r *http.Request) error { return u.showRoles(w, r, nil) }

// showRoles shows the page, with why a form was refused.
func (u *UI) showRoles(w http.ResponseWriter, r *http.Request, refusal error) (err error) {
	p := rolesPage{frame: u.settingsFrame(r, inRoles), Invited: invitation{Role: signin.RoleAuditor}}
	if p.People, err = u.desk.People(r.Context(), p.About.Number); err != nil {
		return err
	}
	single, err := u.door.SingleSignOn(r.Context(), p.About.Number)
	if err != nil {
		return err
	}
	p.BreakGlass, p.Done = single.BreakGlass, p.done(r, "role", "removed")
	if refusal != nil {
		p.Refusal, p.Invited = p.Error(refusal), invited(r)
	}
	return page.Show(w, r, statusAfter(refusal), rolesContent(&p))
}

func invited(r *http.Request) invitation {
	return invitation{r.PostFormValue("name"), r.PostFormValue("email"), signin.Role(r.PostFormValue("role"))}
}

func (u *UI) invitePerson(w http.ResponseWriter, r *http.Request) error {
	v, form := visitOf(r.Context()), invited(r)
	secret, person, err := u.desk.AddOwner(r.Context(), v.Actor, signin.NewOwner{
		Enterprise: v.About.Number, Name: form.Name, Email: licensing.NewEmail(form.Email), Role: form.Role,
	})
	return u.oneTimeLink(w, r, secret, &person, err)
}

func (u *UI) linkPerson(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r.Context())
	secret, person, err := u.desk.NewLink(r.Context(), v.Actor, v.About.Number, r.PathValue("person"))
	return u.oneTimeLink(w, r, secret, &person, err)
}

// oneTimeLink shows a link that lets somebody in, once.
func (u *UI) oneTimeLink(w http.ResponseWriter, r *http.Request, secret signin.Secret, person *signin.Owner, err error) error {
	if err != nil {
		return u.settled(w, r, inRoles, "", err, u.showRoles)
	}
	p := oncePage{frame: u.settingsFrame(r, inRoles), area: inRoles, Secret: web.URL(r, "/join/"+secret.Text(), nil)}
	p.Title = p.T("pagesettings.link.title", "Name", person.Name)
	p.Lead = p.T("pagesettings.link.lead", "Name", person.Name)
	p.Until = p.T("pagesettings.link.until", "Time", p.Time(person.LinkExpiresAt))
	return p.show(w, r)
}

func (u *UI) changeRole(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r.Context())
	err := u.desk.ChangeRole(r.Context(), v.Actor, v.About.Number, r.PathValue("person"), signin.Role(r.PostFormValue("role")))
	return u.settled(w, r, inRoles, "role", err, u.showRoles)
}

func (u *UI) removePerson(w http.ResponseWriter, r *http.Request) error {
	v, err := visitOf(r.Context()), confirmed(r)
	if err == nil {
		err = u.desk.RemoveOwner(r.Context(), v.Actor, v.About.Number, r.PathValue("person"))
	}
	return u.settled(w, r, inRoles, "removed", err, u.showRoles)
}

// confirmed refuses a form in which nobody said yes to what it does.
func confirmed(r *http.Request) error {
	if r.PostFormValue("confirm") != "yes" {
		return errs.New(errs.Invalid, "pagesettings.not_confirmed")
	}
	return nil
}

// roleOf is what a role is called.
func (f *frame) roleOf(role signin.Role) string {
	switch role {
	case signin.RoleOwner:
		return f.T("ui.role.owner")
	case signin.RoleBillingManager:
		return f.T("ui.role.billing_manager")
	case signin.RoleAuditor:
		return f.T("ui.role.auditor")
	default:
		return ""
	}
}

// Open says that a link of the person's can still be used.
func (p *rolesPage) Open(one *signin.Person) bool { return one.LinkExpiresAt.After(p.At) }
