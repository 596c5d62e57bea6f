package hub

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/licensing"
)

// Bounds of what a contract says.
const (
	// MaxSeats is the most licenses of a line, MaxContractNote the longest note
	// in characters.
	MaxSeats        = 10_000_000
	MaxContractNote = 200
	// maxContractLines is how many lines an enterprise has, removed ones
	// included.
	maxContractLines = 1_000
	// firstYear and lastYear are those of days that are no slip of the pen.
	firstYear, lastYear = 2000, 2199
)

// ContractTerms are what a line of a contract says.
type ContractTerms = store.ContractTerms

// ContractLine is a line of a contract with who wrote it.
type ContractLine = store.ContractLine

// ContractLines gives the licenses bought, line by line: those of the past,
// those to come and those that were removed too, by first day, newest first.
func (s *Service) ContractLines(ctx context.Context, enterprise int64) ([]ContractLine, error) {
	return s.store.For(enterprise).ContractLines(ctx)
}

// AddContractLine notes licenses bought. The next recount counts with them; see
// [Purchase]. Invalid when the terms are none, and when there are too many
// lines.
func (s *Service) AddContractLine(ctx context.Context, enterprise int64, terms ContractTerms, actor string) (*ContractLine, error) {
	return s.writeContract(ctx, enterprise, AuditContractAdd, &terms, actor, func(tx *store.Tx, all []ContractLine) (int64, error) {
		if len(all) >= maxContractLines {
			return 0, errs.New(errs.Invalid, "hub.many_contract_lines", "Most", maxContractLines)
		}
		return tx.AddContractLine(ctx, &terms, actor, s.now())
	})
}

// ChangeContractLine corrects a line; the audit log keeps what it said before.
// NotFound when there is none, or it was removed.
func (s *Service) ChangeContractLine(ctx context.Context, enterprise, id int64, terms ContractTerms, actor string) (*ContractLine, error) {
	return s.writeContract(ctx, enterprise, AuditContractChange, &terms, actor, func(tx *store.Tx, _ []ContractLine) (int64, error) {
		return id, tx.ChangeContractLine(ctx, id, &terms, actor, s.now())
	})
}

// RemoveContractLine takes a line back that was noted by mistake: it stays in
// the list and counts no more. A contract that ends gets its last day instead.
// NotFound as for [Service.ChangeContractLine].
func (s *Service) RemoveContractLine(ctx context.Context, enterprise, id int64, actor string) (*ContractLine, error) {
	return s.writeContract(ctx, enterprise, AuditContractRemove, nil, actor, func(tx *store.Tx, _ []ContractLine) (int64, error) {
		return id, tx.RemoveContractLine(ctx, id, actor, s.now())
	})
}

// writeContract changes one line and records it with what it said before. Terms
// are what it says from now on; nil: the same.
func (s *Service) writeContract(
	ctx context.Context, enterprise int64, action string, terms *ContractTerms, actor string, write func(*store.Tx, []ContractLine) (int64, error),
) (*ContractLine, error) {
	if terms != nil {
		if err := checkTerms(terms); err != nil {
			return nil, err
		}
	}
	var line *ContractLine
	err := s.store.For(enterprise).InTx(ctx, func(tx *store.Tx) error {
		before, err := tx.ContractLines(ctx)
		if err != nil {
			return err
		}
		id, err := write(tx, before)
		if err != nil {
			return err
		}
		after, err := tx.ContractLines(ctx)
		if err != nil {
			return err
		}
		line = lineOf(after, id)
		details := []any{"line", termsDetails(&line.ContractTerms)}
		if was := lineOf(before, id); was != nil && terms != nil {
			details = append(details, "before", termsDetails(&was.ContractTerms))
		}
		if err := s.record(ctx, tx, actor, action, strconv.FormatInt(id, 10), details...); err != nil {
			return err
		}
		return s.recountLater(ctx, tx, enterprise)
	})
	return line, err
}

func lineOf(lines []ContractLine, id int64) *ContractLine {
	i := slices.IndexFunc(lines, func(l ContractLine) bool { return l.ID == id })
	if i < 0 {
		return nil
	}
	return &lines[i]
}

// termsDetails are terms as the audit log keeps them.
func termsDetails(t *ContractTerms) map[string]any {
	out := map[string]any{"from": t.From.Format(time.DateOnly), "licenses": t.Seats, "type": string(t.License)}
	if !t.Until.IsZero() {
		out["until"] = t.Until.Format(time.DateOnly)
	}
	if t.Note != "" {
		out["note"] = t.Note
	}
	return out
}

// checkTerms makes terms what is kept, or says what is wrong with them.
func checkTerms(t *ContractTerms) error {
	t.License, t.Note = cmp.Or(t.License, licensing.LicenseEnterprise), oneLine(t.Note)
	switch {
	case t.From.IsZero():
		return errs.New(errs.Invalid, "hub.contract_from")
	case !isDay(t.From) || !t.Until.IsZero() && !isDay(t.Until):
		return errs.New(errs.Invalid, "hub.contract_day", "First", firstYear, "Last", lastYear)
	case !t.Until.IsZero() && t.Until.Before(t.From):
		return errs.New(errs.Invalid, "hub.contract_order", "From", t.From.Format(time.DateOnly), "Until", t.Until.Format(time.DateOnly))
	case t.Seats < 1 || t.Seats > MaxSeats:
		return errs.New(errs.Invalid, "hub.contract_seats", "Most", MaxSeats)
	case t.License != licensing.LicenseEnterprise && t.License != licensing.LicenseVisualStudio:
		return errs.New(errs.Invalid, "hub.bad_filter", "Value", oneLine(string(t.License)),
			"Choices", string(licensing.LicenseEnterprise)+", "+string(licensing.LicenseVisualStudio))
	case utf8.RuneCountInString(t.Note) > MaxContractNote:
		return errs.New(errs.Invalid, "hub.contract_note", "Most", MaxContractNote)
	}
	return nil
}

// isDay says that a time is the beginning of a day that somebody may mean.
func isDay(t time.Time) bool {
	return t.Equal(t.UTC().Truncate(24*time.Hour)) && t.UTC().Year() >= firstYear && t.UTC().Year() <= lastYear
}
