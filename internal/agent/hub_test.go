package agent_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/usagefile"
)

// hub speaks the protocol of OneSeat Connect in memory, and decides what the test
// tells it to. It verifies with the functions that the hub itself uses.
type hub struct {
	t     *testing.T
	mutex sync.Mutex

	address   string
	skew      time.Duration                            // of its clock
	away      bool                                     // nobody answers
	fault     func(*http.Request) *http.Response       // answers instead, unless nil
	after     func(*http.Request, *http.Response) bool // true: the answer is lost
	approved  bool
	denied    bool
	enrolment string // the enrolment file that comes with a grant

	statement  *connect.Statement
	device     string
	connection string
	lease      string
	attempt    string
	tokens     map[string]bool
	keys       map[string]ed25519.PublicKey
	seen       map[string]bool // ids of assertions

	state    connect.State // of what arrives
	requests []connect.Request
	uploads  []arrival
	records  []connect.Record
	mints    []time.Time
	answers  []connect.Sentence
	polls    int
	ended    bool
}

// arrival is a usage file that the hub took.
type arrival struct {
	at       time.Time
	sequence int64
	digest   string
	run      string
	request  string
	header   usagefile.Header
}

func newHub(t *testing.T) *hub {
	t.Helper()
	return &hub{
		t: t, address: "https://hub.acme.example", tokens: map[string]bool{}, keys: map[string]ed25519.PublicKey{}, seen: map[string]bool{},
		state: connect.Applied,
	}
}

func (h *hub) now() time.Time { return time.Now().Add(h.skew) }

// RoundTrip implements http.RoundTripper.
func (h *hub) RoundTrip(r *http.Request) (*http.Response, error) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if h.away {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	}
	if h.fault != nil {
		if answer := h.fault(r); answer != nil {
			answer.Header.Set("Date", h.now().UTC().Format(http.TimeFormat))
			return answer, nil
		}
	}
	w := httptest.NewRecorder()
	w.Header().Set("Date", h.now().UTC().Format(http.TimeFormat))
	h.serve(w, r)
	answer := w.Result()
	if h.after != nil && h.after(r, answer) {
		return nil, io.ErrUnexpectedEOF
	}
	return answer, nil
}

