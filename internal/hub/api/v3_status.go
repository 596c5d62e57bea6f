package api

import (
	"bytes"
	"encoding/json"
	"net/http"
	"time"

	"github.com/oneseat/oneseat/internal/hub"
)

// The answer of license-sync-status. Every leaf is a string, never null: what is
// not known is empty.
type (
	syncStatus struct {
		Instances []instanceStatus `json:"server_instances"`
	}
	instanceStatus struct {
		ServerID string   `json:"server_id"`
		HostName string   `json:"hostname"`
		LastSync lastSync `json:"last_sync"`
	}
	lastSync struct {
		Date   string `json:"date"`   // RFC 3339, UTC, to the second
		Status string `json:"status"` // pending, success or failure
		Error  string `json:"error"`  // a sentence, empty unless it is a failure
	}
)

// licenseSyncStatus answers GET /enterprises/{enterprise}/license-sync-status:
// the server instances by host name, each with what came from it last, whether
// somebody carried it or an agent sent it. An instance of which nothing ever
// counted is here when its agent is connected: a name that somebody mistyped
// stands nowhere.
func (a *API) licenseSyncStatus(w http.ResponseWriter, r *http.Request) error {
	now, err := a.hub.Overview(r.Context(), askerOf(r.Context()).About.Number)
	if err != nil {
		return err
	}
	answer := syncStatus{Instances: make([]instanceStatus, 0, len(now.Instances))}
	for i := range now.Instances {
		in := &now.Instances[i]
		if in.Snapshot == nil && !in.Connected() {
			continue
		}
		answer.Instances = append(answer.Instances, instanceStatus{in.ServerID, in.HostName, a.lastSync(in.Last)})
	}
	var body bytes.Buffer
	out := json.NewEncoder(&body)
	out.SetEscapeHTML(false)
	if err := out.Encode(&answer); err != nil {
		return err
	}
	return answerGitHub(w, r, body.Bytes())
}

func (a *API) lastSync(e *hub.Event) lastSync {
	if e == nil {
		return lastSync{}
	}
	last := lastSync{Date: e.At.UTC().Format(time.RFC3339), Status: string(e.Status)}
	if e.Error != nil {
		last.Error = a.sentence(e.Error.Key, e.Error.Args)
	}
	return last
}
