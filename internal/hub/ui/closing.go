package ui

import (
	"github.com/a-h/templ"

	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/licensing"
)

// closing is what the preview of removing an instance says of the people whom it
// alone accounts for: they are those of its page, and where the total falls by
// another number it says why.
type closing struct {
	Text string
	// Path leads to the people; empty: there is nobody.
	Path templ.SafeURL
	// Differs says by how much the total changes, where that is not so many, and
	// Why is why; empty: it is.
	Differs string
	Why     []string
}

// Closing is that of the upload; nil: it removes nothing that was counted.
func (p *uploadPage) Closing() *closing {
	if p.Kind != hub.UploadRemoval || p.Preview == nil {
		return nil
	}
	host := p.Header.HostName
	part := partOf(p.Current, host)
	if part == nil {
		return nil
	}
	c := &closing{Path: p.who("only", host)}
	switch change := p.Preview.Difference.Licenses; {
	case change != -part.OnlyHere:
		c.Text = p.T("ui.closing.only", "Host", host, "Count", part.OnlyHere)
		c.Differs, c.Why = p.T("ui.closing.differs", "Signed", p.Signed(change)), p.closingDiffers(host)
	case part.OnlyHere == 0:
		c.Text = p.T("ui.closing.nobody", "Host", host)
	default:
		c.Text = p.T("ui.closing.same", "Host", host, "Count", part.OnlyHere)
	}
	if part.OnlyHere == 0 {
		c.Path = ""
	}
	return c
}

// closingDiffers says why other licenses fall away than those of the people whom
// the instance alone accounts for.
func (p *uploadPage) closingDiffers(host string) []string {
	var why []string
	if partOf(p.Preview, host) != nil {
		why = append(why, p.T("ui.closing.report", "Host", host))
	}
	if p.Preview.Policy.UnlinkedSubscribers == "consume" {
		why = append(why, p.T("ui.closing.subscriptions"))
	}
	if len(why) == 0 {
		why = append(why, p.T("ui.closing.since"))
	}
	return why
}

// partOf is the part of an instance in a result, known from GitHub's report
// alone or not; nil: it has none.
func partOf(r *hub.Result, host string) *licensing.InstanceStatement {
	if r == nil {
		return nil
	}
	for i := range r.Instances {
		if r.Instances[i].Host == licensing.NormalHost(host) {
			return &r.Instances[i]
		}
	}
	return nil
}
