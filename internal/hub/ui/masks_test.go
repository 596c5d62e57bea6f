package ui_test

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/hub/masktest"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/web"
)

// TestNoPageShowsAPrivateAddress asks every page as every role, and sends every
// form, and looks for addresses that nobody may see in the bytes: of pages, of
// their headers, of the report and of the log. Revealing shows them.
func TestNoPageShowsAPrivateAddress(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		waiting := k.seedPrivate()
		asked, revealed := 0, 0
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			for _, route := range k.routes {
				if route.Method != method {
					continue
				}
				for _, path := range k.everyPath(route, waiting) {
					for _, role := range []signin.Role{signin.RoleAuditor, signin.RoleBillingManager, signin.RoleOwner} {
						asked++
						a := k.as(role).do(method, path, "application/x-www-form-urlencoded", nil)
						if route.Name == "do-reveal" && role == signin.RoleOwner {
							revealed += len(masktest.Search([]byte(a.text)))
							continue
						}
						k.mustHide(route.Name+" as "+string(role), a)
					}
				}
			}
		}
		if asked < 60 || revealed < len(masktest.Addresses()) {
			t.Errorf("%d pages were looked at, and revealing showed %d addresses", asked, revealed)
		}
		for _, address := range masktest.Addresses() { // what one asks for oneself stands in the field, and in no log
			k.as(signin.RoleOwner).get("/enterprises/acme/people?deployment=none&q=" + address)
			k.as(signin.RoleOwner).get("/enterprises/" + address + "/people/" + address)
		}
		log := k.log.String()
		if found := masktest.Search([]byte(log)); found != nil || strings.Count(log, "\n") < asked {
			t.Errorf("%v in the log of %d lines", found, strings.Count(log, "\n"))
		}
	})
}

// TestMasksAreFoundByNoAddress: whoever sees masks cannot try out addresses by
// searching, neither on the page nor in its file, and finds by what they see.
func TestMasksAreFoundByNoAddress(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.seedPrivate()
		finds := func(role signin.Role, file, text string) int {
			return strings.Count(k.as(role).get("/enterprises/acme/people"+file+"?q="+text).text, map[string]string{
				"": `data-test="person"`, ".csv": "\n",
			}[file])
		}
		for _, role := range []signin.Role{signin.RoleAuditor, signin.RoleBillingManager} {
			for _, text := range []string{"mona@acme", "new@acme.example", "@", "new", "secret-verified"} {
				if n, lines := finds(role, "", text), finds(role, ".csv", text); n != 0 || lines > 1 {
					t.Errorf("%s finds %d people by %q, and %d lines in the file", role, n, text, lines)
				}
			}
			for _, text := range []string{"MONA", "git.acme.example:1", "paying"} {
				if n := finds(role, "", text); n != 1 {
					t.Errorf("%s finds %d people by %q, want 1", role, n, text)
				}
			}
		}
		for text, want := range map[string]int{"mona@acme": 1, "new@acme.example": 1, "new": 1, "secret-verified": 0, "git.acme.example:2": 1} {
			if n := finds(signin.RoleOwner, "", text); n != want {
				t.Errorf("the owner finds %d people by %q, want %d", n, text, want)
			}
		}
	})
}

// seedPrivate makes count who has such addresses, and gives an upload that
// waits for a decision.
func (k *kit) seedPrivate() *hub.Upload {
	k.t.Helper()
	name := filepath.Join(k.t.TempDir(), "cloud.json")
	if err := os.WriteFile(name, []byte(masktest.CloudList()), 0o600); err != nil {
		k.t.Fatal(err)
	}
	k.load(name)
	git := newAgent(1, "git.acme.example")
	owner := k.as(signin.RoleOwner)
	held := owner.add("usage.json", k.export(git, people{"1": "mona@acme.example", "2": "new@acme.example"})).location
	owner.post(held+"/confirm", "fingerprint", git.fingerprint())
	owner.post(held + "/apply")
	k.recount()
	owner.add("usage.json", k.export(git, people{"1": "mona@acme.example"}))
	list, err := k.hub.Uploads(k.t.Context(), k.acme.Number, hub.Upload{}, 1)
	if err != nil || list[0].State != store.Preview {
		k.t.Fatalf("%+v, %v", list, err)
	}
	return list[0]
}

var braces = regexp.MustCompile(`\{[a-z]+\.*\$?\}`)

// everyPath are the paths of a route: for everybody where it is about a person.
// What stands in other braces is a name that nothing has.
func (k *kit) everyPath(route web.Route, u *hub.Upload) []string {
	k.t.Helper()
	path := strings.NewReplacer("{$}", "", "{enterprise}", "acme", "{upload}", u.ID, "{instance}", strconv.FormatInt(u.Source, 10)).Replace(route.Pattern)
	if !strings.Contains(path, "{person}") {
		return []string{braces.ReplaceAllString(path, "none")}
	}
	r := mustCurrent(k)
	list, err := k.hub.People(k.t.Context(), k.acme.Number, r.Number, hub.AllPeople, 0, hub.MaxPage)
	if err != nil {
		k.t.Fatal(err)
	}
	var out []string
	for _, p := range list {
		one := braces.ReplaceAllString(strings.Replace(path, "{person}", p.ID, 1), "none")
		out = append(out, one, one+"?near_misses=1")
	}
	return out
}

func (k *kit) mustHide(what string, a answer) {
	k.t.Helper()
	if found := masktest.Search([]byte(a.text)); found != nil {
		k.t.Errorf("%s shows %v: %s", what, found, a.text)
	}
	for name, values := range a.header {
		if found := masktest.Search([]byte(strings.Join(values, " "))); found != nil {
			k.t.Errorf("%s shows %v in its header %s", what, found, name)
		}
	}
	if a.status >= http.StatusInternalServerError {
		k.t.Errorf("%s is answered with %d", what, a.status)
	}
}
