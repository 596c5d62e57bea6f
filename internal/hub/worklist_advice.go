package hub

import (
	"slices"
	"strings"
	"time"

	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/report"
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

// Advice is what a line says. On WorkGone nothing is to be done, and only Why
// is there.
type Advice struct {
	// Why somebody stands there, what to do, where, and who can.
	Why, What, Where, Who Sentence
	// Or is another way to the same; empty: there is none.
	Or Sentence
	// Then is what to do when that is done, so that the count moves.
	Then Sentence
	// ThenUsage says that Then needs new server usage, and not the cloud side.
	ThenUsage bool
	// Letter is the same said to whoever can do it, to be sent to them; see
	// [Letter].
	Letter Letter
}

// Letter is what to write to whoever can put a line right: to whom it goes, how
// to begin, what is known, and what they are asked to do. It has nothing of what
// owners note for each other.
type Letter struct{ To, Hello, Why, Please Sentence }

func say(key string, args ...any) Sentence { return Sentence{Key: key, Args: args} }

// Advice gives what a line says, the best way first, to a reader with these
// eyes. There is always one.
func (w *Work) Advice(l *WorkLine, eyes Eyes) []Advice {
	switch l.List {
	case WorkMembers:
		return []Advice{w.memberAdvice(l, eyes)}
	case WorkNear:
		var out []Advice
		for i := range l.Misses {
			if l.Misses[i].Invitation {
				out = append(out, besideAdvice(&l.Misses[i], eyes, w.Worth(l)))
				continue
			}
			if !saidBetter(l.Misses[:i], &l.Misses[i]) {
				out = append(out, w.missAdvice(&l.Misses[i], eyes))
			}
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

// saidBetter says that somebody need not be asked to add an address: they have it
// already, and were asked to verify it.
func saidBetter(before []WorkMiss, m *WorkMiss) bool {
	return m.Kind == licensing.MissOtherDomain && slices.ContainsFunc(before, func(b WorkMiss) bool {
		return b.Kind == licensing.MissUnverified && b.Login == m.Login && b.Mine == m.Mine
	})
}

// memberAdvice is about a member who is hard to compare. Who turns out to be
// one of the people known from instances alone, nobody knows before.
func (w *Work) memberAdvice(l *WorkLine, eyes Eyes) Advice {
	login := l.Person.Person.Login
	args := []any{"Login", login}
	out := Advice{
		Why: say("work.why."+string(l.Why), args...), Where: say("work.where.emails"), Who: say("work.who.login", args...),
		Then:   say("work.then.members"),
		Letter: Letter{To: recipient(login, l.Person.Account, eyes), Hello: say("work.letter.hello", args...)},
	}
	switch domains := w.Result.Domains; {
	case outsider(l.Person.Account):
		return outsideAdvice(out, args)
	case w.Result.Policy.ManagedUsers:
		out.What, out.Where, out.Who = say("work.what.provider", args...), say("work.where.provider"), say("work.who.provider")
		out.Letter = Letter{out.Who, say("work.letter.hello_all"), say("work.letter.why_provider", args...), say("work.letter.provider", args...)}
		return out
	case len(domains) == 0:
		out.What, out.Where, out.Who = say("work.what.domain"), say("work.where.domains"), say("work.who.owner")
		out.Letter = Letter{out.Who, say("work.letter.hello_all"), say("work.letter.why_domain"), say("work.letter.domain")}
		return out
	case l.Why == WhyIdentity:
		args = append(args, "Domain", domains[0])
		out.What = say("work.what.identity", args...)
	case len(domains) == 1:
		args = append(args, "Domain", domains[0])
		out.What = say("work.what.add", args...)
	default:
		args = append(args, "Domain", domains[0])
		out.What = say("work.what.add_one", args...)
	}
	out.Letter.Why, out.Letter.Please = say("work.letter.why_member", args...), say("work.letter.member", args...)
	return out
}

// outsider says that somebody is no member and collaborates from outside: an
// address of the enterprise's is not expected of them.
func outsider(a *licensing.CloudAccount) bool {
	if a == nil || len(a.Organizations) > 0 || slices.Contains(a.EnterpriseRoles, report.RoleMember) {
		return false
	}
	return len(a.OutsideCollaborator) > 0 || slices.Contains(a.EnterpriseRoles, report.RoleOutside)
}

// outsideAdvice asks an outsider for the address that they have on an instance,
// whatever its domain is.
func outsideAdvice(out Advice, args []any) Advice {
	out.What, out.Or, out.Then = say("work.what.outside", args...), say("work.or.outside"), say("work.then.outside")
	out.Letter.Why, out.Letter.Please = say("work.letter.why_outside", args...), say("work.letter.outside", args...)
	return out
}

// missAdvice is about an account that almost joined: either side can move. What
// to load afterwards depends on whether GitHub's report would show the address.
func (w *Work) missAdvice(m *WorkMiss, eyes Eyes) Advice {
	mine := eyes.Reported(m.Mine)
	theirs, _ := eyes.Missed(&m.NearMiss.NearMiss)
	args := []any{"Login", m.Login, "Mine", mine, "Theirs", theirs, "Host", m.Account.Host, "ID", m.Account.ID}
	on := func(key string) Sentence { return say(key, args...) }
	out := Advice{
		Where: say("work.where.emails"), Who: on("work.who.login"), Or: on("work.or.primary"), Then: on("work.then.report"),
		Letter: Letter{To: recipient(m.Login, m.Near, eyes), Hello: on("work.letter.hello")},
	}
	if shown := report.NewShown(w.Result.Domains, w.Result.Policy.ManagedUsers); !w.Result.Policy.ManagedUsers && !shown.Inside(m.Mine) {
		out.Then = on("work.then.list")
	}
	switch m.Kind {
	case licensing.MissUnverified:
		out.Why, out.What = on("work.why.unverified"), on("work.what.verify")
		out.Letter.Why, out.Letter.Please = on("work.letter.why_unverified"), on("work.letter.verify")
		if out.Letter.To.Key == keyToGitHub { // the mailbox of the address that is to be verified
			out.Letter.To = toAddress(m.Login, m.Near, mine)
		}
	case licensing.MissSecondary:
		out.Why, out.What, out.Where, out.Who = on("work.why.secondary"), on("work.what.primary"), on("work.where.primary"), on("work.who.primary")
		out.Or, out.Then, out.ThenUsage = on("work.or.add_primary"), on("work.then.usage"), true
		out.Letter.Why, out.Letter.Please = on("work.letter.why_secondary"), on("work.letter.primary")
	default:
		out.Why, out.What, out.Or = on("work.why.other_domain"), on("work.what.add_mine"), on("work.or.theirs")
		out.Letter.Why, out.Letter.Please = on("work.letter.why_other_domain"), on("work.letter.add")
	}
	return out
}

// besideAdvice is about an invitation of somebody who has an account.
func besideAdvice(m *WorkMiss, eyes Eyes, worth WorkWorth) Advice {
	invited, masked := eyes.Asserted(m.Mine)
	args := []any{"Login", m.Login, "Invited", invited, "To", m.To}
	on := func(key string) Sentence { return say(key, args...) }
	why, who, cancel := "work.why.beside", "work.who.accept", "work.or.cancel"
	if m.Attribute == licensing.AttrVerifiedEmail {
		why = "work.why.beside_verified"
	}
	if strings.Contains(m.To, "/") {
		who, cancel = "work.who.accept_repository", "work.or.cancel_repository"
	}
	then, to := "work.then.beside", toAddress(m.Login, nil, invited)
	switch worth {
	case WorthKeeps:
		then = "work.then.beside_new"
	case WorthMayKeep:
		then = "work.then.beside_unsure"
	case WorthSaves, WorthMaySave:
	}
	if masked {
		to = say(keyToGitHub, "Login", m.Login, "Name", "")
	}
	return Advice{
		Why: on(why), What: on("work.what.accept"), Where: on("work.where.accept"), Who: on(who),
		Or: on(cancel), Then: say(then),
		Letter: Letter{to, on("work.letter.hello"), on("work.letter.why_beside"), on("work.letter.accept")},
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
	if w.Worth(l) == WorthKeeps {
		why.Key = "work.why.fixed_added"
	}
	if len(l.Hosts) == 0 {
		return []Advice{{
			Why: why, What: say("work.what.load"), Where: say("work.where.load"), Who: say("work.who.owner"), Then: say("work.then.confirmed"),
		}}
	}
	var out []Advice
	for _, host := range l.Hosts[:min(len(l.Hosts), maxSyncs)] {
		on := func(key string) Sentence { return say(key, "Host", host) }
		what, because, ask := what, "work.letter.why_fixed", "work.letter.sync"
		if w.gap().hasHost(host) {
			what, because, ask = "work.what.sync_first", "work.letter.why_first", "work.letter.sync_first"
		}
		out = append(out, Advice{
			Why: why, What: Sentence{Key: what, Args: []any{"Host", host}, Date: known}, Where: on("work.where.sync"), Who: on("work.who.sync"),
			Then:   say("work.then.confirmed"),
			Letter: Letter{on("work.who.sync"), say("work.letter.hello_all"), Sentence{Key: because, Args: []any{"Host", host}, Date: l.Since}, on(ask)},
		})
	}
	return out
}
