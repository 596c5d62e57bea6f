package licensing_test

import (
	"testing"

	"github.com/oneseat/oneseat/licensing"
)

func TestSmoke(t *testing.T) {
	side := &licensing.CloudSide{Accounts: []licensing.CloudAccount{
		{Login: "Mona", Organizations: []licensing.Membership{{Login: "eng", Role: "Member"}},
			Emails: []licensing.CloudEmail{{Email: licensing.NewEmail("a@x"), Verified: true}}},
	}}
	ix, err := licensing.NewIndex(side, licensing.Policy{UseGitHubJoins: true})
	if err != nil {
		t.Fatal(err)
	}
	c := licensing.NewCount(ix)
	for _, host := range []string{"s1", "s2"} {
		in, _ := c.AddInstance(host)
		c.Add(in, ix.PlaceShard(host, []licensing.ServerAccount{
			{UserID: "1", Emails: []licensing.ServerEmail{{Email: licensing.NewEmail("A@X"), Primary: true}}},
			{UserID: "02", Emails: []licensing.ServerEmail{{Email: licensing.NewEmail("b@x"), Primary: true}}},
			{UserID: "3"},
		}))
	}
	r, err := c.Result()
	if err != nil {
		t.Fatal(err)
	}
	for p := range r.All() {
		t.Logf("%v %+v", p.Anchor, p)
	}
	t.Logf("%+v %+v %+v %v", r.Statement(), r.Instances(), r.Visibility(), r.Warnings())
}
