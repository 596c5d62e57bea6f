package store

import (
	"cmp"
	"context"
	"iter"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/hub/store/sqlgen"
)

// ItemKind is what an item describes.
type ItemKind string

// The kinds of item.
const (
	KindServerAccount ItemKind = "account"      // of a server instance; key: user id
	KindCloudAccount  ItemKind = "cloud"        // key: lower-cased login
	KindInvitation    ItemKind = "invitation"   // key: digest and number
	KindSubscription  ItemKind = "subscription" // as invitations
	KindReportRow     ItemKind = "report_row"   // as invitations
)

// Item is one thing a source says. Its document holds addresses: it is decoded
// (see [DecodeAccount]) and never printed.
type Item struct {
	Kind     ItemKind
	Key      string
	Document string
}

// compareItems is the order items are staged and read in: by the bytes of kind
// and key.
func compareItems(a, b *Item) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Key, b.Key))
}

// Items gives what a source says at a pointer, in order of kind and key, in
// pages: nothing is held between them.
func (e *Enterprise) Items(ctx context.Context, source, seq int64) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		var last Item
		for {
			rows, err := e.reader().VisibleItems(ctx, sqlgen.VisibleItemsParams{
				Enterprise: e.id, Source: source, Kind: string(last.Kind), Key: last.Key, Seq: seq, Page: page,
			})
			if err != nil {
				yield(Item{}, database.Translate(err))
				return
			}
			for _, r := range rows {
				last = Item{ItemKind(r.Kind), r.Key, r.Document}
				if !yield(last, nil) {
					return
				}
			}
			if len(rows) < page {
				return
			}
		}
	}
}

// Item gives the document of one item at a pointer; NotFound when it is not
// there.
func (e *Enterprise) Item(ctx context.Context, source, seq int64, kind ItemKind, key string) (string, error) {
	document, err := e.reader().VisibleItem(ctx, sqlgen.VisibleItemParams{
		Enterprise: e.id, Source: source, Kind: string(kind), Key: key, Seq: seq,
	})
	return document, found(err, "hub.no_item")
}