func (h *hub) serve(w http.ResponseWriter, r *http.Request) {
	switch path := r.URL.Path; {
	case path == connect.PathAuthorize:
		h.authorize(w, r)
	case path == connect.PathToken:
		h.token(w, r)
	case !h.tokens[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")]:
		refuse(w, http.StatusUnauthorized, "connect.token_ended")
	case path == connect.PathUsage:
		h.take(w, r)
	case strings.HasPrefix(path, connect.PathUsage+"/"):
		h.polls++
		last := h.uploads[len(h.uploads)-1]
		reply(w, connect.Receipt{Upload: strings.TrimPrefix(path, connect.PathUsage+"/"), State: h.state, Sequence: last.sequence, Digest: last.digest})
	case path == connect.PathRecord:
		var record connect.Record
		h.must(json.NewDecoder(r.Body).Decode(&record))
		h.records = append(h.records, record)
		w.WriteHeader(http.StatusNoContent)
	case path == connect.PathRequests:
		reply(w, connect.Requests{Requests: h.requests})
	case strings.HasPrefix(path, connect.PathRequests+"/"):
		var s connect.Sentence
		h.must(json.NewDecoder(r.Body).Decode(&s))
		h.answers, h.requests = append(h.answers, s), nil
		w.WriteHeader(http.StatusNoContent)
	case path == connect.PathKey:
		h.rotate(w, r)
	case path == connect.PathConnection && r.Method == http.MethodDelete:
		h.ended = true
		clear(h.tokens)
		w.WriteHeader(http.StatusNoContent)
	default:
		h.t.Errorf("somebody asks for %s", path)
	}
}

func (h *hub) must(err error) {
	if err != nil {
		h.t.Error(err)
	}
}

func form(r *http.Request) url.Values {
	text, _ := io.ReadAll(r.Body)
	values, _ := url.ParseQuery(string(text))
	return values
}

func (h *hub) authorize(w http.ResponseWriter, r *http.Request) {
	s, err := connect.ReadStatement(form(r).Get("statement"), h.address, h.now())
	if err != nil {
		refuseFor(w, err)
		return
	}
	h.statement, h.device = s, rand.Text()
	reply(w, connect.Pairing{
		DeviceCode: h.device, UserCode: "BCDF-GHJK", VerificationURI: h.address + "/connect", VerificationURIComplete: h.address + "/connect?code=BCDF-GHJK",
		ExpiresIn: 900, Interval: 5,
	})
}

func (h *hub) token(w http.ResponseWriter, r *http.Request) {
	values := form(r)
	if values.Get("grant_type") == connect.GrantDevice {
		h.approve(w, values.Get("device_code"))
		return
	}
	a, err := connect.ReadAssertion(values.Get("assertion"), h.address, h.now(), func(connection, key string) (ed25519.PublicKey, error) {
		if connection != h.connection || h.keys[key] == nil {
			return nil, errs.New(errs.Unauthenticated, "connect.unknown")
		}
		return h.keys[key], nil
	})
	switch {
	case err != nil:
		refuseFor(w, err)
	case h.ended:
		refuse(w, http.StatusBadRequest, "connect.revoked")
	case h.seen[a.ID]:
		refuse(w, http.StatusBadRequest, "connect.replayed")
	case a.Attempt != h.attempt && a.Lease != h.lease:
		refuse(w, http.StatusBadRequest, "connect.second_machine")
	default:
		h.seen[a.ID] = true
		maps.DeleteFunc(h.keys, func(id string, _ ed25519.PublicKey) bool { return id != a.Key })
		if a.Attempt != h.attempt {
			h.attempt, h.lease = a.Attempt, rand.Text()
		}
		h.mints = append(h.mints, time.Now())
		h.grant(w, a.Enrolment)
	}
}

func (h *hub) approve(w http.ResponseWriter, device string) {
	switch {
	case device != h.device:
		h.oauth(w, connect.OAuthGrant)
	case h.denied:
		h.oauth(w, connect.OAuthDenied)
	case !h.approved:
		h.oauth(w, connect.OAuthPending)
	default:
		h.connection, h.lease, h.ended = rand.Text(), rand.Text(), false
		h.keys = map[string]ed25519.PublicKey{connect.KeyID(h.statement.ConnectionKey): h.statement.ConnectionKey}
		h.grant(w, time.Time{})
	}
}

func (h *hub) grant(w http.ResponseWriter, has time.Time) {
	token := "osc_" + rand.Text()
	h.tokens[token] = true
	g := connect.Grant{
		AccessToken: token, TokenType: "Bearer", ExpiresIn: 3600, Connection: h.connection, Lease: h.lease,
		Enterprise: connect.Enterprise{Slug: "acme", Name: "Acme"},
	}
	if has.IsZero() {
		g.Enrolment = json.RawMessage(h.enrolment)
	}
	reply(w, g)
}

func (h *hub) take(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(r.Body)
	h.must(err)
	f, err := usagefile.Open(bytes.NewReader(text), usagefile.Options{})
	if err != nil {
		refuseFor(w, err)
		return
	}
	head := f.Header()
	a := arrival{time.Now(), head.Snapshot.Sequence, head.Snapshot.Digest.String(), r.Header.Get(connect.HeaderRun), r.Header.Get(connect.HeaderRequest), head}
	for _, request := range h.requests {
		if request.ID == a.request {
			h.requests = nil
		}
	}
	h.uploads = append(h.uploads, a)
	receipt := connect.Receipt{Upload: "7", State: h.state, Sequence: a.sequence, Digest: a.digest, ReceivedAt: h.now()}
	if h.state == connect.Refused {
		receipt.Refusal = &connect.Sentence{Code: "hub.something_new", Detail: "Something that this agent has no words for."}
	}
	reply(w, receipt)
}

func (h *hub) rotate(w http.ResponseWriter, r *http.Request) {
	var k connect.NewKey
	h.must(json.NewDecoder(r.Body).Decode(&k))
	proof, err := connect.ReadKeyProof(k.Proof, h.address, h.now())
	if err != nil || h.keys[proof.Old] == nil || proof.Connection != h.connection {
		refuseFor(w, errors.Join(err, errs.New(errs.Invalid, "connect.bad_statement")))
		return
	}
	h.keys[connect.KeyID(proof.New)] = proof.New
	w.WriteHeader(http.StatusNoContent)
}

func (h *hub) oauth(w http.ResponseWriter, code string) {
	w.WriteHeader(http.StatusBadRequest)
	h.must(json.NewEncoder(w).Encode(connect.Refusal{Error: code}))
}

func reply(w http.ResponseWriter, v any) { json.NewEncoder(w).Encode(v) } //nolint:errcheck,errchkjson // in memory

func refuse(w http.ResponseWriter, status int, code string) {
	w.WriteHeader(status)
	reply(w, connect.Refusal{Error: "invalid_grant", Code: code, Args: map[string]any{"Date": "2026-11-20"}, Description: "The hub says no."})
}

func refuseFor(w http.ResponseWriter, err error) {
	refuse(w, http.StatusBadRequest, keyOf(err))
}
