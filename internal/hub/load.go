package hub

import (
	"context"
	"iter"
	"strings"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/internal/source"
	"github.com/oneseat/oneseat/licensing"
)

// LoadCloud takes in the cloud side, all of it: cloud lists and GitHub's
// reports, merged as source.ReadCloud does. Otherwise it is
// [Service.ReceiveUsage]. A list of another enterprise is refused.
func (s *Service) LoadCloud(ctx context.Context, enterprise int64, files []source.File, allowPartial bool, a Arrival) (*Upload, error) {
	info, err := s.info(ctx, enterprise)
	if err != nil {
		return nil, err
	}
	items, side, header, err := readCloud(ctx, info.Slug, files, allowPartial)
	if err == nil {
		err = s.checkDates(side)
	}
	if err != nil {
		return s.refused(ctx, enterprise, store.UploadCloud, a, misplaced(err))
	}
	u, err := s.begin(ctx, enterprise, a, func(tx *store.Tx) (*Upload, error) {
		return s.addUpload(ctx, tx, CloudSource, store.UploadCloud, a, header)
	})
	if err != nil {
		return nil, err
	}
	snap := &Snapshot{SourceAt: header.SourceAt, Meta: mustMeta(store.MetaOf(side))}
	return s.take(ctx, enterprise, u, store.Preview, all(items), snap)
}

func readCloud(ctx context.Context, slug string, files []source.File, allowPartial bool) ([]store.Item, *licensing.CloudSide, Header, error) {
	cloud, err := source.ReadCloud(ctx, files, source.CloudOptions{AllowPartial: allowPartial})
	if err != nil {
		return nil, nil, Header{}, err
	}
	side := cloud.Side
	if named := side.Enterprise.Slug; named != "" && !strings.EqualFold(named, slug) {
		return nil, nil, Header{}, errs.New(errs.Invalid, "hub.other_enterprise", "Named", named, "Slug", slug)
	}
	items, err := store.CloudItems(side)
	if err != nil {
		return nil, nil, Header{}, err
	}
	header := Header{SourceAt: side.AsOf, Accounts: int64(len(side.Accounts)), Warnings: warningsOf(cloud.Warnings), Lists: cloud.Lists, Reports: cloud.Reports}
	if header.SourceAt.IsZero() && side.Report != nil {
		header.SourceAt = side.Report.Date
	}
	for _, f := range files {
		header.Files = append(header.Files, oneLine(f.Name))
	}
	return items, side, header, nil
}

// checkDates refuses a cloud side that says it is younger than now.
func (s *Service) checkDates(side *licensing.CloudSide) error {
	if err := s.checkDate(side.AsOf); err != nil || side.Report == nil {
		return err
	}
	return s.checkDate(side.Report.Date)
}

func all(items []store.Item) iter.Seq2[store.Item, error] {
	return func(yield func(store.Item, error) bool) {
		for _, item := range items {
			if !yield(item, nil) {
				return
			}
		}
	}
}
