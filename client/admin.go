package client

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Enterprise gives the enterprise and its settings.
func (c *Client) Enterprise(ctx context.Context) (*Enterprise, error) {
	e := &Enterprise{}
	return e, c.get(ctx, "", nil, e)
}

// ReplaceSettings replaces name and settings, all of them; the next recount
// counts with them.
func (c *Client) ReplaceSettings(ctx context.Context, name string, settings Settings) (*Enterprise, error) {
	body := struct {
		Name     string   `json:"name"`
		Settings Settings `json:"settings"`
	}{name, settings}
	e := &Enterprise{}
	return e, c.send(ctx, http.MethodPut, "/settings", body, e)
}

// SetGitHubFigure notes the number of licenses that GitHub shows.
func (c *Client) SetGitHubFigure(ctx context.Context, figure GitHubFigure) (*Enterprise, error) {
	e := &Enterprise{}
	return e, c.send(ctx, http.MethodPut, "/github-figure", figure, e)
}

// ForgetGitHubFigure forgets it.
func (c *Client) ForgetGitHubFigure(ctx context.Context) (*Enterprise, error) {
	e := &Enterprise{}
	return e, c.send(ctx, http.MethodDelete, "/github-figure", nil, e)
}

// ContractLines gives the licenses bought, line by line of the contract: past
// lines, lines to come and removed ones too, by first day, newest first.
func (c *Client) ContractLines(ctx context.Context) ([]ContractLine, error) {
	var answer struct{ Lines []ContractLine }
	err := c.get(ctx, "/purchased-licenses", nil, &answer)
	return answer.Lines, err
}

// AddContractLine adds a line; the next recount counts with it.
func (c *Client) AddContractLine(ctx context.Context, terms ContractTerms) (*ContractLine, error) {
	line := &ContractLine{}
	return line, c.send(ctx, http.MethodPost, "/purchased-licenses", terms, line)
}

// ReplaceContractLine corrects a line.
func (c *Client) ReplaceContractLine(ctx context.Context, id int64, terms ContractTerms) (*ContractLine, error) {
	line := &ContractLine{}
	return line, c.send(ctx, http.MethodPut, "/purchased-licenses/"+strconv.FormatInt(id, 10), terms, line)
}

// RemoveContractLine takes a line back that was noted by mistake.
func (c *Client) RemoveContractLine(ctx context.Context, id int64) (*ContractLine, error) {
	line := &ContractLine{}
	return line, c.send(ctx, http.MethodDelete, "/purchased-licenses/"+strconv.FormatInt(id, 10), nil, line)
}

// Tokens gives the tokens, newest first, revoked and expired ones too.
func (c *Client) Tokens(ctx context.Context) ([]Token, error) {
	var answer struct{ Tokens []Token }
	err := c.get(ctx, "/tokens", nil, &answer)
	return answer.Tokens, err
}

// TokenWanted is a token to be made.
type TokenWanted struct {
	Name string `json:"name"`
	// Scopes are read:enterprise, manage_billing:enterprise and
	// admin:enterprise, or upload alone.
	Scopes []string `json:"scopes"`
	// Instance is the number of the one instance that upload is for.
	Instance int64 `json:"instance,omitempty"`
	// ExpiresAt is when it ends; zero: never.
	ExpiresAt time.Time `json:"expires_at,omitzero"`
}

// CreateToken makes a token; its secret is in the answer and never again.
func (c *Client) CreateToken(ctx context.Context, wanted TokenWanted) (*NewToken, error) {
	t := &NewToken{}
	return t, c.send(ctx, http.MethodPost, "/tokens", wanted, t)
}

// RevokeToken ends a token for ever.
func (c *Client) RevokeToken(ctx context.Context, id string) error {
	return c.send(ctx, http.MethodDelete, "/tokens/"+url.PathEscape(id), nil, nil)
}

// AuditFilter chooses entries of the audit log; every field that is not empty
// must fit.
type AuditFilter struct {
	Action, Actor, Target string
	// Since is included, Until is not.
	Since, Until time.Time
}

// AuditLog gives the audit log, newest first.
func (c *Client) AuditLog(ctx context.Context, f AuditFilter) iter.Seq2[AuditEntry, error] {
	query := url.Values{}
	for name, value := range map[string]string{"action": f.Action, "actor": f.Actor, "target": f.Target} {
		if value != "" {
			query.Set(name, value)
		}
	}
	for name, at := range map[string]time.Time{"since": f.Since, "until": f.Until} {
		if !at.IsZero() {
			query.Set(name, at.UTC().Format(time.RFC3339Nano))
		}
	}
	type page struct{ Entries []AuditEntry }
	return pages(ctx, c, "/audit-log", query, func(p *page) []AuditEntry { return p.Entries })
}

// VerifyAuditLog says whether the audit log is whole.
func (c *Client) VerifyAuditLog(ctx context.Context) (*Verification, error) {
	v := &Verification{}
	return v, c.get(ctx, "/audit-log/verification", nil, v)
}
