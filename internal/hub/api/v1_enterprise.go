package api

import (
	"context"
	"net/http"
	"time"

	"github.com/oneseat/oneseat/internal/hub"
)

func (v *v1) enterpriseCalls() []call {
	return []call{
		{
			Method: http.MethodGet, Path: own, Name: "get-enterprise", Access: reads(), Tag: "Enterprise",
			Summary: "The enterprise and its settings", Run: answers(v.enterprise),
		},
		{
			Method: http.MethodPut, Path: own + "/settings", Name: "replace-settings", Access: admins(), Tag: "Enterprise",
			Summary: "Replace name and settings", Text: "All of them: what is left out goes back to its default. The next recount counts with them.",
			Run: answers(v.replaceSettings),
		},
		{
			Method: http.MethodPut, Path: own + "/github-figure", Name: "set-github-figure", Access: admins(), Tag: "Enterprise",
			Summary: "Note the number of licenses that GitHub shows",
			Text:    "The reconciliation relates it to the licenses here, unless a report of GitHub's is loaded, which says more.",
			Run:     answers(v.setFigure),
		},
		{
			Method: http.MethodDelete, Path: own + "/github-figure", Name: "forget-github-figure", Access: admins(), Tag: "Enterprise",
			Summary: "Forget GitHub's figure", Run: answers(v.forgetFigure),
		},
	}
}

// Enterprise is the account that owns licenses, instances and domains.
type Enterprise struct {
	Number    int64     `json:"number" doc:"Its number on this hub."`
	Slug      string    `json:"slug" doc:"Its name in addresses."`
	Name      string    `json:"name" doc:"What people call it."`
	CreatedAt time.Time `json:"created_at" doc:"When it was made."`
	Settings  Settings  `json:"settings" doc:"What its owners decided."`
}

// Settings are what owners decide about an enterprise.
type Settings struct {
	Purchased           int           `json:"purchased,omitempty" minimum:"0" doc:"Licenses bought; absent or 0: as the cloud side says."`
	Billing             string        `json:"billing,omitempty" enum:"volume,metered" doc:"How the enterprise pays; absent: as the cloud side says."`
	ManagedUsers        *bool         `json:"managed_users,omitempty" doc:"The enterprise manages its users; absent: as the cloud side says."`
	UseGitHubJoins      *bool         `json:"use_github_joins,omitempty" doc:"Join what GitHub's report joined; absent: yes."`
	UnlinkedSubscribers string        `json:"unlinked_subscribers,omitempty" enum:"free,consume" doc:"Whether a Visual Studio subscription that belongs to nobody consumes a license; absent: free."`
	NeverSignedIn       string        `json:"never_signed_in,omitempty" enum:"keep,leave_out" doc:"Whether accounts of a server's report that never signed in count; absent: keep."`
	HoldSyncs           *int          `json:"hold_syncs,omitempty" minimum:"0" maximum:"10000000" doc:"A sync waits for an owner when it moves the total by more licenses; absent: none waits."`
	GitHubFigure        *GitHubFigure `json:"github_figure,omitempty" doc:"Number of licenses that GitHub shows, noted by somebody."`
	Recipients          []string      `json:"recipients,omitempty" maxItems:"16" nullable:"false" doc:"Recipients that usage files may be meant for beside the hub's own."`
}

// GitHubFigure is a number of licenses that GitHub showed.
type GitHubFigure struct {
	Licenses int       `json:"licenses" minimum:"0" doc:"The number."`
	Date     time.Time `json:"date" doc:"When GitHub showed it."`
}

type enterpriseOutput struct{ Body Enterprise }

func (v *v1) enterprise(ctx context.Context, _ *InEnterprise) (*enterpriseOutput, error) {
	return shownEnterprise(askerOf(ctx).About, nil)
}

func shownEnterprise(e hub.EnterpriseInfo, err error) (*enterpriseOutput, error) {
	if err != nil {
		return nil, err
	}
	return &enterpriseOutput{Enterprise{
		Number: e.Number, Slug: e.Slug, Name: e.Name, CreatedAt: e.CreatedAt, Settings: settingsOf(&e.Settings),
	}}, nil
}

func settingsOf(s *hub.Settings) Settings {
	joins := !s.IgnoreGitHubJoins
	out := Settings{
		Purchased: s.Purchased, Billing: s.Billing, ManagedUsers: s.ManagedUsers, UseGitHubJoins: &joins,
		UnlinkedSubscribers: "free", NeverSignedIn: "keep", HoldSyncs: s.HoldSyncs, Recipients: s.Recipients,
	}
	if s.ConsumeUnlinkedSubscribers {
		out.UnlinkedSubscribers = "consume"
	}
	if s.LeaveOutNeverSignedIn {
		out.NeverSignedIn = "leave_out"
	}
	if f := s.GitHubFigure; f != nil {
		out.GitHubFigure = &GitHubFigure{f.Licenses, f.Date}
	}
	return out
}

// into changes settings to what was asked for.
func (s *Settings) into(out *hub.Settings) {
	*out = hub.Settings{
		Purchased: s.Purchased, Billing: s.Billing, ManagedUsers: s.ManagedUsers,
		IgnoreGitHubJoins:          s.UseGitHubJoins != nil && !*s.UseGitHubJoins,
		ConsumeUnlinkedSubscribers: s.UnlinkedSubscribers == "consume",
		LeaveOutNeverSignedIn:      s.NeverSignedIn == "leave_out",
		HoldSyncs:                  s.HoldSyncs,
		Recipients:                 s.Recipients,
	}
	if f := s.GitHubFigure; f != nil {
		out.GitHubFigure = &hub.GitHubFigure{Licenses: f.Licenses, Date: f.Date}
	}
}

type settingsInput struct {
	InEnterprise

	Body struct {
		Name     string   `json:"name" minLength:"1" maxLength:"200" doc:"What people call the enterprise."`
		Settings Settings `json:"settings" doc:"All settings."`
	}
}

func (v *v1) replaceSettings(ctx context.Context, in *settingsInput) (*enterpriseOutput, error) {
	who := askerOf(ctx)
	return shownEnterprise(v.hub.ChangeSettings(ctx, who.About.Number, who.Name, func(name *string, settings *hub.Settings) {
		*name = in.Body.Name
		in.Body.Settings.into(settings)
	}))
}

type figureInput struct {
	InEnterprise

	Body GitHubFigure
}

func (v *v1) setFigure(ctx context.Context, in *figureInput) (*enterpriseOutput, error) {
	who := askerOf(ctx)
	figure := &hub.GitHubFigure{Licenses: in.Body.Licenses, Date: in.Body.Date}
	return shownEnterprise(v.hub.SetGitHubFigure(ctx, who.About.Number, figure, who.Name))
}

func (v *v1) forgetFigure(ctx context.Context, _ *InEnterprise) (*enterpriseOutput, error) {
	who := askerOf(ctx)
	return shownEnterprise(v.hub.SetGitHubFigure(ctx, who.About.Number, nil, who.Name))
}
