package source_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oneseat/oneseat/internal/source"
)

// TestEveryoneIsTold: of every row, counted or not, and nothing about those
// that count changes with it.
func TestEveryoneIsTold(t *testing.T) {
	t.Parallel()
	sign := map[source.SignIn]string{source.SignInUnknown: "unknown", source.SignInSeen: "seen", source.SignInNone: "none"}
	for name, test := range map[string]struct {
		text     string
		leaveOut bool
		want     map[string]string
	}{
		"a report": {allUsers, false, map[string]string{
			"1 ghost ": "built_in none", "2 scim-admin x@acme.example": "built_in none", "3 ada Ada.Lind@acme.example": " seen",
			"4 sven sven@acme.example": "suspended seen", "5 robot ": " none", "6 Ghost ghost@acme.example": " seen",
		}},
		"who never signed in is left out": {allUsers, true, map[string]string{
			"1 ghost ": "built_in none", "2 scim-admin x@acme.example": "built_in none", "3 ada Ada.Lind@acme.example": " seen",
			"4 sven sven@acme.example": "suspended seen", "5 robot ": "never_signed_in none", "6 Ghost ghost@acme.example": " seen",
		}},
		"a list":          {"id,email\n1,ada@acme.example\n", false, map[string]string{"1  ada@acme.example": " unknown"}},
		"the same, twice": {"id,email\n1,ada@acme.example\n1,ada@acme.example\n", false, map[string]string{"1  ada@acme.example": " unknown"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			told := map[string]string{}
			options := source.ServerOptions{LeaveOutNeverSignedIn: test.leaveOut, Everyone: func(rows []source.Row) {
				for _, r := range rows {
					told[r.UserID+" "+r.Login+" "+r.Email.Address()] = r.Cause + " " + sign[r.SignIn]
				}
			}}
			with, _, err := read(t, file("all_users.csv", test.text), options)
			if err != nil {
				t.Fatal(err)
			}
			options.Everyone = nil
			without, _, err := read(t, file("all_users.csv", test.text), options)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(without, with); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(test.want, told); diff != "" {
				t.Errorf("told (-want +got):\n%s", diff)
			}
		})
	}
}
