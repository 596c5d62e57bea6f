package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/url"
	"strings"

	"github.com/chromedp/chromedp"

	"github.com/oneseat/oneseat/internal/browsertest"
)

// searches: by typing, by every filter, in the other order, to the end of the
// list, and into a file.
func searches(mona *hands) {
	at := halden + "/people"
	mona.open(at)
	mona.write("#q", "no-such-person")
	mona.Do(chromedp.WaitVisible("#people .blankslate"))
	mona.write("#q", "dwhitlock-halden")
	mona.found()
	if query := browsertest.Value[string](mona.Tab, "location.search"); !strings.Contains(query, "q=dwhitlock") {
		mona.t.Errorf("the address does not say what was searched: %s", query)
	}
	mona.open(at)
	mona.write("#organization", "imaging")
	mona.search()
	if n := mona.number("[data-test=told]"); n < 50 {
		mona.t.Errorf("%d people are in the organization", n)
	}
	for filter, choice := range map[string]int{"deployment": 3, "license": 1, "role": 1, "instance": 2, "reason": 3} {
		mona.open(at)
		mona.Do(chromedp.SetValue("#"+filter, browsertest.Value[string](mona.Tab, fmt.Sprintf("document.getElementById(`%s`).options[%d].value", filter, choice))))
		mona.search()
		if mona.many("[data-test=person]") == 0 || mona.number("[data-test=told]") == 0 {
			mona.t.Errorf("nobody by %s: %s", filter, mona.text("main"))
		}
	}
	mona.open(at + "?deployment=both")
	first := mona.text("[data-test=person] a")
	mona.follow("th[aria-sort=ascending] a")
	mona.shows("th[aria-sort=descending]", 1)
	mona.follow("[data-test=more]")
	for mona.many("[data-test=more]") > 0 {
		mona.follow("[data-test=more]")
	}
	if last := mona.text("tr:last-child[data-test=person] a"); last != first {
		mona.t.Errorf("in the other order the last is %q, not %q", last, first)
	}
	name, content := mona.download("#people [data-test=csv]")
	if rows := mona.rows(content); !strings.HasPrefix(name, "people-halden-") || len(rows) < 100 {
		mona.t.Errorf("%s has %d rows", name, len(rows))
	}
}

// search presses the button of the search, and waits for what it finds.
func (p *person) search() {
	p.t.Helper()
	browsertest.Value[string](p.Tab, `document.querySelector("#people").dataset.old = "yes"`)
	p.Do(chromedp.Click(`form[role=search] [type=submit]`), chromedp.WaitVisible("#people:not([data-old])"))
}

// rows are those of a CSV, without the head.
func (p *person) rows(content []byte) [][]string {
	p.t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(content, []byte("\ufeff")))).ReadAll()
	if err != nil || len(rows) < 1 {
		p.t.Fatalf("no CSV: %v: %.200s", err, content)
	}
	return rows[1:]
}

// somebody opens the page of a person.
func (h *hands) somebody(find string) {
	h.t.Helper()
	h.open(halden + "/people?" + url.Values{"q": {find}}.Encode())
	h.follow("[data-test=person] a")
}

// looksAtPeople: reasons with their rules, near misses when asked, an address
// that is masked until somebody reveals it.
func looksAtPeople(mona *hands) {
	mona.somebody("tosman-halden")
	mona.shows("[data-test=server-account]", 2)
	mona.follow(`[data-test=server-account] a.rule-number`)
	if !browsertest.Value[bool](mona.Tab, `document.querySelector("main :target").checkVisibility()`) {
		mona.t.Errorf("the rule's number leads to %s", mona.at())
	}
	mona.somebody("dana.whitlock@lumen.example")
	mona.shows("[data-test=miss]", 0)
	mona.Do(chromedp.Click(`#near-misses a`), chromedp.WaitVisible("[data-test=miss]"))
	if miss := mona.text("[data-test=miss]"); !strings.Contains(miss, "dwhitlock-halden") {
		mona.t.Errorf("the near miss is %q", miss)
	}
	mona.somebody("ibarroso-halden")
	mona.onlyText()
	if whole := "ines@home.example"; strings.Contains(mona.text("main"), whole) {
		mona.t.Errorf("%s is not masked", whole)
	} else if mona.follow(`form[action*="/reveal"] [type=submit]`); !strings.Contains(mona.text("main"), whole) {
		mona.t.Errorf("%s is not revealed: %s", whole, mona.text("main"))
	}
	mona.shows("[data-test=revealed]", 1)
}

