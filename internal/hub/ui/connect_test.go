package ui_test

import (
	"crypto/ed25519"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/signin"
)

// asks is an agent that asks for a connection; the code that it shows.
func (k *kit) asks(a *agent) string {
	k.t.Helper()
	own := ed25519.NewKeyFromSeed([]byte("the key of an agent, 32 bytes...")[:ed25519.SeedSize])
	public, _ := a.key.Public().(ed25519.PublicKey)
	ours, _ := own.Public().(ed25519.PublicKey)
	s := connect.Statement{Hub: "https://hub.acme.example", ServerID: a.id, HostName: a.host, Version: "3.17.2", InstanceKey: public, ConnectionKey: ours}
	text, err := s.Sign(a.key, k.clock())
	if err != nil {
		k.t.Fatal(err)
	}
	_, p, err := k.hub.BeginPairing(k.t.Context(), a.id, text, s.Hub, "somewhere")
	if err != nil {
		k.t.Fatal(err)
	}
	return hub.ShownCode(p.UserCode)
}

// TestAnOwnerConnectsAnAgent: by the code, with the fingerprint beside it; nobody
// else does, and Disable Connect takes two steps.
func TestAnOwnerConnectsAnAgent(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		git := newAgent(7, "ghes-7.acme.example")
		code := k.asks(git)
		owner := k.as(signin.RoleOwner)
		if a := k.as(signin.RoleAuditor).get("/enterprises/acme/connect"); a.status != http.StatusForbidden {
			k.t.Errorf("an auditor gets %d", a.status)
		}
		if a := owner.get("/connect?code=" + code); !strings.HasSuffix(a.location, "/enterprises/acme/connect?code="+code) {
			k.t.Errorf("the address of the code leads to %q", a.location)
		}
		wrong := owner.post("/enterprises/acme/connect", "code", "BBBB-BBBB")
		wrong.has(k.t, "[data-test=refusal]", "No agent shows this code")
		seen := owner.post("/enterprises/acme/connect", "code", strings.ToLower(code))
		seen.is(k.t, "[data-test=agent-host]", git.host)
		seen.is(k.t, "[data-test=agent-fingerprint]", git.fingerprint())
		a := owner.post("/enterprises/acme/connect/approve", "code", code)
		if a.status != http.StatusSeeOther {
			k.t.Fatalf("approving: %d %s", a.status, a.text)
		}
		owner.mustGet(a.location).has(k.t, "[data-test=done]", "Approved")
		at, _, _ := strings.Cut(a.location, "?")
		owner.mustGet(at).has(k.t, "[data-test=connected]", "never")
		owner.mustGet("/enterprises/acme/instances").is(k.t, "[data-test=connect]", "Connect")
		owner.mustGet(at+"/disable-connect").has(k.t, "main", "Disable Connect")
		if d := owner.post(at + "/disable-connect"); d.status != http.StatusSeeOther {
			k.t.Errorf("disabling: %d", d.status)
		}
		owner.mustGet(at).has(k.t, "[data-test=not-connected]", "Connect was disabled")
		owner.mustGet("/enterprises/acme/instances").is(k.t, "[data-test=connect]", "Connect disabled")
	})
}

func TestAgeObjectivesAndHeldSyncsAreSettings(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.seed()
		owner := k.as(signin.RoleOwner)
		const settings = "/enterprises/acme/settings/instances"
		if a := owner.post(settings+"/age", "source", "1", "days", "100"); a.status != http.StatusSeeOther {
			k.t.Fatalf("%d %s", a.status, a.text)
		}
		owner.post(settings+"/age", "source", "1", "days", "nonsense").has(k.t, "[data-test=refusal]", "whole days")
		owner.post(settings+"/hold", "hold", "hold", "licenses", "25")
		now, err := k.hub.Overview(k.t.Context(), k.acme.Number)
		if err != nil {
			k.t.Fatal(err)
		}
		info, err := k.hub.Enterprise(k.t.Context(), "acme")
		if err != nil || info.Settings.HoldSyncs == nil || *info.Settings.HoldSyncs != 25 {
			k.t.Errorf("the settings are %+v, %v", info.Settings, err)
		}
		for i := range now.Instances {
			if s := &now.Instances[i]; s.Number == 1 && s.AgeObjective() != 100*24*time.Hour {
				k.t.Errorf("the objective is %v", s.AgeObjective())
			}
		}
	})
}
