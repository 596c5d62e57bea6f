package api_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-github/v92/github"

	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/report"
)

// goGitHub is GitHub's client for Go, asking this hub.
func (k *kit) goGitHub(token string) *github.Client {
	k.t.Helper()
	client, err := github.NewClient(github.WithAuthToken(token), github.WithEnterpriseURLs(k.url+"/api/v3/", k.url+"/api/uploads/"))
	if err != nil {
		k.t.Fatal(err)
	}
	return client
}

// rows are those of a result's consumed licenses, as the hub says them.
func (k *kit) rows(r *hub.Result) []report.User {
	k.t.Helper()
	var out []report.User
	for {
		page, err := k.hub.People(k.t.Context(), k.acme.Number, r.Number, hub.Consumed, int64(len(out)), hub.MaxPage)
		if err != nil {
			k.t.Fatal(err)
		}
		for _, p := range page {
			out = append(out, r.Row(p))
		}
		if len(page) < hub.MaxPage {
			return out
		}
	}
}

// walker walks the report page by page.
type walker struct {
	name string
	// next gives the logins of the next page and the total that stands on it,
	// and whether there is a page behind it.
	next func() (logins []string, total int, more bool)

	logins []string
	totals map[int]int
}

// goWalker follows page numbers as GitHub's client for Go has them.
func (k *kit) goWalker() *walker {
	client, options := k.goGitHub(k.reader()), &github.ListOptions{PerPage: 30}
	return &walker{name: "go-github", next: func() ([]string, int, bool) {
		page, res, err := client.Enterprise.ListConsumedLicenses(k.t.Context(), "acme", options)
		if err != nil {
			k.t.Fatal(err)
		}
		var out []string
		for _, u := range page.Users {
			out = append(out, u.GithubComLogin)
		}
		options.Page = res.NextPage
		return out, page.TotalSeatsConsumed, res.NextPage != 0
	}}
}

// linkWalker follows the next link until there is none.
func (k *kit) linkWalker() *walker {
	token, url := k.reader(), licensesPath
	return &walker{name: "link follower", next: func() ([]string, int, bool) {
		a := k.mustGet(url, token)
		_, to := links(k.t, a.Header.Get("Link"))
		url = strings.TrimPrefix(to["next"], k.url)
		out, total := a.logins(k.t)
		return out, total, url != ""
	}}
}

func (a answer) logins(t *testing.T) (out []string, total int) {
	t.Helper()
	var page licenses
	a.into(t, &page)
	for _, u := range page.Users {
		out = append(out, u.Login)
	}
	return out, page.Consumed
}

// pyWalker reads as PyGithub's PaginatedList does: links are split at exactly
// ", " and "; ", and whoever wants the length asks for pages of one in the
// middle and takes the number of the last.
func (k *kit) pyWalker() *walker {
	token, url := k.reader(), licensesPath
	parse := func(header string) map[string]string {
		to := map[string]string{}
		for link := range strings.SplitSeq(header, ", ") {
			if url, rel, ok := strings.Cut(link, "; "); ok {
				to[rel[len(`rel="`):len(rel)-1]] = url[1 : len(url)-1]
			}
		}
		return to
	}
	return &walker{name: "PyGithub", next: func() ([]string, int, bool) {
		a := k.mustGet(url, token)
		out, total := a.logins(k.t)
		length := k.mustGet(licensesPath+"?per_page=1", token)
		_, now := length.logins(k.t)
		if last := parse(length.Header.Get("Link"))["last"]; !strings.HasSuffix(last, fmt.Sprintf("page=%d&per_page=1", now)) {
			k.t.Errorf("the last page of one is %s, want %d", last, now)
		}
		url = strings.TrimPrefix(parse(a.Header.Get("Link"))["next"], k.url)
		return out, total, url != ""
	}}
}

// step takes the next page, and says whether there is another.
func (w *walker) step() bool {
	page, total, more := w.next()
	w.logins = append(w.logins, page...)
	w.totals[total]++
	return more
}

// TestAWalkDuringUploadsSeesEverybodyOnce: after every page another upload counts,
// which moves everybody behind.
func TestAWalkDuringUploadsSeesEverybodyOnce(t *testing.T) {
	t.Parallel()
	const uploads, pages = 20, 21
	each(t, func(k *kit) {
		people := numbered(30*(pages-1) + 15)
		k.loadCloud(logins(people...))
		walkers := []*walker{k.goWalker(), k.linkWalker(), k.pyWalker()}
		for n := range pages {
			for _, w := range walkers {
				if n == 0 {
					w.totals = map[int]int{}
				}
				if more := w.step(); more != (n < pages-1) {
					k.t.Fatalf("%s: more after page %d is %t", w.name, n+1, more)
				}
			}
			if n < uploads {
				changed := append(slices.Clone(people[1+n:]), fmt.Sprintf("aaa-%02d", n))
				k.loadCloud(logins(changed...))
			}
		}
		for _, w := range walkers {
			if diff := cmp.Diff(people, w.logins); diff != "" {
				k.t.Errorf("%s saw other people (-want +got):\n%s", w.name, diff)
			}
			if diff := cmp.Diff(map[int]int{len(people): pages}, w.totals); diff != "" {
				k.t.Errorf("%s saw other totals (-want +got):\n%s", w.name, diff)
			}
		}
		again := k.linkWalker()
		again.totals = map[int]int{}
		for again.step() {
		}
		if len(again.logins) != len(people)-uploads+1 || again.logins[0] != "aaa-19" {
			k.t.Errorf("a new walk sees %d people from %s on", len(again.logins), again.logins[0])
		}
	})
}

// TestARevokedTokenEndsItsWalk: a pin lets nobody in.
func TestARevokedTokenEndsItsWalk(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.loadCloud(logins(numbered(60)...))
		token := k.reader()
		k.mustGet(licensesPath, token)
		list, err := k.desk.Tokens(k.t.Context(), k.acme.Number)
		if err != nil || len(list) != 1 {
			k.t.Fatalf("%d tokens, %v", len(list), err)
		}
		if _, err := k.desk.RevokeToken(k.t.Context(), k.by(), k.acme.Number, list[0].ID); err != nil {
			k.t.Fatal(err)
		}
		if a := k.get(licensesPath+"?page=2", token); a.Status != http.StatusUnauthorized {
			k.t.Errorf("page 2 is answered with %d", a.Status)
		}
	})
}
