package hub_test

import (
	"testing"

	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/licensing"
)

// TestANearMissShowsWhatTheOtherPageShows: an address that is masked on the page
// of a cloud account is masked on that of who almost was the same person, unless
// it is their own.
func TestANearMissShowsWhatTheOtherPageShows(t *testing.T) {
	t.Parallel()
	result := &hub.Result{Counted: hub.Counted{Domains: []string{"acme.example"}}}
	cloud := hub.EyesOn(result, &licensing.Person{Login: "dmitri"})
	server := hub.EyesOn(result, &licensing.Person{
		Cloud:   -1,
		Servers: []licensing.PlacedAccount{{HostID: licensing.HostID{Host: "ghes-1.acme.example", ID: "7"}, Email: licensing.NewEmail("dmitri@acme.example")}},
	})
	for _, test := range []struct {
		address  string
		verified bool
		own      bool
		masked   bool // on the page of the cloud account
	}{
		{address: "d.orlov@acme.example", verified: true},
		{address: "d.orlov@acme.example", masked: true},
		{address: "dmitri@home.example", verified: true, masked: true},
		{address: "dmitri@home.example", masked: true},
		{address: "dmitri@acme.example", masked: true, own: true},
	} {
		address := licensing.NewEmail(test.address)
		there, masked := cloud.See(licensing.CloudEmail{Email: address, Verified: test.verified})
		if masked != test.masked {
			t.Errorf("%s, verified %t: %s on the page of the cloud account", test.address, test.verified, there)
		}
		miss := licensing.NearMiss{Login: "dmitri", Theirs: address, Verified: test.verified}
		if here, hidden := server.Missed(&miss); hidden != (masked && !test.own) || !test.own && here != there {
			t.Errorf("%s, verified %t: %s as a near miss, %s on the other page", test.address, test.verified, here, there)
		}
		if here, hidden := hub.ClosedEyes().Missed(&miss); !hidden {
			t.Errorf("readers see %s", here)
		}
	}
}
