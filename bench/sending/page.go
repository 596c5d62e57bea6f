package sending

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"

	"github.com/oneseat/oneseat/bench/gen"
	"github.com/oneseat/oneseat/bench/measure"
	"github.com/oneseat/oneseat/internal/agent"
	"github.com/oneseat/oneseat/internal/agent/ui"
	"github.com/oneseat/oneseat/internal/i18n"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/web"
)

// page asks for the usage file as a browser does, with everything that stands
// around a page but signing in. It idles after a first page was shown.
func (r *running) page(ctx context.Context) (o Outcome, err error) {
	server, err := r.serve()
	if err != nil {
		return o, err
	}
	defer server.Close()
	if _, err := ask(ctx, http.MethodGet, server.URL+"/export"); err != nil {
		return o, err
	}
	o.Cost, err = measure.Of(func() error { o.Bytes, err = ask(ctx, http.MethodPost, server.URL+"/export"); return err })
	return o, err
}

// ask gives how long an answer is.
func ask(ctx context.Context, method, address string) (int64, error) {
	request, err := http.NewRequestWithContext(ctx, method, address, nil)
	if err != nil {
		return 0, err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close() //nolint:errcheck // it was read
	n, err := io.Copy(io.Discard, answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = errors.New(answer.Status)
	}
	if err != nil {
		return 0, fmt.Errorf("ask for %s: %w", address, err)
	}
	return n, nil
}

// serve shows the pages to an owner.
func (r *running) serve() (*httptest.Server, error) {
	sentences, err := i18n.New("en")
	if err != nil {
		return nil, err
	}
	look, err := page.New(gen.At)
	if err != nil {
		return nil, err
	}
	owner := ui.Visitor{Actor: signin.Actor{Name: "owner bench", Enterprise: agent.Enterprise}, ID: "owner bench", Role: signin.RoleOwner, Name: "bench"}
	pages := ui.New(ui.Config{
		Agent: r.agent, Desk: signin.New(r.db, gen.At), Look: look, HostName: gen.Host(0),
		Visitor: func(*http.Request) (ui.Visitor, error) { return owner, nil },
	})
	app, err := web.New(web.Config{
		Logger: slog.New(slog.DiscardHandler), Catalogue: sentences, Authorize: pages.Authorize, Page: pages.Refusal,
		Fallback: func(string) web.Style { return web.StylePage }, Now: gen.At,
	})
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	app.Mount(mux, pages.Routes()...)
	return httptest.NewServer(app.Handler(mux)), nil
}
