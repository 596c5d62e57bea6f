package gate

import (
	"encoding/json"
	"net/http"

	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/hub"
)

// body reads the JSON of a call.
func body(r *http.Request, into any) error {
	if err := json.NewDecoder(r.Body).Decode(into); err != nil {
		return badBody(err)
	}
	return nil
}

func nothing(w http.ResponseWriter, err error) error {
	if err == nil {
		w.WriteHeader(http.StatusNoContent)
	}
	return err
}

// record replaces the connection record.
func (g *Gate) record(w http.ResponseWriter, r *http.Request) error {
	var record connect.Record
	if err := body(r, &record); err != nil {
		return err
	}
	return nothing(w, g.hub.PutRecord(r.Context(), agentOf(r.Context()), &record))
}

// requests says whether somebody pressed Sync now.
func (g *Gate) requests(w http.ResponseWriter, r *http.Request) error {
	open, err := g.hub.OpenRequests(r.Context(), agentOf(r.Context()))
	if err != nil {
		return err
	}
	list := connect.Requests{Requests: []connect.Request{}}
	for i := range open {
		list.Requests = append(list.Requests, connect.Request{ID: open[i].ID, RequestedAt: open[i].CreatedAt})
	}
	return writeJSON(w, http.StatusOK, list)
}

// answer says why nothing came of a request.
func (g *Gate) answer(w http.ResponseWriter, r *http.Request) error {
	var why connect.Sentence
	if err := body(r, &why); err != nil {
		return err
	}
	return nothing(w, g.hub.FailRequest(r.Context(), agentOf(r.Context()), r.PathValue("request"), hub.SentenceOf(&why)))
}

// key announces another key of the connection.
func (g *Gate) key(w http.ResponseWriter, r *http.Request) error {
	var next connect.NewKey
	if err := body(r, &next); err != nil {
		return err
	}
	hubAddress, err := address(r)
	if err != nil {
		return err
	}
	return nothing(w, g.hub.RotateConnectKey(r.Context(), agentOf(r.Context()), next.Proof, hubAddress))
}

// end disables Connect from the agent's side.
func (g *Gate) end(w http.ResponseWriter, r *http.Request) error {
	return nothing(w, g.hub.LeaveConnect(r.Context(), agentOf(r.Context())))
}
