package licensing

import (
	"cmp"
	"iter"
	"slices"
)

// Len is the number of people, consuming or not.
func (r *Result) Len() int { return len(r.order) }

// All walks the people in order.
func (r *Result) All() iter.Seq[Person] {
	return func(yield func(Person) bool) {
		for i := range r.order {
			if !yield(r.At(i)) {
				return
			}
		}
	}
}

// At is the person at a place of the order.
func (r *Result) At(i int) Person { return r.person(r.order[i]) }

// Statement is the sum over everybody.
func (r *Result) Statement() Statement { return r.statement }

// Instances are the sums of the server instances, by host.
func (r *Result) Instances() []InstanceStatement { return r.instances }

// Visibility says what could be compared, and the range of the total.
func (r *Result) Visibility() Visibility { return r.vis }

// Reconciliation relates the total to GitHub's own figure; nil when GitHub's
// figure is unknown.
func (r *Result) Reconciliation() *Reconciliation { return r.reconcile }

// Conflicts are the ties that decided where something belongs, sorted.
func (r *Result) Conflicts() []Conflict { return r.conflicts }

// Warnings are worth telling and change nothing, sorted.
func (r *Result) Warnings() []Warning { return r.warnings }

// Unmatched are the subscriptions that belong to nobody (R9), sorted.
func (r *Result) Unmatched() []PlacedSubscription {
	out := make([]PlacedSubscription, 0, len(r.unmatched))
	for _, i := range r.unmatched {
		out = append(out, r.subs[i])
	}
	return out
}

func (r *Result) person(p person) Person {
	out := Person{Anchor: r.anchorOf(p), Cloud: -1}
	if r.isCloud(p) {
		out.Cloud, out.Login = int(p), r.ix().accounts.login(uint32(p))
	}
	if x := r.extraOf(p); x != nil && x.beside != none {
		out.Beside = r.ix().accounts.login(x.beside)
	}
	if int(p) < r.total {
		r.addServers(&out, p)
	}
	if in := r.onlyOn(p); in >= 0 {
		out.OnlyHost = r.c.instances[in].host
	}
	for _, i := range r.invitesOf[p] {
		out.Invitations = append(out.Invitations, r.ix().invitations[i])
	}
	for _, i := range r.subsOf[p] {
		out.Subscriptions = append(out.Subscriptions, r.subs[i])
	}
	if r.consumes(p) {
		out.Consumes, out.License = true, LicenseEnterprise
	}
	if r.state[p]&consumesVisualStudio != 0 {
		out.License = LicenseVisualStudio
	}
	return out
}

func (r *Result) addServers(out *Person, p person) {
	accounts := r.accountsOf(p)
	out.Servers = make([]PlacedAccount, 0, len(accounts))
	var rows []uint32
	for _, a := range accounts {
		row := r.c.row(a)
		out.Servers = append(out.Servers, PlacedAccount{
			HostID: r.c.hostID(a), Email: Email{string(r.c.email(a, row))},
			AdvancedSecurity: row.why&whySecurity != 0, Reason: r.reasonOf(a, row),
		})
		if row.why&whyReported != 0 {
			rows = append(rows, r.reportRow(a))
		}
	}
	slices.Sort(rows)
	for _, row := range slices.Compact(rows) {
		out.ReportEmails = append(out.ReportEmails, r.ix().report.rows[row].ServerEmails...)
	}
	slices.SortFunc(out.ReportEmails, func(a, b Email) int { return cmp.Compare(a.text, b.text) })
	out.ReportEmails = slices.Compact(out.ReportEmails)
	slices.SortFunc(out.Servers, func(a, b PlacedAccount) int { return cmp.Compare(a.String(), b.String()) })
}

func (r *Result) reasonOf(a uint32, row *row) Reason {
	return r.ix().reason(verdict{row.ref, row.why}, string(r.c.key(row)))
}

// reportRow is the row of GitHub's report that names an account known from it
// alone.
func (r *Result) reportRow(account uint32) uint32 {
	id := r.c.hostID(account)
	n, _ := r.ix().report.find(id.Host, id.ID)
	return r.ix().report.idRow[n]
}

// firstReported is the smallest address of an account's row: they are sorted.
func (r *Result) firstReported(account uint32) string {
	for _, e := range r.ix().report.rows[r.reportRow(account)].ServerEmails {
		if e.text != "" {
			return e.text
		}
	}
	return ""
}
