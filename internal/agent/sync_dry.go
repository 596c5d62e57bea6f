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
	// Hub is where it would go, and Record the connection record that goes beside
	// it, as JSON; both are empty when the agent is not connected.
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
	if err != nil || !c.Connected() {
		return out, err
	}
	record, err := s.connectionRecord(ctx, c)
	if err != nil {
		return nil, err
	}
	out.Hub = c.Hub
	out.Record, err = json.MarshalIndent(record, "", "  ")
	return out, err
}
