package licensing

import (
	"slices"
	"strings"
)

// WarningCode names something worth telling that changes nothing.
type WarningCode string

// The warnings.
const (
	WarnNoPrimary         WarningCode = "no_primary"         // R2: none of several addresses is marked primary
	WarnSeveralPrimary    WarningCode = "several_primary"    // R2: several are
	WarnNoAddress         WarningCode = "no_address"         // R7: an account that offers no key
	WarnSubscriptionLogin WarningCode = "subscription_login" // R9: the login names nobody
	WarnUnmatched         WarningCode = "unmatched"          // R9: a subscription that belongs to nobody
	WarnInvitedTwice      WarningCode = "invited_twice"      // invitations both in a list and, without address, in a report
	WarnUnknownHost       WarningCode = "unknown_host"       // an instance GitHub's report does not know
)

// Warning is a kind of thing that happened, with how often and a few names.
type Warning struct {
	Code WarningCode
	// Host is the instance concerned; empty when it is none.
	Host  string
	Count int
	// Examples are user ids, logins, subscription ids or host names, sorted,
	// at most maxExamples; never addresses.
	Examples []string
}

// Message names the sentence for a person.
func (w Warning) Message() (key string, args map[string]any) {
	return "licensing.warn_" + string(w.Code), map[string]any{
		"Host": w.Host, "Count": w.Count, "Examples": strings.Join(w.Examples, ", "),
	}
}

const maxExamples = 5

// tallyKind is a warning that shards collect.
type tallyKind uint8

const (
	tallyNoPrimary tallyKind = iota
	tallySeveralPrimary
	tallyNoAddress
	tallyKinds
)

func (k tallyKind) code() WarningCode {
	return [...]WarningCode{WarnNoPrimary, WarnSeveralPrimary, WarnNoAddress}[k]
}

// tally counts a warning and keeps the smallest names, whatever the order.
type tally struct {
	count    int
	examples []string
}

func (t *tally) add(name string) {
	t.count++
	t.keep(MaskText(name))
}

func (t *tally) keep(name string) {
	if name == "" {
		return
	}
	at, found := slices.BinarySearch(t.examples, name)
	if found || at == maxExamples {
		return
	}
	t.examples = slices.Insert(t.examples, at, strings.Clone(name))
	t.examples = t.examples[:min(len(t.examples), maxExamples)]
}

func (t *tally) merge(o *tally) {
	t.count += o.count
	for _, name := range o.examples {
		t.keep(name)
	}
}

func (s *Shard) tally(a *ServerAccount, o *offer) {
	switch {
	case !o.ok:
		s.tallies[tallyNoAddress].add(a.UserID)
	case o.several && o.marked:
		s.tallies[tallySeveralPrimary].add(a.UserID)
	case o.several:
		s.tallies[tallyNoPrimary].add(a.UserID)
	}
}

// warnings are tallies by code and host.
type warnings map[warningKey]*tally

type warningKey struct {
	code WarningCode
	host string
}

func (w *warnings) at(code WarningCode, host string) *tally {
	if *w == nil {
		*w = warnings{}
	}
	key := warningKey{code, host}
	if (*w)[key] == nil {
		(*w)[key] = &tally{}
	}
	return (*w)[key]
}

// sorted gives the warnings by code and host.
func (w warnings) sorted() []Warning {
	var out []Warning
	for k, t := range w {
		if t.count > 0 {
			out = append(out, Warning{Code: k.code, Host: k.host, Count: t.count, Examples: t.examples})
		}
	}
	slices.SortFunc(out, func(a, b Warning) int {
		if c := strings.Compare(string(a.Code), string(b.Code)); c != 0 {
			return c
		}
		return strings.Compare(a.Host, b.Host)
	})
	return out
}
