package ui

import (
	"context"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/page"
)

// changesPage says who changed from one count to the next.
type changesPage struct {
	frame

	At     time.Time
	Delta  int
	Total  int
	Came   string // what came since the count before; empty: nobody knows
	Groups []changeGroup
}

// changed shows the changes of a count that the licenses name the first of.
func (u *UI) changed(w http.ResponseWriter, r *http.Request) error {
	p := changesPage{frame: u.frame(r, inLicensing, "")}
	result, err := u.hub.Result(r.Context(), p.About.Number, pathNumber(r.PathValue("result")))
	if err == nil && result.Preview {
		err = noPage()
	}
	if err != nil {
		return err
	}
	if err := u.reads(r.Context(), result.Number); err != nil {
		return err
	}
	p.At, p.Delta, p.Total = result.CreatedAt, result.Difference.Licenses, result.Statement.Licenses
	p.Title = p.T("pagelicensing.changes.title", "Time", p.Time(p.At))
	if p.Groups, err = u.changes(r.Context(), &p.frame, result, maxChangesKept); err != nil {
		return err
	}
	before, err := u.hub.History(r.Context(), p.About.Number, result.Number, 1)
	if err != nil {
		return err
	}
	was := int64(0)
	if len(before) > 0 {
		was, p.Came = before[0].Number, p.came(before[0], result)
	}
	for i := range p.Groups {
		p.Groups[i].Was, p.Groups[i].Is = was, result.Number
	}
	return page.Show(w, r, http.StatusOK, changesContent(&p))
}

// changeGroup is the changes of a kind.
type changeGroup struct {
	hub.ChangeTally

	Changes []changeLine
	// Was and Is are the results that know who the changes are about, before and
	// after; 0: the current one does, and nobody does yet.
	Was, Is int64
}

// Same says that the change leaves whoever it is about known by the same name.
func (c *changeLine) Same() bool {
	return len(c.Before) == 1 && len(c.After) == 1 && c.Before[0].Name == c.After[0].Name
}

// More is how many changes of the kind are not shown.
func (g *changeGroup) More() int { return max(0, g.Count-len(g.Changes)) }

// changeLine is a change with the names that the visitor sees.
type changeLine struct {
	Before, After []personLink
	Licenses      int
	// What changes for somebody who stays one person.
	What []string
}

// How many changes of a kind are named: by a preview, and by the page of a count,
// which has all that are kept with names ([hub.Service.Changes]).
const (
	maxChanges     = 100
	maxChangesKept = 1000
)

// changesAtOnce is how many changes are asked for in one go.
const changesAtOnce = 500

// changes are those of a result, by kind, of each at most so many.
func (u *UI) changes(ctx context.Context, f *frame, result *hub.Result, most int) ([]changeGroup, error) {
	var groups []changeGroup
	at := map[string]int{}
	for _, t := range result.Difference.Tallies {
		if t.Count > 0 {
			at[t.Kind] = len(groups)
			groups = append(groups, changeGroup{ChangeTally: t})
		}
	}
	for after := int64(0); ; {
		changes, err := u.hub.Changes(ctx, f.About.Number, result.Number, after, changesAtOnce)
		if err != nil || len(changes) == 0 {
			return groups, err
		}
		for i := range changes {
			after = changes[i].N
			if g, ok := at[changes[i].Kind]; ok && len(groups[g].Changes) < most {
				groups[g].Changes = append(groups[g].Changes, f.change(&changes[i]))
			}
		}
	}
}

// personOf is the page of somebody as a result knows them; 0: the current one.
func (f *frame) personOf(result int64, id string) templ.SafeURL {
	to := f.link("people", id)
	if result > 0 {
		to += "?result=" + templ.SafeURL(f.id(result))
	}
	return to
}

func (f *frame) change(c *hub.Change) changeLine {
	link := func(who hub.Concerned) personLink { return personLink{who.ID, f.name(who.Name)} }
	line := changeLine{Before: each(c.Before, link), After: each(c.After, link), Licenses: int(c.Licenses)}
	if len(c.Before) == 1 && len(c.After) == 1 {
		line.What = f.altered(&c.Before[0], &c.After[0])
	}
	return line
}

// altered says what changes for somebody who stays one person.
func (f *frame) altered(before, after *hub.Concerned) []string {
	var list []string
	if before.Accounts != after.Accounts {
		list = append(list, f.T("ui.change_accounts", "Before", before.Accounts, "Count", after.Accounts))
	}
	if before.License != after.License {
		list = append(list, f.T("ui.change_license", "Before", f.licenseOf(before), "After", f.licenseOf(after)))
	}
	if len(list) == 0 {
		list = append(list, f.T("ui.change_others"))
	}
	return list
}

// licenseOf is what somebody consumes.
func (f *frame) licenseOf(c *hub.Concerned) string {
	if c.License == "" {
		return f.T("ui.license.none")
	}
	return licenseName(f, string(c.License))
}
