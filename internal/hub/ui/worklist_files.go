package ui

import (
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/oneseat/oneseat/internal/hub"
)

// maxTextLines is how many lines a text to send has: nobody reads more of a
// message. The CSV has all.
const maxTextLines = 1000

// eachLine gives the lines of a list to a file, a page at a time. begin is
// called before the first, when nothing can be refused any more.
func (u *UI) eachLine(r *http.Request, most int, begin func(frame) error, each func(*frame, *workLine) error) error {
	f := frame{Frame: u.look.Frame(r), visit: visitOf(r.Context())}
	q := workQuery(r.URL.Query())
	q.List = hub.WorkList(r.PathValue("list"))
	for after, n := "", 0; ; {
		found, err := u.hub.Worklist(r.Context(), f.About.Number, q, after, hub.MaxPage)
		if err != nil {
			return err
		}
		if after == "" {
			if found.Result != nil {
				if err := u.reads(r.Context(), found.Result.Number); err != nil {
					return err
				}
			}
			if err := begin(f); err != nil {
				return err
			}
		}
		for _, l := range found.Lines {
			if n++; n > most {
				return nil
			}
			line := f.workLine(found.Work, l)
			if err := each(&f, &line); err != nil {
				return err
			}
		}
		if after = found.Next; after == "" {
			return nil
		}
	}
}

// worklistCSV answers with a list for spreadsheets, in the reader's language.
func (u *UI) worklistCSV(w http.ResponseWriter, r *http.Request) error {
	out := csv.NewWriter(w)
	begin := func(f frame) error {
		attach(w, r, "text/csv; charset=utf-8", "csv")
		var head []string
		for _, key := range []string{
			"work.col.list", "work.col.person", "work.col.login", "work.col.instances", "work.col.licenses", "work.col.worth", "work.col.why", "work.do", "work.where", "work.who",
			"work.or", "work.then", "work.to", "work.state", "work.note", "work.col.marked_by", "work.col.marked_at", "work.col.since",
		} {
			head = append(head, f.T(key))
		}
		if _, err := w.Write([]byte("\ufeff")); err != nil { // spreadsheets take it for their own encoding otherwise
			return err
		}
		return out.Write(head)
	}
	err := u.eachLine(r, 1<<62, begin, func(f *frame, l *workLine) error {
		marked := ""
		if !l.StatedAt.IsZero() {
			marked = l.StatedAt.UTC().Format(time.RFC3339)
		}
		first, to, licenses := l.Advice[0], "", ""
		if len(l.Letters) > 0 {
			to = l.Letters[0].To.Text
		}
		if l.List != hub.WorkMembers {
			licenses = strconv.FormatInt(l.Saves, 10)
		}
		cells := []string{
			f.T("work.list." + string(l.List)), l.Name, l.LoginOf(), strings.Join(l.Hosts, " "), licenses, l.Worth, first.Why.Text, first.What.Text,
			first.Where.Text, first.Who.Text, first.Or.Text, first.Then.Text, to, f.stateCell(l), l.Note, l.Actor, marked, l.Since.UTC().Format(time.RFC3339),
		}
		for i := range cells {
			cells[i] = noFormula(cells[i])
		}
		return out.Write(cells)
	})
	if err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

// stateCell is the state of a line, and what the mark beside it was set to where
// that was on another list.
func (f *frame) stateCell(l *workLine) string {
	state := f.T("work.state." + string(l.State))
	if l.Was == "" {
		return state
	}
	return f.T("work.state_was", "State", state, "Was", f.T("work.state."+string(l.Was)))
}

// noFormula guards a cell that a spreadsheet would compute.
func noFormula(cell string) string {
	if cell != "" && strings.IndexByte("=+-@\t\r'", cell[0]) >= 0 {
		return "'" + cell
	}
	return cell
}

// worklistText answers with a list as text for a message.
func (u *UI) worklistText(w http.ResponseWriter, r *http.Request) error {
	var lines []workLine
	var of frame
	err := u.eachLine(r, maxTextLines, func(f frame) error {
		of = f
		return nil
	}, func(_ *frame, l *workLine) error {
		lines = append(lines, *l)
		return nil
	})
	if err != nil {
		return err
	}
	attach(w, r, "text/plain; charset=utf-8", "txt")
	_, err = w.Write([]byte(of.textOf(hub.WorkList(r.PathValue("list")), lines)))
	return err
}

func attach(w http.ResponseWriter, r *http.Request, kind, ending string) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", `attachment; filename="counted-more-than-once-`+r.PathValue("list")+`.`+ending+`"`)
}

// textOf is lines as texts to send, one below the name of each, without what
// owners note for each other.
func (f *frame) textOf(list hub.WorkList, lines []workLine) string {
	var out strings.Builder
	say := func(texts ...string) { out.WriteString(strings.Join(texts, "") + "\n") }
	say(f.About.Name, ": ", f.T("work.list."+string(list)))
	if !f.owner() {
		say(f.T("work.text_masked"))
	}
	for i := range lines {
		l := &lines[i]
		say()
		say("--- ", oneLine(l.Name))
		say()
		if len(l.Letters) == 0 {
			say(l.Advice[0].Why.Text)
		}
		for n, letter := range l.Letters {
			if n > 0 {
				say()
			}
			say(f.T("work.to"), ": ", oneLine(letter.To.Text))
			say()
			out.WriteString(letter.Text)
		}
	}
	return out.String()
}

// oneLine keeps a text on its line.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
