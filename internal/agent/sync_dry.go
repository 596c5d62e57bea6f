package agent

import (
	"context"
	"encoding/json"
)

// DryRun is exactly what a run would send now, and what it would not.
type DryRun struct {
	*Leaving

	// Bytes of the usage file; 0 when none can be made.
	Bytes int64
	// Hub is where it would go, empty when the agent is not connected. Record is
	// the connection record that goes beside it, as JSON; before a connection, what
	// a hub would be told as soon as there is one.
	Hub    string
	Record []byte
}

// DryRun makes everything that a run would send, and sends nothing. NotFound
// before the first snapshot.
func (s *Service) DryRun(ctx context.Context) (*DryRun, error) {
	leaving, err := s.Leaving(ctx, 0, "")
	if err != nil {
		return nil, err
	}
	out := &DryRun{Leaving: leaving}
	if leaving.Blocked == nil {
		e, _, err := s.export(ctx, ExportRequest{})
		if err != nil {
			return nil, err
		}
		out.Bytes, out.Header = e.Receipt.Bytes, e.Receipt.Header
		if err := e.Close(); err != nil {
			return nil, err
		}
	}
	c, err := s.Connection(ctx)
	if err != nil {
		return nil, err
	}
	if c.Connected() {
		out.Hub = c.Hub
	}
	record, err := s.ConnectionRecord(ctx)
	if err != nil {
		return nil, err
	}
	out.Record, err = json.MarshalIndent(record, "", "  ")
	return out, err
}
