package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/licensing"
)

func mail(text string) licensing.Email { return licensing.NewEmail(text) }

// cmpEmails compares addresses whole: they mask themselves otherwise.
func cmpEmails() cmp.Option {
	return cmp.Comparer(func(a, b licensing.Email) bool { return a.Address() == b.Address() })
}

// side has one of everything the cloud side can say.
func side() *licensing.CloudSide {
	yes := true
	return &licensing.CloudSide{
		Enterprise: licensing.Enterprise{Name: "Acme", Purchased: 100, Billing: licensing.Metered, ManagedUsers: true},
		AsOf:       at(), VerifiedDomains: []string{"acme.example"},
		Accounts: []licensing.CloudAccount{{
			ID: "1001", Login: "Mona", Name: "Mona L", Suspended: true, TwoFactor: &yes,
			Emails: []licensing.CloudEmail{{Email: mail("mona@acme.example"), Primary: true, Verified: true}},
			SAML: []licensing.SAMLIdentity{{
				Organization: "eng", NameID: mail("mona@acme.example"),
				Attributes: []licensing.SAMLAttribute{{Name: "emails", Value: mail("m.l@acme.example")}},
			}},
			SCIM:          []licensing.SCIMIdentity{{UserName: mail("mona"), Emails: []licensing.Email{mail("mona@acme.example")}}},
			Organizations: []licensing.Membership{{Login: "eng", Role: "Owner"}}, EnterpriseRoles: []string{"Owner"},
			OutsideCollaborator: []string{"eng/app"}, PendingOrganizations: []string{"sales"}, Reported: true,
		}},
		Invitations: []licensing.Invitation{
			{Email: mail("new@acme.example"), Organization: "eng", CreatedAt: at(), SCIM: true},
			{Email: mail("ext@other.example"), Repository: "eng/app", Kind: licensing.InviteOutsideCollaborator, Failed: true},
			{Email: mail("ext@other.example"), Repository: "eng/app", Kind: licensing.InviteOutsideCollaborator, Failed: true},
		},
		Subscriptions: []licensing.Subscription{{ID: "s1", Email: mail("mona@acme.example"), Login: "mona"}},
		Report: &licensing.GitHubReport{Date: at(), Consumed: 3, Missing: 2, Rows: []licensing.ReportRow{{
			Login: "mona", ServerAccounts: []licensing.HostID{{Host: "git.acme.example", ID: "7"}},
			ServerEmails: []licensing.Email{mail("mona@acme.example")}, SubscriptionEmail: mail("m@acme.example"),
			InvitationEmail: mail("n@acme.example"), Detail: "Member",
		}}},
	}
}

func TestWhatTheCloudSideSaysComesBack(t *testing.T) {
	t.Parallel()
	want := side()
	items, err := store.CloudItems(want)
	if err != nil {
		t.Fatal(err)
	}
	got := &licensing.CloudSide{Report: &licensing.GitHubReport{}}
	for _, item := range items {
		switch item.Kind {
		case store.KindCloudAccount:
			got.Accounts = append(got.Accounts, must(store.DecodeCloudAccount(item.Document)))
		case store.KindInvitation:
			got.Invitations = append(got.Invitations, must(store.DecodeInvitation(item.Document)))
		case store.KindSubscription:
			got.Subscriptions = append(got.Subscriptions, must(store.DecodeSubscription(item.Document)))
		case store.KindReportRow:
			got.Report.Rows = append(got.Report.Rows, must(store.DecodeReportRow(item.Document)))
		default:
			t.Fatalf("kind %s", item.Kind)
		}
	}
	slices.SortFunc(got.Invitations, func(a, b licensing.Invitation) int { return b.CreatedAt.Compare(a.CreatedAt) })
	for _, pair := range [][2]any{
		{got.Accounts, want.Accounts},
		{got.Invitations, want.Invitations},
		{got.Subscriptions, want.Subscriptions},
		{got.Report.Rows, want.Report.Rows},
	} {
		if diff := cmp.Diff(pair[1], pair[0], cmpEmails()); diff != "" {
			t.Errorf("want -, got +:\n%s", diff)
		}
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestTheSameListGivesTheSameKeysInAnyOrder(t *testing.T) {
	t.Parallel()
	one := side()
	two := side()
	slices.Reverse(two.Invitations)
	if diff := cmp.Diff(must(store.CloudItems(one)), must(store.CloudItems(two))); diff != "" {
		t.Errorf("the order of invitations shows:\n%s", diff)
	}
}

func TestServerAccountsComeBack(t *testing.T) {
	t.Parallel()
	for name, a := range map[string]licensing.ServerAccount{
		"no address":     {UserID: "1"},
		"one":            {UserID: "2", Emails: []licensing.ServerEmail{{Email: mail("a@acme.example"), Primary: true}}},
		"odd texts":      {UserID: "3", Emails: []licensing.ServerEmail{{Email: mail("\"q\\\u0000\u202e@acme.example")}, {Email: mail("é@x")}}},
		"with a product": {UserID: "4", AdvancedSecurity: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			item, err := store.AccountItem(&a)
			if err != nil {
				t.Fatal(err)
			}
			var d store.AccountDecoder
			for range 2 { // a decoder is used again
				if diff := cmp.Diff(a, must(d.Decode(&item)), cmpEmails()); diff != "" {
					t.Errorf("want -, got +:\n%s", diff)
				}
			}
		})
	}
}

func TestTimesAreMicroseconds(t *testing.T) {
	t.Parallel()
	v := licensing.Invitation{Email: mail("a@acme.example"), CreatedAt: at().Add(1234 * time.Microsecond)}
	item := must(store.InvitationItem(&v))
	if got := must(store.DecodeInvitation(item.Document)); !got.CreatedAt.Equal(v.CreatedAt) {
		t.Errorf("got %v, want %v", got.CreatedAt, v.CreatedAt)
	}
}
