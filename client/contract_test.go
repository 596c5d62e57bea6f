package client_test

import (
	"maps"
	"reflect"
	"testing"

	"github.com/oneseat/oneseat/client"
	"github.com/oneseat/oneseat/internal/hub/api"
)

// TestTypesAreTheAPIs: every type here has the members that the hub writes,
// by name and kind, and no others.
func TestTypesAreTheAPIs(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]any{
		{client.Result{}, api.Result{}},
		{client.Reconciliation{}, api.Reconciliation{}},
		{client.Change{}, api.Change{}},
		{client.Conflict{}, api.Conflict{}},
		{client.Upload{}, api.Upload{}},
		{client.Instance{}, api.Instance{}},
		{client.CloudList{}, api.CloudList{}},
		{client.Connection{}, api.Connection{}},
		{client.SyncRequest{}, api.SyncRequest{}},
		{client.Snapshot{}, api.Snapshot{}},
		{client.PersonSummary{}, api.PersonSummary{}},
		{client.Person{}, api.Person{}},
		{client.Enterprise{}, api.Enterprise{}},
		{client.ContractLine{}, api.ContractLine{}},
		{client.Token{}, api.Token{}},
		{client.NewToken{}, api.NewToken{}},
		{client.AuditEntry{}, api.AuditEntry{}},
		{client.Verification{}, api.Verification{}},
	} {
		compare(t, reflect.TypeOf(pair[0]).Name(), reflect.TypeOf(pair[0]), reflect.TypeOf(pair[1]))
	}
}

func compare(t *testing.T, at string, ours, theirs reflect.Type) {
	t.Helper()
	if ours.Kind() != theirs.Kind() {
		t.Errorf("%s is %v here and %v there", at, ours, theirs)
		return
	}
	switch ours.Kind() { //nolint:exhaustive // the others have nothing inside
	case reflect.Pointer, reflect.Slice, reflect.Map:
		compare(t, at+"[]", ours.Elem(), theirs.Elem())
	case reflect.Struct:
		if ours == theirs {
			return // time.Time
		}
		here, there := members(ours), members(theirs)
		for name, field := range there {
			if mine, ok := here[name]; ok {
				compare(t, at+"."+name, mine, field)
			} else {
				t.Errorf("%s lacks %s", at, name)
			}
		}
		for name := range here {
			if _, ok := there[name]; !ok {
				t.Errorf("%s.%s is nothing the hub writes", at, name)
			}
		}
	}
}

// members are a struct's, by the name in JSON with its options.
func members(s reflect.Type) map[string]reflect.Type {
	all := map[string]reflect.Type{}
	for field := range s.Fields() {
		if field.Anonymous {
			maps.Copy(all, members(field.Type))
			continue
		}
		all[field.Tag.Get("json")] = field.Type
	}
	return all
}
