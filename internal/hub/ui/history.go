package ui

import (
	"context"
	"strings"
	"time"

	"github.com/oneseat/oneseat/internal/hub"
)

// historyLine is a count that differed from the one before: what made the total
// go up or down, with the first people by name.
type historyLine struct {
	At       time.Time
	Result   int64 // its number
	Delta    int
	Licenses int
	// Came is what came since the count before, in words.
	Came    string
	Tallies []hub.ChangeTally // those that happened
	Changes []historyChange
	More    int
}

// historyChange is one thing that happened, with whom it is about by the result
// in which they are.
type historyChange struct {
	Kind     string
	Who      []personLink
	Result   int64
	Licenses int
}

// How many differences a page shows, among how many counts it looks for them,
// and how many changes it names of each, among how many.
const (
	maxHistory        = 5
	maxHistoryResults = 30
	maxHistoryNamed   = 5
	maxHistoryChanges = 200
)

// history is what changed the total last, newest first.
func (u *UI) history(ctx context.Context, f *frame) ([]historyLine, error) {
	results, err := u.hub.History(ctx, f.About.Number, 0, maxHistoryResults)
	if err != nil {
		return nil, err
	}
	var lines []historyLine
	for i, r := range results {
		line := historyLine{At: r.CreatedAt, Result: r.Number, Delta: r.Difference.Licenses, Licenses: r.Statement.Licenses}
		for _, t := range r.Difference.Tallies {
			if t.Count > 0 {
				line.Tallies = append(line.Tallies, t)
			}
		}
		if len(line.Tallies) == 0 || len(lines) == maxHistory {
			continue
		}
		before := int64(0)
		if i+1 < len(results) {
			before = results[i+1].Number
			line.Came = f.came(results[i+1], r)
		}
		if err := u.nameHistory(ctx, f, r, before, &line); err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// came says which sources said something else from one count to the next; none:
// what they are counted by changed.
func (f *frame) came(before, after *hub.Result) string {
	was := map[int64]int64{}
	for _, in := range before.Inputs {
		was[in.Source] = in.Seq
	}
	var names []string
	name := func(in *hub.Input) string {
		if in.Source == hub.CloudSource {
			return f.T("ui.sources.cloud")
		}
		return in.Host
	}
	for i := range after.Inputs {
		in := &after.Inputs[i]
		if seq, known := was[in.Source]; !known || seq != in.Seq {
			names = append(names, name(in))
		}
		delete(was, in.Source)
	}
	for i := range before.Inputs {
		if _, gone := was[before.Inputs[i].Source]; gone {
			names = append(names, name(&before.Inputs[i]))
		}
	}
	if len(names) == 0 {
		return f.T("pagelicensing.history.rules")
	}
	return f.T("pagelicensing.history.sources", "Sources", strings.Join(names, ", "))
}

// nameHistory adds the first changes that moved the total, and how many it
// leaves out.
func (u *UI) nameHistory(ctx context.Context, f *frame, r *hub.Result, before int64, line *historyLine) error {
	changes, err := u.hub.Changes(ctx, f.About.Number, r.Number, 0, maxHistoryChanges)
	if err != nil {
		return err
	}
	for i := range changes {
		c := &changes[i]
		if c.Licenses == 0 || len(line.Changes) == maxHistoryNamed {
			continue
		}
		change, who := historyChange{Kind: c.Kind, Result: r.Number, Licenses: int(c.Licenses)}, c.After
		if len(who) == 0 {
			who, change.Result = c.Before, before
		}
		for _, p := range who[:min(len(who), maxTermPeople)] {
			change.Who = append(change.Who, personLink{p.ID, f.name(p.Name)})
		}
		line.Changes = append(line.Changes, change)
	}
	for _, t := range line.Tallies {
		line.More += t.Count
	}
	line.More -= len(line.Changes)
	return nil
}

// behind is what stands behind a name in a row of n.
func behind(i, n int) string {
	if i+1 < n {
		return ", "
	}
	return " "
}
