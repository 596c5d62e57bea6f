package ui

import (
	"time"

	"github.com/oneseat/oneseat/internal/agent"
	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/recordpage"
)

// record is the connection record, item by item.
func (p *connectPage) record() []recordpage.Item {
	var given time.Time
	if c := p.Sync.Connection; c.Connected() {
		given = c.TokenAt
	}
	return recordpage.Items(&p.Reader, p.Record, recordpage.Side{
		TokenAt: given, Remedies: true,
		Failure: func(s *connect.Sentence) string {
			return p.failure(&agent.Failure{Sentence: agent.Sentence{Key: s.Code, Args: s.Args}, Detail: s.Detail})
		},
	})
}

// recordRefusal is why the hub was not told the record; nil when nothing is wrong.
func (p *connectPage) recordRefusal() *agent.Failure {
	if c := p.Sync.Connection; c.Connected() {
		return c.Record.Why
	}
	return nil
}
