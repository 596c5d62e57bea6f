package ui_test

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/oneseat/oneseat/internal/signin"
)

// TestAFileInTheWrongFormIsCalledWhatItIs: whatever is dropped on a form is
// named, and where it has a place on another page a link leads there, also from
// the list of uploads.
func TestAFileInTheWrongFormIsCalledWhatItIs(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		owner, server := k.as(signin.RoleOwner), newAgent(1, "git.acme.example")
		usage := string(k.export(server, people{"1": "mona@acme.example"}))
		examples := filepath.Join("..", "..", "..", "examples")
		report := mustRead(t, filepath.Join(examples, "consumed_licenses-acme-20261119T080000Z.csv"))
		list, users := mustRead(t, filepath.Join(examples, "cloud.json")), mustRead(t, filepath.Join(examples, "ghes-1-all_users.csv"))
		const (
			enrolment = `{"format":"oneseat-enrolment/1","enterprise":"acme"}`
			html      = "<!DOCTYPE html>\n<html><title>Sign in</title>"
			zip       = "PK\x03\x04abc"
			usageForm = "/enterprises/acme/usage"
		)
		for name, c := range map[string]struct {
			form, kind, text string
			says, place      string
		}{
			"a report as usage":     {usageForm, "", report, "file.x is GitHub's report of consumed licenses", in("cloud")},
			"a list as usage":       {usageForm, "", list, "file.x is a cloud list", in("cloud")},
			"users as usage":        {usageForm, "", users, "This is a CSV of users", ""},
			"users with semicolons": {usageForm, "", "login;id;email\nmona;1;mona@acme.example\n", "file.x lists the accounts of a server instance", ""},
			"a table as usage":      {usageForm, "", "name,size\nx,3\n", "file.x is a text or a table, and no usage file", ""},
			"an enrolment as usage": {usageForm, "", enrolment, "file.x is an enrolment file", ""},
			"a page as usage":       {usageForm, "", html, "This is a web page and no usage file", ""},
			"an archive as usage":   {usageForm, "", zip, "file.x is a ZIP archive", ""},
			"half a usage file":     {usageForm, "", usage[:len(usage)/2], "", ""},
			"a report by hand":      {usageForm, "report", report, "file.x is GitHub's report of consumed licenses", in("cloud")},
			"a usage file by hand":  {usageForm, "report", usage, "file.x is the usage file of a server instance", ""},
			"an enrolment by hand":  {usageForm, "report", enrolment, "file.x is an enrolment file", ""},
			"a usage file as cloud": {in("cloud"), "", usage, "file.x is the usage file of a server instance", usageForm},
			"users as cloud":        {in("cloud"), "", users, "file.x lists the accounts of a server instance", usageForm},
			"an enrolment as cloud": {in("cloud"), "", enrolment, "file.x is an enrolment file", ""},
			"a web page as cloud":   {in("cloud"), "", html, "file.x is a web page", ""},
			"an archive as cloud":   {in("cloud"), "", zip, "file.x is a ZIP archive", ""},
			"a table as cloud":      {in("cloud"), "", "name,size\nx,3\n", "none of the columns", ""},
		} {
			a := owner.addTo(c.form, "file.x", []byte(c.text), "kind", c.kind, "host", "git.acme.example")
			if a.status != http.StatusUnprocessableEntity {
				t.Errorf("%s: %d", name, a.status)
			}
			a.has(t, "[data-test=refusal]", c.says)
			if got, _ := a.Find("[data-test=place]").Attr("href"); got != c.place {
				t.Errorf("%s: leads to %q, want %q", name, got, c.place)
			}
		}
		wantPlaceInHistory(t, owner, report)
	})
}

// wantPlaceInHistory demands that a file that was misplaced leads to its place
// from where it is listed as well.
func wantPlaceInHistory(t *testing.T, owner browser, report string) {
	t.Helper()
	owner.add("once-more.csv", []byte(report))
	listed := owner.mustGet("/enterprises/acme/uploads").Find("tr:contains('once-more.csv')").First()
	at, ok := listed.Find("a").First().Attr("href")
	if !ok {
		t.Fatal("the refused file is not listed")
	}
	if got, _ := owner.mustGet(at).Find("[data-test=place]").Attr("href"); got != in("cloud") {
		t.Errorf("the refused upload leads to %q", got)
	}
}

func mustRead(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
