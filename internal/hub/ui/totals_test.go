package ui_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/hub/api"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/internal/i18n"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/spool"
	"github.com/oneseat/oneseat/internal/web"
)

// TestEveryTotalOnAPageIsTheAPIs: in every state of a hub, licensing, instances
// and people say the numbers that programs get.
func TestEveryTotalOnAPageIsTheAPIs(t *testing.T) { //nolint:tparallel // a state follows from the one before
	t.Parallel()
	db := dbtest.SQLiteAlone(t, store.Migrations(), signin.Migrate)
	k := newKit(t, db)
	asked := newProgram(k, db)
	for _, state := range []struct {
		name  string
		reach func()
	}{
		{"the cloud side alone", func() { k.load(examples + "cloud.json") }},
		{"GitHub's report and two instances", k.seed},
		{"contract lines", func() {
			for _, terms := range []hub.ContractTerms{
				{From: at().AddDate(0, 0, -1).Truncate(day), Seats: 14}, {From: at().AddDate(-1, 0, 0).Truncate(day), Seats: 2, License: "Visual Studio subscription"},
			} {
				if _, err := k.hub.AddContractLine(t.Context(), k.acme.Number, terms, "owner mona"); err != nil {
					t.Fatal(err)
				}
			}
			k.recount()
		}},
		{"an instance less", func() { k.report("ghes-2.acme.example", examples+"ghes-1-all_users.csv") }},
	} {
		state.reach()
		if !t.Run(state.name, func(t *testing.T) { asked.wantTotals(t, k.as(signin.RoleOwner), mustCurrent(k).Number) }) {
			return
		}
	}
}

// day is how long a line of a contract lasts at least.
const day = 24 * time.Hour

// program asks the API of a kit's hub.
type program struct {
	*kit

	mux   http.Handler
	token string
}

func newProgram(k *kit, db *database.DB) *program {
	k.t.Helper()
	catalogue, err := i18n.New("en")
	if err != nil {
		k.t.Fatal(err)
	}
	files, err := spool.New(filepath.Join(k.t.TempDir(), "spool"), 1<<20)
	if err != nil {
		k.t.Fatal(err)
	}
	desk := signin.New(db, k.clock)
	surface := api.New(api.Config{Hub: k.hub, Desk: desk, Sentences: catalogue, Spool: files, Version: "test", Now: k.clock})
	app, err := web.New(web.Config{
		Logger: slog.New(slog.DiscardHandler), Catalogue: catalogue, Authorize: surface.Authorize, Fallback: api.Fallback,
		Limits: web.Limits{PerCaller: 1 << 20, PerAddress: 1 << 20}, Now: k.clock,
	})
	if err != nil {
		k.t.Fatal(err)
	}
	mux := http.NewServeMux()
	app.Mount(mux, surface.Routes()...)
	wanted := signin.NewToken{Enterprise: k.acme.Number, Name: "totals", Scopes: []signin.Scope{signin.AdminEnterprise}}
	secret, _, err := desk.CreateToken(k.t.Context(), signin.CommandLine(k.acme.Number), wanted)
	if err != nil {
		k.t.Fatal(err)
	}
	return &program{k, app.Handler(mux), secret.Text()}
}

// ask gives the answer of a call, decoded.
func (p *program) ask(t *testing.T, path string, into any) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, http.NoBody)
	r.Header.Set("Authorization", "Bearer "+p.token)
	w := httptest.NewRecorder()
	p.mux.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		t.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// wantTotals compares every number of the three pages with the API's.
func (p *program) wantTotals(t *testing.T, owner browser, number int64) {
	t.Helper()
	var result api.Result
	p.ask(t, "/api/v1/enterprises/acme/results/"+strconv.FormatInt(number, 10), &result)
	var github struct {
		Consumed  int `json:"total_seats_consumed"`
		Purchased int `json:"total_seats_purchased"`
	}
	p.ask(t, "/api/v3/enterprises/acme/consumed-licenses", &github)
	page, s := owner.mustGet("/enterprises/acme/licensing"), result.Statement
	same := func(what string, got string, want ...int) {
		t.Helper()
		for _, n := range want {
			if shown := plain(got); shown != strconv.Itoa(n) {
				t.Errorf("%s: the page says %q, the API %d", what, shown, n)
			}
		}
	}
	same("purchased", page.Find("[data-test=purchased]").Text(), result.Purchased, github.Purchased)
	same("consumed", page.Find("[data-test=consumed]").Text(), s.Licenses, github.Consumed)
	same("available", page.Find("[data-test=available]").Text(), result.Purchased-s.Licenses)
	same("Enterprise", page.Find("[data-test=type]").Eq(0).Find("td").Eq(1).Text(), s.Licenses-s.VisualStudio)
	same("Visual Studio", page.Find("[data-test=type]").Eq(1).Find("td").Eq(1).Text(), s.VisualStudio)
	statement := page.Find("section[aria-labelledby=statement] td")
	for i, want := range []int{s.CloudAccounts, s.ServerAccounts, s.InvitedOnly, -s.NotConsuming, -s.Joined, s.Licenses} {
		same("line "+strconv.Itoa(i)+" of the statement", statement.Eq(i).Text(), want)
	}
	if text := page.Find("[data-test=range]").Text(); result.Range.Low != result.Range.High &&
		(!strings.Contains(text, strconv.Itoa(result.Range.Low)) || !strings.Contains(text, strconv.Itoa(result.Range.High))) {
		t.Errorf("the range is %q, the API's %d to %d", text, result.Range.Low, result.Range.High)
	}
	p.wantRange(t, owner, page, &result)
	p.wantInstances(t, page, &result)
	p.wantPeople(t, owner, page, &result)
}

