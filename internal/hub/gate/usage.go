package gate

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"

	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/i18n"
	"github.com/oneseat/oneseat/internal/spool"
	"github.com/oneseat/oneseat/internal/web"
)

// share is the part of the largest file that an agent's has at most.
const share = 8

// When an agent comes again that was turned away: soon, and not all at once.
const (
	soonest   = 15 // seconds
	latest    = 60
	afterHand = 60 * 60 // while a person decides
)

// usage takes in a usage file. Once all of it is here, the hub takes it in
// whether or not the agent waits for the answer; one that did not hear it sends
// the same again, and is told.
func (g *Gate) usage(w http.ResponseWriter, r *http.Request) error {
	c := agentOf(r.Context())
	stay, err := g.spool.Enter(spool.Guest{Name: c.ID, Enterprise: c.Enterprise, Most: g.spool.Most() / share})
	if err != nil {
		return whenToComeAgain(err)
	}
	defer stay.Leave()
	file, err := stay.Take(r.Body)
	if err == nil {
		err = stay.Turn(r.Context())
	}
	if err != nil {
		return whenToComeAgain(err)
	}
	if c, err = g.hub.AuthenticateAgent(r.Context(), bearer(r)); err != nil { // it may have been long on its way
		return err
	}
	sync := hub.Sync{Run: r.Header.Get(connect.HeaderRun), Request: r.Header.Get(connect.HeaderRequest), Content: spool.ContentOf(file)}
	upload, again, err := g.hub.ReceiveSync(context.WithoutCancel(r.Context()), c, file, sync)
	if err != nil {
		return whenToComeAgain(err)
	}
	status := http.StatusCreated
	if again {
		status = http.StatusOK
	}
	return g.show(w, r, status, c, upload)
}

// whenToComeAgain adds it to a refusal that time mends.
func whenToComeAgain(err error) error {
	switch {
	case errs.KindOf(err) == errs.Unavailable:
		return later(err, soonest+rand.IntN(latest-soonest+1)) //nolint:gosec // a spread, no secret
	case keyOf(err) == "connect.busy_by_hand":
		return later(err, afterHand)
	default:
		return err
	}
}

// keyOf names the sentence of a refusal.
func keyOf(err error) string {
	named, ok := errors.AsType[i18n.Message](err)
	if !ok {
		return ""
	}
	key, _ := named.Message()
	return key
}

func later(err error, seconds int) error {
	return web.WithHeader(err, "Retry-After", strconv.Itoa(seconds))
}

// receipt says what became of a usage file.
func (g *Gate) receipt(w http.ResponseWriter, r *http.Request) error {
	c := agentOf(r.Context())
	d, err := g.hub.Delivered(r.Context(), c, r.PathValue("upload"))
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, g.receiptOf(d))
}

func (g *Gate) show(w http.ResponseWriter, r *http.Request, status int, c *hub.Connection, u *hub.Upload) error {
	d, err := g.hub.DeliveredAs(r.Context(), c, u)
	if err != nil {
		return err
	}
	return writeJSON(w, status, g.receiptOf(d))
}

func (g *Gate) receiptOf(d *hub.Delivered) connect.Receipt {
	out := connect.Receipt{
		Upload: d.ID, State: stateOf(d.Upload), Sequence: d.Header.Sequence, Digest: d.Header.Digest, ReceivedAt: d.CreatedAt,
		Refusal: g.sentence(d.Refusal),
	}
	if out.State == connect.Held {
		out.Refusal = g.sentence(&hub.Refusal{Key: "hub.sync_held", Args: map[string]any{}})
	}
	return out
}

// stateOf is an upload's state in the words of the wire.
func stateOf(u *hub.Upload) connect.State {
	switch u.State {
	case hub.UploadApplied:
		return connect.Applied
	case hub.UploadRefused:
		return connect.Refused
	case hub.UploadSuperseded:
		return connect.Superseded
	case hub.UploadDiscarded:
		return connect.Discarded
	case hub.UploadHeld, hub.UploadInPreview:
		if u.PreviewResult != 0 {
			return connect.Held
		}
		return connect.Checking
	default:
		return connect.Checking
	}
}