// worksThroughLists: each list opens; a line goes from todo to asked to done;
// the list can be had as a table and as a text to send.
func worksThroughLists(mona *hands) {
	at := halden + "/counted-more-than-once"
	for _, list := range []string{"members", "fixed", "gone", "near"} {
		mona.open(at)
		mona.follow("[data-test=list-" + list + "]")
		mona.shows("[data-test=list-"+list+"][aria-current=page]", 1)
	}
	all := mona.many("[data-test=line]")
	who := mona.text("[data-test=line] a")
	for _, step := range [][2]string{
		{"asked", "[data-test=line]:target [data-test=marked]"},
		{"done", ".flash-success"}, // among those that are asked it stands no more
	} {
		state, said := step[0], step[1]
		mona.Do(chromedp.SetValue("[data-test=line] [name=mark]", state))
		mona.write("[data-test=line] [name=note]", evil)
		mona.follow("[data-test=line] [type=submit]")
		mona.wants(said, "work.marked")
		mona.onlyText()
		mona.Do(chromedp.SetValue("#state", state))
		mona.follow(".filters [type=submit]")
		mona.shows("[data-test=line]", 1)
		if got := mona.text("[data-test=line] a"); got != who {
			mona.t.Errorf("%q is %s, not %q", got, state, who)
		}
	}
	name, content := mona.download("[data-test=csv]")
	if rows := mona.rows(content); name != "counted-more-than-once-near.csv" || len(rows) != 1 || !bytes.HasPrefix(content, []byte("\ufeff")) {
		mona.t.Errorf("%s: %d rows, %.60q", name, len(rows), content)
	}
	mona.open(at)
	if got := mona.many("[data-test=line]"); got != all {
		mona.t.Errorf("%d lines, not %d as before", got, all)
	}
	mona.Do(chromedp.Click("[data-test=line] .work-text summary"), chromedp.WaitVisible("[data-test=text]"))
	name, content = mona.download("[data-test=txt]")
	if letter := mona.text("[data-test=text]"); !strings.HasSuffix(name, ".txt") || letter == "" || bytes.Contains(content, []byte(evil)) || strings.Contains(letter, evil) {
		mona.t.Errorf("the text to send is %s: %s", name, content)
	}
}

// downloads: the report has a row for each license, and what spreadsheets get
// begins with a byte order mark.
func downloads(mona *hands) {
	mona.open(halden + "/licensing")
	total := mona.number("[data-test=consumed]")
	const report = `a[href$="/consumed_licenses.csv`
	name, plain := mona.download(report + `"]`)
	if rows := mona.rows(plain); len(rows) != total || !strings.HasPrefix(name, "consumed_licenses-halden-") {
		mona.t.Errorf("%s has %d rows for %d licenses", name, len(rows), total)
	}
	mona.Do(chromedp.Click("details.other-forms summary"), chromedp.WaitVisible(report+`?for=spreadsheets"]`))
	_, marked := mona.download(report + `?for=spreadsheets"]`)
	if want := append([]byte("\ufeff"), plain...); !bytes.Equal(marked, want) {
		mona.t.Errorf("for spreadsheets: %.80q, want %.80q", marked, want)
	}
}

// prints: paper has the figures, and nothing to click on.
func prints(mona *hands) {
	mona.open(halden + "/licensing")
	mona.Print()
	defer mona.Look("en", "light", 1280)
	for selector, want := range map[string]bool{".site-tabs": false, "#language": false, ".screen-only": false, "[data-test=consumed]": true, "#sources": true} {
		if got := browsertest.Value[bool](mona.Tab, "document.querySelector(`"+selector+"`).checkVisibility()"); got != want {
			mona.t.Errorf("%s on paper: %t, want %t", selector, got, want)
		}
	}
	mona.Shoot("demo-licensing-print")
}
