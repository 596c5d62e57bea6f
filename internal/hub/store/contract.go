package store

import (
	"context"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store/sqlgen"
	"github.com/oneseat/oneseat/licensing"
)

// ContractTerms are what a line of a contract says: so many licenses of a type,
// from a day on. Days are midnights UTC.
type ContractTerms struct {
	From time.Time
	// Until is the last day; zero: the line has no end yet.
	Until   time.Time
	Seats   int
	License licensing.LicenseType
	Note    string
}

// ContractLine is a line of a contract with who wrote it. One that was removed
// is kept and never in force.
type ContractLine struct {
	ContractTerms

	ID        int64
	CreatedAt time.Time
	CreatedBy string
	ChangedAt time.Time // CreatedAt when it never was changed
	ChangedBy string
	RemovedAt time.Time // zero: it was not
	RemovedBy string
}

// InForce says that the line counts at a moment: on its days, the last one
// included.
func (l *ContractLine) InForce(at time.Time) bool {
	return l.RemovedAt.IsZero() && !at.Before(l.From) && (l.Until.IsZero() || at.Before(l.Until.AddDate(0, 0, 1)))
}

// ContractLines gives every line, removed ones too, by first day, newest first.
func (e *Enterprise) ContractLines(ctx context.Context) ([]ContractLine, error) {
	return contractLines(ctx, e.reader(), e.id)
}

// ContractLines is [Enterprise.ContractLines] inside of the transaction.
func (tx *Tx) ContractLines(ctx context.Context) ([]ContractLine, error) {
	return contractLines(ctx, tx.q, tx.e.id)
}

func contractLines(ctx context.Context, q *sqlgen.Queries, enterprise int64) ([]ContractLine, error) {
	rows, err := q.ContractLines(ctx, enterprise)
	if err != nil {
		return nil, found(err, "hub.no_contract_line")
	}
	out := make([]ContractLine, 0, len(rows))
	for i := range rows {
		out = append(out, contractLineFromRow(&rows[i]))
	}
	return out, nil
}

func contractLineFromRow(r *sqlgen.ContractLine) ContractLine {
	return ContractLine{
		ContractTerms: ContractTerms{
			From: instant(r.FromDay), Until: instant(r.UntilDay), Seats: int(r.Seats), License: licensing.LicenseType(r.License), Note: r.Note,
		},
		ID: r.ID, CreatedAt: instant(r.CreatedAt), CreatedBy: r.CreatedBy, ChangedAt: instant(r.ChangedAt), ChangedBy: r.ChangedBy,
		RemovedAt: instant(r.RemovedAt), RemovedBy: r.RemovedBy,
	}
}

// AddContractLine adds a line, which the next recount counts with, and gives
// its number.
func (tx *Tx) AddContractLine(ctx context.Context, terms *ContractTerms, by string, at time.Time) (int64, error) {
	last, err := tx.q.LastContractLine(ctx, tx.e.id)
	if err != nil {
		return 0, err
	}
	if err := tx.q.AddContractLine(ctx, sqlgen.AddContractLineParams{
		Enterprise: tx.e.id, ID: last + 1, FromDay: micros(terms.From), UntilDay: micros(terms.Until), Seats: int64(terms.Seats),
		License: string(terms.License), Note: terms.Note, CreatedAt: micros(at), CreatedBy: by,
	}); err != nil {
		return 0, err
	}
	return last + 1, tx.q.BumpInput(ctx, tx.e.id)
}

// ChangeContractLine corrects a line; NotFound when there is none, or it was
// removed.
func (tx *Tx) ChangeContractLine(ctx context.Context, id int64, terms *ContractTerms, by string, at time.Time) error {
	n, err := tx.q.ChangeContractLine(ctx, sqlgen.ChangeContractLineParams{
		Enterprise: tx.e.id, ID: id, FromDay: micros(terms.From), UntilDay: micros(terms.Until), Seats: int64(terms.Seats),
		License: string(terms.License), Note: terms.Note, ChangedAt: micros(at), ChangedBy: by,
	})
	return tx.contractChanged(ctx, n, err)
}

// RemoveContractLine makes a line one that never counts; NotFound as above.
func (tx *Tx) RemoveContractLine(ctx context.Context, id int64, by string, at time.Time) error {
	n, err := tx.q.RemoveContractLine(ctx, sqlgen.RemoveContractLineParams{Enterprise: tx.e.id, ID: id, RemovedAt: micros(at), RemovedBy: by})
	return tx.contractChanged(ctx, n, err)
}

func (tx *Tx) contractChanged(ctx context.Context, rows int64, err error) error {
	if err != nil {
		return err
	}
	if rows == 0 {
		return errs.New(errs.NotFound, "hub.no_contract_line")
	}
	return tx.q.BumpInput(ctx, tx.e.id)
}
