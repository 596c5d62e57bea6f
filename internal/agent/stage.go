package agent

import (
	"context"
	"strconv"
	"strings"
	"unicode"

	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/source"
	"github.com/oneseat/oneseat/licensing"
)

// staging takes the accounts of a source into the store as they are read. After
// its first error it takes none.
type staging struct {
	s       *Service
	ctx     context.Context //nolint:containedctx // of the call it lives in
	reading int64
	err     error
}

func (g *staging) take(rows []source.Row) {
	if g.err != nil {
		return
	}
	accounts := make([]store.Account, len(rows))
	for i := range rows {
		accounts[i] = accountOf(&rows[i])
	}
	g.err = g.s.store.Stage(g.ctx, g.reading, accounts)
}

// accountOf is what is kept of a row.
func accountOf(r *source.Row) store.Account {
	login := oneLine(r.Login)
	a := store.Account{UserID: r.UserID, Login: login, Email: r.Email, Cause: r.Cause}
	switch r.SignIn {
	case source.SignInSeen:
		a.SignIn = store.SignInSeen
	case source.SignInNone:
		a.SignIn = store.SignInNone
	case source.SignInUnknown:
	}
	if key, ok := r.Email.Key(); ok {
		a.EmailKey = licensing.NewEmail(key.Address())
	}
	address := oneLine(r.Email.Address())
	sort := login
	if sort == "" {
		sort = address
	}
	if sort == "" {
		sort = r.UserID
	}
	a.SortKey = licensing.NewEmail(fold(sort))
	a.Search = licensing.NewEmail(fold(login + "\n" + r.UserID + "\n" + address))
	return a
}

// fold makes texts comparable without case.
func fold(text string) string { return strings.ToLower(text) }

// oneLine is a text from outside as lists show it and databases keep it.
func oneLine(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsPrint(r):
			return r
		default:
			return -1
		}
	}, strings.ToValidUTF8(text, "")))
}

// survey counts the accounts of a reading and looks for what is odd about them.
func (s *Service) survey(ctx context.Context, r *Reading, m *material, current *Reading) error {
	tallies, err := s.store.Tallies(ctx, r.Number)
	if err != nil {
		return err
	}
	for i := range tallies {
		r.Counts.add(&tallies[i])
	}
	if r.Counts.All == 0 {
		return errs.New(errs.Invalid, "agent.source_no_rows", "File", m.file.Name)
	}
	if current == nil {
		return nil
	}
	return s.lookForReuse(ctx, r, current)
}

func (c *Counts) add(t *store.Tally) {
	c.All += t.Accounts
	c.KnowsSignIn = c.KnowsSignIn || t.SignIn != store.SignInUnknown
	switch t.Cause {
	case causeSuspended:
		c.Suspended += t.Accounts
	case causeBuiltIn:
		c.BuiltIn += t.Accounts
	case causeNeverSignedIn:
		c.NeverSignedIn += t.Accounts
	default:
		c.Leaving += t.Accounts
		if t.NoAddress {
			c.WithoutAddress += t.Accounts
		}
		if t.Shared {
			c.Shared += t.Accounts
		}
		if t.SignIn == store.SignInNone {
			c.NoSignIn += t.Accounts
		}
	}
}

// Why an account does not leave, as internal/source names it.
const (
	causeSuspended     = "suspended"
	causeBuiltIn       = "built_in"
	causeNeverSignedIn = "never_signed_in"
)

// maxReused is how many ids with another person behind them are counted.
const maxReused = 1000

// lookForReuse warns of ids that somebody else had: the instance was made anew,
// or the source is of another one. The hub would take its people for those it
// knows.
func (s *Service) lookForReuse(ctx context.Context, r, current *Reading) error {
	reused, err := s.store.Reused(ctx, current.Number, r.Number, maxReused)
	if err != nil || len(reused) == 0 {
		return err
	}
	const most = 5
	var ids []string
	for _, one := range reused[:min(most, len(reused))] {
		ids = append(ids, one.UserID)
	}
	count := strconv.Itoa(len(reused))
	if len(reused) == maxReused {
		count += "+"
	}
	r.Warnings = append(r.Warnings, Sentence{"agent.warn_reused", map[string]any{"Count": count, "IDs": strings.Join(ids, ", ")}})
	return nil
}

// doubtful says why an owner has to look at a reading before it counts; nil when
// nobody has to.
func (s *Service) doubtful(r, current *Reading) *Sentence {
	before := int64(0)
	if current != nil {
		before = current.Counts.Leaving
	}
	args := map[string]any{"Before": before, "Now": r.Counts.Leaving, "All": r.Counts.All, "Suspended": r.Counts.Suspended}
	switch {
	case r.Counts.Leaving == 0 && r.Counts.Suspended == r.Counts.All-r.Counts.BuiltIn:
		return &Sentence{"agent.held_all_suspended", args}
	case r.Counts.Leaving == 0:
		return &Sentence{"agent.held_nobody", args}
	case r.Counts.Leaving*2 <= before:
		return &Sentence{"agent.held_half", args}
	default:
		return nil
	}
}
