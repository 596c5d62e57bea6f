package client

import "time"

// Enterprise is the account that owns licenses, instances and domains.
type Enterprise struct {
	Number    int64     `json:"number"`     // its number on this hub
	Slug      string    `json:"slug"`       // its name in addresses
	Name      string    `json:"name"`       // what people call it
	CreatedAt time.Time `json:"created_at"` // when it was made
	Settings  Settings  `json:"settings"`   // what its owners decided
}

// Settings are what owners decide about an enterprise.
type Settings struct {
	Purchased           int           `json:"purchased,omitempty"`            // licenses bought; absent or 0: as the cloud side says
	Billing             string        `json:"billing,omitempty"`              // how the enterprise pays; absent: as the cloud side says; one of volume, metered
	ManagedUsers        *bool         `json:"managed_users,omitempty"`        // the enterprise manages its users; absent: as the cloud side says
	UseGitHubJoins      *bool         `json:"use_github_joins,omitempty"`     // join what GitHub's report joined; absent: yes
	UnlinkedSubscribers string        `json:"unlinked_subscribers,omitempty"` // whether a Visual Studio subscription that belongs to nobody consumes a license; absent: free
	NeverSignedIn       string        `json:"never_signed_in,omitempty"`      // whether accounts of a server's report that never signed in count; absent: keep
	HoldSyncs           *int          `json:"hold_syncs,omitempty"`           // a sync waits for an owner when it moves the total by more licenses; absent: none waits
	GitHubFigure        *GitHubFigure `json:"github_figure,omitempty"`        // number of licenses that GitHub shows, noted by somebody
	Recipients          []string      `json:"recipients,omitempty"`           // recipients that usage files may be meant for beside the hub's own
}

// GitHubFigure is a number of licenses that GitHub showed.
type GitHubFigure struct {
	Licenses int       `json:"licenses"` // the number
	Date     time.Time `json:"date"`     // when GitHub showed it
}
