package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/hub/store/sqlgen"
)

// Settings are what owners decide about an enterprise. The zero value leaves
// everything to the cloud side and the documented policy.
type Settings struct {
	// Purchased is the number of licenses bought; 0: as the cloud side says.
	Purchased int `json:"purchased,omitempty"`
	// Billing is "volume" or "metered"; empty: as the cloud side says.
	Billing string `json:"billing,omitempty"`
	// ManagedUsers; nil: as the cloud side says.
	ManagedUsers *bool `json:"managed_users,omitempty"`
	// IgnoreGitHubJoins is use_github_joins=false.
	IgnoreGitHubJoins bool `json:"ignore_github_joins,omitempty"`
	// ConsumeUnlinkedSubscribers is unlinked_subscribers=consume.
	ConsumeUnlinkedSubscribers bool `json:"consume_unlinked_subscribers,omitempty"`
	// LeaveOutNeverSignedIn is never_signed_in=leave_out, for the reports of
	// servers that are uploaded by hand; usage files come as their agent was
	// told. It decides about files that come from now on.
	LeaveOutNeverSignedIn bool `json:"leave_out_never_signed_in,omitempty"`
	// HoldSyncs is by how many licenses a sync may move the total before it waits
	// for an owner; nil: by any number.
	HoldSyncs *int `json:"hold_syncs,omitempty"`
	// GitHubFigure is what somebody read at GitHub; nil: nobody did. A report
	// of GitHub's that is loaded goes before it.
	GitHubFigure *GitHubFigure `json:"github_figure,omitempty"`
	// Recipients are what usage files for the enterprise are meant for or
	// sealed to, "age1…", beside the hub's own key: a hub without the key knows
	// by them whether a file in clear is this enterprise's.
	Recipients []string `json:"recipients,omitempty"`
}

// GitHubFigure is a number of licenses that GitHub showed, typed in.
type GitHubFigure struct {
	Licenses int       `json:"licenses"`
	Date     time.Time `json:"date"` // when GitHub showed it
}

// EnterpriseInfo describes an enterprise.
type EnterpriseInfo struct {
	Number    int64
	Slug      string
	Name      string
	Settings  Settings
	CreatedAt time.Time
}

// Inputs is what a recount starts from: the state of an enterprise at one
// moment.
type Inputs struct {
	EnterpriseInfo
	// Salt makes person ids.
	Salt []byte
	// Version counts every change of what is counted.
	Version int64
	// Result is the current result, 0 when there is none.
	Result int64
	// Sources that exist, cloud side first, then by host. Held ones count not.
	Sources []Source
	// Contract is every line of the contract.
	Contract []ContractLine
}

// AddEnterprise makes an enterprise with its cloud side, which is empty, and
// does also what else is to happen in the same transaction. Conflict when the
// slug is taken.
func (s *Store) AddEnterprise(ctx context.Context, slug, name string, settings Settings, at time.Time, also ...func(*Tx) error) (int64, error) {
	var number int64
	err := s.db.InTx(ctx, func(tx *sql.Tx) error {
		q := sqlgen.New(tx)
		last, err := q.LastEnterprise(ctx)
		if err != nil {
			return err
		}
		number = last + 1
		text, err := json.Marshal(settings)
		if err != nil {
			return err
		}
		salt := make([]byte, 32)
		rand.Read(salt)
		if err := q.AddEnterprise(ctx, sqlgen.AddEnterpriseParams{
			Enterprise: number, Slug: slug, Name: name, Settings: string(text), Salt: salt, CreatedAt: micros(at),
		}); err != nil {
			return err
		}
		if err := q.AddSource(ctx, sqlgen.AddSourceParams{
			Enterprise: number, Number: CloudSource, State: string(Active), PublicKey: []byte{}, CreatedAt: micros(at),
		}); err != nil {
			return err
		}
		for _, do := range also {
			if err := do(&Tx{s.For(number), q, tx}); err != nil {
				return err
			}
		}
		return nil
	})
	return number, err
}

// Enterprises gives all enterprises by slug.
func (s *Store) Enterprises(ctx context.Context) ([]EnterpriseInfo, error) {
	rows, err := sqlgen.New(s.db.Read).Enterprises(ctx)
	if err != nil {
		return nil, database.Translate(err)
	}
	out := make([]EnterpriseInfo, 0, len(rows))
	for _, r := range rows {
		info, err := enterpriseFromRow(r.ID, r.Slug, r.Name, r.Settings, r.CreatedAt)
		if err != nil {
			return nil, err
		}
		out = append(out, info)
	}
	return out, nil
}

// EnterpriseBySlug finds an enterprise; NotFound when there is none.
func (s *Store) EnterpriseBySlug(ctx context.Context, slug string) (EnterpriseInfo, error) {
	r, err := sqlgen.New(s.db.Read).EnterpriseBySlug(ctx, slug)
	if err != nil {
		return EnterpriseInfo{}, found(err, "hub.no_enterprise", "Slug", slug)
	}
	return enterpriseFromRow(r.ID, r.Slug, r.Name, r.Settings, r.CreatedAt)
}

func enterpriseFromRow(id int64, slug, name, settings string, createdAt int64) (EnterpriseInfo, error) {
	info := EnterpriseInfo{Number: id, Slug: slug, Name: name, CreatedAt: instant(createdAt)}
	if err := json.Unmarshal([]byte(settings), &info.Settings); err != nil {
		return info, fmt.Errorf("settings of enterprise %d: %w", id, err)
	}
	return info, nil
}

// Inputs reads the state a recount starts from.
func (e *Enterprise) Inputs(ctx context.Context) (*Inputs, error) {
	var in *Inputs
	err := e.view(ctx, func(q *sqlgen.Queries) (err error) {
		in, err = e.inputs(ctx, q)
		return err
	})
	return in, err
}

func (e *Enterprise) inputs(ctx context.Context, q *sqlgen.Queries) (*Inputs, error) {
	r, err := q.OneEnterprise(ctx, e.id)
	if err != nil {
		return nil, found(err, "hub.no_enterprise", "Slug", "")
	}
	info, err := enterpriseFromRow(r.ID, r.Slug, r.Name, r.Settings, r.CreatedAt)
	if err != nil {
		return nil, err
	}
	rows, err := q.Sources(ctx, e.id)
	if err != nil {
		return nil, err
	}
	contract, err := contractLines(ctx, q, e.id)
	if err != nil {
		return nil, err
	}
	return &Inputs{
		EnterpriseInfo: info, Salt: r.Salt, Version: r.InputVersion, Result: r.CurrentResult,
		Sources: sourcesFromRows(rows), Contract: contract,
	}, nil
}

// Inputs is [Enterprise.Inputs] inside of the transaction.
func (tx *Tx) Inputs(ctx context.Context) (*Inputs, error) { return tx.e.inputs(ctx, tx.q) }

// ChangeSettings replaces name and settings; the next recount counts with them.
func (tx *Tx) ChangeSettings(ctx context.Context, name string, settings Settings) error {
	text, err := json.Marshal(settings)
	if err != nil {
		return err
	}
	return tx.q.ChangeSettings(ctx, sqlgen.ChangeSettingsParams{Name: name, Settings: string(text), Enterprise: tx.e.id})
}
