package licensing

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// reportIndex is GitHub's own report made ready for R0: which row, and which
// cloud account, a HOST:ID was joined to.
type reportIndex struct {
	date     time.Time
	rows     []ReportRow
	consumed int
	missing  int
	account  []uint32        // by row; none: the row has no cloud account
	ids      table[struct{}] // HOST:ID
	idRow    []uint32        // by id: the row it belongs to
	alone    []bool          // by id: a row without cloud account names it
	rivals   map[uint32][]uint32
	rank     []uint32 // see ranks
	hosts    map[string]bool
	// decided are the keys GitHub has seen on a server and joined to nobody:
	// the addresses of rows with server accounts and without cloud account.
	decided table[struct{}]
}

func (ix *Index) addReport(r *GitHubReport) error {
	ri := &reportIndex{
		date: r.Date, rows: orderedRows(r.Rows), consumed: r.Consumed, missing: r.Missing,
		account: make([]uint32, len(r.Rows)),
		ids:     newTable[struct{}](), decided: newTable[struct{}](), rivals: map[uint32][]uint32{}, hosts: map[string]bool{},
	}
	ix.report = ri
	for i := range r.Rows {
		if err := ix.addReportRow(uint32(i)); err != nil {
			return err
		}
	}
	return nil
}

// orderedRows copies rows with the lists of each in an order of their own, so
// that rows that say the same are the same.
func orderedRows(rows []ReportRow) []ReportRow {
	rows = slices.Clone(rows)
	for i := range rows {
		r := &rows[i]
		r.ServerAccounts = slices.Clone(r.ServerAccounts)
		for j := range r.ServerAccounts {
			r.ServerAccounts[j].Host = NormalHost(r.ServerAccounts[j].Host)
		}
		slices.SortFunc(r.ServerAccounts, compareHostIDs)
		r.ServerEmails = slices.Clone(r.ServerEmails)
		slices.SortFunc(r.ServerEmails, compareEmails)
	}
	return rows
}

func (ix *Index) addReportRow(n uint32) error {
	ri, row := ix.report, &ix.report.rows[n]
	ri.account[n] = none
	if row.Login != "" {
		a, ok := ix.accounts.logins.lookup(strings.ToLower(row.Login))
		if !ok {
			return &Error{Code: CodeUnknownLogin, Value: row.Login}
		}
		ri.account[n] = a
		ix.joinByGitHub(a, row)
	}
	for _, id := range row.ServerAccounts {
		ri.addID(id, n)
	}
	if row.Login == "" && len(row.ServerAccounts) > 0 {
		ri.decide(row)
	}
	if !row.SubscriptionEmail.IsZero() {
		ix.subscriptions = append(ix.subscriptions, PlacedSubscription{
			Subscription: Subscription{Email: row.SubscriptionEmail, Login: cmp.Or(row.Login, row.SubscriptionLogin)}, Row: int(n),
		})
	}
	return nil
}

// joinByGitHub notes R0's addresses of a row.
func (ix *Index) joinByGitHub(a uint32, row *ReportRow) {
	if !ix.policy.UseGitHubJoins {
		return
	}
	joined := len(row.ServerAccounts) > 0
	for _, e := range row.ServerEmails {
		if key, ok := addressKey(e.text); ok {
			ix.keys.claim(ix.keys.keyNumber(key), a, rankReport)
			joined = true
		}
	}
	if joined {
		ix.accounts.flags[a] |= byGitHub
	}
}

func (ri *reportIndex) decide(row *ReportRow) {
	for _, e := range row.ServerEmails {
		if key, ok := addressKey(e.text); ok {
			ri.decided.intern(key)
		}
	}
}

func (ri *reportIndex) addID(id HostID, row uint32) {
	ri.hosts[id.Host] = true
	n, fresh := ri.ids.intern(idKey(id.Host, id.ID))
	if fresh {
		ri.idRow = append(ri.idRow, row)
		ri.alone = append(ri.alone, ri.account[row] == none)
		return
	}
	ri.alone[n] = ri.alone[n] || ri.account[row] == none
	old := ri.idRow[n]
	if ri.account[old] != none && ri.account[row] != none && ri.account[old] != ri.account[row] {
		if len(ri.rivals[n]) == 0 {
			ri.rivals[n] = []uint32{ri.account[old]}
		}
		ri.rivals[n] = append(ri.rivals[n], ri.account[row])
	}
	if ri.ranks()[row] < ri.ranks()[old] {
		ri.idRow[n] = row
	}
}

