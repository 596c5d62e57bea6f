package api

import (
	"context"
	"net/http"
	"time"

	"github.com/oneseat/oneseat/internal/hub"
)

func (v *v1) cloudListCalls() []call {
	return []call{
		{
			Method: http.MethodGet, Path: own + "/cloud-list", Name: "get-cloud-list", Access: reads(), Tag: "Cloud list",
			Summary: "What counts of the cloud side, and its age", Run: answers(v.cloudList),
		},
		{
			Method: http.MethodGet, Path: own + "/cloud-list/snapshots", Name: "list-cloud-list-snapshots", Access: reads(), Tag: "Cloud list",
			Summary: "Cloud lists that counted, newest first", Run: answers(v.cloudSnapshots),
		},
		{
			Method: http.MethodPost, Path: own + "/cloud-list/snapshots/{snapshot}/undo", Name: "undo-cloud-list", Access: admins(), Tag: "Cloud list",
			Summary: "Go back to a kept cloud list",
			Text:    "Gives an upload in preview; applying it makes the list count.",
			Run:     answers(v.undoCloud),
		},
	}
}

// Snapshot is what a source said at one time.
type Snapshot struct {
	Number    int64     `json:"number" doc:"Its number at this source."`
	Upload    string    `json:"upload" doc:"The upload it came with."`
	Sequence  int64     `json:"sequence,omitempty" doc:"Sequence of its usage file."`
	Digest    string    `json:"digest,omitempty" doc:"Digest of its accounts, of a usage file."`
	SourceAt  time.Time `json:"source_at,omitzero" doc:"When the accounts were as they are; absent when unknown."`
	TakenAt   time.Time `json:"taken_at,omitzero" doc:"When it was taken."`
	AppliedAt time.Time `json:"applied_at,omitzero" doc:"When it began to count."`
	Items     int64     `json:"items" doc:"Accounts, and of the cloud side also invitations, subscriptions and report rows."`
	Kept      bool      `json:"kept" doc:"One can go back to it."`
	Current   bool      `json:"current" doc:"It counts now."`
}

// CloudList is what counts of the cloud side.
type CloudList struct {
	AgeSeconds int64     `json:"age_seconds" doc:"How old what counts is; 0 when nothing does."`
	AgeDays    int       `json:"age_objective_days" doc:"How old it may be before totals are marked."`
	Stale      bool      `json:"stale" doc:"It is older."`
	Snapshot   *Snapshot `json:"snapshot,omitempty" doc:"What counts; absent when nothing does."`
	Last       *Event    `json:"last_event,omitempty" doc:"The last load."`
	Pending    string    `json:"pending_upload,omitempty" doc:"The load somebody has to decide about."`
}

// counting is the snapshot of a source that counts, nil when none does.
func counting(s *hub.SourceState) *Snapshot {
	if s.Snapshot == nil {
		return nil
	}
	out := snapshotOf(s.Seq)(*s.Snapshot)
	return &out
}

func pendingUpload(s *hub.SourceState) string {
	if s.Pending == nil {
		return ""
	}
	return s.Pending.ID
}

func (v *v1) event(e *hub.Event) *Event {
	if e == nil {
		return nil
	}
	out := &Event{Upload: e.Upload, At: e.At, Actor: e.Actor, Status: string(e.Status), Message: v.sentences.T(e.Text)}
	if e.Error != nil {
		out.Error = v.refusal(e.Error)
	}
	return out
}

// snapshotOf shows the snapshots of a source, of which one counts.
func snapshotOf(current int64) func(hub.Snapshot) Snapshot {
	return func(s hub.Snapshot) Snapshot {
		out := Snapshot{
			Number: s.Seq, Upload: s.Upload, Sequence: s.Sequence, SourceAt: s.SourceAt, TakenAt: s.TakenAt,
			AppliedAt: s.AppliedAt, Items: s.Items, Kept: s.Kept, Current: s.Seq == current,
		}
		if !s.Digest.IsZero() {
			out.Digest = s.Digest.String()
		}
		return out
	}
}

type snapshotsOutput struct {
	Body struct {
		Snapshots []Snapshot `json:"snapshots" nullable:"false" doc:"Newest first."`
	}
}

type instanceSnapshotsInput struct {
	OfInstance
	Paged
}

func (v *v1) instanceSnapshots(ctx context.Context, in *instanceSnapshotsInput) (*snapshotsOutput, error) {
	s, err := v.source(ctx, in.Instance)
	if err != nil {
		return nil, err
	}
	return v.snapshots(ctx, s, in.PerPage)
}

func (v *v1) snapshots(ctx context.Context, s *hub.Source, limit int) (*snapshotsOutput, error) {
	list, err := v.hub.Snapshots(ctx, askerOf(ctx).About.Number, s.Number, limit)
	if err != nil {
		return nil, err
	}
	out := &snapshotsOutput{}
	out.Body.Snapshots = each(list, snapshotOf(s.Seq))
	return out, nil
}

type cloudSnapshotsInput struct {
	InEnterprise
	Paged
}

func (v *v1) cloudSnapshots(ctx context.Context, in *cloudSnapshotsInput) (*snapshotsOutput, error) {
	s, err := v.anySource(ctx, hub.CloudSource)
	if err != nil {
		return nil, err
	}
	return v.snapshots(ctx, s, in.PerPage)
}

type cloudListOutput struct{ Body CloudList }

func (v *v1) cloudList(ctx context.Context, _ *InEnterprise) (*cloudListOutput, error) {
	now, err := v.hub.Overview(ctx, askerOf(ctx).About.Number)
	if err != nil {
		return nil, err
	}
	s := &now.Cloud
	return &cloudListOutput{CloudList{
		AgeSeconds: int64(s.Age(now.At).Seconds()), AgeDays: int(s.AgeObjective() / (24 * time.Hour)), Stale: s.Stale(now.At), Snapshot: counting(s), Last: v.event(s.Last), Pending: pendingUpload(s),
	}}, nil
}

// Why is the body of a change that needs a reason.
type Why struct {
	Body struct {
		Reason    string `json:"reason" minLength:"1" maxLength:"500" doc:"Why; the history shows it."`
		Supersede bool   `json:"supersede,omitempty" doc:"Drop the pending upload of the same source."`
	}
}

type undoInstanceInput struct {
	OfInstance
	Why

	Snapshot string `path:"snapshot" maxLength:"20" doc:"Number of the snapshot." example:"3"`
}

func (v *v1) undoInstance(ctx context.Context, in *undoInstanceInput) (*createdUpload, error) {
	n, err := instanceNumber(in.Instance)
	if err != nil {
		return nil, err
	}
	return v.undo(ctx, n, in.Snapshot, &in.Why)
}

type undoCloudInput struct {
	InEnterprise
	Why

	Snapshot string `path:"snapshot" maxLength:"20" doc:"Number of the snapshot." example:"3"`
}

func (v *v1) undoCloud(ctx context.Context, in *undoCloudInput) (*createdUpload, error) {
	return v.undo(ctx, hub.CloudSource, in.Snapshot, &in.Why)
}

func (v *v1) undo(ctx context.Context, source int64, snapshot string, w *Why) (*createdUpload, error) {
	n, err := numberIn(snapshot, "hub.no_snapshot", "Number")
	if err != nil {
		return nil, err
	}
	who := askerOf(ctx)
	u, err := v.hub.Undo(detached(ctx), who.About.Number, source, n, w.Body.Reason, hub.Arrival{Actor: who.Name, Supersede: w.Body.Supersede})
	return v.created(ctx, u, err)
}
