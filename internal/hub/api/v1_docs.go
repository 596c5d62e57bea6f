package api

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

//go:embed static
var static embed.FS

// docsPage is the page that shows the description to people. It needs nothing
// but itself and its style: no script, and nobody else's server.
type docsPage struct {
	Words   docsWords
	Title   string
	Version string
	Intro   string
	Access  string
	Groups  []docsGroup
	Schemas []docsSchema
}

// docsWords are the words of the page that are not in the description.
type docsWords struct {
	Contents, Access, Parameters, Body, Answers, Shapes, Machine, Required string
}

type docsGroup struct {
	Name, Anchor string
	Calls        []docsCall
}

type docsCall struct {
	Anchor, Method, Path, Summary, Text string
	Scopes                              []string
	Parameters                          []docsField
	Bodies, Answers                     []docsBody
}

// docsField is a parameter, or a member of a shape.
type docsField struct {
	Name, In, Type, Text string
	Shape                string // the shape it is of, for a link
	Required             bool
}

// docsBody is a body, or an answer by its status.
type docsBody struct{ Name, Type, Text, Shape string }

type docsSchema struct {
	Name, Anchor string
	Fields       []docsField
}

func (v *v1) docs(w http.ResponseWriter, _ *http.Request) error {
	page, err := template.ParseFS(static, "static/docs.html")
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := page.Execute(&out, v.docsPage()); err != nil {
		return err
	}
	return send(w, "text/html; charset=utf-8", out.Bytes())
}

func (v *v1) docsStyle(w http.ResponseWriter, _ *http.Request) error {
	text, err := static.ReadFile("static/docs.css")
	if err != nil {
		return err
	}
	return send(w, "text/css; charset=utf-8", text)
}

func (v *v1) docsPage() docsPage {
	t := v.sentences.T
	return docsPage{
		Words: docsWords{
			Contents: t("docs.contents"), Access: t("docs.access"), Parameters: t("docs.parameters"), Body: t("docs.body"),
			Answers: t("docs.answers"), Shapes: t("docs.shapes"), Machine: t("docs.machine"), Required: t("docs.required"),
		},
		Title: v.document.Info.Title, Version: v.document.Info.Version, Intro: v.document.Info.Description,
		Access: v.document.Components.SecuritySchemes[securityName].Description,
		Groups: v.docsGroups(), Schemas: docsSchemas(v.document.Components.Schemas),
	}
}

// docsGroups are the calls by tag, in the order of the list.
func (v *v1) docsGroups() []docsGroup {
	var out []docsGroup
	for _, c := range v.calls {
		i := slices.IndexFunc(out, func(g docsGroup) bool { return g.Name == c.Tag })
		if i < 0 {
			i = len(out)
			out = append(out, docsGroup{Name: c.Tag, Anchor: anchor(c.Tag)})
		}
		out[i].Calls = append(out[i].Calls, docsCallOf(c, operationAt(v.document, c)))
	}
	return out
}

// operationAt is the description of a call.
func operationAt(document *huma.OpenAPI, c call) *huma.Operation {
	item := document.Paths[c.Path]
	switch c.Method {
	case http.MethodGet:
		return item.Get
	case http.MethodPost:
		return item.Post
	case http.MethodPut:
		return item.Put
	default:
		return item.Delete
	}
}

func docsCallOf(c call, op *huma.Operation) docsCall {
	out := docsCall{Anchor: c.Name, Method: c.Method, Path: c.Path, Summary: c.Summary, Text: c.Text, Scopes: c.Access}
	for _, p := range op.Parameters {
		out.Parameters = append(out.Parameters, docsField{Name: p.Name, In: p.In, Type: typeOf(p.Schema), Text: p.Description, Required: p.Required})
	}
	if op.RequestBody != nil {
		out.Bodies = bodies(op.RequestBody.Description, op.RequestBody.Content)
	}
	for _, status := range sortedKeys(op.Responses) {
		response := op.Responses[status]
		if len(response.Content) == 0 {
			out.Answers = append(out.Answers, docsBody{Name: status, Text: response.Description})
		}
		for _, body := range bodies(response.Description, response.Content) {
			body.Name = status
			out.Answers = append(out.Answers, body)
		}
	}
	return out
}

func bodies(text string, content map[string]*huma.MediaType) []docsBody {
	var out []docsBody
	for _, kind := range sortedKeys(content) {
		out = append(out, docsBody{Type: kind, Text: text, Shape: shapeOf(content[kind].Schema)})
	}
	return out
}

func docsSchemas(registry huma.Registry) []docsSchema {
	var out []docsSchema
	all := registry.Map()
	for _, name := range sortedKeys(all) {
		shape := docsSchema{Name: name, Anchor: "shape-" + anchor(name)}
		for _, key := range sortedKeys(all[name].Properties) {
			field := all[name].Properties[key]
			shape.Fields = append(shape.Fields, docsField{
				Name: key, Type: typeOf(field), Text: field.Description, Shape: shapeOf(field),
				Required: slices.Contains(all[name].Required, key),
			})
		}
		out = append(out, shape)
	}
	return out
}

// typeOf says in a few words what a schema takes.
func typeOf(s *huma.Schema) string {
	switch {
	case s == nil:
		return ""
	case s.Ref != "":
		return refName(s.Ref)
	case s.Type == huma.TypeArray:
		return "[" + typeOf(s.Items) + "]"
	case len(s.Enum) > 0:
		return enumOf(s.Enum)
	case s.Format != "":
		return s.Type + ", " + s.Format
	default:
		return s.Type
	}
}

func enumOf(values []any) string {
	var texts []string
	for _, value := range values {
		if text, ok := value.(string); ok {
			texts = append(texts, text)
		}
	}
	return strings.Join(texts, " | ")
}

// shapeOf is the anchor of the shape that a schema is, or is a list of.
func shapeOf(s *huma.Schema) string {
	for s != nil && s.Ref == "" {
		s = s.Items
	}
	if s == nil {
		return ""
	}
	return "shape-" + anchor(refName(s.Ref))
}

func refName(ref string) string { return ref[strings.LastIndexByte(ref, '/')+1:] }

func anchor(text string) string { return strings.ReplaceAll(strings.ToLower(text), " ", "-") }

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for key := range m {
		out = append(out, key)
	}
	slices.Sort(out)
	return out
}
