package licensing_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/oneseat/oneseat/licensing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestScenarios runs the readable scenarios of testdata, one or more for every
// rule number: an enterprise in a compact line format, and the people,
// licenses and reasons it must give. The format is described in
// testdata/README.md.
func TestScenarios(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios found: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			runScenario(t, file)
		})
	}
}

func runScenario(t *testing.T, file string) {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var s scenario
	want := -1
	for i, f := range archive.Files {
		if f.Name == "want" {
			want = i
			continue
		}
		s.section(t, f.Name, string(f.Data))
	}
	got := s.run(t)
	if want < 0 {
		archive.Files = append(archive.Files, txtar.File{Name: "want"})
		want = len(archive.Files) - 1
	}
	if *update {
		archive.Files[want].Data = []byte(got)
		if err := os.WriteFile(file, txtar.Format(archive), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != string(archive.Files[want].Data) {
		t.Errorf("%s\ngot:\n%s\nwant:\n%s", file, got, archive.Files[want].Data)
	}
}

// scenarioNow is the instant all scenarios are computed for.
func scenarioNow() time.Time { return time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC) }

// scenario is a parsed enterprise.
type scenario struct {
	side      licensing.CloudSide
	policy    licensing.Policy
	policySet bool
	hosts     []string
	accounts  map[string][]licensing.ServerAccount
}

func (s *scenario) section(t *testing.T, name, text string) {
	t.Helper()
	if !s.policySet {
		s.policy, s.policySet = licensing.Documented(licensing.Enterprise{}, scenarioNow()), true
	}
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		switch name {
		case "policy":
			s.setPolicy(t, words)
		case "cloud":
			s.side.Accounts = append(s.side.Accounts, cloudAccount(t, words))
		case "invitations":
			s.side.Invitations = append(s.side.Invitations, invitation(t, words))
		case "subscriptions":
			s.side.Subscriptions = append(s.side.Subscriptions, subscription(t, words))
		case "report":
			s.reportRow(t, words)
		default:
			s.serverAccount(strings.TrimPrefix(name, "server "), words)
		}
	}
}

func (s *scenario) setPolicy(t *testing.T, words []string) {
	t.Helper()
	for _, w := range words {
		switch w {
		case "metered":
			s.policy.Billing = licensing.Metered
		case "managed_users":
			s.policy.ManagedUsers = true
		case "use_github_joins=false":
			s.policy.UseGitHubJoins = false
		case "unlinked_subscribers=consume":
			s.policy.ConsumeUnlinkedSubscribers = true
		default:
			t.Fatalf("policy %q", w)
		}
	}
}

func cloudAccount(t *testing.T, words []string) licensing.CloudAccount {
	t.Helper()
	a := licensing.CloudAccount{Login: words[0]}
	for _, w := range words[1:] {
		what, value, _ := strings.Cut(w, ":")
		email := licensing.NewEmail(value)
		switch what {
		case "member":
			a.Organizations = append(a.Organizations, licensing.Membership{Login: value, Role: "Member"})
		case "outside":
			a.OutsideCollaborator = append(a.OutsideCollaborator, value)
		case "pending":
			a.PendingOrganizations = append(a.PendingOrganizations, value)
		case "suspended":
			a.Suspended = true
		case "reported":
			a.Reported = true
		case "verified", "unverified":
			a.Emails = append(a.Emails, licensing.CloudEmail{Email: email, Verified: what == "verified"})
		case "nameid":
			a.SAML = append(a.SAML, licensing.SAMLIdentity{NameID: email})
		case "scim":
			a.SCIM = append(a.SCIM, licensing.SCIMIdentity{UserName: email})
		case "scim-email":
			a.SCIM = append(a.SCIM, licensing.SCIMIdentity{Emails: []licensing.Email{email}})
		default: // name=value: a SAML attribute
			name, value, ok := strings.Cut(w, "=")
			if !ok {
				t.Fatalf("cloud account: %q", w)
			}
			a.SAML = append(a.SAML, licensing.SAMLIdentity{
				Organization: "eng",
				Attributes:   []licensing.SAMLAttribute{{Name: attributeName(name), Value: licensing.NewEmail(value)}},
			})
		}
	}
	return a
}

