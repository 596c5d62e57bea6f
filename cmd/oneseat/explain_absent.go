package main

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"github.com/oneseat/oneseat/internal/source"
	"github.com/oneseat/oneseat/licensing"
)

// absent says of what answers to a question and stands in the files why it
// consumes nothing: invitations that are not open any more, and accounts that
// were left out when they were read. A usage file holds none of those.
func (c *matchCommand) absent(ctx context.Context, s *session, out *counted, q question) ([]string, error) {
	sentences := s.closedInvitations(out, q)
	for _, f := range c.servers {
		if f.header != nil || q.id.Host != "" && q.id.Host != licensing.NormalHost(f.host) {
			continue
		}
		left, err := c.leftOut(ctx, s, f, q)
		if err != nil {
			return nil, err
		}
		sentences = append(sentences, left...)
	}
	return sentences[:min(len(sentences), maxNames)], nil
}

// closedInvitations are those to an address that no person of the result has:
// an open one would be somebody's.
func (s *session) closedInvitations(out *counted, q question) []string {
	var sentences []string
	for i := range out.side.Invitations {
		inv := &out.side.Invitations[i]
		key, ok := inv.Email.Key()
		if !ok || !q.isKey || key != q.Key || out.isOpen(inv) {
			continue
		}
		because := "explain.invitation_expired"
		if inv.Failed {
			because = "explain.invitation_failed"
		}
		text := s.T(because, "To", cmp.Or(inv.Repository, inv.Organization), "Date", s.date(inv.CreatedAt))
		sentences = append(sentences, s.T("explain.rule", "Text", text, "Rule", "C4"))
	}
	return sentences
}

// isOpen says that an invitation is somebody's in the result.
func (c *counted) isOpen(inv *licensing.Invitation) bool {
	for p := range c.result.All() {
		for i := range p.Invitations {
			if p.Invitations[i].Row < 0 && p.Invitations[i].Invitation == *inv {
				return true
			}
		}
	}
	return false
}

// leftOut looks through a CSV for accounts that are asked for and do not count.
func (c *matchCommand) leftOut(ctx context.Context, s *session, f *serverFile, q question) (sentences []string, err error) {
	options := c.serverOptions()
	options.LeftOut = func(a source.LeftOut) {
		if q.is(a) && len(sentences) < maxNames {
			text := s.T("explain.left_out."+a.Cause, "Account", licensing.NormalHost(f.host)+":"+a.UserID)
			sentences = append(sentences, s.T("explain.rule", "Text", text, "Rule", "C3"))
		}
	}
	in, err := source.OpenServer(f.file, options)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	var summary source.ServerSummary
	for _, err := range in.Shards(&summary) {
		if err = errors.Join(err, ctx.Err()); err != nil {
			return nil, err
		}
	}
	return sentences, nil
}

// is says that a question asks for an account that was left out.
func (q question) is(a source.LeftOut) bool {
	switch {
	case q.isKey:
		key, ok := a.Email.Key()
		return ok && key == q.Key
	case q.id.Host != "":
		return a.UserID == q.id.ID
	default:
		return a.Login != "" && strings.EqualFold(a.Login, q.text)
	}
}
