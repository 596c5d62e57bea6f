package hub

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/usagefile"
)

// maxRecipients is how many recipients an enterprise names beside its own key.
const maxRecipients = 16

// ChangeSettings changes an enterprise's name and settings as they are when
// they are written, so that two changes at once both happen; change may be
// called again and does nothing else. The next recount counts with them.
func (s *Service) ChangeSettings(ctx context.Context, enterprise int64, actor string, change func(name *string, settings *Settings)) (EnterpriseInfo, error) {
	return s.changeSettings(ctx, enterprise, actor, AuditSettings, func(name *string, settings *Settings) error {
		change(name, settings)
		return nil
	})
}

func (s *Service) changeSettings(ctx context.Context, enterprise int64, actor, action string, change func(*string, *Settings) error) (EnterpriseInfo, error) {
	var info EnterpriseInfo
	err := s.store.For(enterprise).InTx(ctx, func(tx *store.Tx) error {
		in, err := tx.Inputs(ctx)
		if err != nil {
			return err
		}
		info = in.EnterpriseInfo
		if err := change(&info.Name, &info.Settings); err != nil {
			return err
		}
		if err := cmp.Or(checkName(info.Name), checkSettings(&info.Settings)); err != nil {
			return err
		}
		if err := tx.ChangeSettings(ctx, info.Name, info.Settings); err != nil {
			return err
		}
		if err := s.record(ctx, tx, actor, action, info.Slug, "settings", info.Settings); err != nil {
			return err
		}
		return s.recountLater(ctx, tx, enterprise)
	})
	return info, err
}

// SetGitHubFigure notes the number of licenses that GitHub shows, with the day
// it showed it: reconciliation relates it to the licenses here unless a report
// of GitHub's is loaded, which has a figure of its own and says who they are.
// nil forgets it.
func (s *Service) SetGitHubFigure(ctx context.Context, enterprise int64, figure *GitHubFigure, actor string) (EnterpriseInfo, error) {
	return s.changeSettings(ctx, enterprise, actor, AuditFigure, func(_ *string, settings *Settings) error {
		settings.GitHubFigure = figure
		if figure != nil && s.isAhead(figure.Date) {
			return errs.New(errs.Invalid, "hub.figure_ahead", "Date", figure.Date.Format(time.DateOnly))
		}
		return nil
	})
}

// AddRecipient notes a recipient that usage files for the enterprise may be
// meant for, "age1…"; doing it again changes nothing. Invalid when the text is
// none.
func (s *Service) AddRecipient(ctx context.Context, enterprise int64, recipient, actor string) (EnterpriseInfo, error) {
	parsed, err := usagefile.ParseRecipient(recipient)
	if err != nil {
		return EnterpriseInfo{}, err
	}
	return s.changeSettings(ctx, enterprise, actor, AuditRecipient, func(_ *string, settings *Settings) error {
		if !slices.Contains(settings.Recipients, parsed.String()) {
			settings.Recipients = append(settings.Recipients, parsed.String())
		}
		return nil
	})
}

// RemoveRecipient forgets a recipient; NotFound when the enterprise does not
// name it.
func (s *Service) RemoveRecipient(ctx context.Context, enterprise int64, recipient, actor string) (EnterpriseInfo, error) {
	return s.changeSettings(ctx, enterprise, actor, AuditRecipient, func(_ *string, settings *Settings) error {
		i := slices.Index(settings.Recipients, recipient)
		if i < 0 {
			return errs.New(errs.NotFound, "hub.no_recipient")
		}
		settings.Recipients = slices.Delete(settings.Recipients, i, i+1)
		return nil
	})
}

func checkSettings(v *Settings) error {
	switch {
	case v.Billing != "" && v.Billing != "volume" && v.Billing != "metered":
		return errs.New(errs.Invalid, "hub.bad_billing", "Billing", v.Billing)
	case v.Purchased < 0:
		return errs.New(errs.Invalid, "hub.bad_purchased", "Purchased", v.Purchased)
	case v.HoldSyncs != nil && (*v.HoldSyncs < 0 || *v.HoldSyncs > MaxSeats):
		return errs.New(errs.Invalid, "hub.bad_hold", "Most", MaxSeats)
	case v.GitHubFigure != nil && (v.GitHubFigure.Licenses < 0 || v.GitHubFigure.Date.IsZero()):
		return errs.New(errs.Invalid, "hub.bad_figure", "Licenses", v.GitHubFigure.Licenses)
	case len(v.Recipients) > maxRecipients:
		return errs.New(errs.Invalid, "hub.many_recipients", "Most", maxRecipients)
	}
	for _, text := range v.Recipients {
		if _, err := usagefile.ParseRecipient(text); err != nil {
			return err
		}
	}
	return nil
}
