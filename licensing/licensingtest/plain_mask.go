package licensingtest

import (
	"fmt"

	"github.com/oneseat/oneseat/licensing"
)

// ID is the whole text with the kind in front, as [licensing.Anchor] has it.
func (a PlainAnchor) ID() string { return a.prefix() + a.Text.Address() }

// String is ID with an address masked.
func (a PlainAnchor) String() string {
	if a.Kind == licensing.AnchorAddress || a.Kind == licensing.AnchorException {
		return a.prefix() + a.Text.String()
	}
	return a.ID()
}

func (a PlainAnchor) prefix() string {
	switch a.Kind {
	case licensing.AnchorCloud:
		return "cloud:"
	case licensing.AnchorAddress:
		return "address:"
	case licensing.AnchorHostID:
		return "account:"
	case licensing.AnchorException:
		return "exception:"
	case licensing.AnchorSubscription:
		return "subscription:"
	case licensing.AnchorInvitation:
		return "invitation:"
	default:
		return ""
	}
}

// String is one line of a person, masked.
func (p *PlainPerson) String() string {
	return fmt.Sprintf("%s consumes=%t license=%q servers=%v invitations=%d subscriptions=%d rows=%v beside=%q",
		p.Anchor, p.Consumes, p.License, p.Servers, len(p.Invitations), len(p.Subscriptions), p.Rows, p.Beside)
}

// String is HOST:ID and the reason, masked.
func (a PlainAccount) String() string { return fmt.Sprintf("%s(%s)", a.HostID, a.Reason) }

// String is the reason, masked.
func (r PlainReason) String() string {
	return fmt.Sprintf("%s value=%s attribute=%q tie=%t report=%t", r.Rule, r.Value, r.Attribute, r.Tie, r.FromReport)
}

// String is the conflict, masked.
func (c PlainConflict) String() string {
	return fmt.Sprintf("%s in %q: %v", c.Value, c.Attribute, c.Candidates)
}

// identity is the conflict with its value whole.
func (c PlainConflict) identity() string {
	return fmt.Sprintf("%s in %q: %v", c.Value.Address(), c.Attribute, c.Candidates)
}
