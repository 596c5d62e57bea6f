package ui_test

import (
	"encoding/csv"
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/chromedp/chromedp"

	"github.com/oneseat/oneseat/internal/browsertest"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/signin"
)

const worklistPath = "/enterprises/acme/counted-more-than-once"

// TestWorklistSaysWhatToDo: an owner sees who, why, what, where and who can,
// marks a line, and takes the list along; an auditor sees masks and no forms.
func TestWorklistSaysWhatToDo(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.seed()
		owner, auditor := k.as(signin.RoleOwner), k.as(signin.RoleAuditor)
		for _, list := range []string{"members", "near", "fixed", "gone"} {
			a := owner.mustGet(worklistPath + "?list=" + list)
			if got := a.Find("[data-test=line]").Length(); got > 0 != (a.Find(".blankslate").Length() == 0) {
				t.Errorf("%s has %d lines, and says otherwise", list, got)
			}
		}
		near := owner.mustGet(worklistPath)
		lines := near.Find("[data-test=line]").Length()
		if lines == 0 || near.Find("[data-test=do]").Length() < lines || near.Find("[data-test=line] form").Length() != lines {
			t.Fatalf("%d lines with %d things to do", lines, near.Find("[data-test=do]").Length())
		}
		owner.mustGet("/enterprises/acme/licensing").has(t, "[data-test=counted-more-than-once]", "may be counted more than once")

		form := near.Find("[data-test=line] form").First()
		answer := owner.post(form.AttrOr("action", ""), "mark", "asked", "note", "=ticket 4711 of bruno.kessler@optics.example")
		if answer.status != http.StatusSeeOther {
			t.Fatalf("marking: %d %s", answer.status, answer.text)
		}
		owner.mustGet(answer.location).has(t, "[data-test=said]", "Asked, by owner mona")
		if got := owner.mustGet(worklistPath + "?state=asked").Find("[data-test=line]").Length(); got != 1 {
			t.Errorf("%d lines are asked", got)
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(owner.mustGet(worklistPath+"/near/lines.csv").text, "\ufeff"))).ReadAll()
		if err != nil || len(rows) != lines+1 || !strings.Contains(strings.Join(rows[1], "|"), "|'=ticket 4711 of bruno.kessler@optics.example|") {
			t.Errorf("the CSV has %d rows, %v: %q", len(rows), err, rows)
		}
		if text := owner.mustGet(worklistPath + "/near/lines.txt").text; strings.Count(text, "\nHello ") != lines ||
			strings.Count(text, "please ask me: Mona Octo") != lines || strings.Contains(text, "4711") {
			t.Errorf("the text is %q", text)
		}
		if header := strings.Join(rows[0], "|"); !strings.Contains(header, "|Login at GitHub|") || !strings.Contains(header, "|What it is worth|") || !strings.Contains(header, "|To|") {
			t.Errorf("the CSV says %q of its columns", header)
		}
		if near.Find("[data-test=to]").Length() < lines || near.Find("[data-copy]").Length() < lines {
			t.Error("a text says not to whom it goes, or cannot be copied")
		}
		owner.post(form.AttrOr("action", ""), "mark", "todo", "note", "=ticket 4711 of bruno.kessler@optics.example")
		if text := owner.mustGet(worklistPath).Find("[data-test=said]").Text(); strings.Contains(text, "4711") {
			t.Errorf("a mark was taken back and its note stays: %q", text)
		}
		owner.post(form.AttrOr("action", ""), "mark", "asked", "note", "=ticket 4711 of bruno.kessler@optics.example")
		near.Find("[data-test=line]").Each(func(_ int, line *goquery.Selection) {
			login := line.Find("[data-test=near]")
			if letter := line.Find("[data-test=text]").Text(); !strings.HasPrefix(letter, "Hello "+login.Text()+",\n") {
				t.Errorf("the letter is %q", letter)
			}
			person := owner.mustGet(login.AttrOr("href", ""))
			if got := person.Find("h1").Text(); got != login.Text() || line.Find("[data-test=who] a").AttrOr("href", "") != login.AttrOr("href", "?") {
				t.Errorf("%s leads to %s", login.Text(), got)
			}
			if twin := person.Find("[data-test=twin] a"); twin.Length() == 0 {
				t.Errorf("the page of %s does not say who is near", login.Text())
			}
			if line.Find("[data-test=or]").Length() == 0 || line.Find("[data-test=then] a").Length() == 0 {
				t.Error("a line has no other way, or does not say what comes then")
			}
		})

		near.has(t, "[data-test=rest]", "Whoever administers the instance can")
		how := near.Find("[data-test=how]").First().AttrOr("href", "")
		if topic, section, _ := strings.Cut(how, "#"); owner.mustGet(topic).Find("section#"+section).Length() != 1 {
			t.Errorf("%q does not say how to get the file", how)
		}

		seen := auditor.mustGet(worklistPath)
		if seen.Find("main form[method=post]").Length() > 0 || strings.Contains(seen.Find("[data-test=line]").Text(), "mona@") ||
			strings.Contains(seen.text, "bruno.kessler@") || !strings.Contains(seen.text, "=ticket 4711 of b…@optics.example") || seen.Find("[data-test=text]").Length() > 0 {
			t.Error("an auditor may mark lines or send texts, or sees an address")
		}
		if got := auditor.post(form.AttrOr("action", ""), "mark", "done").status; got != http.StatusForbidden {
			t.Errorf("an auditor marks a line: %d", got)
		}
		for _, file := range []string{"csv", "txt"} {
			if text := auditor.mustGet(worklistPath + "/near/lines." + file).text; strings.Contains(text, "bruno.kessler@") {
				t.Errorf("an auditor's %s has an address", file)
			}
		}
		for path, want := range map[string]int{
			"?list=none": http.StatusUnprocessableEntity, "?after=x": http.StatusUnprocessableEntity, "/none/lines.csv": http.StatusUnprocessableEntity,
		} {
			if got := owner.get(worklistPath + path).status; got != want && got != http.StatusBadRequest {
				t.Errorf("%s: %d", path, got)
			}
		}
	})
}

