package hub

import (
	"time"

	"github.com/oneseat/oneseat/licensing"
)

// Sentence is a sentence of the catalogue, for surfaces to say in their
// reader's language. Date, where there is one, is its argument of that name, to
// be written as the language writes days.
type Sentence struct {
	Key  string
	Args []any
	Date time.Time
}

// IsZero says that there is nothing to say.
func (s Sentence) IsZero() bool { return s.Key == "" }

// Advice is what a line says: why somebody stands there, what to do, where, and
// who can. On WorkGone nothing is to be done, and only Why is there.
type Advice struct{ Why, What, Where, Who Sentence }

func say(key string, args ...any) Sentence { return Sentence{Key: key, Args: args} }

// Advice gives what a line says, the best way first, to a reader with these
// eyes. There is always one.
func (w *Work) Advice(l *WorkLine, eyes Eyes) []Advice {
	switch l.List {
	case WorkMembers:
		return []Advice{w.memberAdvice(l)}
	case WorkNear:
		var out []Advice
		for i := range l.Misses {
			out = append(out, missAdvice(&l.Misses[i], eyes))
		}
		if len(out) == 0 { // what it was about was forgotten
			out = append(out, Advice{Why: say("work.why.forgotten")})
		}
		return out
	case WorkFixed:
		return w.syncAdvice(l)
	default:
		return []Advice{{Why: Sentence{Key: "work.why.gone", Args: []any{"Count", int(l.Saves)}, Date: l.Since}}}
	}
}

func (w *Work) memberAdvice(l *WorkLine) Advice {
	login := l.Person.Person.Login
	out := Advice{Why: say("work.why."+string(l.Why), "Login", login), Where: say("work.where.emails"), Who: say("work.who.login", "Login", login)}
	switch domains := w.Result.Domains; {
	case w.Result.Policy.ManagedUsers:
		out.What, out.Where, out.Who = say("work.what.provider", "Login", login), say("work.where.provider"), say("work.who.provider")
	case len(domains) == 0:
		out.What, out.Where, out.Who = say("work.what.domain"), say("work.where.domains"), say("work.who.owner")
	case l.Why == WhyIdentity:
		out.What = say("work.what.identity", "Login", login, "Domain", domains[0])
	case len(domains) == 1:
		out.What = say("work.what.add", "Login", login, "Domain", domains[0])
	default:
		out.What = say("work.what.add_one", "Login", login, "Domain", domains[0])
	}
	return out
}

func missAdvice(m *WorkMiss, eyes Eyes) Advice {
	mine := eyes.Reported(m.Mine)
	theirs, _ := eyes.Asserted(m.Theirs)
	args := []any{"Login", m.Login, "Mine", mine, "Theirs", theirs, "Host", m.Account.Host, "ID", m.Account.ID}
	switch m.Kind {
	case licensing.MissUnverified:
		return Advice{say("work.why.unverified", args...), say("work.what.verify", args...), say("work.where.emails"), say("work.who.login", args...)}
	case licensing.MissSecondary:
		return Advice{say("work.why.secondary", args...), say("work.what.primary", args...), say("work.where.primary", args...), say("work.who.primary", args...)}
	default:
		return Advice{say("work.why.other_domain", args...), say("work.what.add_mine", args...), say("work.where.emails"), say("work.who.login", args...)}
	}
}

// maxSyncs is how many instances a line says to sync; people have accounts on
// few.
const maxSyncs = 5

// syncAdvice says to sync each instance of a person's at GitHub.
func (w *Work) syncAdvice(l *WorkLine) []Advice {
	why := Sentence{Key: "work.why.fixed_unknown", Args: []any{"Count", int(l.Saves)}, Date: l.Since}
	what := "work.what.sync_unknown"
	var known time.Time
	if rec := w.Result.Reconciliation; rec != nil && !rec.Date.IsZero() {
		why.Key, what, known = "work.why.fixed", "work.what.sync", rec.Date
	}
	if len(l.Hosts) == 0 {
		return []Advice{{why, say("work.what.load"), say("work.where.load"), say("work.who.owner")}}
	}
	var out []Advice
	for _, host := range l.Hosts[:min(len(l.Hosts), maxSyncs)] {
		out = append(out, Advice{
			why, Sentence{Key: what, Args: []any{"Host", host}, Date: known}, say("work.where.sync", "Host", host), say("work.who.sync", "Host", host),
		})
	}
	return out
}
