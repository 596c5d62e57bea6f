package api

import (
	"context"
	"net/http"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
)

func (v *v1) connectCalls() []call {
	const one, tag = own + "/instances/{instance}", "Connect"
	return []call{
		{
			Method: http.MethodGet, Path: one + "/connection", Name: "get-connection", Access: reads(), Tag: tag,
			Summary: "The connection of an instance's agent", Text: "The newest one, which may have ended, with the connection record: what the agent told of itself last.", Run: answers(v.connection),
		},
		{
			Method: http.MethodDelete, Path: one + "/connection", Name: "disable-connect", Access: admins(), Tag: tag,
			Summary: "Disable Connect", Text: "The agent's credentials are good for nothing at once. What it delivered stays.", Run: answers(v.disableConnect),
		},
		{
			Method: http.MethodPost, Path: one + "/sync", Name: "sync-now", Access: admins(), Tag: tag,
			Summary: "Ask the agent to sync now",
			Text:    "It hears of it within a minute, when it asks for requests. The request that is open already is the one that is given.",
			Run:     answers(v.syncNow),
		},
		{
			Method: http.MethodGet, Path: one + "/sync/{request}", Name: "get-sync-request", Access: reads(), Tag: tag,
			Summary: "What became of a request to sync", Run: answers(v.syncRequest),
		},
		{
			Method: http.MethodPut, Path: one + "/age-objective", Name: "set-age-objective", Access: admins(), Tag: tag,
			Summary: "How old what counts of an instance may be", Run: answers(v.setAge),
		},
	}
}

// Connection is the pairing of an instance's agent with the enterprise.
type Connection struct {
	ID        string    `json:"id" doc:"Its name."`
	State     string    `json:"state" enum:"active,ended" doc:"ended: its agent delivers nothing any more."`
	CreatedAt time.Time `json:"created_at" doc:"When an owner approved it."`
	CreatedBy string    `json:"created_by" doc:"Who."`
	TokenAt   time.Time `json:"token_at,omitzero" doc:"When the agent got its last token; absent: never."`
	Trouble   *Refusal  `json:"trouble,omitempty" doc:"Why a token was refused: a second machine may use the agent's identity."`
	TroubleAt time.Time `json:"trouble_at,omitzero" doc:"When."`
	EndedAt   time.Time `json:"ended_at,omitzero" doc:"When it ended; absent: it did not."`
	EndedBy   string    `json:"ended_by,omitempty" doc:"By whom."`

	Record *ConnectionRecord `json:"record,omitempty" doc:"What the agent told of itself last; absent: nothing yet."`
}

type connectionOutput struct{ Body Connection }

func (v *v1) connection(ctx context.Context, in *OfInstance) (*connectionOutput, error) {
	s, err := v.source(ctx, in.Instance)
	if err != nil {
		return nil, err
	}
	now, err := v.hub.Overview(ctx, askerOf(ctx).About.Number)
	if err != nil {
		return nil, err
	}
	for i := range now.Instances {
		if c := now.Instances[i].Connection; now.Instances[i].Number == s.Number && c != nil {
			return v.shownConnection(c)
		}
	}
	return nil, errs.New(errs.NotFound, "hub.not_connected")
}

func (v *v1) shownConnection(c *hub.Connection) (*connectionOutput, error) {
	record, err := v.shownRecord(c)
	if err != nil {
		return nil, err
	}
	out := Connection{
		ID: c.ID, State: "ended", CreatedAt: c.CreatedAt, CreatedBy: c.CreatedBy, TokenAt: c.TokenAt, TroubleAt: c.TroubleAt,
		EndedAt: c.EndedAt, EndedBy: c.EndedBy, Record: record,
	}
	if c.Active {
		out.State = "active"
	}
	if c.Trouble != "" {
		out.Trouble = v.refusal(&hub.Refusal{Key: c.Trouble})
	}
	return &connectionOutput{out}, nil
}

func (v *v1) disableConnect(ctx context.Context, in *OfInstance) (*struct{}, error) {
	n, err := instanceNumber(in.Instance)
	if err != nil {
		return nil, err
	}
	who := askerOf(ctx)
	return &struct{}{}, v.hub.DisableConnect(ctx, who.About.Number, n, who.Name)
}

// SyncRequest is somebody's wish that an agent syncs now.
type SyncRequest struct {
	ID        string    `json:"id" doc:"Its name."`
	State     string    `json:"state" enum:"open,arrived,failed,lapsed" doc:"open: the agent did not answer yet."`
	Actor     string    `json:"actor" doc:"Who asked."`
	CreatedAt time.Time `json:"created_at" doc:"When."`
	Upload    string    `json:"upload,omitempty" doc:"The upload that came of it."`
	Error     *Refusal  `json:"error,omitempty" doc:"Why none came."`
}

type syncRequestOutput struct {
	Status int
	Body   SyncRequest
}

func (v *v1) shownRequest(status int, r *hub.SyncRequest, err error) (*syncRequestOutput, error) {
	if err != nil {
		return nil, err
	}
	out := SyncRequest{ID: r.ID, State: string(r.State), Actor: r.Actor, CreatedAt: r.CreatedAt, Upload: r.Upload}
	if r.Refusal != nil {
		out.Error = v.refusal(r.Refusal)
	}
	return &syncRequestOutput{status, out}, nil
}

func (v *v1) syncNow(ctx context.Context, in *OfInstance) (*syncRequestOutput, error) {
	n, err := instanceNumber(in.Instance)
	if err != nil {
		return nil, err
	}
	who := askerOf(ctx)
	r, err := v.hub.SyncNow(ctx, who.About.Number, n, who.Name)
	return v.shownRequest(http.StatusAccepted, r, err)
}

type syncRequestInput struct {
	OfInstance

	Request string `path:"request" maxLength:"64" doc:"Name of the request."`
}

func (v *v1) syncRequest(ctx context.Context, in *syncRequestInput) (*syncRequestOutput, error) {
	n, err := instanceNumber(in.Instance)
	if err != nil {
		return nil, err
	}
	r, err := v.hub.SyncRequest(ctx, askerOf(ctx).About.Number, n, in.Request)
	return v.shownRequest(http.StatusOK, r, err)
}

type ageInput struct {
	OfInstance

	Body struct {
		Days int `json:"days" minimum:"0" maximum:"400" doc:"Days; 0: by how its accounts come."`
	}
}

func (v *v1) setAge(ctx context.Context, in *ageInput) (*struct{}, error) {
	n, err := instanceNumber(in.Instance)
	if err != nil {
		return nil, err
	}
	who := askerOf(ctx)
	return &struct{}{}, v.hub.SetAgeObjective(ctx, who.About.Number, n, in.Body.Days, who.Name)
}

// refusal is why something failed, in words.
func (v *v1) refusal(r *hub.Refusal) *Refusal {
	return &Refusal{Code: r.Key, Message: v.sentence(r.Key, r.Args)}
}
