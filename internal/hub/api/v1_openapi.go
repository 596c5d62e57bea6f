package api

import (
	"net/http"
	"reflect"
	"slices"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/oneseat/oneseat/internal/web"
)

// describe makes the OpenAPI description of calls, and the handlers of those
// that huma runs, by name.
func describe(version string, calls []call) (*huma.OpenAPI, map[string]web.Handler) {
	through := &adapter{operations: map[string]web.Handler{}}
	api := huma.NewAPI(huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title: "OneSeat hub", Version: version, License: &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"},
				Description: "What an enterprise's people consume, and why. Addresses that GitHub's own report would not show are masked until an administrator reveals them.",
			},
			Components: &huma.Components{
				Schemas:         huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer),
				SecuritySchemes: map[string]*huma.SecurityScheme{securityName: security()},
			},
		},
		Formats:                      map[string]huma.Format{"application/json": jsonFormat(), "json": jsonFormat()}, // json: problem+json too
		DefaultFormat:                "application/json",
		RejectUnknownQueryParameters: true,
		Transformers:                 []huma.Transformer{refusals},
	}, through)
	for _, c := range calls {
		c.describe(api)
	}
	schemas := api.OpenAPI().Components.Schemas.Map()
	delete(schemas, "ErrorModel") // huma's own, which nothing answers
	delete(schemas, "ErrorDetail")
	loosen(api.OpenAPI())
	return api.OpenAPI(), through.operations
}

// securityName is how operations name the one way of asking.
const securityName = "token"

func security() *huma.SecurityScheme {
	return &huma.SecurityScheme{
		Type: "http", Scheme: "bearer",
		Description: "A token of the enterprise, as Authorization: Bearer TOKEN. An operation names the scopes of which the token needs one.",
	}
}

// describe adds a call to a description.
func (c call) describe(api huma.API) {
	registry := api.OpenAPI().Components.Schemas
	op := huma.Operation{
		Method: c.Method, Path: c.Path, OperationID: c.Name, Summary: c.Summary, Description: c.Text, Tags: []string{c.Tag},
		MaxBodyBytes: maxJSON, BodyReadTimeout: -1, // web watches the pace
		Responses: c.refusals(registry), Security: c.security(),
	}
	if c.Plain == nil {
		c.Run(api, op)
		if c.Body != nil { // only now: huma would read a body that it knows of
			operationAt(api.OpenAPI(), c).RequestBody = c.Body
		}
		return
	}
	op.Parameters = append(op.Parameters, &huma.Param{
		Name: "enterprise", In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString},
		Description: "Slug or number of the enterprise.",
	})
	c.Describe(&op)
	api.OpenAPI().AddOperation(&op)
}

// security names the scopes: one entry each, because one of them is enough.
func (c call) security() []map[string][]string {
	var out []map[string][]string
	for _, scope := range c.Access {
		out = append(out, map[string][]string{securityName: {scope}})
	}
	return out
}

// refusals are the answers of a call that is refused.
func (c call) refusals(registry huma.Registry) map[string]*huma.Response {
	problem := registry.Schema(reflect.TypeFor[web.Problem](), true, "Problem")
	out := map[string]*huma.Response{}
	for status, text := range c.refused() {
		out[status] = &huma.Response{
			Description: text, Content: map[string]*huma.MediaType{"application/problem+json": {Schema: problem}},
		}
	}
	return out
}

func (c call) refused() map[string]string {
	out := map[string]string{
		strconv.Itoa(http.StatusUnauthorized): "No token, or one that is unknown, revoked or expired.",
		strconv.Itoa(http.StatusNotFound):     "Not there, or not for this token.",
		"default":                             "Refused; detail says why and what to do.",
	}
	if !slices.Contains(c.Access, reads()[0]) {
		out[strconv.Itoa(http.StatusForbidden)] = "The token reads this enterprise and may not change it."
	}
	return out
}
