package licensing_test

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/licensing/licensingtest"
)

// reveal prints invented addresses whole where a test would mask them.
var reveal = flag.Bool("reveal", false, "print the addresses of a failing random enterprise whole")

// count runs the engine over an enterprise, in shards of so many accounts.
func count(side *licensing.CloudSide, policy licensing.Policy, instances []licensingtest.Instance, shard int) (*licensing.Result, error) {
	index, err := licensing.NewIndex(side, policy)
	if err != nil {
		return nil, err
	}
	c := licensing.NewCount(index)
	for _, instance := range instances {
		number, err := c.AddInstance(instance.Host)
		if err != nil {
			return nil, err
		}
		for accounts := range slices.Chunk(instance.Accounts, shard) {
			c.Add(number, index.PlaceShard(instance.Host, accounts))
		}
	}
	return c.Result()
}

func mustCount(t *testing.T, side *licensing.CloudSide, policy licensing.Policy, instances []licensingtest.Instance) *licensing.Result {
	t.Helper()
	result, err := count(side, policy, instances, 1000)
	if err != nil {
		t.Fatalf("count: %v", err)
	}
	return result
}

// mustEnterprise is a random enterprise that a reader could hand over.
func mustEnterprise(t *testing.T, seed uint64, size int, options licensingtest.Options) (*licensing.CloudSide, []licensingtest.Instance) {
	t.Helper()
	side, instances := licensingtest.Enterprise(seed, size, options)
	if err := licensingtest.Check(side, instances); err != nil {
		t.Fatalf("seed %d: the generator made an impossible enterprise: %v", seed, err)
	}
	return side, instances
}

// show gives an address as a dump may print it.
type show func(licensing.Email) string

func whole(e licensing.Email) string { return e.Address() }

func masked(e licensing.Email) string {
	if *reveal {
		return fmt.Sprintf("%q", e.Address())
	}
	return e.String()
}

// line is one person in a form in which the engine's and the plain result
// compare: the name of a person whom no rule names (an invitation of a report,
// a subscription of nobody) is what it stands for.
type line struct {
	anchor, head string
	parts        []string
}

func (l *line) String() string {
	slices.Sort(l.parts)
	return l.anchor + " " + l.head + "\n\t" + strings.Join(l.parts, "\n\t")
}

func (l *line) add(format string, args ...any) {
	l.parts = append(l.parts, fmt.Sprintf(format, args...))
}

// enginePeople are the people of a result, sorted as texts.
func enginePeople(side *licensing.CloudSide, r *licensing.Result, show show) []string {
	var lines []string
	for person := range r.All() {
		lines = append(lines, engineLine(side, &person, show))
	}
	slices.Sort(lines)
	return lines
}

func engineLine(side *licensing.CloudSide, p *licensing.Person, show show) string {
	login := strings.ToLower(p.Login)
	l := line{anchor: anchorText(p.Anchor.Kind, licensing.NewEmail(p.Anchor.Text()), show)}
	l.head = fmt.Sprintf("login=%q consumes=%t license=%q only=%q beside=%q accounts=%d",
		login, p.Consumes, p.License, p.OnlyHost, strings.ToLower(p.Beside), p.Accounts())
	for _, a := range p.Servers {
		key := licensing.NewEmail(plainKey(a.Email))
		l.add("server %s key=%s %s", a.HostID, show(key), engineReason(side, a.Reason, show))
	}
	for _, i := range p.Invitations {
		l.add("invitation %s consumes=%t %s %s", rowText(side, i.Row), i.Consumes, invitationText(&i.Invitation, show), engineReason(side, i.Reason, show))
	}
	for _, s := range p.Subscriptions {
		l.add("subscription %s %s %s", rowText(side, s.Row), subscriptionText(&s.Subscription, show), engineReason(side, s.Reason, show))
	}
	return l.String()
}

// plainPeople are the people of the reference in the same form.
func plainPeople(side *licensing.CloudSide, r *licensingtest.PlainResult, show show) []string {
	var lines []string
	for _, person := range r.People {
		lines = append(lines, plainLine(side, person, show))
	}
	slices.Sort(lines)
	return lines
}

func plainLine(side *licensing.CloudSide, p *licensingtest.PlainPerson, show show) string {
	l := line{anchor: anchorText(p.Anchor.Kind, p.Anchor.Text, show)}
	l.head = fmt.Sprintf("login=%q consumes=%t license=%q only=%q beside=%q accounts=%d",
		p.Login, p.Consumes, p.License, p.OnlyHost, p.Beside, p.Accounts())
	for _, a := range p.Servers {
		l.add("server %s key=%s %s", a.HostID, show(a.Key), plainReason(side, a.Reason, show))
	}
	for _, i := range p.Invitations {
		l.add("invitation %s consumes=%t %s %s", rowText(side, i.Row), i.Consumes, invitationText(&i.Invitation, show), plainReason(side, i.Reason, show))
	}
	for _, s := range p.Subscriptions {
		l.add("subscription %s %s %s", rowText(side, s.Row), subscriptionText(&s.Subscription, show), plainReason(side, s.Reason, show))
	}
	return l.String()
}

func anchorText(kind licensing.AnchorKind, text licensing.Email, show show) string {
	switch kind {
	case licensing.AnchorAddress, licensing.AnchorException:
		return fmt.Sprint(kind, " ", show(text))
	case licensing.AnchorInvitation, licensing.AnchorSubscription:
		return fmt.Sprint(kind)
	default:
		return fmt.Sprint(kind, " ", text.Address())
	}
}

func engineReason(side *licensing.CloudSide, r licensing.Reason, show show) string {
	return reasonText(r.Rule, r.Attribute, r.Value, r.Tie, r.FromReport, show) + sourceText(r.Source)
}

func plainReason(side *licensing.CloudSide, r licensingtest.PlainReason, show show) string {
	var source time.Time
	if r.FromReport || r.Attribute == licensing.AttrReportEmail || r.Attribute == licensing.AttrReportID {
		source = side.Report.Date
	}
	return reasonText(r.Rule, r.Attribute, r.Value, r.Tie, r.FromReport, show) + sourceText(source)
}

func reasonText(rule licensing.Rule, attribute licensing.Attribute, value licensing.Email, tie, report bool, show show) string {
	return fmt.Sprintf("%s attribute=%q value=%s tie=%t report=%t", rule, attribute, show(value), tie, report)
}

func sourceText(source time.Time) string {
	if source.IsZero() {
		return ""
	}
	return " source=" + source.Format(time.DateOnly)
}

func invitationText(i *licensing.Invitation, show show) string {
	return fmt.Sprintf("to=%s kind=%d scim=%t", show(licensing.NewEmail(plainKey(i.Email))), i.Kind, i.SCIM)
}

func subscriptionText(s *licensing.Subscription, show show) string {
	return fmt.Sprintf("id=%q email=%s login=%q", s.ID, show(s.Email), s.Login)
}

// rowText is a row of the report by its content: numbers depend on the order.
func rowText(side *licensing.CloudSide, row int) string {
	if row < 0 {
		return "list"
	}
	r := &side.Report.Rows[row]
	return fmt.Sprintf("%q %v %q %d", strings.ToLower(r.Login), len(r.ServerAccounts), r.Detail, len(r.ServerEmails))
}

func plainKey(e licensing.Email) string {
	key, ok := licensingtest.PlainKey(e.Address())
	if !ok {
		return ""
	}
	return key
}