// ranks are the places of the rows in compareRows' order, worked out when two
// rows name one account: GitHub's own reports have no such rows.
func (ri *reportIndex) ranks() []uint32 {
	if ri.rank != nil {
		return ri.rank
	}
	order := make([]uint32, len(ri.rows))
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortFunc(order, func(a, b uint32) int { return compareRows(&ri.rows[a], &ri.rows[b]) })
	ri.rank = make([]uint32, len(ri.rows))
	for place, row := range order {
		ri.rank[row] = uint32(place)
	}
	return ri.rank
}

// compareRows orders rows that name the same server account: those with a
// login first, by login, then by their texts.
func compareRows(a, b *ReportRow) int {
	if c := firstTrue(a.Login != "", b.Login != ""); c != 0 {
		return c
	}
	if c := strings.Compare(strings.ToLower(a.Login), strings.ToLower(b.Login)); c != 0 {
		return c
	}
	if c := slices.CompareFunc(a.ServerAccounts, b.ServerAccounts, compareHostIDs); c != 0 {
		return c
	}
	if c := slices.CompareFunc(a.ServerEmails, b.ServerEmails, compareEmails); c != 0 {
		return c
	}
	return cmp.Or(
		compareEmails(a.SubscriptionEmail, b.SubscriptionEmail),
		strings.Compare(a.SubscriptionLogin, b.SubscriptionLogin),
		compareEmails(a.InvitationEmail, b.InvitationEmail),
		strings.Compare(a.Detail, b.Detail),
	)
}

func compareHostIDs(a, b HostID) int {
	return cmp.Or(strings.Compare(a.Host, b.Host), strings.Compare(a.ID, b.ID))
}

func compareEmails(a, b Email) int { return strings.Compare(a.text, b.text) }

// invitationRows are the rows that are nothing but an invitation, in an order
// of their own.
func (ri *reportIndex) invitationRows() []int {
	var out []int
	for i := range ri.rows {
		r := &ri.rows[i]
		if r.Login == "" && len(r.ServerAccounts) == 0 && r.SubscriptionEmail.IsZero() {
			out = append(out, i)
		}
	}
	slices.SortStableFunc(out, func(a, b int) int {
		x, y := &ri.rows[a], &ri.rows[b]
		return cmp.Or(cmp.Compare(x.InvitationEmail.text, y.InvitationEmail.text), cmp.Compare(x.Detail, y.Detail))
	})
	return out
}

// find gives the number of a HOST:ID.
func (ri *reportIndex) find(host, id string) (uint32, bool) {
	return ri.ids.lookup(idKey(host, id))
}

// idKey is a HOST:ID as a text of ids: the border cannot be mistaken, whatever
// colons there are.
func idKey(host, id string) string { return host + "\x00" + id }

// hostID is the HOST:ID with a number.
func (ri *reportIndex) hostID(n uint32) HostID {
	host, id, _ := strings.Cut(string(ri.ids.text(n)), "\x00")
	return HostID{host, id}
}

// tie says that rows of several cloud accounts name a HOST:ID.
func (ri *reportIndex) tie(id uint32) why {
	if len(ri.rivals[id]) > 0 {
		return whyTie
	}
	return 0
}

// accountOf is the cloud account a HOST:ID was joined to, or none.
func (ri *reportIndex) accountOf(id uint32) uint32 { return ri.account[ri.idRow[id]] }

// rowKey is the key a row without login offers: the smallest among its
// addresses.
func (r *ReportRow) rowKey() (key string, ok bool) {
	for _, e := range r.ServerEmails {
		if k, good := addressKey(e.text); good && (!ok || k < key) {
			key, ok = k, true
		}
	}
	return key, ok
}

// hasKey says whether one of the row's addresses has this key.
func (r *ReportRow) hasKey(key string) bool {
	return slices.ContainsFunc(r.ServerEmails, func(e Email) bool {
		k, ok := addressKey(e.text)
		return ok && k == key
	})
}
