package licensing_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/oneseat/oneseat/licensing"
)

// enterprise reads a scenario from text and counts it.
func enterprise(t *testing.T, text string) *licensing.Result {
	t.Helper()
	var s scenario
	s.section(t, "policy", "")
	for _, f := range txtar.Parse([]byte(text)).Files {
		s.section(t, f.Name, string(f.Data))
	}
	return s.result(t)
}

func differenceText(d licensing.Difference) string {
	names := map[licensing.ChangeKind]string{
		licensing.Joined: "joined", licensing.Split: "split", licensing.Appeared: "appeared",
		licensing.Vanished: "vanished", licensing.Moved: "moved", licensing.Altered: "altered",
	}
	var b strings.Builder
	for _, c := range d.Changes {
		fmt.Fprintf(&b, "%s %+d:%s ->%s\n", names[c.Kind], c.Licenses, anchors(c.Before), anchors(c.After))
	}
	fmt.Fprintf(&b, "licenses %+d\n", d.Licenses)
	return b.String()
}

func anchors(people []licensing.Person) string {
	var b strings.Builder
	for _, p := range people {
		fmt.Fprintf(&b, " %s(%d)", p.Anchor.ID(), p.Accounts())
	}
	return b.String()
}

func TestDiff(t *testing.T) {
	t.Parallel()
	const mona = "-- cloud --\nmona member:eng verified:a@x\n"
	tests := []struct {
		name, before, after, want string
	}{
		{"nothing changed", mona + "-- server s --\n1 a@x\n", mona + "-- server s --\n1 a@x\n", "licenses +0\n"},
		{
			"a fixed address joins", mona + "-- server s --\n1 old@x\n", mona + "-- server s --\n1 a@x\n",
			"joined -1: address:old@x(1) cloud:mona(1) -> cloud:mona(2)\nlicenses -1\n",
		},
		{
			"a changed address splits", mona + "-- server s --\n1 a@x\n", mona + "-- server s --\n1 new@x\n",
			"split +1: cloud:mona(2) -> address:new@x(1) cloud:mona(1)\nlicenses +1\n",
		},
		{
			"somebody appears", mona, mona + "-- server s --\n7 b@x\n",
			"appeared +1: -> address:b@x(1)\nlicenses +1\n",
		},
		{
			"somebody vanishes", mona + "-- server s --\n7 b@x\n", mona,
			"vanished -1: address:b@x(1) ->\nlicenses -1\n",
		},
		{
			"a server account more changes the person, not the total", mona, mona + "-- server s --\n1 a@x\n",
			"altered +0: cloud:mona(1) -> cloud:mona(2)\nlicenses +0\n",
		},
		{
			"an invited person gets a server account and stays the same", "-- invitations --\nb@x\n",
			"-- invitations --\nb@x\n-- server s --\n1 b@x\n",
			"altered +0: address:b@x(0) -> address:b@x(1)\nlicenses +0\n",
		},
		{
			"a server-only person gets a cloud account", "-- server s --\n1 b@x\n",
			"-- cloud --\nbert member:eng verified:b@x\n-- server s --\n1 b@x\n",
			"moved +0: address:b@x(1) -> cloud:bert(2)\nlicenses +0\n",
		},
		{
			"people change accounts among themselves", "-- server s --\n1 a@x\n2 a@x\n3 b@x\n",
			"-- server s --\n1 a@x\n2 b@x\n3 b@x\n",
			"joined +0: address:a@x(2) address:b@x(1) -> address:a@x(1) address:b@x(2)\nlicenses +0\n",
		},
		{
			"suspended in the cloud", "-- cloud --\nmona member:eng\n", "-- cloud --\nmona member:eng suspended\n",
			"altered -1: cloud:mona(1) -> cloud:mona(1)\nlicenses -1\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := differenceText(licensing.Diff(enterprise(t, tt.before), enterprise(t, tt.after)))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
