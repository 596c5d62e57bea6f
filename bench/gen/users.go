package gen

import (
	"iter"
	"strconv"

	"github.com/oneseat/oneseat/licensing"
)

// Users are the users of one large instance in the order a usage file wants
// them, one in three with a second address.
func Users(n int) iter.Seq2[licensing.ServerAccount, error] {
	first := 10
	for first < n {
		first *= 10 // ids of one length: their bytes ascend like their numbers
	}
	return func(yield func(licensing.ServerAccount, error) bool) {
		l := newPeople()
		for p := range n {
			a := licensing.ServerAccount{
				UserID: strconv.Itoa(first + p),
				Emails: []licensing.ServerEmail{{Email: licensing.NewEmail(l.work(p)), Primary: true}},
			}
			if p%3 == 0 {
				a.Emails = append(a.Emails, licensing.ServerEmail{Email: licensing.NewEmail(l.private(p))})
			}
			if !yield(a, nil) {
				return
			}
		}
	}
}