// TestWorklistInChromium: an owner marks a line by hand; the lists look right
// in every state.
func TestWorklistInChromium(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.seed()
		browser := mustTab(k)
		browser.Look("en", "light", 1280)
		browser.open("/enterprises/acme/licensing")
		browser.Do(chromedp.Click(`[data-test=counted-more-than-once] a`), chromedp.WaitVisible(`[data-test=line]`))
		browser.Do(chromedp.SendKeys(`[data-test=line] input[name=note]`, "ticket 4711"), chromedp.Click(`[data-test=line] form button`), chromedp.WaitVisible(`[data-test=said]`))
		if got := browsertest.Value[string](browser.Tab, `document.querySelector("[data-test=said]").textContent`); !strings.Contains(got, "ticket 4711") {
			t.Errorf("the line says %q", got)
		}
		if !browsertest.Value[bool](browser.Tab, `(() => { const box = document.querySelector("[data-test=line]:target:has([data-test=marked])").getBoundingClientRect();
			return box.top >= 0 && box.top < innerHeight })()`) {
			t.Error("the page is not at the line that was marked")
		}
		for _, language := range []string{"en", "fr", "ja"} {
			b := browser.another()
			b.Look(language, "light", 1280)
			for name, path := range map[string]string{"near": "", "members": "?list=members", "fixed": "?list=fixed"} {
				b.open(worklistPath + path)
				if language == "en" {
					b.WantEverywhere("worklist-" + name + "-en")
				} else {
					b.WantRoom("worklist-" + name + "-" + language)
				}
			}
		}
	})
}

// TestWhoIsOnNoListIsAskedForOnce: what is sent to the administrator of an
// instance, as a page and as CSV, has nobody of Almost joined, and everybody
// else who has no cloud account.
func TestWhoIsOnNoListIsAskedForOnce(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.seedDemo(true)
		k.recount()
		if err := k.hub.MakeWorklists(t.Context(), k.acme.Number); err != nil {
			t.Fatal(err)
		}
		near, err := k.hub.Worklist(t.Context(), k.acme.Number, hub.WorkQuery{List: hub.WorkNear}, "", hub.MaxPage)
		if err != nil {
			t.Fatal(err)
		}
		listed, alone, rest := map[string]bool{}, 0, 0
		for _, l := range near.Lines {
			listed[l.Person.ID] = true
		}
		for unlisted, n := range map[bool]*int{false: &alone, true: &rest} {
			found, err := k.hub.Search(t.Context(), k.acme.Number, hub.Query{Deployment: "server", Unlisted: unlisted}, "", hub.MaxPage)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range found.People {
				*n++
				if listed[p.ID] {
					if unlisted {
						t.Errorf("%s is on the list", p.Name.Address())
					}
					*n--
				}
			}
		}
		if len(listed) == 0 || rest == 0 || rest != alone {
			t.Errorf("%d on the list, %d on none, and %d are found", len(listed), alone, rest)
		}
		links := k.as(signin.RoleOwner).mustGet("/enterprises/acme/counted-more-than-once").Find("[data-test=rest] a")
		if links.Length() == 0 {
			t.Error("nobody is led to them")
		}
		links.Each(func(_ int, a *goquery.Selection) {
			if href := a.AttrOr("href", ""); !strings.Contains(href, "unlisted=1") {
				t.Errorf("%s has who is on the list too", href)
			}
		})
	})
}
