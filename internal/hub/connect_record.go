package hub

import (
	"context"
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/licensing"
)

// Bounds of a connection record.
const (
	maxFeatures  = 64
	maxRecorded  = 255     // characters of a text
	maxSentence  = 16      // values of a sentence
	maxRecording = 1 << 30 // of a number
)

// PutRecord keeps what an agent tells of itself, in the place of what it told
// before. Invalid when it is of another instance or beyond any bound.
func (s *Service) PutRecord(ctx context.Context, c *Connection, r *connect.Record) error {
	if err := checkRecord(r); err != nil {
		return err
	}
	r.Sync.Failure = masked(r.Sync.Failure)
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return s.store.For(c.Enterprise).InTx(ctx, func(tx *store.Tx) error {
		if _, err := s.standing(ctx, tx, c.ID); err != nil {
			return err
		}
		src, err := tx.Source(ctx, c.Source)
		if err != nil {
			return err
		}
		if src.ServerID != r.ServerID {
			return errs.New(errs.Invalid, "hub.other_instance", "Host", oneLine(r.HostName))
		}
		return tx.SetRecord(ctx, c.ID, string(text), s.now())
	})
}

// RecordOf is what an agent told of itself last; nil: nothing yet.
func RecordOf(c *Connection) (*connect.Record, error) {
	if c == nil || c.Record == "" {
		return nil, nil //nolint:nilnil // no record is an answer here
	}
	r := &connect.Record{}
	if err := json.Unmarshal([]byte(c.Record), r); err != nil {
		return nil, fmt.Errorf("record of connection %s: %w", c.ID, err)
	}
	return r, nil
}

// checkRecord makes a record what is kept, or refuses it.
func checkRecord(r *connect.Record) error {
	texts := []*string{&r.ServerID, &r.Enterprise, &r.HostName, &r.Version, &r.PublicKey, r.License, r.CustomerName, &r.Sync.Every, &r.Agent}
	for i := range r.Features {
		texts = append(texts, &r.Features[i].Name)
	}
	if len(r.Features) > maxFeatures {
		return errs.New(errs.Invalid, "hub.bad_record")
	}
	for _, text := range texts {
		if text == nil {
			continue
		}
		if *text = oneLine(*text); utf8.RuneCountInString(*text) > maxRecorded {
			return errs.New(errs.Invalid, "hub.bad_record")
		}
	}
	for _, n := range []*int64{r.DormancyThreshold, r.DormantUsers, r.ConsumedLicenses} {
		if n != nil && (*n < 0 || *n > maxRecording) {
			return errs.New(errs.Invalid, "hub.bad_record")
		}
	}
	return nil
}

// masked is a sentence of an agent's as it is kept: short, and without whatever
// looks like an address.
func masked(s *connect.Sentence) *connect.Sentence {
	if s == nil {
		return nil
	}
	out := &connect.Sentence{Code: shortened(s.Code), Args: map[string]any{}, Detail: shortened(s.Detail)}
	for name, value := range s.Args {
		if len(out.Args) == maxSentence {
			break
		}
		switch v := value.(type) {
		case string:
			out.Args[shortened(name)] = shortened(v)
		case float64, bool:
			out.Args[shortened(name)] = v
		}
	}
	return out
}

func shortened(text string) string {
	text = licensing.MaskText(oneLine(text))
	if runes := []rune(text); len(runes) > 2*maxRecorded {
		text = string(runes[:2*maxRecorded])
	}
	return text
}

// SentenceOf is what an agent says of a failure, as the hub keeps refusals.
func SentenceOf(s *connect.Sentence) Refusal {
	s = masked(s)
	if s == nil || s.Code == "" {
		return Refusal{Key: "hub.agent_failed", Args: map[string]any{}}
	}
	return Refusal{Key: s.Code, Args: s.Args}
}
