package licensing

import "strings"

// CloudShard is a number of cloud accounts made ready to be added to a
// [Builder]: normal forms taken, hashes computed. A caller prepares shards of
// some hundred accounts, on as many goroutines as it likes, and adds them one
// after the other.
type CloudShard struct {
	seeds  [2]uint64 // of the builder's tables
	flags  []accountFlags
	shown  []shownLogin
	logins []probe
	claims []pendingClaim
	keys   []probe // of claims
	err    error   // of the account behind the last one
}

// shownLogin is a login as it was given, where that is not lower case.
type shownLogin struct {
	account uint32
	text    string
}

// pendingClaim is a claim whose key was not looked up yet.
type pendingClaim struct {
	text    string // the address, to know the next one equal
	account uint32 // of the shard
	ranks   ranks
	ok      bool
}

// Prepare makes a shard of cloud accounts. It is pure: it may run beside other
// calls and beside Add. The strings of accounts are kept until Add has taken
// the shard.
func (b *Builder) Prepare(accounts []CloudAccount) *CloudShard {
	s := &CloudShard{}
	b.PrepareInto(s, accounts)
	return s
}

// PrepareInto is Prepare with the memory of a shard that was added before.
func (b *Builder) PrepareInto(s *CloudShard, accounts []CloudAccount) {
	s.reset(b.ix)
	for i := range accounts {
		s.account(&accounts[i], b.ix.policy)
	}
}

// reset empties a shard and forgets its strings.
func (s *CloudShard) reset(ix *Index) {
	clear(s.shown)
	clear(s.logins)
	clear(s.claims)
	clear(s.keys)
	*s = CloudShard{
		seeds: [2]uint64{ix.accounts.logins.seed, ix.keys.seed},
		flags: s.flags[:0], shown: s.shown[:0], logins: s.logins[:0], claims: s.claims[:0], keys: s.keys[:0],
	}
}

func (s *CloudShard) account(a *CloudAccount, p Policy) {
	if s.err != nil {
		return
	}
	if a.Login == "" {
		s.err = &Error{Code: CodeNoLogin, Value: a.ID}
		return
	}
	n := uint32(len(s.flags)) //nolint:gosec // a shard is small
	lower := strings.ToLower(a.Login)
	if lower != a.Login {
		s.shown = append(s.shown, shownLogin{n, a.Login})
	}
	s.logins = append(s.logins, newProbe(lower, s.seeds[0]))
	s.flags = append(s.flags, flagsOf(a, p))
	s.claimIdentities(n, a)
	for _, e := range a.Emails {
		if e.Verified {
			s.claim(n, e.Email, AttrVerifiedEmail)
		}
	}
}

// claimIdentities are R3's ranks: which values of an identity count, and as
// what. Attribute names compare exactly.
func (s *CloudShard) claimIdentities(n uint32, a *CloudAccount) {
	for i := range a.SAML {
		s.claim(n, a.SAML[i].NameID, AttrNameID)
		for _, at := range a.SAML[i].Attributes {
			if attr := samlAttribute(at.Name); attr != NoAttribute {
				s.claim(n, at.Value, attr)
			}
		}
	}
	for i := range a.SCIM {
		s.claim(n, a.SCIM[i].UserName, AttrUserName)
		for _, e := range a.SCIM[i].Emails {
			s.claim(n, e, AttrEmails)
		}
	}
}

func samlAttribute(name string) Attribute {
	for a := AttrClaimName; a <= AttrEmails; a++ {
		if name == a.String() {
			return a
		}
	}
	return NoAttribute
}

// claim notes that a cloud account can be found under an address. The same
// address several times in a row, as identities have it, is one claim.
func (s *CloudShard) claim(account uint32, e Email, at Attribute) {
	if e.text == "" {
		return
	}
	last := len(s.claims) - 1
	if last < 0 || s.claims[last].account != account || s.claims[last].text != e.text {
		key, ok := addressKey(e.text)
		s.claims = append(s.claims, pendingClaim{e.text, account, 0, ok})
		s.keys = append(s.keys, newProbe(key, s.seeds[1]))
		last = len(s.claims) - 1
	}
	if s.claims[last].ok {
		s.claims[last].ranks |= rankOf(at)
		s.flags[account] |= comparableBy(at)
	}
}

// comparableBy is how an account becomes comparable by a key.
func comparableBy(at Attribute) accountFlags {
	if at == AttrVerifiedEmail {
		return byVerified
	}
	return byIdentity
}

// Add adds the accounts of a shard, which may be used again afterwards.
// Accounts are numbered in the order they are added. A shard of another
// builder makes Index fail.
func (b *Builder) Add(s *CloudShard) {
	b.settle()
	b.add(s)
}

func (b *Builder) add(s *CloudShard) {
	if b.err != nil || len(s.flags) == 0 && s.err == nil {
		return
	}
	if s.seeds != [2]uint64{b.ix.accounts.logins.seed, b.ix.keys.seed} {
		b.err = &Error{Code: CodeForeignShard, Value: "the cloud"}
		return
	}
	first := uint32(b.ix.accounts.len()) //nolint:gosec // fewer than none: each has a login
	if b.err = b.addLogins(s, first); b.err != nil {
		return
	}
	b.read += b.ix.keys.approach(s.keys)
	for i := range s.claims {
		if c := &s.claims[i]; c.ok {
			b.ix.keys.claim(b.ix.keys.number(&s.keys[i]), first+c.account, c.ranks)
		}
	}
	b.err = s.err
}

// addLogins interns the logins of a shard, so that the accounts have their
// numbers.
func (b *Builder) addLogins(s *CloudShard, first uint32) error {
	t := &b.ix.accounts
	t.flags = append(t.flags, s.flags...)
	for _, l := range s.shown {
		t.show(first+l.account, l.text)
	}
	b.read += t.logins.approach(s.logins)
	for i := range s.logins {
		n, fresh := t.logins.internHashed(s.logins[i].text, s.logins[i].hash)
		if !fresh {
			return &Error{Code: CodeLoginTwice, Value: t.login(n)}
		}
	}
	return nil
}
