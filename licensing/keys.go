package licensing

import (
	"bytes"
	"math/bits"
	"slices"
)

// ranks is the set of places a key was found in for one account: bit 0 R0,
// bits 1 to 5 R3's ranks, bit 6 R4. The lowest bit is the rank that counts.
// Bit 7 says that several accounts claim the key and, once ties are resolved,
// that R10 decided.
type ranks uint8

const (
	rankReport    ranks = 1 << 0
	rankVerified  ranks = 1 << 6
	rankContested ranks = 1 << 7
	allRanks            = ^rankContested
)

func rankOf(at Attribute) ranks {
	if at == AttrReportEmail {
		return rankReport
	}
	return 1 << at
}

// attribute is where the best rank of the set stands.
func (r ranks) attribute() Attribute {
	if r&rankReport != 0 {
		return AttrReportEmail
	}
	return Attribute(bits.TrailingZeros8(uint8(r))) //nolint:gosec // at most 8
}

func (r ranks) best() ranks { return r & -r }

// claim is one cloud account that can be found under a key.
type claim struct {
	account uint32
	ranks   ranks
}

// keyIndex is every address key of the cloud side, with who claims it: nearly
// always one account, or none when somebody was only invited. Keys that
// several claim are contested.
type keyIndex struct {
	table[claim]
	contested map[uint32]*contest
}

// contest is a key that several cloud accounts claim.
type contest struct {
	claims []claim
	// tied are the candidates of R10, the winner first, when several were hit
	// at the best rank.
	tied []uint32
}

func newKeyIndex() keyIndex {
	return keyIndex{table: newTable[claim](), contested: map[uint32]*contest{}}
}

// keyNumber interns a key nobody may claim yet.
func (k *keyIndex) keyNumber(key string) uint32 {
	p := k.probe(key)
	p.guess = none
	return k.number(&p)
}

// number is keyNumber for a key that was approached.
func (k *keyIndex) number(p *probe) uint32 {
	if n, ok := k.confirm(p); ok {
		return n
	}
	n, fresh := k.internHashed(p.text, p.hash)
	if fresh {
		k.entries[n].value.account = none
	}
	return n
}

// holder is the account that counts for a key, with its ranks: before ties are
// resolved the first that claimed it.
func (k *keyIndex) holder(n uint32) claim { return k.entries[n].value }

// claim notes that an account can be found under a key.
func (k *keyIndex) claim(n, account uint32, rank ranks) {
	switch held := &k.entries[n].value; {
	case held.ranks&rankContested != 0:
		c := k.contested[n]
		c.claims = append(c.claims, claim{account, rank})
	case held.account == none:
		*held = claim{account, rank}
	case held.account == account:
		held.ranks |= rank
	default:
		k.contested[n] = &contest{claims: []claim{*held, {account, rank}}}
		held.ranks |= rankContested
	}
}

// claims gives everybody who claims a key, one entry an account.
func (k *keyIndex) claims(n uint32) []claim {
	c := k.contested[n]
	if c == nil {
		return []claim{k.holder(n)}
	}
	return c.claims
}

// settle brings the claims of a contested key to one entry an account.
func (c *contest) settle() {
	slices.SortFunc(c.claims, func(a, b claim) int { return int(a.account) - int(b.account) })
	out := c.claims[:0]
	for _, cl := range c.claims {
		if last := len(out) - 1; last >= 0 && out[last].account == cl.account {
			out[last].ranks |= cl.ranks
			continue
		}
		out = append(out, cl)
	}
	c.claims = out
}

// winner applies the ranks and R10 to the claims of a key; ranks outside
// allowed are not looked at. It gives the candidates at the best rank, the
// winner first, and that rank; nil when nobody is hit.
func (ix *Index) winner(claims []claim, allowed ranks) (candidates []claim, rank ranks) {
	for _, c := range claims {
		if r := (c.ranks & allowed).best(); c.account != none && r != 0 && (rank == 0 || r < rank) {
			rank = r
		}
	}
	if rank == 0 {
		return nil, 0
	}
	for _, c := range claims {
		if c.ranks&rank != 0 {
			candidates = append(candidates, c)
		}
	}
	slices.SortFunc(candidates, ix.preference)
	return candidates, rank
}

// preference is R10's order.
func (ix *Index) preference(a, b claim) int {
	if d := firstTrue(a.ranks&rankVerified != 0, b.ranks&rankVerified != 0); d != 0 {
		return d
	}
	if d := firstTrue(ix.accounts.is(a.account, consumesOwn), ix.accounts.is(b.account, consumesOwn)); d != 0 {
		return d
	}
	return bytes.Compare(ix.accounts.logins.text(a.account), ix.accounts.logins.text(b.account))
}

func firstTrue(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	default:
		return 1
	}
}

// resolveAll fixes the winner of every contested key once.
func (ix *Index) resolveAll() {
	k := &ix.keys
	for n, c := range k.contested {
		c.settle()
		candidates, rank := ix.winner(c.claims, allRanks)
		held := &k.entries[n].value
		*held = claim{candidates[0].account, rank}
		if len(candidates) > 1 {
			held.ranks |= rankContested
			for _, cand := range candidates {
				c.tied = append(c.tied, cand.account)
			}
		}
	}
}
