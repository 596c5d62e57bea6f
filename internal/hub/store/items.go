package store

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/oneseat/oneseat/licensing"
)

// CloudItems turns a cloud side into items in the order they are staged in.
func CloudItems(side *licensing.CloudSide) ([]Item, error) {
	b := itemList{}
	for i := range side.Accounts {
		b.add(CloudAccountItem(&side.Accounts[i]))
	}
	for i := range side.Invitations {
		b.addNumbered(InvitationItem(&side.Invitations[i]))
	}
	for i := range side.Subscriptions {
		b.addNumbered(SubscriptionItem(&side.Subscriptions[i]))
	}
	if side.Report != nil {
		for i := range side.Report.Rows {
			b.addNumbered(ReportRowItem(&side.Report.Rows[i]))
		}
	}
	slices.SortFunc(b.items, func(x, y Item) int { return compareItems(&x, &y) })
	return b.items, b.err
}

// itemList gathers items; the first error sticks.
type itemList struct {
	items []Item
	seen  map[string]int
	err   error
}

func (b *itemList) add(item Item, err error) {
	if b.err == nil {
		b.err = err
	}
	b.items = append(b.items, item)
}

// addNumbered adds an item that has no name of its own: its key is the digest
// of what it says and how many that say the same came before, so that the same
// list gives the same keys in any order.
func (b *itemList) addNumbered(item Item, err error) {
	sum := sha256.Sum256([]byte(item.Document))
	name := hex.EncodeToString(sum[:16])
	if b.seen == nil {
		b.seen = map[string]int{}
	}
	item.Key = fmt.Sprintf("%s-%08d", name, b.seen[string(item.Kind)+name])
	b.seen[string(item.Kind)+name]++
	b.add(item, err)
}

// MetaOf is what a cloud side says beside its items.
func MetaOf(side *licensing.CloudSide) CloudMeta {
	m := CloudMeta{
		Name: side.Enterprise.Name, Purchased: side.Enterprise.Purchased, Metered: side.Enterprise.Billing == licensing.Metered,
		ManagedUsers: side.Enterprise.ManagedUsers, AsOf: side.AsOf, VerifiedDomains: side.VerifiedDomains,
		Counts: CloudCounts{Accounts: len(side.Accounts), Invitations: len(side.Invitations), Subscriptions: len(side.Subscriptions)},
	}
	if r := side.Report; r != nil {
		m.Report = &ReportMeta{Date: r.Date, Consumed: r.Consumed, Missing: r.Missing}
		m.Counts.Rows = len(r.Rows)
	}
	return m
}