func attributeName(short string) string {
	switch short {
	case "claim-name":
		return licensing.AttrClaimName.String()
	case "claim-email":
		return licensing.AttrClaimEmail.String()
	default:
		return short
	}
}

func invitation(t *testing.T, words []string) licensing.Invitation {
	t.Helper()
	inv := licensing.Invitation{Email: licensing.NewEmail(words[0]), Organization: "eng"}
	for _, w := range words[1:] {
		switch what, value, _ := strings.Cut(w, ":"); what {
		case "collaborator":
			inv.Kind, inv.Organization, inv.Repository = licensing.InviteOutsideCollaborator, "", "eng/app"
		case "scim":
			inv.SCIM = true
		case "failed":
			inv.Failed = true
		case "age":
			age, err := time.ParseDuration(value)
			if err != nil {
				t.Fatal(err)
			}
			inv.CreatedAt = scenarioNow().Add(-age)
		default:
			t.Fatalf("invitation: %q", w)
		}
	}
	return inv
}

func subscription(t *testing.T, words []string) licensing.Subscription {
	t.Helper()
	s := licensing.Subscription{ID: words[0]}
	for _, w := range words[1:] {
		switch what, value, _ := strings.Cut(w, ":"); what {
		case "login":
			s.Login = value
		case "email":
			s.Email = licensing.NewEmail(value)
		default:
			t.Fatalf("subscription: %q", w)
		}
	}
	return s
}

// reportRow reads "login|- id:HOST:ID email:ADDRESS vs:ADDRESS detail:TEXT".
func (s *scenario) reportRow(t *testing.T, words []string) {
	t.Helper()
	if s.side.Report == nil {
		s.side.Report = &licensing.GitHubReport{Date: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}
	}
	var row licensing.ReportRow
	if words[0] != "-" {
		row.Login = words[0]
	}
	for _, w := range words[1:] {
		switch what, value, _ := strings.Cut(w, ":"); what {
		case "id":
			host, id, _ := strings.Cut(value, ":")
			row.ServerAccounts = append(row.ServerAccounts, licensing.HostID{Host: host, ID: id})
		case "email":
			row.ServerEmails = append(row.ServerEmails, licensing.NewEmail(value))
		case "vs":
			row.SubscriptionEmail = licensing.NewEmail(value)
		case "vslogin":
			row.SubscriptionLogin = value
		case "invited":
			row.InvitationEmail = licensing.NewEmail(value)
		case "detail":
			row.Detail = value
		default:
			t.Fatalf("report row: %q", w)
		}
	}
	s.side.Report.Rows = append(s.side.Report.Rows, row)
	s.side.Report.Consumed++
}

// serverAccount reads "ID [ADDRESS*] [ADDRESS]…"; the star marks the primary
// one; a lone address is primary without it.
func (s *scenario) serverAccount(host string, words []string) {
	if s.accounts == nil {
		s.accounts = map[string][]licensing.ServerAccount{}
	}
	if _, ok := s.accounts[host]; !ok {
		s.hosts = append(s.hosts, host)
	}
	a := licensing.ServerAccount{UserID: words[0]}
	for _, w := range words[1:] {
		text, star := strings.CutSuffix(w, "*")
		a.Emails = append(a.Emails, licensing.ServerEmail{
			Email: licensing.NewEmail(text), Primary: star || len(words) == 2,
		})
	}
	s.accounts[host] = append(s.accounts[host], a)
}

