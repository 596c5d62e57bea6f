package ui

import (
	"github.com/oneseat/oneseat/internal/agent"
	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/recordpage"
)

// record is the connection record, item by item.
func (p *connectPage) record() []recordpage.Item {
	return recordpage.Items(&p.Reader, p.Record, recordpage.Side{
		TokenAt: p.Sync.Connection.TokenAt, Remedies: true,
		Failure: func(s *connect.Sentence) string {
			return p.failure(&agent.Failure{Sentence: agent.Sentence{Key: s.Code, Args: s.Args}, Detail: s.Detail})
		},
	})
}