// wantRange follows what would narrow the range: the people of each cause are
// as many as it says, and those that programs find.
func (p *program) wantRange(t *testing.T, owner browser, page answer, result *api.Result) {
	t.Helper()
	v := result.Range
	want := map[string]int{"nothing": v.ByNothing}
	if v.Hidden {
		want["undecided"] = v.Undecided
	}
	for kind, n := range want {
		path := "/enterprises/acme/people?unsure=" + kind
		if links := page.Find(`[data-test=narrow-who][href$="unsure=` + kind + `"]`).Length(); links > 0 != (n > 0) {
			t.Errorf("%d people are %s, and %d links lead to them", n, kind, links)
		}
		var list struct{ People []api.PersonSummary }
		p.ask(t, "/api/v1/enterprises/acme/people?per_page=100&unsure="+kind, &list)
		if shown := owner.mustGet(path).Find("[data-test=person]").Length(); shown != n || len(list.People) != n {
			t.Errorf("%s are %d, the page has %d, the API %d", kind, n, shown, len(list.People))
		}
	}
	if links := page.Find(`[data-test=narrow-who][href$="unsure=invited"]`).Length(); links > 0 != (v.Doubled > 0) {
		t.Errorf("%d may be invited twice, and %d links lead to them", v.Doubled, links)
	}
	if n := owner.mustGet("/enterprises/acme/people?unsure=invited").Find("[data-test=person]").Length(); v.Doubled > 0 && n < 2*v.Doubled {
		t.Errorf("%d may be invited twice, and %d are listed", v.Doubled, n)
	}
}

// wantInstances compares the part of each instance.
func (p *program) wantInstances(t *testing.T, page answer, result *api.Result) {
	t.Helper()
	parts := map[string][2]string{}
	for _, in := range result.Instances {
		parts[in.Host] = [2]string{strconv.Itoa(in.Accounts), strconv.Itoa(in.OnlyHere)}
	}
	page.Find("[data-test=instance]").Each(func(_ int, row *goquery.Selection) {
		host := row.Find("a").First().Text()
		got := [2]string{plain(row.Find("td").Eq(3).Text()), plain(row.Find("td").Eq(4).Text())}
		if got != parts[host] {
			t.Errorf("%s: the page says %v, the API %v", host, got, parts[host])
		}
	})
}

// wantPeople follows every link of the statement: the list has whom the line
// says, and counts them as the API does.
func (p *program) wantPeople(t *testing.T, owner browser, page answer, result *api.Result) {
	t.Helper()
	listed := func(path string) (people []*goquery.Selection) {
		list := owner.mustGet(path)
		list.Find("[data-test=person]").Each(func(_ int, row *goquery.Selection) { people = append(people, row) })
		if list.Find("[data-test=more]").Length() > 0 {
			t.Errorf("%s goes on; the examples fit a page", path)
		}
		return people
	}
	if n := len(listed("/enterprises/acme/people")); int64(n) != result.People {
		t.Errorf("%d people are listed, the API says %d", n, result.People)
	}
	links := page.Find("section[aria-labelledby=statement] th a")
	if links.Length() != 6 {
		t.Fatalf("%d lines of the statement lead to people, want all 6", links.Length())
	}
	path := func(i int) string { return links.Eq(i).AttrOr("href", "") }
	accounts := func(rows []*goquery.Selection) (sum int) {
		for _, row := range rows {
			n, _ := strconv.Atoi(plain(row.Find("td").Last().Text()))
			sum += n
		}
		return sum
	}
	s := result.Statement
	invited, none, joined, all := listed(path(2)), listed(path(3)), listed(path(4)), listed(path(5))
	for what, pair := range map[string][2]int{
		"cloud accounts, one a person":          {len(listed(path(0))), s.CloudAccounts},
		"invited without an account":            {len(invited), s.InvitedOnly},
		"accounts of those who consume nothing": {accounts(none), s.NotConsuming},
		"further accounts":                      {accounts(joined) - len(joined), s.Joined},
		"licenses":                              {len(all), s.Licenses},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: People has %d, the statement %d", what, pair[0], pair[1])
		}
	}
}

// plain is a number as it is compared: without its sign of plus, and with the
// hyphen for a minus.
func plain(text string) string {
	text = strings.ReplaceAll(strings.TrimSpace(text), "−", "-")
	return strings.NewReplacer("+", "", "±", "", ",", "", "–", "0").Replace(text)
}

// TestServersAloneAreComparedWithNothing: without a cloud side nothing is said
// of how its accounts were compared.
func TestServersAloneAreComparedWithNothing(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		compared := func() bool {
			page := k.as(signin.RoleOwner).mustGet("/enterprises/acme/licensing")
			return strings.Contains(page.Find("[data-test=sure]").Text(), "be compared with server accounts")
		}
		k.report("ghes-1.acme.example", examples+"ghes-1-all_users.csv")
		if compared() {
			t.Error("servers alone are compared")
		}
		k.load(examples + "cloud.json")
		if !compared() {
			t.Error("the cloud side is not compared")
		}
	})
}
