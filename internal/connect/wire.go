package connect

import (
	"encoding/json"
	"time"
)

// Prefix is where a hub answers agents.
const Prefix = "/connect/v1"

// Paths below [Prefix].
const (
	PathAuthorize  = Prefix + "/device_authorization" // POST, RFC 8628 3.1
	PathToken      = Prefix + "/token"                // POST, RFC 6749 3.2
	PathUsage      = Prefix + "/usage"                // POST a usage file; GET below it, with the upload's id
	PathRecord     = Prefix + "/record"               // PUT
	PathRequests   = Prefix + "/requests"             // GET; POST below it, with the request's id
	PathKey        = Prefix + "/key"                  // POST
	PathConnection = Prefix + "/connection"           // DELETE
)

// PathEnter is the page of the hub where an owner types the code.
const PathEnter = "/connect"

// Grant types, as the form field grant_type has them.
const (
	GrantDevice    = "urn:ietf:params:oauth:grant-type:device_code" // RFC 8628 3.4
	GrantAssertion = "urn:ietf:params:oauth:grant-type:jwt-bearer"  // RFC 7523 2.1
)

// Headers of a usage file on its way.
const (
	HeaderRun     = "Oneseat-Run"     // the agent's name of the run
	HeaderRequest = "Oneseat-Request" // the id of the request that it answers, if any
)

// How long things are good for.
const (
	PairingLife   = 15 * time.Minute
	TokenLife     = time.Hour
	StatementLife = 10 * time.Minute // at most
	AssertionLife = 5 * time.Minute  // at most
	// KeyOverlap is how long the key before is taken beside a new one that was
	// not used yet.
	KeyOverlap = 24 * time.Hour
	// PollEvery is how often an agent asks whether it was approved, and
	// RequestsEvery whether somebody pressed Sync now on the hub.
	PollEvery     = 5 * time.Second
	RequestsEvery = time.Minute
	// RecordEvery is how often the connection record is refreshed when nothing
	// changed.
	RecordEvery = 7 * 24 * time.Hour
)

// Pairing is the answer of the device authorization endpoint, RFC 8628 3.2.
type Pairing struct {
	DeviceCode              string `json:"device_code"`
	UserCode                string `json:"user_code"`
	VerificationURI         string `json:"verification_uri"`
	VerificationURIComplete string `json:"verification_uri_complete,omitempty"`
	ExpiresIn               int    `json:"expires_in"` // seconds
	Interval                int    `json:"interval"`   // seconds
}

// Grant is a token, RFC 6749 5.1, and what belongs to it.
type Grant struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type"` // Bearer
	ExpiresIn   int    `json:"expires_in"` // seconds
	// Connection is the hub's name of the connection.
	Connection string `json:"connection"`
	// Lease is what the next assertion presents, see [Assertion.Lease].
	Lease      string     `json:"lease"`
	Enterprise Enterprise `json:"enterprise"`
	// Enrolment is the enrolment file in force, as internal/enrolment has it,
	// after pairing and when the agent's is older; absent otherwise.
	Enrolment json.RawMessage `json:"enrolment,omitempty"`
}

// Enterprise is whom an agent is connected to.
type Enterprise struct {
	Slug string `json:"slug"`
	Name string `json:"name"`
}

// State is what became of a usage file.
type State string

// The states. The first can still change.
const (
	Checking   State = "checking"
	Applied    State = "applied"
	Held       State = "held" // an owner of the enterprise decides
	Refused    State = "refused"
	Superseded State = "superseded" // a newer one came first
	Discarded  State = "discarded"  // an owner dropped it
)

// Final says that nothing but a person can change the state.
func (s State) Final() bool { return s != Checking }

// Receipt is what a hub says of a usage file it has.
type Receipt struct {
	Upload     string    `json:"upload"`
	State      State     `json:"state"`
	Sequence   int64     `json:"sequence"`
	Digest     string    `json:"digest"`
	ReceivedAt time.Time `json:"received_at"`
	// Refusal says why it was refused, or what an owner has to decide; nil
	// otherwise.
	Refusal *Sentence `json:"refusal,omitempty"`
}

