package api

import (
	"encoding/json"
	"net/http"

	"github.com/oneseat/oneseat/internal/web"
)

// documentRoutes are where the surface describes itself, for everybody.
func (v *v1) documentRoutes() []web.Route {
	public := func(path, name string, handler web.Handler) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: path, Name: name, Style: web.StyleProblem, Handler: handler}
	}
	return []web.Route{
		public("/api/v1/openapi.json", "openapi-json", v.openAPIJSON),
		public("/api/v1/openapi.yaml", "openapi-yaml", v.openAPIYAML),
		{Method: http.MethodGet, Pattern: "/api/v1/docs", Name: "docs", Style: web.StylePage, Handler: v.docs},
		public("/api/v1/docs.css", "docs-style", v.docsStyle),
	}
}

func (v *v1) openAPIJSON(w http.ResponseWriter, _ *http.Request) error {
	text, err := json.MarshalIndent(v.document, "", "  ")
	if err != nil {
		return err
	}
	return send(w, "application/vnd.oai.openapi+json;version=3.1", append(text, '\n'))
}

func (v *v1) openAPIYAML(w http.ResponseWriter, _ *http.Request) error {
	text, err := v.document.YAML()
	if err != nil {
		return err
	}
	return send(w, "application/vnd.oai.openapi;version=3.1", text)
}

// send answers with a whole document.
func send(w http.ResponseWriter, contentType string, text []byte) error {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Cache-Control", "public, max-age=300")
	_, err := w.Write(text)
	return err
}
