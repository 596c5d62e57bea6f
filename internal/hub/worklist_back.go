package hub

import (
	"context"
	"slices"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
)

// wentBack is a list of a source that a result counts again, because somebody went
// back to it.
type wentBack struct {
	host string // of the source; empty: the cloud side
	// last is the last result that counted the list before another took its
	// place; 0: none did.
	last int64
	// since is when what the list says counted first, and before the result that
	// was current until then; 0: none was.
	since  time.Time
	before int64
}

// wentBack are the lists that a result went back to since the one before.
func (m *listMaker) wentBack(ctx context.Context, before, after *Result) ([]wentBack, error) {
	var out []wentBack
	for _, in := range after.Inputs {
		if slices.ContainsFunc(before.Inputs, func(was Input) bool { return was.Source == in.Source && was.Seq == in.Seq }) {
			continue
		}
		list, err := m.copied(ctx, in.Source, in.Seq)
		if err != nil {
			return nil, err
		}
		if list == nil {
			continue
		}
		back, err := m.counted(ctx, list)
		if err != nil {
			return nil, err
		}
		back.host = in.Host
		out = append(out, back)
	}
	return out, nil
}

// copied is the snapshot that one is a copy of, because somebody went back to it;
// nil: nobody did, or it was forgotten since.
func (m *listMaker) copied(ctx context.Context, source, seq int64) (*Snapshot, error) {
	snap, err := m.snapshot(ctx, source, seq)
	if snap == nil {
		return nil, err
	}
	came, err := m.s.brought(ctx, m.e, snap)
	if err != nil || came.Snapshot == 0 {
		return nil, err
	}
	return m.snapshot(ctx, source, came.Snapshot)
}

func (m *listMaker) snapshot(ctx context.Context, source, seq int64) (*Snapshot, error) {
	snap, err := m.e.Snapshot(ctx, source, seq)
	if errs.KindOf(err) == errs.NotFound {
		return nil, nil //nolint:nilnil // none is an answer here
	}
	return snap, err
}

// counted says when a list counted that somebody went back to. It may be a copy
// itself: what it says counted first with the first of them.
func (m *listMaker) counted(ctx context.Context, list *Snapshot) (wentBack, error) {
	began, err := m.until(ctx, list)
	if err != nil {
		return wentBack{}, err
	}
	out := wentBack{since: list.AppliedAt, before: began}
	applied, err := m.e.Snapshots(ctx, list.Source, maxLooked)
	if err != nil {
		return wentBack{}, err
	}
	for i := len(applied) - 1; i >= 0; i-- {
		if applied[i].Seq > list.Seq {
			if out.last, err = m.until(ctx, &applied[i]); out.last <= began {
				out.last = 0 // the next came before any recount
			}
			break
		}
	}
	for first, copies := list, 0; err == nil && copies < maxLooked; copies++ {
		if first, err = m.copied(ctx, list.Source, first.Seq); err != nil || first == nil {
			break
		}
		out.since = first.AppliedAt
		out.before, err = m.until(ctx, first)
	}
	return out, err
}

// until is the last result that counted what a snapshot took the place of; 0:
// none did.
func (m *listMaker) until(ctx context.Context, snap *Snapshot) (int64, error) {
	u, err := m.e.Upload(ctx, snap.Upload)
	if err != nil {
		return 0, err
	}
	return m.e.ResultBefore(ctx, u.AppliedVersion)
}

// touches says that somebody may be one person because of what the list says.
func (b *wentBack) touches(d *personDocument) bool {
	if b.host == "" {
		return d.Cloud != nil || len(d.ReportEmails) > 0
	}
	return slices.ContainsFunc(d.Servers, func(a placedDocument) bool { return a.Host == b.host })
}

// oneAgain says that somebody whom a change joins was one person already, before
// the list that was taken back, so that GitHub has nothing to follow. Else it
// says since when they are one: since now, or, where going back restores what a
// list put right and a later one undid, since that list.
func (m *listMaker) oneAgain(ctx context.Context, j *joins, d *personDocument, parts []string) (since time.Time, again bool, err error) {
	since = j.r.CreatedAt
	concerned := slices.Concat(j.c.Before, j.c.After)
	for i := range j.backs {
		back := &j.backs[i]
		if !back.touches(d) {
			continue
		}
		then, err := m.holders(ctx, back.last, concerned)
		if err != nil {
			return since, false, err
		}
		if !then.one(parts) {
			continue
		}
		first, err := m.holders(ctx, back.before, concerned)
		if err != nil {
			return since, false, err
		}
		if len(first.parts(parts)) < 2 {
			return since, true, nil
		}
		since = back.since
	}
	return since, false, nil
}

// one says that one person holds all of some identities.
func (h holders) one(identities []string) bool {
	for _, identity := range identities {
		if whose, known := h[identity]; !known || whose != h[identities[0]] {
			return false
		}
	}
	return true
}
