package hub

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/usagefile"
)

// Arrival says who brings a file, and how to treat it.
type Arrival struct {
	FileName string
	Actor    string
	// Identities open a sealed file beside the hub's own keys.
	Identities []*usagefile.Identity
	// Supersede drops the pending upload of the same source, instead of being
	// refused because of it.
	Supersede bool
	// Instance, when not 0, is the only instance the file may be of. Whoever
	// brings it may nothing else, so that Supersede then drops no more than
	// usage files that came in the same way.
	Instance int64
	// Synced: an agent delivered it, nobody carried it. Run is what the agent
	// calls the attempt to.
	Synced bool
	Run    string
	// Content names what was brought, so that the same again is known; may be
	// empty.
	Content string
}

// Header is what an upload says of itself, for people.
type Header struct {
	HostName    string    `json:"host_name,omitempty"`
	ServerID    string    `json:"server_id,omitempty"`
	Fingerprint string    `json:"fingerprint,omitempty"` // of the signing key
	Sequence    int64     `json:"sequence,omitempty"`
	Digest      string    `json:"digest,omitempty"` // of the snapshot
	TakenAt     time.Time `json:"taken_at,omitzero"`
	SourceAt    time.Time `json:"source_at,omitzero"`
	Accounts    int64     `json:"accounts,omitempty"`
	LeftOut     LeftOut   `json:"left_out,omitzero"` // of a report by hand
	Note        string    `json:"note,omitempty"`
	// KnownHost is the number of an active instance that has the host name of
	// a held upload under another server id: somebody says which it is.
	KnownHost int64     `json:"known_host,omitempty"`
	Files     []string  `json:"files,omitempty"`    // of the cloud side
	Lists     int       `json:"lists,omitempty"`    // how many of them are cloud lists
	Reports   int       `json:"reports,omitempty"`  // how many are reports of GitHub's
	Snapshot  int64     `json:"snapshot,omitempty"` // an undo goes back to
	Synced    bool      `json:"synced,omitempty"`   // as [Arrival.Synced]
	Run       string    `json:"run,omitempty"`      // as [Arrival.Run]
	Bound     bool      `json:"bound,omitempty"`    // it had an [Arrival.Instance]
	Content   string    `json:"content,omitempty"`  // as [Arrival.Content]
	Warnings  []Refusal `json:"warnings,omitempty"`
}

// LeftOut is how many accounts of a server's report do not count, by cause.
type LeftOut struct {
	Suspended     int `json:"suspended,omitempty"`
	BuiltIn       int `json:"built_in,omitempty"`
	NeverSignedIn int `json:"never_signed_in,omitempty"`
}

// HeaderOf reads an upload's header.
func HeaderOf(u *Upload) (Header, error) {
	var h Header
	return h, json.Unmarshal(u.Header, &h)
}

// ReceiveUsage takes in a usage file: it verifies all of it, stages its
// accounts and previews what would change. The upload then is in preview, or
// held when nobody confirmed its instance yet; see [Service.Confirm].
//
// A refusal is the error, of usagefile or of internal/errs, and changes
// nothing; the upload that records it comes with it, nil when none was made:
// the source has a pending upload, or the same snapshot counts already.
func (s *Service) ReceiveUsage(ctx context.Context, enterprise int64, file io.ReadSeeker, a Arrival) (*Upload, error) {
	return s.receiveUsage(ctx, enterprise, file, a, s.take)
}

// takes is how a verified upload is taken in: [Service.take], or a sync's way.
type takes func(ctx context.Context, enterprise int64, u *Upload, state UploadState, items iter.Seq2[store.Item, error], snap *Snapshot) (*Upload, error)

func (s *Service) receiveUsage(ctx context.Context, enterprise int64, file io.ReadSeeker, a Arrival, take takes) (*Upload, error) {
	info, err := s.info(ctx, enterprise)
	if err != nil {
		return nil, err
	}
	reader, err := s.reader(&info, a.Identities)
	if err != nil {
		return nil, err
	}
	verified, err := usagefile.OpenVerified(file, reader)
	if err == nil {
		err = knownAudience(reader, verified.Receipt().Header)
	}
	if err != nil {
		return s.refused(ctx, enterprise, store.UploadUsage, a, notUsage(err, a.FileName, file))
	}
	r := usageReceiver{s: s, enterprise: enterprise, a: a, receipt: verified.Receipt(), instance: nowhere}
	u, err := r.begin(ctx)
	if err != nil {
		return u, err
	}
	return take(ctx, enterprise, u, r.state, accountItems(verified.Users()), r.snapshot())
}

// usageReceiver finds the place of a verified usage file.
type usageReceiver struct {
	s          *Service
	enterprise int64
	a          Arrival
	receipt    *usagefile.Receipt
	header     Header
	instance   int64       // the file's, when it is known; else nowhere
	state      UploadState // after staging
}

// begin adds the upload, or refuses the file.
func (r *usageReceiver) begin(ctx context.Context) (*Upload, error) {
	u, err := r.s.begin(ctx, r.enterprise, r.a, func(tx *store.Tx) (*Upload, error) {
		source, err := r.source(ctx, tx)
		if err == nil {
			err = r.sameAgain(ctx, tx, source)
		}
		if err != nil {
			return nil, err
		}
		return r.s.addUpload(ctx, tx, source, store.UploadUsage, r.a, r.header)
	})
	if refusal, ok := errors.AsType[*refusedError](err); ok {
		return r.s.refusedOf(ctx, r.enterprise, r.instance, store.UploadUsage, r.header, r.a, refusal.error)
	}
	return u, err
}

