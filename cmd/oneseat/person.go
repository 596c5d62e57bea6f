package main

import (
	"context"
	"io"

	"github.com/oneseat/oneseat/internal/atomicfile"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/terminal"
	"github.com/oneseat/oneseat/licensing"
)

// personCommand answers people who ask what is kept of them. It works on the
// hub's own machine alone.
type personCommand struct {
	Export personExportCommand `cmd:"" name:"export"`
	Erase  personEraseCommand  `cmd:"" name:"erase"`
}

type personExportCommand struct {
	onSite

	Address string `arg:"" name:"address"`
	Output  string `placeholder:"FILE"`
}

// Run writes everything that is kept with an address in it, as JSON.
func (c *personExportCommand) Run(ctx context.Context, s *session) error {
	if err := checkOutput(c.Output); err != nil {
		return err
	}
	return c.with(ctx, s, "oneseat person export", func(m *machine, e hub.EnterpriseInfo) error {
		var held *hub.Held
		write := func(w io.Writer) (err error) {
			held, err = m.hub.ExportPerson(ctx, e.Number, licensing.NewEmail(c.Address), signin.CommandLine(e.Number).Name, w)
			return err
		}
		var err error
		if c.Output == "" {
			err = write(s.stdout)
		} else {
			err = cannotWrite(c.Output, atomicfile.Create(c.Output, 0o600, write))
		}
		if err == nil && holdsNothing(held) {
			s.note(s.T("person.nothing"))
		}
		return err
	})
}

type personEraseCommand struct {
	onSite

	Address string `arg:"" name:"address"`
	Format  string `default:"text" placeholder:"text|json"`
}

// Run erases what is kept with an address in it and does not count any more.
func (c *personEraseCommand) Run(ctx context.Context, s *session) error {
	if err := oneOf("--format", c.Format, "text", "json"); err != nil {
		return err
	}
	return c.with(ctx, s, "oneseat person erase", func(m *machine, e hub.EnterpriseInfo) error {
		held, err := m.hub.ErasePerson(ctx, e.Number, licensing.NewEmail(c.Address), signin.CommandLine(e.Number).Name)
		if err != nil {
			return err
		}
		if c.Format == "json" {
			return s.json(erasedOf(held))
		}
		s.erased(held)
		return nil
	})
}

// erased is what was erased, and what could not be yet.
type erased struct {
	Kept     int           `json:"older_snapshots"`
	People   int           `json:"older_results"`
	Changes  int           `json:"named_changes"`
	Results  int           `json:"result_documents"`
	Counting []erasedPlace `json:"still_counting"`
	Waiting  []erasedPlace `json:"in_pending_uploads"`
}

type erasedPlace struct {
	Host  string `json:"host,omitempty"` // empty: the cloud side
	Count int    `json:"count"`
}

func erasedOf(held *hub.Held) erased {
	places := func(list []hub.HeldPlace) []erasedPlace {
		out := []erasedPlace{}
		for _, p := range list {
			out = append(out, erasedPlace{p.Host, p.Count})
		}
		return out
	}
	return erased{held.Kept, held.People, held.Changes, held.Results, places(held.Counting), places(held.Waiting)}
}

// holdsNothing says that nothing was found.
func holdsNothing(h *hub.Held) bool {
	return h.Kept+h.People+h.Changes+h.Results+len(h.Counting)+len(h.Waiting) == 0
}

func (s *session) erased(held *hub.Held) {
	if holdsNothing(held) {
		s.out.Prose(0, s.T("person.nothing"))
		return
	}
	s.out.Strong(s.T("person.erased"))
	s.out.Definitions(2, []terminal.Definition{
		{Term: s.T("person.kept"), Text: s.Number(held.Kept)},
		{Term: s.T("person.people"), Text: s.Number(held.People)},
		{Term: s.T("person.changes"), Text: s.Number(held.Changes)},
		{Term: s.T("person.results"), Text: s.Number(held.Results)},
	})
	for _, p := range held.Counting {
		s.warn(s.T("person.counting", "Source", s.sourceName(p.Host), "Count", p.Count))
	}
	for _, p := range held.Waiting {
		s.warn(s.T("person.waiting", "Source", s.sourceName(p.Host)))
	}
	s.out.Prose(2, s.T("person.copies"))
}

// sourceName is what to call where accounts come from.
func (s *session) sourceName(host string) string {
	if host == "" {
		return s.T("status.cloud")
	}
	return host
}
