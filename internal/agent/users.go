package agent

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/licensing"
)

// Show is which users a list has.
type Show string

// What can be shown. Dormant users cannot: whether somebody was active lately is
// not read from the source, because a dormant user consumes a license as any
// other.
const (
	ShowAll            Show = ""
	ShowActive         Show = "active"          // those who leave
	ShowSuspended      Show = "suspended"       // consume nothing, and stay
	ShowStaying        Show = "staying"         // everybody who stays, whatever the reason
	ShowWithoutAddress Show = "without_address" // leave, and can be found nowhere else
	ShowDuplicate      Show = "duplicate"       // have the address of another account
	ShowNoSignIn       Show = "no_sign_in"      // the source shows no sign-in
)

// Shows are all of them, in the order of lists.
func Shows() []Show {
	return []Show{ShowAll, ShowActive, ShowSuspended, ShowStaying, ShowWithoutAddress, ShowDuplicate, ShowNoSignIn}
}

// Limits of a list of users.
const (
	MaxPage  = 100 // users of a page
	maxQuery = 200 // bytes that are searched for
)

// UsersQuery says whom to list. What is empty filters nothing.
type UsersQuery struct {
	// Text is found in login, id and address, whatever the case: each of its
	// first three words, anywhere.
	Text string
	Show Show
}

// User is somebody who has an account on the server instance.
type User struct {
	UserID, Login string
	Email         licensing.Email
	// Leaves says that a usage file has the user; Why is the key of the
	// sentence that says why not.
	Leaves bool
	Why    string
	// Cause is why not in one word: "suspended", "built_in" or
	// "never_signed_in".
	Cause  string
	SignIn store.SignIn
	// Shared says that another account has the same address.
	Shared bool
}

// Users are a page of a list.
type Users struct {
	// Reading is what the users are of; nil before the first one.
	Reading *Reading
	Users   []User
	// Next goes on behind this page; empty at the end.
	Next string
}

// Users lists at most limit users, [MaxPage] at most, of the reading that counts,
// by login, and by address or id where there is none. After is the Next of the
// page before; empty begins. Invalid when the query or the place is none.
func (s *Service) Users(ctx context.Context, q UsersQuery, after string, limit int) (*Users, error) {
	if limit < 1 || limit > MaxPage {
		return nil, errs.New(errs.Invalid, "agent.bad_page", "Most", MaxPage)
	}
	filter, err := q.filter()
	if err != nil {
		return nil, err
	}
	st, err := s.store.State(ctx)
	if err != nil {
		return nil, err
	}
	out := &Users{}
	if out.Reading, err = s.current(ctx, &st); err != nil || out.Reading == nil {
		return out, err
	}
	place, err := s.placeOf(ctx, st.Counts, after)
	if err != nil {
		return nil, err
	}
	rows, err := s.store.Accounts(ctx, st.Counts, filter, place, limit+1)
	if err != nil {
		return nil, err
	}
	if len(rows) > limit {
		rows = rows[:limit]
		out.Next = rows[limit-1].UserID
	}
	for i := range rows {
		out.Users = append(out.Users, userFrom(&rows[i]))
	}
	return out, nil
}

// placeOf finds where a list goes on: links name users by id, because a sort key
// may be an address, which belongs in no link.
func (s *Service) placeOf(ctx context.Context, reading int64, after string) (store.After, error) {
	if after == "" {
		return store.After{}, nil
	}
	a, err := s.store.Account(ctx, reading, after)
	if errs.KindOf(err) == errs.NotFound {
		return store.After{}, errs.New(errs.Invalid, "agent.bad_place")
	}
	return store.After{SortKey: a.SortKey, UserID: a.UserID}, err
}

func (q *UsersQuery) filter() (*store.Filter, error) {
	if len(q.Text) > maxQuery || !utf8.ValidString(q.Text) {
		return nil, errs.New(errs.Invalid, "agent.long_query", "Most", maxQuery)
	}
	f := &store.Filter{}
	copy(f.Words[:], strings.Fields(fold(oneLine(q.Text))))
	switch q.Show {
	case ShowAll:
	case ShowActive:
		f.Leaves = true
	case ShowSuspended:
		f.Cause = causeSuspended
	case ShowStaying:
		f.Stays = true
	case ShowWithoutAddress:
		f.Leaves, f.NoAddress = true, true
	case ShowDuplicate:
		f.Leaves, f.Shared = true, true
	case ShowNoSignIn:
		f.NoSignIn = true
	default:
		return nil, errs.New(errs.Invalid, "agent.bad_show", "Value", string(q.Show), "Choices", choices())
	}
	return f, nil
}

func choices() string {
	var all []string
	for _, show := range slices.DeleteFunc(Shows(), func(s Show) bool { return s == ShowAll }) {
		all = append(all, string(show))
	}
	return strings.Join(all, ", ")
}

func userFrom(a *store.Account) User {
	u := User{UserID: a.UserID, Login: a.Login, Email: a.Email, Leaves: a.Cause == "", Cause: a.Cause, SignIn: a.SignIn, Shared: a.Shared}
	if !u.Leaves {
		u.Why = "agent.why." + a.Cause
	}
	return u
}

// UserDetail is one user, with whoever has the same address.
type UserDetail struct {
	User

	// Others have the same address, 20 at most.
	Others []User
}

// User gives one user of the reading that counts; NotFound when there is none.
func (s *Service) User(ctx context.Context, id string) (*UserDetail, error) {
	st, err := s.store.State(ctx)
	if err != nil {
		return nil, err
	}
	a, err := s.store.Account(ctx, st.Counts, id)
	if err != nil {
		return nil, err
	}
	out := &UserDetail{User: userFrom(&a)}
	const most = 20
	others, err := s.store.SharedWith(ctx, st.Counts, &a, most)
	for i := range others {
		out.Others = append(out.Others, userFrom(&others[i]))
	}
	return out, err
}
