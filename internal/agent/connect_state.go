package agent

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/errs"
)

// Connection is the pairing with a hub: the one in force, or the last one.
type Connection struct {
	State store.ConnectionState
	// Hub is the address of the hub.
	Hub string

	connectionDocument
}

// connectionDocument is what of a connection stands in one text.
type connectionDocument struct {
	// BegunBy asked for it, and WantSync says that license sync is to be enabled
	// as soon as an owner on the hub has approved it.
	BegunBy  string `json:"begun_by"`
	WantSync bool   `json:"want_sync,omitempty"`
	// Code is what that owner types, and nil once it is of no more use.
	Code *Code `json:"code,omitempty"`

	// ID is the hub's name of the connection. Since, EndedAt: when.
	ID         string             `json:"id,omitempty"`
	Enterprise connect.Enterprise `json:"enterprise,omitzero"`
	Since      time.Time          `json:"since,omitzero"`
	EndedAt    time.Time          `json:"ended_at,omitzero"`
	EndedBy    string             `json:"ended_by,omitempty"`
	// Ended says why it ended when nobody here ended it.
	Ended *Failure `json:"ended,omitempty"`
	// Lost says that license sync was enabled when the connection ended, and that
	// nobody here meant it to: until it is connected again, or an owner here
	// disables Connect, that is a worry.
	Lost bool `json:"lost,omitempty"`

	// Key is the fingerprint of the key it signs with; NewKey says that another
	// one is to be announced.
	Key    string `json:"key"`
	NewKey bool   `json:"new_key,omitempty"`
	// Lease and Attempt are those of the next assertion, see
	// [connect.Assertion]; TokenAt is when the last token was given.
	Lease   string    `json:"lease,omitempty"`
	Attempt string    `json:"attempt,omitempty"`
	TokenAt time.Time `json:"token_at,omitzero"`
	// Skew is how far the hub's clock is ahead.
	Skew time.Duration `json:"skew,omitempty"`
	// Refusal is why the hub gave no token the last time; nil when it did.
	Refusal *Failure `json:"refusal,omitempty"`

	Sync SyncSettings `json:"sync,omitzero"`
	// NextRunAt is when the schedule comes round next; zero without one.
	NextRunAt time.Time `json:"next_run_at,omitzero"`
	// Tried is the highest sequence of a snapshot that a run was about.
	Tried int64 `json:"tried,omitempty"`

	Record   Chore `json:"record,omitzero"`
	Requests Chore `json:"requests,omitzero"`
	Keys     Chore `json:"keys,omitzero"`
	// Told is a digest of the connection record that the hub has.
	Told string `json:"told,omitempty"`
}

// Code is what an owner types on the hub.
type Code struct {
	Device   string        `json:"device"` // for the agent alone
	User     string        `json:"user"`
	Page     string        `json:"page"`           // where to type it
	Direct   string        `json:"direct"`         // the same with the code filled in; may be empty
	Interval time.Duration `json:"interval"`       // between two questions
	AskAt    time.Time     `json:"ask_at"`         // when the hub is asked next
	LapsesAt time.Time     `json:"lapses_at"`      // when nobody can type it any more
	Away     *Failure      `json:"away,omitempty"` // why the hub could not be asked; nil when it could
}

// Chore is something that is told to the hub, or asked of it, again and again.
type Chore struct {
	At     time.Time `json:"at,omitzero"`      // when it is due
	DoneAt time.Time `json:"done_at,omitzero"` // when it last went well
	Failed int       `json:"failed,omitempty"` // how often it did not since
	Why    *Failure  `json:"why,omitempty"`    // why the last one did not; nil when it did
}

// Failure is why something did not go well, as it is kept.
type Failure struct {
	Sentence

	// Kind is that of [connect.Failure]; empty when the reason is here.
	Kind connect.Kind `json:"kind,omitempty"`
	// Detail is the hub's own sentence in English, for readers whose catalogue
	// has none for the key; it may be empty.
	Detail string    `json:"detail,omitempty"`
	At     time.Time `json:"at"`
}

// failureOf keeps an error; one without a sentence says that something went wrong.
func (s *Service) failureOf(err error) *Failure {
	if f := connect.FailureOf(err); f != nil {
		return &Failure{Sentence: Sentence{f.Key, f.Args}, Kind: f.Kind, Detail: f.Detail, At: s.now()}
	}
	if refusal := refusalOf(err); refusal != nil {
		return &Failure{Sentence: *refusal, At: s.now()}
	}
	return &Failure{Sentence: Sentence{Key: "agentsync.broken"}, At: s.now()}
}

// Connected says that the agent gets tokens.
func (c *Connection) Connected() bool { return c != nil && c.State == store.Connected }

// Pairing says that an owner on the hub has to decide.
func (c *Connection) Pairing() bool { return c != nil && c.State == store.Pairing }

// Syncs says that license sync is enabled.
func (c *Connection) Syncs() bool { return c.Connected() && c.Sync.Enabled() }

// Connection gives the one in force or the last one; nil when there never was
// any.
func (s *Service) Connection(ctx context.Context) (*Connection, error) {
	row, err := s.store.Connection(ctx)
	return connectionFrom(row, err)
}

func connectionFrom(row store.Connection, err error) (*Connection, error) {
	if errs.KindOf(err) == errs.NotFound {
		return nil, nil //nolint:nilnil // an agent without Connect is as good
	}
	if err != nil {
		return nil, err
	}
	c := &Connection{State: row.State, Hub: row.Hub}
	if err := unpack(row.Document, &c.connectionDocument); err != nil {
		return nil, fmt.Errorf("document of the connection: %w", err)
	}
	for _, f := range []*Failure{c.Ended, c.Refusal, c.Record.Why, c.Requests.Why, c.Keys.Why} {
		f.whole()
	}
	if c.Code != nil {
		c.Code.Away.whole()
	}
	return c, nil
}

// whole is Sentence.whole of what may be nil.
func (f *Failure) whole() {
	if f != nil {
		f.Sentence.whole()
	}
}

// unpack reads a document that this package wrote.
func unpack(text []byte, v any) error {
	if len(text) == 0 {
		return nil
	}
	in := json.NewDecoder(bytes.NewReader(text))
	in.UseNumber()
	return in.Decode(v)
}

// putConnection writes the connection.
func putConnection(ctx context.Context, tx *store.Tx, c *Connection) error {
	text, err := json.Marshal(&c.connectionDocument)
	if err != nil {
		return err
	}
	return tx.PutConnection(ctx, &store.Connection{State: c.State, Hub: c.Hub, Document: text})
}

// errMeanwhile is that somebody else changed what a turn goes by: it looks anew.
var errMeanwhile = errors.New("changed meanwhile")

// amend changes the connection as it is in the database, in one transaction, and
// gives what it is then. Another one than the caller knows, or one that is in
// another state, is left alone: Conflict.
func (s *Service) amend(ctx context.Context, known *Connection, change func(tx *store.Tx, c *Connection) error) (*Connection, error) {
	var c *Connection
	err := s.store.InTx(ctx, func(tx *store.Tx) (err error) {
		if c, err = connectionFrom(tx.Connection(ctx)); err != nil {
			return err
		}
		if c == nil || c.State != known.State || c.Key != known.Key || c.ID != known.ID {
			return errs.Wrap(errs.Conflict, errMeanwhile, "agentconnect.changed")
		}
		if err := change(tx, c); err != nil {
			return err
		}
		return putConnection(ctx, tx, c)
	})
	return c, err
}
