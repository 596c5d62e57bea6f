package hub

import (
	"cmp"
	"context"
	"regexp"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/usagefile"
)

var slugs = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,37}[a-z0-9])?$`)

// Init makes an enterprise, and its unsealing key where the hub has keys; the
// recipient is none where it has not. Invalid when the slug is none, Conflict
// when it is taken.
func (s *Service) Init(ctx context.Context, slug, name string, settings Settings, actor string) (EnterpriseInfo, usagefile.Recipient, error) {
	if !slugs.MatchString(slug) {
		return EnterpriseInfo{}, usagefile.Recipient{}, errs.New(errs.Invalid, "hub.bad_slug", "Slug", slug)
	}
	name = cmp.Or(name, slug)
	if err := cmp.Or(checkName(name), checkSettings(&settings)); err != nil {
		return EnterpriseInfo{}, usagefile.Recipient{}, err
	}
	made := func(tx *store.Tx) error { return s.record(ctx, tx, actor, AuditEnterprise, slug) }
	if _, err := s.store.AddEnterprise(ctx, slug, name, settings, s.now(), made); err != nil {
		if errs.KindOf(err) == errs.Conflict {
			err = errs.Wrap(errs.Conflict, err, "hub.slug_taken", "Slug", slug)
		}
		return EnterpriseInfo{}, usagefile.Recipient{}, err
	}
	info, err := s.store.EnterpriseBySlug(ctx, slug)
	if err != nil || s.keys == "" {
		return info, usagefile.Recipient{}, err
	}
	recipient, err := s.keys.Make(slug, s.now())
	return info, recipient, err
}

// Enterprise finds an enterprise by slug; NotFound when there is none.
func (s *Service) Enterprise(ctx context.Context, slug string) (EnterpriseInfo, error) {
	return s.store.EnterpriseBySlug(ctx, slug)
}

// Enterprises gives all enterprises by slug.
func (s *Service) Enterprises(ctx context.Context) ([]EnterpriseInfo, error) {
	return s.store.Enterprises(ctx)
}
