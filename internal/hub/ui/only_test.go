package ui_test

import (
	"bytes"
	"encoding/csv"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/demo"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/licensing"
)

// TestOnlyHereIsOneSetOfPeople: for every instance, the number of people whom it
// alone accounts for is the same on the list of instances, on its page, behind
// their links and in the preview of removing it, and so are the other lines of
// its part. Where the total falls by another number the preview says why.
func TestOnlyHereIsOneSetOfPeople(t *testing.T) {
	t.Parallel()
	for name, seed := range map[string]func(k *kit){
		"examples":                         (*kit).seed,
		"demo":                             func(k *kit) { k.seedDemo(true) },
		"demo, GitHub's report not loaded": func(k *kit) { k.seedDemo(false) },
		"demo, subscriptions of nobody take a license": func(k *kit) { k.seedDemo(false); k.consumeUnlinked() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, func(k *kit) {
				seed(k)
				k.wantOnlyHere()
			})
		})
	}
}

// seedDemo makes the demo's enterprise count, with GitHub's report or without.
func (k *kit) seedDemo(report bool) {
	k.t.Helper()
	files, err := demo.Make(at())
	if err != nil {
		k.t.Fatal(err)
	}
	dir := k.t.TempDir()
	write := func(name string, content []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			k.t.Fatal(err)
		}
		return path
	}
	sides := []string{write("cloud.json", bytes.ReplaceAll(files.CloudList, []byte(`"`+demo.Slug+`"`), []byte(`"acme"`)))}
	if report {
		answer, err := files.GitHubAnswer(k.t.Context(), at().Add(-time.Hour))
		if err != nil {
			k.t.Fatal(err)
		}
		sides = append(sides, write("consumed-licenses.json", answer))
	}
	k.load(sides...)
	for _, host := range slices.Sorted(maps.Keys(files.Reports)) {
		k.report(host, write(host+".csv", files.Reports[host]))
	}
}

func (k *kit) consumeUnlinked() {
	k.t.Helper()
	if _, err := k.hub.ChangeSettings(k.t.Context(), k.acme.Number, "owner mona", func(_ *string, s *hub.Settings) { s.ConsumeUnlinkedSubscribers = true }); err != nil {
		k.t.Fatal(err)
	}
	k.recount()
}

// wantOnlyHere looks at every instance of the current result.
func (k *kit) wantOnlyHere() {
	k.t.Helper()
	now := mustCurrent(k)
	owner := k.as(signin.RoleOwner)
	sources, err := k.hub.Sources(k.t.Context(), k.acme.Number)
	if err != nil {
		k.t.Fatal(err)
	}
	for i := range sources {
		if sources[i].Number != hub.CloudSource {
			k.wantOnlyOn(owner, now, &sources[i])
		}
	}
}

func (k *kit) wantOnlyOn(owner browser, now *hub.Result, source *hub.Source) {
	k.t.Helper()
	t, host := k.t, source.HostName
	at := slices.IndexFunc(now.Instances, func(s licensing.InstanceStatement) bool { return s.Host == host && !s.Reported })
	if at < 0 {
		t.Fatalf("%s has no part in the total", host)
	}
	part := now.Instances[at]
	lines := owner.mustGet("/enterprises/acme/instances/" + strconv.FormatInt(source.Number, 10)).Find("section[aria-labelledby=part] tr")
	for line, want := range map[int]int{0: part.Accounts - part.Repeated, 2: part.ConsumeWithout, 3: part.OnlyHere} {
		if n := k.listed(owner, lines.Eq(line).Find("a").AttrOr("href", "")); n != want {
			t.Errorf("%s: line %d leads to %d people, want %d", host, line, n, want)
		}
	}
	path := "/enterprises/acme/people?only=" + host
	shown := []string{
		lines.Eq(3).Find("td").Text(),
		owner.mustGet("/enterprises/acme/instances").Find(`[data-test=instance] a[href="` + path + `"]`).Text(),
		owner.mustGet("/enterprises/acme/licensing").Find(`[data-test=instance] a[href="` + path + `"]`).Text(),
	}
	for _, text := range shown {
		if plain(text) != strconv.Itoa(part.OnlyHere) {
			t.Errorf("%s: pages say %q are only there, want %d", host, shown, part.OnlyHere)
		}
	}
	if told := owner.mustGet(path).Find("[data-test=told]").Text(); part.OnlyHere > 1 && !strings.HasPrefix(told, strconv.Itoa(part.OnlyHere)+" ") {
		t.Errorf("%s: the list says %q, want %d", host, told, part.OnlyHere)
	}
	k.wantClosing(owner, source, part.OnlyHere)
}

// wantClosing looks at the preview of removing an instance.
func (k *kit) wantClosing(owner browser, source *hub.Source, only int) {
	k.t.Helper()
	t := k.t
	u, err := k.hub.RemoveInstance(t.Context(), k.acme.Number, source.Number, "closed", hub.Arrival{Actor: "owner mona"})
	if err != nil {
		t.Fatal(err)
	}
	page := owner.mustGet("/enterprises/acme/uploads/" + u.ID)
	delta, why := plain(page.Find("[data-test=delta]").Text()), page.Find("[data-test=closing-why] li")
	closing := page.Find("[data-test=closing]")
	if same := delta == strconv.Itoa(-only); same != (why.Length() == 0) || strings.Contains(why.Text(), "Something else changed") {
		t.Errorf("%s: the total changes by %s, only it accounts for %d, and the preview says why: %q", source.HostName, delta, only, why.Text())
	}
	if n := k.listed(owner, closing.Find("a").AttrOr("href", "")); !strings.Contains(closing.Text(), strconv.Itoa(only)) || n != only {
		t.Errorf("%s: the preview says %q and leads to %d people, want %d", source.HostName, strings.TrimSpace(closing.Text()), n, only)
	}
	if _, err := k.hub.Discard(t.Context(), k.acme.Number, u.ID, "owner mona"); err != nil {
		t.Fatal(err)
	}
}

// listed is how many people the list at a path has, by its file.
func (k *kit) listed(owner browser, path string) int {
	k.t.Helper()
	file, err := csv.NewReader(strings.NewReader(owner.get(strings.Replace(path, "/people?", "/people.csv?", 1)).text)).ReadAll()
	if err != nil || len(file) == 0 {
		k.t.Fatalf("%s: %d rows, %v", path, len(file), err)
	}
	return len(file) - 1
}
