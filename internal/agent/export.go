package agent

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"strconv"
	"time"

	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/instance"
	"github.com/oneseat/oneseat/usagefile"
)

// ExportRequest says which usage file to make.
type ExportRequest struct {
	// Sequence of the snapshot, 0 for the last one.
	Sequence int64
	// Note is free text for whoever receives the file, such as the number of a
	// change ticket.
	Note string
}

// Export is a usage file that was made: whole, checked, and in a temporary file
// that ends with Close.
type Export struct {
	Receipt *usagefile.Receipt

	file *os.File
}

// Name is what the file should be called.
func (e *Export) Name() string { return e.Receipt.Header.FileName() }

// Read implements io.Reader: the bytes of the file.
func (e *Export) Read(p []byte) (int, error) { return e.file.Read(p) }

// Close removes the temporary file.
func (e *Export) Close() error {
	err := e.file.Close()
	if gone := os.Remove(e.file.Name()); err == nil && !errors.Is(gone, fs.ErrNotExist) {
		err = gone
	}
	return err
}

// Export makes a usage file of a snapshot: sealed to the enterprise and to the
// site's own recipients, or in clear where the site's policy says so. It reads
// and writes as it goes, whatever the size. The caller closes the export.
//
// Errors: NotFound without a snapshot, or when its users are no longer kept;
// Conflict when nobody is there to seal to, or while there is trouble;
// Unavailable when the disk is full, and then nothing is left of the file.
func (s *Service) Export(ctx context.Context, actor string, r ExportRequest) (*Export, error) {
	e, row, err := s.export(ctx, r)
	if err != nil {
		if sentence := sentenceOf(err); sentence != "" && ctx.Err() == nil {
			err = errors.Join(err, s.recordAlone(ctx, actor, AuditExportFailed, snapshotTarget(r.Sequence), "sentence", sentence))
		}
		return nil, err
	}
	h := e.Receipt.Header
	err = s.store.InTx(ctx, func(tx *store.Tx) error {
		made := &store.Export{
			Sequence: row.Sequence, MadeAt: s.now(), Actor: actor, Sealed: h.Sealed(), Audience: h.Audience.String(), Note: r.Note, Bytes: e.Receipt.Bytes,
		}
		if err := tx.AddExport(ctx, made); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, AuditUsageExport, snapshotTarget(row.Sequence),
			"users", e.Receipt.Users, "sealed", h.Sealed(), "audience", h.Audience.Short(), "note", r.Note)
	})
	if err != nil {
		e.Close() //nolint:errcheck // the error before it says more
		return nil, err
	}
	return e, nil
}

func snapshotTarget(sequence int64) string {
	if sequence == 0 {
		return "last snapshot"
	}
	return "snapshot " + strconv.FormatInt(sequence, 10)
}

func (s *Service) export(ctx context.Context, r ExportRequest) (*Export, *store.Snapshot, error) {
	if err := s.troubled(ctx); err != nil {
		return nil, nil, err
	}
	row, err := s.chosen(ctx, r.Sequence)
	if err != nil {
		return nil, nil, err
	}
	if !row.Kept {
		return nil, nil, errs.New(errs.NotFound, "agent.snapshot_gone", "Sequence", row.Sequence)
	}
	x, i, err := s.prepare(ctx, r.Note)
	if err != nil {
		return nil, nil, err
	}
	in, v, err := s.openSnapshot(row.Sequence)
	if err != nil {
		return nil, nil, err
	}
	defer in.Close() //nolint:errcheck // only read
	note := x.Snapshot.Note
	x.Snapshot = v.Receipt().Header.Snapshot
	x.Snapshot.Note = note
	e, err := s.write(i, x, v)
	if err != nil {
		return nil, nil, err
	}
	if err := s.announce(i); err != nil {
		e.Close() //nolint:errcheck // the error before it says more
		return nil, nil, err
	}
	return e, &row, nil
}

// prepare is what a usage file says beside its snapshot.
func (s *Service) prepare(ctx context.Context, note string) (usagefile.Export, *instance.Instance, error) {
	i, err := s.Instance()
	if err != nil {
		return usagefile.Export{}, nil, err
	}
	to, err := s.recipients(ctx)
	if err != nil {
		return usagefile.Export{}, nil, err
	}
	x := s.usageExport(i, usagefile.Snapshot{Note: note}, to)
	x.Cleartext = s.config.Cleartext
	x.Instance.License = s.license()
	x.Instance.Features, err = s.features(ctx)
	return x, i, err
}

// features are those that are switched on: license sync, or none.
func (s *Service) features(ctx context.Context) ([]usagefile.Feature, error) {
	c, err := s.Connection(ctx)
	if err != nil || !c.Syncs() {
		return nil, err
	}
	return []usagefile.Feature{{Name: connect.FeatureSync, EnabledAt: c.Sync.EnabledAt.Truncate(time.Second)}}, nil
}

// recipients are whom files are sealed to, the enterprise first. In clear,
// nobody has to be there.
func (s *Service) recipients(ctx context.Context) ([]usagefile.Recipient, error) {
	enrolled, err := s.Enrolment(ctx)
	if err != nil && errs.KindOf(err) != errs.NotFound {
		return nil, err
	}
	var to []usagefile.Recipient
	if enrolled != nil {
		to = append(to, enrolled.Recipient)
	}
	to = append(to, s.config.Recipients...)
	if len(to) == 0 && !s.config.Cleartext {
		return nil, errs.New(errs.Conflict, "agent.nobody_to_seal_to")
	}
	return to, nil
}

// write makes the file in the spool.
func (s *Service) write(i *instance.Instance, x usagefile.Export, v *usagefile.VerifiedFile) (*Export, error) {
	if err := os.MkdirAll(s.spoolDir(), 0o700); err != nil {
		return nil, s.unusable(err)
	}
	out, err := os.CreateTemp(s.spoolDir(), "usage-*.json")
	if err != nil {
		return nil, s.unusable(err)
	}
	e := &Export{file: out}
	if e.Receipt, err = usagefile.Encode(out, i.Key(), x, v.Users()); err == nil {
		_, err = out.Seek(0, io.SeekStart)
	}
	if err != nil {
		e.Close() //nolint:errcheck // the error before it says more
		if refusalOf(err) == nil {
			err = errs.Wrap(errs.Unavailable, err, "agent.export_failed", "Directory", s.spoolDir(), "Cause", systemCause(err))
		}
		return nil, err
	}
	return e, nil
}

// announce notes that a file with the instance's key was exported, which the
// next rotation of the key rests on.
func (s *Service) announce(i *instance.Instance) error {
	if i.Announced {
		return nil
	}
	return s.change(func(dir *instance.Dir) error {
		now, err := dir.Load()
		if err != nil || now.Announced || !now.PublicKey().Equal(i.PublicKey()) {
			return err
		}
		now.Announced = true
		return dir.Save(now)
	})
}

// Exports gives at most limit usage files that were made, the newest first;
// before is the number of the last one of the page before, 0 begins.
func (s *Service) Exports(ctx context.Context, before int64, limit int) ([]store.Export, error) {
	return s.store.Exports(ctx, before, limit)
}
