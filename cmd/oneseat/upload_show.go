package main

import (
	"slices"
	"strings"

	"github.com/oneseat/oneseat/client"
	"github.com/oneseat/oneseat/internal/terminal"
	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/usagefile"
)

// uploaded says what came of an upload, and what to do next.
func (s *session) uploaded(d *uploaded, c *uploadCommand) {
	s.uploadHead(d.Upload)
	s.warningList(d.warnings(s))
	if d.Preview != nil && !c.Discard {
		s.preview(d)
	}
	switch {
	case d.Result != nil:
		s.out.Blank()
		st := licensing.Statement(d.Result.Statement)
		s.out.Strong(s.T("upload.applied_now", "Headline", s.headline(st, visibility(&d.Result.Range), d.Result.Purchased)))
	case d.Upload.State == "applied":
		s.out.Blank()
		s.out.Prose(0, s.T("upload.nothing_done"))
	case d.Upload.State == "preview":
		s.out.Blank()
		s.out.Prose(0, s.T("upload.next_preview"))
		s.out.Line("  " + c.again(d.Upload) + " --apply")
		s.out.Line("  " + c.again(d.Upload) + " --discard")
	case d.Upload.State == "held":
		s.held(d.Upload, c)
	}
}

// warnings are what was noticed in the file, and what in the count it would
// give: whoever decides reads both before the numbers.
func (d *uploaded) warnings(s *session) []string {
	list := messages(d.Upload.Warnings)
	if d.Preview == nil {
		return list
	}
	return append(list, s.resultWarnings(d.Preview)...)
}

// again is the call that decides about an upload that is there.
func (c *uploadCommand) again(u *client.Upload) string { return "oneseat upload --pending " + u.ID }

// uploadHead says what arrived.
func (s *session) uploadHead(u *client.Upload) {
	s.out.Strong(s.T("upload.state."+u.State, "ID", u.ID, "Time", s.instant(u.UpdatedAt)))
	list := []terminal.Definition{}
	add := func(key, text string) {
		if text != "" {
			list = append(list, terminal.Definition{Term: s.T(key), Text: text})
		}
	}
	add("upload.instance", u.HostName)
	add("upload.file", u.FileName)
	add("upload.files", strings.Join(u.Files, ", "))
	if u.Sequence > 0 {
		add("upload.sequence", s.Number(int(u.Sequence)))
	}
	if u.Accounts > 0 {
		add("upload.accounts", s.Number(int(u.Accounts)))
	}
	if !u.SourceAt.IsZero() {
		add("upload.source_at", s.instant(u.SourceAt))
	}
	add("upload.note", u.Note)
	if !u.LapsesAt.IsZero() {
		add("upload.lapses_at", s.instant(u.LapsesAt))
	}
	if u.Refusal != nil {
		add("upload.refusal", u.Refusal.Message)
	}
	s.out.Definitions(2, list)
}

// preview is what applying would change: the total, how often what happens,
// and to whom.
func (s *session) preview(d *uploaded) {
	st := licensing.Statement(d.Preview.Statement)
	title := "upload.would"
	if d.Result != nil {
		title = "upload.did"
	}
	s.out.Heading(s.T(title))
	s.out.Prose(2, s.T("upload.total", "Before", d.before, "After", st.Licenses, "Difference", signed(s, d.Preview.Difference.Licenses)))
	s.out.Prose(2, s.headline(st, visibility(&d.Preview.Range), d.Preview.Purchased))
	tallies := slices.DeleteFunc(slices.Clone(d.Preview.Difference.Tallies), func(t client.ChangeTally) bool { return t.Count == 0 })
	if len(tallies) == 0 {
		s.out.Prose(2, s.T("upload.nobody"))
		return
	}
	t := terminal.Table{Indent: 2, Columns: []terminal.Column{{}, {Head: s.T("upload.head.people"), Right: true, Fixed: true}, {Head: s.T("upload.head.licenses"), Right: true, Fixed: true}}}
	named := 0
	for _, one := range tallies {
		named += one.Count
		t.Rows = append(t.Rows, []terminal.Cell{terminal.Text(s.T("upload.kind." + one.Kind)), s.figure(one.Count), terminal.Text(signed(s, one.Licenses))})
	}
	s.out.Table(t)
	s.changes(d.Changes, named)
}

// changes are the first ones by name.
func (s *session) changes(list []client.Change, all int) {
	if len(list) == 0 {
		return
	}
	s.out.Heading(s.T("upload.changes"))
	t := terminal.Table{Indent: 2, Columns: []terminal.Column{
		{Head: s.T("upload.head.what"), Fixed: true},
		{Head: s.T("upload.head.before")},
		{Head: s.T("upload.head.after")},
		{Head: s.T("upload.head.licenses"), Right: true, Fixed: true},
	}}
	for _, change := range list {
		t.Rows = append(t.Rows, []terminal.Cell{
			terminal.Text(s.T("upload.what." + change.Kind)), terminal.List(concerned(change.Before), 0), terminal.List(concerned(change.After), 0),
			terminal.Text(signed(s, int(change.Licenses))),
		})
	}
	s.out.Table(t)
	s.more(all - len(list))
}

func concerned(people []client.Concerned) []string {
	var names []string
	for _, p := range people {
		names = append(names, p.Name)
	}
	return names
}

// signed is a difference with its sign.
func signed(s *session, n int) string {
	switch {
	case n > 0:
		return "+" + s.Number(n)
	case n < 0:
		return "−" + s.Number(-n)
	}
	return "0"
}

// held says how an instance nobody knows is confirmed.
func (s *session) held(u *client.Upload, c *uploadCommand) {
	s.out.Blank()
	s.out.Prose(0, s.T("upload.next_held", "Host", u.HostName))
	shown := u.Fingerprint
	if f, ok := usagefile.ParseFingerprint(shown); ok {
		shown = f.Short()
	}
	s.out.Definitions(2, []terminal.Definition{{Term: s.T("upload.fingerprint"), Text: shown}})
	s.out.Prose(0, s.T("upload.next_confirm"))
	s.out.Line("  " + c.again(u) + " --confirm FINGERPRINT")
	if u.KnownHost != 0 {
		s.out.Prose(0, s.T("upload.next_known", "Host", u.HostName))
		s.out.Line("  " + c.again(u) + " --confirm FINGERPRINT --same-as " + quoted(u.HostName))
		s.out.Line("  " + c.again(u) + " --confirm FINGERPRINT --host-name HOST")
	}
}
