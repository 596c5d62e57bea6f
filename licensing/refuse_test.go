package licensing_test

import (
	"errors"
	"testing"

	"github.com/oneseat/oneseat/licensing"
)

func TestIndexRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		side licensing.CloudSide
		want licensing.Code
	}{
		{"no login", licensing.CloudSide{Accounts: []licensing.CloudAccount{{ID: "7"}}}, licensing.CodeNoLogin},
		{"a login twice", licensing.CloudSide{Accounts: []licensing.CloudAccount{{Login: "Mona"}, {Login: "mona"}}}, licensing.CodeLoginTwice},
		{"an invitation to nothing", licensing.CloudSide{Invitations: []licensing.Invitation{{Email: licensing.NewEmail("mona")}}}, licensing.CodeInvitationAddress},
		{"a row of nobody", licensing.CloudSide{Report: &licensing.GitHubReport{Rows: []licensing.ReportRow{{Login: "mona"}}}}, licensing.CodeUnknownLogin},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := licensing.NewIndex(&tt.side, licensing.Policy{})
			if refusal, ok := errors.AsType[*licensing.Error](err); !ok || refusal.Code != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

func TestCountRefuses(t *testing.T) {
	t.Parallel()
	ix, err := licensing.NewIndex(&licensing.CloudSide{}, licensing.Policy{})
	if err != nil {
		t.Fatal(err)
	}
	c := licensing.NewCount(ix)
	in, err := c.AddInstance("ghes-1.example:8443")
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.AddInstance("GHES-1.example.")
	if refusal, ok := errors.AsType[*licensing.Error](err); !ok || refusal.Code != licensing.CodeInstanceTwice {
		t.Errorf("the same host twice: got %v", err)
	}
	c.Add(in, ix.PlaceShard("ghes-1.example", []licensing.ServerAccount{{}}))
	_, err = c.Result()
	if refusal, ok := errors.AsType[*licensing.Error](err); !ok || refusal.Code != licensing.CodeNoUserID {
		t.Errorf("no user id: got %v", err)
	}
}
