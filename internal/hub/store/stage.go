package store

import (
	"context"
	"errors"
	"iter"

	"github.com/oneseat/oneseat/internal/ahead"
	"github.com/oneseat/oneseat/internal/hub/store/sqlgen"
)

// chunkBytes is how much text a chunk holds before it is written early.
const chunkBytes = 8 << 20

// Staged says what staging an upload wrote.
type Staged struct {
	Items  int64 // visible under the new number
	Added  int64 // rows written
	Closed int64 // rows that end with it
}

// Stage writes what an upload says under its number: items in ascending order
// of kind and key, each once. Next to what is visible now, rows that are equal
// stay untouched, new and different ones are added, and the others are closed.
// Nobody sees any of it before [Tx.Apply].
//
// The upload is in state checking; Conflict when it is not any more. After an
// error, [Enterprise.Remove] takes back what was written.
func (e *Enterprise) Stage(ctx context.Context, u *Upload, items iter.Seq2[Item, error]) (Staged, error) {
	now, err := e.Source(ctx, u.Source)
	if err != nil {
		return Staged{}, err
	}
	visible, stop := iter.Pull2(e.Items(ctx, u.Source, now.Seq))
	defer stop()
	s := stager{ctx: ctx, e: e, upload: u, base: now.Seq, visible: visible}
	defer s.behind.wait() //nolint:errcheck // there is another error then
	if err := s.advance(); err != nil {
		return Staged{}, err
	}
	for item, err := range ahead.Of(items) {
		if err == nil {
			err = s.take(&item)
		}
		if err != nil {
			return Staged{}, err
		}
	}
	if err := s.finish(); err != nil {
		return Staged{}, err
	}
	return s.staged, e.lookAt(ctx, "item", s.staged.Added)
}

// stager merges what comes with what is visible, both in order.
type stager struct {
	ctx     context.Context //nolint:containedctx // lives for one call of Stage
	e       *Enterprise
	upload  *Upload
	base    int64
	visible func() (Item, error, bool)
	have    Item // the next visible item
	more    bool // there is one
	last    Item // the last that came
	staged  Staged

	next, writing itemBatch
	behind        behind
}

// itemBatch is what one transaction writes.
type itemBatch struct {
	added   []Item
	closing map[ItemKind][]string
	rows    int // of both
	bytes   int
}

func (s *stager) advance() error {
	item, err, ok := s.visible()
	s.have, s.more = item, ok
	return err
}

// take merges one item that came.
func (s *stager) take(item *Item) error {
	if compareItems(&s.last, item) >= 0 {
		return errOrder
	}
	for s.more && compareItems(&s.have, item) < 0 {
		if err := s.close(); err != nil {
			return err
		}
	}
	s.last = *item
	s.staged.Items++
	if s.more && compareItems(&s.have, item) == 0 {
		if s.have.Document == item.Document {
			return s.advance()
		}
		if err := s.close(); err != nil {
			return err
		}
	}
	s.next.added = append(s.next.added, *item)
	s.staged.Added++
	return s.wrote(len(item.Document))
}

// errOrder says that a reader gave items out of order, which is a defect of
// ours: readers refuse such files.
var errOrder = errors.New("items out of order")

// close ends the visible item with this upload.
func (s *stager) close() error {
	if s.next.closing == nil {
		s.next.closing = map[ItemKind][]string{}
	}
	s.next.closing[s.have.Kind] = append(s.next.closing[s.have.Kind], s.have.Key)
	s.staged.Closed++
	if err := s.wrote(0); err != nil {
		return err
	}
	return s.advance()
}

// wrote writes a chunk when enough came together.
func (s *stager) wrote(bytes int) error {
	s.next.rows++
	s.next.bytes += bytes
	if s.next.rows < chunk && s.next.bytes < chunkBytes {
		return nil
	}
	return s.flush()
}

func (s *stager) finish() error {
	for s.more {
		if err := s.close(); err != nil {
			return err
		}
	}
	if err := s.flush(); err != nil {
		return err
	}
	return s.behind.wait()
}

// flush begins to write the chunk, when the one before is written.
func (s *stager) flush() error {
	if err := s.behind.wait(); err != nil || s.next.rows == 0 {
		return err
	}
	s.next, s.writing = s.writing, s.next
	s.next = itemBatch{added: s.next.added[:0]}
	s.behind.run(func() error { return s.write(&s.writing) })
	return nil
}

// write writes a chunk if the upload is still being checked. Items are closed
// first: one that differs is in both lists.
func (s *stager) write(b *itemBatch) error {
	return s.e.inBulk(s.ctx, func(tx *Tx) error {
		if err := tx.claimed(s.ctx, s.upload.ID); err != nil {
			return err
		}
		for kind, keys := range b.closing {
			if err := tx.closeItems(s.ctx, s.upload, s.base, kind, keys); err != nil {
				return err
			}
		}
		return tx.insertItems(s.ctx, s.upload, b.added)
	})
}

// claimed says that an upload is still in state checking.
func (tx *Tx) claimed(ctx context.Context, id string) error {
	state, err := tx.q.UploadStateOf(ctx, sqlgen.UploadStateOfParams{Enterprise: tx.e.id, ID: id})
	if err == nil && UploadState(state) != Checking {
		return lost()
	}
	return err
}

func (tx *Tx) insertItems(ctx context.Context, u *Upload, items []Item) error {
	b := tx.insert(insertItems, itemRow, tx.e.id, u.Source, u.Seq)
	_, err := b.run(ctx, len(items), func(args []any, i int) []any {
		return append(args, string(items[i].Kind), items[i].Key, items[i].Document)
	})
	return err
}

func (tx *Tx) closeItems(ctx context.Context, u *Upload, base int64, kind ItemKind, keys []string) error {
	b := tx.keys(closeItems, u.Seq, tx.e.id, u.Source, string(kind), base)
	n, err := b.run(ctx, len(keys), func(args []any, i int) []any { return append(args, keys[i]) })
	if err == nil && n != int64(len(keys)) {
		return lost()
	}
	return err
}