// Sentence is one of a catalogue, by its key and values, and in English for
// readers whose catalogue does not have it. It holds no whole address.
type Sentence struct {
	Code   string         `json:"code"`
	Args   map[string]any `json:"args,omitempty"`
	Detail string         `json:"detail"`
}

// Record is the connection record: what an agent tells of itself when it is
// connected, when something of it changes, and weekly (the twelve items of
// GitHub's documentation, "About GitHub Connect"; the token is known anyway). A
// nil field is not known to the agent.
type Record struct {
	ServerID string `json:"server_id"`
	// Enterprise is the slug of the one it is connected to.
	Enterprise string `json:"enterprise"`
	HostName   string `json:"host_name"`
	Version    string `json:"version"`
	HTTPOnly   bool   `json:"http_only"`
	// PublicKey is the fingerprint of the key that signs usage files; License is
	// "sha256:" and the hash of the server's license file.
	PublicKey    string    `json:"public_key"`
	License      *string   `json:"license"`
	CustomerName *string   `json:"customer_name"`
	Features     []Feature `json:"features"`
	// DormancyThreshold is in days.
	DormancyThreshold *int64 `json:"dormancy_threshold_days"`
	DormantUsers      *int64 `json:"dormant_users"`
	// ConsumedLicenses are the users of the instance who are not suspended.
	ConsumedLicenses *int64     `json:"consumed_licenses"`
	SourceAt         *time.Time `json:"source_at"`

	Sync SyncRecord `json:"sync"`
	// Agent is the version of OneSeat that runs there.
	Agent string `json:"agent"`
}

// Feature is something that is switched on, and since when.
type Feature struct {
	Name      string    `json:"name"`
	EnabledAt time.Time `json:"enabled_at"`
}

// FeatureSync is the name of license sync among the features.
const FeatureSync = "license_usage_sync"

// SyncRecord is how an agent syncs.
type SyncRecord struct {
	Enabled bool `json:"enabled"`
	// Every is "hourly", "daily", "weekly" or "monthly"; OnChange, that it
	// also syncs when something changed.
	Every    string `json:"every,omitempty"`
	OnChange bool   `json:"on_change"`
	// AsksForRequests says that Sync now may be pressed on the hub.
	AsksForRequests bool       `json:"asks_for_requests"`
	NextRunAt       *time.Time `json:"next_run_at"`
	// Failure is why the last run failed; nil when it did not.
	Failure   *Sentence  `json:"failure"`
	FailureAt *time.Time `json:"failure_at"`
}

// Requests are the wishes that the hub has for an agent.
type Requests struct {
	Requests []Request `json:"requests"`
}

// Request is that somebody pressed Sync now on the hub.
type Request struct {
	ID          string    `json:"id"`
	RequestedAt time.Time `json:"requested_at"`
}

// NewKey announces another key of the connection.
type NewKey struct {
	// Proof is a [KeyProof], signed with the new key.
	Proof string `json:"proof"`
}

// Refusal is how a hub refuses: the members of RFC 6749 5.2 on the calls of
// OAuth, those of RFC 9457 on the others, and everywhere what names the sentence.
type Refusal struct {
	Error       string `json:"error,omitempty"`
	Description string `json:"error_description,omitempty"`
	Detail      string `json:"detail,omitempty"`

	Code string         `json:"code,omitempty"`
	Args map[string]any `json:"args,omitempty"`
}

// Errors of OAuth, in [Refusal.Error]: RFC 6749 5.2 and RFC 8628 3.5.
const (
	OAuthPending     = "authorization_pending"
	OAuthSlowDown    = "slow_down"
	OAuthDenied      = "access_denied"
	OAuthExpired     = "expired_token"
	OAuthInvalid     = "invalid_request"
	OAuthGrant       = "invalid_grant"
	OAuthUnsupported = "unsupported_grant_type"
	OAuthClient      = "invalid_client"
)
