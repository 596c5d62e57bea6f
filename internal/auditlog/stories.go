package auditlog

import (
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/signin"
)

// Stories are the page in its interesting states, for the storybook of whichever
// role shows it. Actions are those of [New].
func Stories(actions []string) []page.Story {
	return []page.Story{
		{Name: "audit-log-changed", Show: func(f page.Frame) templ.Component {
			return content(&logPage{
				Frame: f, Actions: allActions(actions), Verdict: &signin.Verdict{Fault: signin.Changed, Number: 1_204}, Asked: question{About: "nobody"},
			})
		}},
		{Name: "audit-log-huge", Show: func(f page.Frame) templ.Component { return huge(f, allActions(actions)) }},
	}
}

// huge is a log of many entries, with names that try every layout.
func huge(f page.Frame, actions []string) templ.Component {
	p := &logPage{Frame: f, Actions: actions, More: "#"}
	long := func(n int) string { return strings.Repeat("very-long-name-", n) }
	for i, action := range actions {
		p.Entries = append(p.Entries, signin.Entry{
			Number: int64(500_000 - i), At: f.At.Add(-time.Duration(i) * time.Hour), Actor: "owner \u202eליאור כהן", Action: signin.Action(action),
			Target: long(i % 9), Details: map[string]any{"text": "<script>alert(1)</script>" + long(i%7)},
		})
	}
	return content(p)
}
