package api

import (
	"context"
	"net/http"
	"time"

	"github.com/oneseat/oneseat/internal/signin"
)

func (v *v1) tokenCalls() []call {
	return []call{
		{
			Method: http.MethodGet, Path: own + "/tokens", Name: "list-tokens", Access: admins(), Tag: "Tokens",
			Summary: "Tokens, newest first", Text: "Revoked and expired ones too; at most 500.", Run: answers(v.tokens),
		},
		{
			Method: http.MethodPost, Path: own + "/tokens", Name: "create-token", Access: admins(), Tag: "Tokens",
			Summary: "Make a token", Text: "Its secret is in this answer and never again. It ends no later than the token that it is made with.", Run: answers(v.createToken),
		},
		{
			Method: http.MethodDelete, Path: own + "/tokens/{token}", Name: "revoke-token", Access: admins(), Tag: "Tokens",
			Summary: "End a token for ever",
			Text:    "Those that were made with it end too; the list has made_with, and the audit log an entry for each.", Run: answers(v.revokeToken),
		},
	}
}

// Token is everything of a token but its secret.
type Token struct {
	ID         string    `json:"id" doc:"Name of the token in addresses."`
	Name       string    `json:"name" doc:"What people call it."`
	State      string    `json:"state" enum:"live,expired,revoked" doc:"Whether it is of use."`
	Scopes     []string  `json:"scopes" nullable:"false" doc:"What it may."`
	Instance   int64     `json:"instance,omitempty" doc:"With the scope upload: the server instance it is for."`
	CreatedBy  string    `json:"created_by" doc:"Who made it."`
	MadeWith   string    `json:"made_with,omitempty" doc:"Id of the token it was made with, and ends with; absent when a person made it."`
	CreatedAt  time.Time `json:"created_at" doc:"When it was made."`
	ExpiresAt  time.Time `json:"expires_at,omitzero" doc:"When it ends; absent: never."`
	LastUsedAt time.Time `json:"last_used_at,omitzero" doc:"When it was used last, to the hour; absent: never."`
	RevokedAt  time.Time `json:"revoked_at,omitzero" doc:"When somebody ended it."`
}

func (v *v1) token(t signin.Token) Token {
	out := Token{
		ID: t.ID, Name: t.Name, State: string(t.State(v.now())), Instance: t.Instance, CreatedBy: t.CreatedBy, MadeWith: t.Maker,
		CreatedAt: t.CreatedAt, ExpiresAt: t.ExpiresAt, LastUsedAt: t.LastUsedAt, RevokedAt: t.RevokedAt,
	}
	out.Scopes = scopes(t.Scopes...)
	return out
}

type tokensOutput struct {
	Body struct {
		Tokens []Token `json:"tokens" nullable:"false" doc:"Newest first."`
	}
}

func (v *v1) tokens(ctx context.Context, _ *InEnterprise) (*tokensOutput, error) {
	list, err := v.desk.Tokens(ctx, askerOf(ctx).About.Number)
	if err != nil {
		return nil, err
	}
	out := &tokensOutput{}
	out.Body.Tokens = each(list, v.token)
	return out, nil
}

type tokenInput struct {
	InEnterprise

	Body struct {
		Name      string    `json:"name" minLength:"1" maxLength:"100" doc:"What people call it; no other live token has it."`
		Scopes    []string  `json:"scopes" minItems:"1" maxItems:"4" uniqueItems:"true" nullable:"false" enum:"read:enterprise,manage_billing:enterprise,admin:enterprise,upload" doc:"What it may: upload stands alone."`
		Instance  int64     `json:"instance,omitempty" minimum:"0" doc:"With the scope upload: the server instance it is for."`
		ExpiresAt time.Time `json:"expires_at,omitzero" doc:"When it ends; absent: never."`
	}
}

// NewToken is a token with its secret.
type NewToken struct {
	Token

	Secret string `json:"secret" doc:"What its bearer shows. It is here and nowhere else: keep it."`
}

type newTokenOutput struct {
	Status int
	Body   NewToken
}

func (v *v1) createToken(ctx context.Context, in *tokenInput) (*newTokenOutput, error) {
	who := askerOf(ctx)
	if in.Body.Instance > 0 {
		if _, err := v.anySource(ctx, in.Body.Instance); err != nil {
			return nil, err
		}
	}
	secret, token, err := v.desk.CreateToken(ctx, who.Actor, signin.NewToken{
		Enterprise: who.About.Number, Name: in.Body.Name, Instance: in.Body.Instance, ExpiresAt: in.Body.ExpiresAt,
		Scopes: each(in.Body.Scopes, func(s string) signin.Scope { return signin.Scope(s) }),
	})
	if err != nil {
		return nil, err
	}
	return &newTokenOutput{http.StatusCreated, NewToken{v.token(token), secret.Text()}}, nil
}

type revokeInput struct {
	InEnterprise

	Token string `path:"token" maxLength:"64" doc:"Id of the token." example:"T7GQ2M"`
}

func (v *v1) revokeToken(ctx context.Context, in *revokeInput) (*struct{}, error) {
	who := askerOf(ctx)
	_, err := v.desk.RevokeToken(ctx, who.Actor, who.About.Number, in.Token)
	return nil, err
}
