package gate_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/oneseat/oneseat/client"
	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/hub/site"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/signin/totp"
	"github.com/oneseat/oneseat/internal/spool"
)

// surfaces are how people and programs come in to a whole hub.
type surfaces struct {
	person *http.Cookie
	token  string
}

// whole puts the hub behind all its surfaces, as a program runs it, and lets an
// owner and a program in.
func (k *kit) whole() surfaces {
	k.t.Helper()
	files, err := spool.New(filepath.Join(k.t.TempDir(), "whole"), 0)
	must(k.t, err)
	app, mux, err := site.New(site.Config{Hub: k.hub, Desk: k.desk, Spool: files, Logger: slog.New(slog.DiscardHandler), Version: "test", Now: k.now})
	must(k.t, err)
	server := httptest.NewServer(app.Handler(mux))
	k.t.Cleanup(server.Close)
	k.url = server.URL

	by := signin.CommandLine(k.acme.Number)
	link, _, err := k.desk.AddOwner(k.t.Context(), by, signin.NewOwner{Enterprise: k.acme.Number, Name: "Mona", Role: signin.RoleOwner})
	must(k.t, err)
	secret := totp.New()
	in, _, err := signin.NewDoor(k.desk, signin.DoorConfig{}).Join(k.t.Context(), signin.Visitor{}, signin.Joining{
		Link: link.Text(), Password: "rain over mossy roofs", Authenticator: secret.Text(), Code: secret.Code(k.now()),
	})
	must(k.t, err)
	token, _, err := k.desk.CreateToken(k.t.Context(), by, signin.NewToken{Enterprise: k.acme.Number, Name: "all", Scopes: []signin.Scope{signin.AdminEnterprise}})
	must(k.t, err)
	port := server.Listener.Addr().String()[len("127.0.0.1:"):]
	return surfaces{&http.Cookie{Name: "oneseat_session_" + port, Value: in.Secret.Text()}, token.Text()}
}

// metrics are those of the whole hub, line by line.
func (k *kit) metrics() []string {
	k.t.Helper()
	r, err := http.NewRequestWithContext(k.t.Context(), http.MethodGet, k.url+"/metrics", http.NoBody)
	must(k.t, err)
	answer, err := http.DefaultTransport.RoundTrip(r)
	must(k.t, err)
	defer answer.Body.Close() //nolint:errcheck // it was read
	text, err := io.ReadAll(answer.Body)
	must(k.t, err)
	return strings.Split(string(text), "\n")
}

// wantMetrics demands lines; one that ends with a space may have any value.
func (k *kit) wantMetrics(want ...string) {
	k.t.Helper()
	have := map[string]bool{}
	for _, line := range k.metrics() {
		have[line] = true
		if series, _, ok := strings.Cut(line, "} "); ok {
			have[series+"} "] = true
		}
	}
	for _, line := range want {
		if !have[line] {
			k.t.Errorf("the metrics lack %q", line)
		}
	}
}

// TestEverySurfaceTellsOfAnAgent: what it told of itself, whether it is to sync,
// and what it was refused.
func TestEverySurfaceTellsOfAnAgent(t *testing.T) {
	t.Parallel()
	k := on(t)
	in := k.whole()
	api, err := client.New(client.Config{Hub: k.url, Enterprise: "acme", Token: in.token})
	must(t, err)
	a := k.agent(1, "ghes-1.acme.example").pair()
	c, err := api.Connection(t.Context(), 1)
	if err != nil || c.State != "active" || c.Record != nil {
		t.Fatalf("before it told anything: %+v, %v", c, err)
	}
	users := int64(3)
	must(t, a.client.PutRecord(t.Context(), a.grant.AccessToken, &connect.Record{
		ServerID: a.id, HostName: a.host, Version: "3.17.2", Enterprise: "acme", ConsumedLicenses: &users, Agent: "1.2.3",
		Features: []connect.Feature{{Name: connect.FeatureSync, EnabledAt: k.now()}},
		Sync: connect.SyncRecord{
			Enabled: true, Every: "weekly", AsksForRequests: true, Failure: &connect.Sentence{Code: "unheard.of", Detail: "It rained."},
		},
	}))
	c, err = api.Connection(t.Context(), 1)
	must(t, err)
	r := c.Record
	if r == nil || r.HostName != a.host || r.ConsumedLicenses == nil || *r.ConsumedLicenses != 3 || r.DormantUsers != nil || len(r.Features) != 1 ||
		r.ReceivedAt.IsZero() || !r.Sync.AsksForRequests || r.Sync.Error == nil || r.Sync.Error.Message != "It rained." {
		t.Errorf("it told %+v", r)
	}
	k.wantMetrics(`oneseat_connections{enterprise="1",state="active"} 1`, `oneseat_sync_requests_open{enterprise="1"} 0`, `oneseat_uploads_waiting{enterprise="1"} 0`)

	asked, err := api.SyncNow(t.Context(), 1)
	must(t, err)
	k.wantMetrics(`oneseat_sync_requests_open{enterprise="1"} 1`)
	file := a.export("mona@acme.example")
	_, err = a.send(file, asked.ID)
	must(t, err)
	a.mustSend(a.export("mona@acme.example"), connect.Applied)
	_, err = a.send(file, "")
	wantFailure(t, err, connect.KindRefused, "usagefile.rollback")
	k.wantMetrics(
		`oneseat_sync_requests_open{enterprise="1"} 0`,
		`oneseat_source_age_seconds{enterprise="1",source="1"} `,
		`oneseat_source_delivered_timestamp_seconds{enterprise="1",source="1"} `,
		`oneseat_source_age_objective_seconds{enterprise="1",source="1"} 691200`,
		`oneseat_connect_refusals_total{code="usagefile.rollback",route="connect-usage"} 1`,
	)
	must(t, api.DisableConnect(t.Context(), 1))
	_, err = a.mint("")
	wantFailure(t, err, connect.KindRevoked, "connect.revoked")
	k.wantMetrics(
		`oneseat_connections{enterprise="1",state="active"} 0`, `oneseat_connections{enterprise="1",state="ended"} 1`,
		`oneseat_connect_refusals_total{code="connect.revoked",route="connect-token"} 1`,
	)
}
