package api

import (
	"context"
	"net/http"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
)

func (v *v1) instanceCalls() []call {
	return []call{
		{
			Method: http.MethodGet, Path: own + "/instances", Name: "list-instances", Access: reads(), Tag: "Server instances",
			Summary: "Server instances, held ones too", Run: answers(v.instances),
		},
		{
			Method: http.MethodGet, Path: own + "/instances/{instance}", Name: "get-instance", Access: reads(), Tag: "Server instances",
			Summary: "One server instance", Run: answers(v.instance),
		},
		{
			Method: http.MethodGet, Path: own + "/instances/{instance}/snapshots", Name: "list-instance-snapshots", Access: reads(), Tag: "Server instances",
			Summary: "Snapshots that counted, newest first", Run: answers(v.instanceSnapshots),
		},
		{
			Method: http.MethodPost, Path: own + "/instances/{instance}/snapshots/{snapshot}/undo", Name: "undo-instance", Access: admins(), Tag: "Server instances",
			Summary: "Go back to a kept snapshot",
			Text:    "Gives an upload in preview; applying it makes the snapshot count. The newest usage file stays the newest.",
			Run:     answers(v.undoInstance),
		},
		{
			Method: http.MethodPost, Path: own + "/instances/{instance}/remove", Name: "remove-instance", Access: admins(), Tag: "Server instances",
			Summary: "Take a server instance out",
			Text:    "Gives an upload in preview; applying it takes the instance and its accounts out. Going back to one of its snapshots brings it back.",
			Run:     answers(v.remove),
		},
	}
}

// Instance is a server instance.
type Instance struct {
	Number      int64              `json:"number" doc:"Its number in this enterprise; never used again."`
	State       string             `json:"state" enum:"held,active" doc:"held: nobody confirmed yet who it is."`
	HostName    string             `json:"host_name" doc:"Its host name."`
	ServerID    string             `json:"server_id,omitempty" doc:"Its server id; absent when its lists come by hand."`
	Fingerprint string             `json:"fingerprint,omitempty" doc:"Fingerprint of the key that signs its usage files."`
	Signed      bool               `json:"signed" doc:"What counts came in a signed usage file."`
	Sequence    int64              `json:"sequence" doc:"Sequence of the newest usage file ever accepted."`
	CreatedAt   time.Time          `json:"created_at" doc:"When it was first heard of."`
	AgeSeconds  int64              `json:"age_seconds" doc:"How old what counts is; 0 when nothing does."`
	Snapshot    *Snapshot          `json:"snapshot,omitempty" doc:"What counts; absent when nothing does."`
	Last        *Event             `json:"last_event,omitempty" doc:"The last thing that came from it, or was to come."`
	AgeDays     int                `json:"age_objective_days" doc:"How old what counts may be before totals that rest on it are marked."`
	Stale       bool               `json:"stale" doc:"It is older."`
	Connected   bool               `json:"connected" doc:"Its agent delivers by itself."`
	Trouble     *Refusal           `json:"connection_trouble,omitempty" doc:"Why its agent was refused a token: a second machine may use its identity; absent: it was not."`
	Pending     string             `json:"pending_upload,omitempty" doc:"The upload somebody has to decide about."`
	Statement   *InstanceStatement `json:"statement,omitempty" doc:"Its part in the current result."`
}

// Event is the last thing that came from a source, or was to come.
type Event struct {
	Upload  string    `json:"upload" doc:"The upload."`
	At      time.Time `json:"at" doc:"When."`
	Actor   string    `json:"actor" doc:"Who."`
	Status  string    `json:"status" enum:"pending,success,failure" doc:"What became of it."`
	Message string    `json:"message" doc:"The sentence for a person."`
	Error   *Refusal  `json:"error,omitempty" doc:"Why it failed."`
}

type instancesOutput struct {
	Body struct {
		Instances []Instance `json:"instances" nullable:"false" doc:"By host name."`
	}
}

func (v *v1) instances(ctx context.Context, _ *InEnterprise) (*instancesOutput, error) {
	now, err := v.hub.Overview(ctx, askerOf(ctx).About.Number)
	if err != nil {
		return nil, err
	}
	out := &instancesOutput{}
	out.Body.Instances = each(now.Instances, func(s hub.SourceState) Instance { return v.shownInstance(&s, now.At) })
	return out, nil
}

func (v *v1) shownInstance(s *hub.SourceState, at time.Time) Instance {
	out := Instance{
		Number: s.Number, State: string(s.State), HostName: s.HostName, ServerID: s.ServerID, Signed: s.Signed,
		Sequence: s.Sequence, CreatedAt: s.CreatedAt, AgeSeconds: int64(s.Age(at).Seconds()),
		AgeDays: int(s.AgeObjective() / (24 * time.Hour)), Stale: s.Stale(at), Connected: s.Connected(),
		Snapshot: counting(s), Last: v.event(s.Last), Pending: pendingUpload(s),
	}
	if !s.Fingerprint.IsZero() {
		out.Fingerprint = s.Fingerprint.String()
	}
	if s.Connected() && s.Connection.Trouble != "" {
		out.Trouble = v.refusal(&hub.Refusal{Key: s.Connection.Trouble})
	}
	if s.Statement != nil {
		part := instanceStatement(*s.Statement)
		out.Statement = &part
	}
	return out
}

// OfInstance is the part of paths below a server instance.
type OfInstance struct {
	InEnterprise

	Instance string `path:"instance" maxLength:"20" doc:"Number of the server instance." example:"2"`
}

// instanceNumber is the number of a server instance; the cloud side is none.
func instanceNumber(text string) (int64, error) {
	n, err := numberIn(text, "hub.no_source", "Number")
	if err == nil && n == hub.CloudSource {
		err = errs.New(errs.NotFound, "hub.no_source", "Number", n)
	}
	return n, err
}

// source finds a server instance.
func (v *v1) source(ctx context.Context, text string) (*hub.Source, error) {
	n, err := instanceNumber(text)
	if err != nil {
		return nil, err
	}
	return v.anySource(ctx, n)
}

func (v *v1) anySource(ctx context.Context, n int64) (*hub.Source, error) {
	sources, err := v.hub.Sources(ctx, askerOf(ctx).About.Number)
	if err != nil {
		return nil, err
	}
	for i := range sources {
		if sources[i].Number == n {
			return &sources[i], nil
		}
	}
	return nil, errs.New(errs.NotFound, "hub.no_source", "Number", n)
}

type instanceOutput struct{ Body Instance }

func (v *v1) instance(ctx context.Context, in *OfInstance) (*instanceOutput, error) {
	s, err := v.source(ctx, in.Instance)
	if err != nil {
		return nil, err
	}
	now, err := v.hub.Overview(ctx, askerOf(ctx).About.Number)
	if err != nil {
		return nil, err
	}
	for i := range now.Instances {
		if now.Instances[i].Number == s.Number {
			return &instanceOutput{v.shownInstance(&now.Instances[i], now.At)}, nil
		}
	}
	return nil, errs.New(errs.NotFound, "hub.no_source", "Number", s.Number)
}

type removeInput struct {
	OfInstance
	Why
}

func (v *v1) remove(ctx context.Context, in *removeInput) (*createdUpload, error) {
	n, err := instanceNumber(in.Instance)
	if err != nil {
		return nil, err
	}
	who := askerOf(ctx)
	arrival := hub.Arrival{Actor: who.Name, Supersede: in.Body.Supersede}
	u, err := v.hub.RemoveInstance(detached(ctx), who.About.Number, n, in.Body.Reason, arrival)
	return v.created(ctx, u, err)
}
