package api

import (
	"slices"

	"github.com/danielgtaylor/huma/v2"
)

// loosen lets answers grow: shapes that no request has may get members that
// today's readers pass over. What is asked stays strict, because a mistyped
// member that is passed over would not do what it says.
func loosen(document *huma.OpenAPI) {
	strict := map[string]bool{}
	schemas := document.Components.Schemas.Map()
	for _, item := range document.Paths {
		for _, op := range []*huma.Operation{item.Get, item.Put, item.Post, item.Delete} {
			if op != nil && op.RequestBody != nil {
				for _, body := range op.RequestBody.Content {
					reach(body.Schema, schemas, strict)
				}
			}
		}
	}
	for name, schema := range schemas {
		if never, is := schema.AdditionalProperties.(bool); is && !never && !strict[name] {
			schema.AdditionalProperties = nil
		}
	}
}

// reach notes the shapes that a schema leads to.
func reach(s *huma.Schema, schemas map[string]*huma.Schema, reached map[string]bool) {
	if s == nil {
		return
	}
	if name := refName(s.Ref); s.Ref != "" && !reached[name] {
		reached[name] = true
		reach(schemas[name], schemas, reached)
	}
	reach(s.Items, schemas, reached)
	for _, member := range s.Properties {
		reach(member, schemas, reached)
	}
	for _, one := range slices.Concat(s.OneOf, s.AnyOf, s.AllOf) {
		reach(one, schemas, reached)
	}
}
