package hub

import (
	"cmp"
	"context"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/internal/snapshot"
	"github.com/oneseat/oneseat/internal/source"
	"github.com/oneseat/oneseat/licensing"
)

// ByHand says of which instance a server's report is, which the file does not.
type ByHand struct {
	Host string
	// ReplaceSigned accepts an unsigned report of an instance whose accounts
	// came in signed usage files.
	ReplaceSigned bool
	// TakenAt is when the report was made; zero: unknown.
	TakenAt time.Time
	// LeaveOutNeverSignedIn is never_signed_in=leave_out for this report,
	// whatever the enterprise's settings say.
	LeaveOutNeverSignedIn bool
}

// ReceiveCSV takes in a server's own report, all_users.csv or a plain list:
// unsigned and by hand, for instances where no agent runs. Otherwise it is
// [Service.ReceiveUsage]; an instance that is not there yet is made when the
// upload is applied. Conflict when the instance is signed, unless that was
// confirmed.
func (s *Service) ReceiveCSV(ctx context.Context, enterprise int64, file source.File, by ByHand, a Arrival) (*Upload, error) {
	if err := cmp.Or(checkHost(by.Host), s.checkDate(by.TakenAt)); err != nil {
		return nil, err
	}
	info, err := s.info(ctx, enterprise)
	if err != nil {
		return nil, err
	}
	by.LeaveOutNeverSignedIn = by.LeaveOutNeverSignedIn || info.Settings.LeaveOutNeverSignedIn
	users, summary, err := readUsers(ctx, file, by)
	if err != nil {
		return s.refused(ctx, enterprise, store.UploadCSV, a, misplaced(err))
	}
	header := Header{
		HostName: by.Host, SourceAt: by.TakenAt, Accounts: int64(summary.Accounts), Warnings: warningsOf(summary.Warnings),
		LeftOut: LeftOut{summary.Suspended, summary.BuiltIn, summary.NeverSignedIn},
	}
	u, err := s.beginCSV(ctx, enterprise, by, a, header)
	if err != nil {
		return nil, err
	}
	snap := &Snapshot{SourceAt: by.TakenAt, Meta: mustMeta(instanceMeta{HostName: by.Host, Warnings: header.Warnings})}
	return s.take(ctx, enterprise, u, store.Preview, accountItems(users.Sorted(ctx)), snap)
}

func readUsers(ctx context.Context, file source.File, by ByHand) (*snapshot.Users, *source.ServerSummary, error) {
	in, err := source.OpenServer(file, source.ServerOptions{LeaveOutNeverSignedIn: by.LeaveOutNeverSignedIn})
	if err != nil {
		return nil, nil, err
	}
	defer in.Close() //nolint:errcheck // only read
	if in.Header != nil {
		return nil, nil, errs.New(errs.Invalid, "hub.is_usage_file", "File", file.Name)
	}
	var users snapshot.Users
	var summary source.ServerSummary
	for accounts, err := range in.Shards(&summary) {
		if err == nil {
			err = ctx.Err()
		}
		for i := range accounts {
			if err == nil {
				err = users.Add(&accounts[i])
			}
		}
		if err != nil {
			return nil, nil, err
		}
	}
	return &users, &summary, nil
}

func (s *Service) beginCSV(ctx context.Context, enterprise int64, by ByHand, a Arrival, header Header) (*Upload, error) {
	return s.begin(ctx, enterprise, a, func(tx *store.Tx) (*Upload, error) {
		src, err := tx.SourceByHost(ctx, by.Host)
		if err != nil {
			return nil, err
		}
		number := int64(0)
		switch {
		case src == nil:
			number, err = s.heldHost(ctx, tx, by.Host)
		case src.Signed && !by.ReplaceSigned:
			err = errs.New(errs.Conflict, "hub.signed_instance", "Host", src.HostName)
		default:
			number = src.Number
		}
		if err != nil {
			return nil, err
		}
		return s.addUpload(ctx, tx, number, store.UploadCSV, a, header)
	})
}

// heldHost is the instance of a host that is held already, or a new one.
func (s *Service) heldHost(ctx context.Context, tx *store.Tx, host string) (int64, error) {
	in, err := tx.Inputs(ctx)
	if err != nil {
		return 0, err
	}
	for _, src := range in.Sources {
		if src.State == store.Held && licensing.NormalHost(src.HostName) == licensing.NormalHost(host) {
			return src.Number, nil
		}
	}
	if err := room(ctx, tx); err != nil {
		return 0, err
	}
	return tx.AddSource(ctx, Source{State: store.Held, HostName: host, CreatedAt: s.now()})
}
