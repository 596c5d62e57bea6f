package api

import (
	"context"
	"net/http"

	"github.com/oneseat/oneseat/internal/hub"
)

func (v *v1) unmatchedCall() call {
	return call{
		Method: http.MethodGet, Path: own + "/results/{result}/unmatched", Name: "list-result-unmatched", Access: reads(), Tag: "Results",
		Summary: "Visual Studio subscriptions that belong to nobody known",
		Text:    "The first thousand; the warning unmatched of the result counts all.",
		Run:     answers(v.unmatched),
	}
}

// Unmatched is a Visual Studio subscription that belongs to nobody known.
type Unmatched struct {
	ID    string `json:"id,omitempty" doc:"Subscription id."`
	Email string `json:"email,omitempty" doc:"Its subscriber's address."`
	Login string `json:"login,omitempty" doc:"The login it is assigned to, which names nobody."`
}

type unmatchedOutput struct {
	Body struct {
		Subscriptions []Unmatched `json:"subscriptions" nullable:"false" doc:"By id, then address."`
	}
}

func (v *v1) unmatched(ctx context.Context, in *OfResult) (*unmatchedOutput, error) {
	r, err := in.of(ctx, v.hub)
	if err != nil {
		return nil, err
	}
	if err := v.reads(ctx, r.Number); err != nil {
		return nil, err
	}
	out := &unmatchedOutput{}
	out.Body.Subscriptions = each(r.Unmatched, func(s hub.Unmatched) Unmatched { return Unmatched{s.ID, reported(s.Email), s.Login} })
	return out, nil
}
