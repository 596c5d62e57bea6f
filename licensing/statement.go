package licensing

import (
	"fmt"
	"slices"
	"strings"
)

// Statement is the sum that must add up:
//
//	Accounts + InvitedOnly − NotConsuming − Joined = Licenses
type Statement struct {
	CloudAccounts  int
	ServerAccounts int
	Accounts       int // both
	InvitedOnly    int // consuming people without any account
	NotConsuming   int // accounts of people who do not consume
	Joined         int // for each consuming person with n ≥ 1 accounts, n − 1
	Licenses       int // licenses consumed
	VisualStudio   int // of these, of type Visual Studio subscription
}

// Holds says whether the statement adds up.
func (s Statement) Holds() bool {
	return s.Accounts == s.CloudAccounts+s.ServerAccounts &&
		s.Accounts+s.InvitedOnly-s.NotConsuming-s.Joined == s.Licenses
}

// InstanceStatement is the sum of one server instance:
//
//	Accounts − Repeated − ConsumeWithout = OnlyHere
type InstanceStatement struct {
	Host string
	// Reported: the instance is known from GitHub's report alone.
	Reported       bool
	Accounts       int
	Repeated       int // further accounts of a person who has one here
	ConsumeWithout int // people who would consume without this instance
	OnlyHere       int // people only this instance accounts for
}

// Holds says whether the statement adds up.
func (s InstanceStatement) Holds() bool {
	return s.Accounts-s.Repeated-s.ConsumeWithout == s.OnlyHere
}

// addUp makes the statement and checks it with those of the instances: every
// term is counted by itself, and the sums must agree.
func (r *Result) addUp() error {
	s := Statement{CloudAccounts: r.ix().accounts.len(), ServerAccounts: r.c.n}
	s.Accounts = s.CloudAccounts + s.ServerAccounts
	for p := range r.state {
		r.addPerson(&s, person(p))
	}
	r.statement = s
	if !s.Holds() {
		return &Error{Code: CodeStatement, Value: fmt.Sprintf("%+v", s)}
	}
	for _, in := range r.instances {
		if !in.Holds() {
			return &Error{Code: CodeStatement, Value: fmt.Sprintf("%+v", in)}
		}
	}
	return nil
}

func (r *Result) addPerson(s *Statement, p person) {
	n := r.accounts(p)
	switch {
	case !r.consumes(p):
		s.NotConsuming += n
		return
	case n == 0:
		s.InvitedOnly++
	default:
		s.Joined += n - 1
	}
	s.Licenses++
	if r.state[p]&consumesVisualStudio != 0 {
		s.VisualStudio++
	}
}

// instanceStatements counts each term over the people and their accounts.
func (r *Result) instanceStatements() []InstanceStatement {
	out := make([]InstanceStatement, len(r.c.instances))
	for i, in := range r.c.instances {
		out[i].Host, out[i].Reported, out[i].Accounts = in.host, in.reported, in.accounts
	}
	v := visit{last: make([]int, len(out))}
	for p := range r.total {
		v.person = p + 1
		r.addInstances(out, person(p), &v)
	}
	slices.SortFunc(out, func(a, b InstanceStatement) int { return strings.Compare(a.Host, b.Host) })
	return out
}

// visit is which instances a person was already seen on.
type visit struct {
	person int   // number + 1
	last   []int // by instance: the person last seen there
	here   []int // the instances of this person
}

// addInstances adds one person to the statements of the instances they are on.
func (r *Result) addInstances(out []InstanceStatement, p person, v *visit) {
	v.here = v.here[:0]
	for _, a := range r.accountsOf(p) {
		in := r.c.instanceOf(a)
		if v.last[in] == v.person {
			out[in].Repeated++
			continue
		}
		v.last[in] = v.person
		v.here = append(v.here, in)
	}
	only := r.onlyOn(p)
	for _, in := range v.here {
		if in == only {
			out[in].OnlyHere++
		} else {
			out[in].ConsumeWithout++
		}
	}
}

// onlyOn is the instance that alone accounts for a person: all their server
// accounts are on it, and without it nothing of theirs would consume, no other
// account, invitation or subscription. -1: none does.
func (r *Result) onlyOn(p person) int {
	if int(p) >= r.total || len(r.accountsOf(p)) == 0 {
		return -1
	}
	in := r.c.instanceOf(r.accountsOf(p)[0])
	if r.consumesAt(p, in) || len(r.subsOf[p]) > 0 && r.subscriptionConsumes(p) {
		return -1
	}
	return in
}