// refusedError marks an error that is a verdict on the file.
type refusedError struct{ error }

func (e *refusedError) Unwrap() error { return e.error }

func refuse(err error) error { return &refusedError{err} }

// source finds the file's instance, or makes one that is held.
func (r *usageReceiver) source(ctx context.Context, tx *store.Tx) (int64, error) {
	h := r.receipt.Header
	src, err := tx.SourceByServerID(ctx, h.Instance.ServerID)
	if err != nil {
		return 0, err
	}
	if r.a.Instance != 0 && (src == nil || src.Number != r.a.Instance) {
		return 0, refuse(errs.New(errs.Forbidden, "hub.other_instance", "Host", h.Instance.HostName))
	}
	if err := checkHost(h.Instance.HostName); err != nil {
		return 0, refuse(err)
	}
	r.describe()
	if r.instance = nowhere; src != nil {
		r.instance = src.Number
	}
	host, err := tx.SourceByHost(ctx, h.Instance.HostName)
	if err != nil {
		return 0, err
	}
	if src == nil || src.State == store.Held {
		return r.unknown(ctx, tx, src, host)
	}
	if host != nil && host.Number != src.Number {
		return 0, refuse(errs.New(errs.Conflict, "hub.host_taken", "Host", h.Instance.HostName))
	}
	return src.Number, r.check(ctx, tx, src)
}

// check holds the file against what is known of its instance.
func (r *usageReceiver) check(ctx context.Context, tx *store.Tx, src *Source) error {
	known := src.Known()
	if known == nil && len(src.PublicKey) > 0 { // approved by its key, and this is the first that comes
		s := r.receipt.Header.Snapshot
		known = &usagefile.Known{PublicKey: src.PublicKey, Sequence: s.Sequence, Digest: s.Digest}
	}
	standing, err := usagefile.Check(r.receipt, known)
	if err != nil {
		return refuse(err)
	}
	if standing.Repeated && src.Seq > 0 {
		now, err := tx.Snapshot(ctx, src.Number, src.Seq)
		if err != nil {
			return err
		}
		if now.Digest == r.receipt.Header.Snapshot.Digest {
			return errs.New(errs.Conflict, "hub.already_counted", "Sequence", now.Sequence, "Upload", now.Upload)
		}
	}
	r.header.Warnings = append(r.header.Warnings, warningsOf(standing.Warnings())...)
	r.state = store.Preview
	return nil
}

// unknown is an instance nobody confirmed: it is held.
func (r *usageReceiver) unknown(ctx context.Context, tx *store.Tx, src, host *Source) (int64, error) {
	r.state = store.Waiting
	if host != nil {
		r.header.KnownHost = host.Number
	}
	if src != nil {
		return src.Number, nil
	}
	if err := room(ctx, tx); err != nil {
		return 0, refuse(err)
	}
	in := r.receipt.Header.Instance
	return tx.AddSource(ctx, Source{
		State: store.Held, ServerID: in.ServerID, HostName: in.HostName, PublicKey: in.PublicKey, Signed: true, CreatedAt: r.s.now(),
	})
}

// describe says what the file says of itself.
func (r *usageReceiver) describe() {
	h := r.receipt.Header
	r.header = Header{
		HostName: h.Instance.HostName, ServerID: h.Instance.ServerID, Fingerprint: r.receipt.SignedBy.String(),
		Sequence: h.Snapshot.Sequence, Digest: h.Snapshot.Digest.String(), TakenAt: h.Snapshot.TakenAt, SourceAt: h.Snapshot.SourceAt,
		Accounts: r.receipt.Users, Note: h.Snapshot.Note, Warnings: warningsOf(r.receipt.Warnings),
	}
}

func (r *usageReceiver) snapshot() *Snapshot {
	h := r.receipt.Header
	return &Snapshot{
		Sequence: h.Snapshot.Sequence, Digest: h.Snapshot.Digest, SourceAt: h.Snapshot.SourceAt, TakenAt: h.Snapshot.TakenAt,
		Meta: mustMeta(instanceMeta{
			ServerID: h.Instance.ServerID, HostName: h.Instance.HostName, PublicKey: h.Instance.PublicKey, Signed: true,
			Warnings: r.header.Warnings,
		}),
	}
}

// mustMeta writes what a source says beside its items, which is texts, numbers
// and times.
func mustMeta(meta any) json.RawMessage {
	text, err := json.Marshal(meta)
	if err != nil {
		panic(err)
	}
	return text
}

// accountItems turns users into items.
func accountItems(users usagefile.Users) iter.Seq2[store.Item, error] {
	return func(yield func(store.Item, error) bool) {
		for a, err := range users {
			if err != nil {
				yield(store.Item{}, err)
				return
			}
			if item, err := store.AccountItem(&a); !yield(item, err) || err != nil {
				return
			}
		}
	}
}

// warningsOf makes sentences of warnings.
func warningsOf[W interface {
	Message() (string, map[string]any)
}](list []W) []Refusal {
	var out []Refusal
	for _, w := range list {
		key, args := w.Message()
		out = append(out, Refusal{Key: key, Args: args})
	}
	return out
}

// info describes an enterprise by number.
func (s *Service) info(ctx context.Context, enterprise int64) (EnterpriseInfo, error) {
	in, err := s.store.For(enterprise).Inputs(ctx)
	if err != nil {
		return EnterpriseInfo{}, err
	}
	return in.EnterpriseInfo, nil
}