func (s *scenario) result(t *testing.T) *licensing.Result {
	t.Helper()
	ix, err := licensing.NewIndex(&s.side, s.policy)
	if err != nil {
		t.Fatal(err)
	}
	c := licensing.NewCount(ix)
	for _, host := range s.hosts {
		in, err := c.AddInstance(host)
		if err != nil {
			t.Fatal(err)
		}
		c.Add(in, ix.PlaceShard(host, s.accounts[host]))
	}
	r, err := c.Result()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (s *scenario) run(t *testing.T) string {
	t.Helper()
	return scenarioDump(s.result(t))
}

// scenarioDump prints everything a result says, addresses whole: a golden file's text.
func scenarioDump(r *licensing.Result) string {
	var b strings.Builder
	for p := range r.All() {
		scenarioPerson(&b, &p)
	}
	st := r.Statement()
	fmt.Fprintf(&b, "\n%d accounts + %d invited only - %d not consuming - %d joined = %d licenses (%d Visual Studio)\n",
		st.Accounts, st.InvitedOnly, st.NotConsuming, st.Joined, st.Licenses, st.VisualStudio)
	for _, in := range r.Instances() {
		fmt.Fprintf(&b, "%s: %d accounts - %d repeated - %d without it = %d only here\n",
			in.Host, in.Accounts, in.Repeated, in.ConsumeWithout, in.OnlyHere)
	}
	v := r.Visibility()
	fmt.Fprintf(&b, "range %d to %d; cloud accounts comparable by verified address %d, identity %d, GitHub %d, nothing %d; undecided %d\n",
		v.Low, v.High, v.ByVerified, v.ByIdentity, v.ByGitHub, v.ByNothing, v.Undecided)
	scenarioReconciliation(&b, r.Reconciliation())
	for _, c := range r.Conflicts() {
		fmt.Fprintf(&b, "conflict %s %q %s: %s of %s\n", c.Rule, c.Attribute, c.Value.Address(), c.Chosen, strings.Join(c.Candidates, ", "))
	}
	for _, w := range r.Warnings() {
		fmt.Fprintf(&b, "warning %s\n", strings.TrimSpace(fmt.Sprintf("%s %s %d: %s", w.Code, w.Host, w.Count, strings.Join(w.Examples, ", "))))
	}
	return b.String()
}

func scenarioPerson(b *strings.Builder, p *licensing.Person) {
	license := "no license"
	if p.Consumes {
		license = string(p.License)
	}
	fmt.Fprintf(b, "%s: %s, accounts %d", p.Anchor.ID(), license, p.Accounts())
	if p.Beside != "" {
		fmt.Fprintf(b, ", falls away when %s accepts", p.Beside)
	}
	b.WriteByte('\n')
	for _, a := range p.Servers {
		fmt.Fprintf(b, "  %s %s %s\n", a.HostID, orDash(a.Email.Address()), scenarioReason(a.Reason))
	}
	for i := range p.Invitations {
		inv := &p.Invitations[i]
		fmt.Fprintf(b, "  invitation %s consumes %t %s\n", orDash(inv.Email.Address()), inv.Consumes, scenarioReason(inv.Reason))
	}
	for i := range p.Subscriptions {
		sub := &p.Subscriptions[i]
		fmt.Fprintf(b, "  subscription %s %s\n", orDash(sub.ID), scenarioReason(sub.Reason))
	}
}

func scenarioReconciliation(b *strings.Builder, rc *licensing.Reconciliation) {
	if rc == nil {
		return
	}
	fmt.Fprintf(b, "GitHub %d - more there %d - unexplained %d + several here %d + only here %d - only there %d = %d\n",
		rc.Figure, rc.MoreThere, rc.Unexplained, rc.SeveralHere, rc.OnlyHere, rc.OnlyThere, rc.Licenses)
	for _, it := range rc.Items {
		fmt.Fprintf(b, "  %s %d: %s, %d rows, %d people\n", it.Term, it.Count, it.Cause, len(it.Rows), len(it.People))
	}
}

func scenarioReason(r licensing.Reason) string {
	text := r.Rule.String()
	if r.Attribute != licensing.NoAttribute {
		text += " " + r.Attribute.String()
	}
	if !r.Value.IsZero() {
		text += " " + r.Value.Address()
	}
	if r.Tie {
		text += " tie"
	}
	if r.FromReport {
		text += " from the report"
	}
	return text
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
