// Package licensing is the engine: from the accounts of a cloud side and of
// server instances to people, and from people to consumed licenses, with a
// reason for every account.
//
// # Where to start
//
// [NewIndex] makes a cloud side ready under a [Policy]. [Index.Place] answers,
// for one server account, where it belongs and why. A [Count] gathers placed
// accounts, [Count.Result] groups them by [Anchor] and counts. [Diff] compares
// two results. [Index.NearMisses] says what almost joined.
//
//	ix, err := licensing.NewIndex(side, licensing.Documented(side.Enterprise, at))
//	c := licensing.NewCount(ix)
//	in, err := c.AddInstance("ghes-1.acme.example")
//	c.Add(in, ix.PlaceShard("ghes-1.acme.example", accounts))
//	res, err := c.Result()
//
// # The shape of the problem
//
// No rule is transitive: cloud accounts are never joined by addresses (R1),
// and a server account's place depends on the cloud side and its own one key
// alone. So the engine is an index of the cloud side, a pure Place from
// account to anchor and reason, and a group-by on the anchor. The anchor is
// also the person's identity from one result to the next.
//
// # What it does not do
//
// It reads no files, tells no time, logs nothing, starts no goroutines and
// keeps no names: a result refers to cloud accounts by their number. It does
// not check that a user id stands once on an instance: readers do, because
// they can name the line.
//
// # Values
//
// Addresses are compared by their address key: white space around is trimmed;
// there must be exactly one @ with something on both sides, else the text is
// no address and offers no key. The local part is brought to NFC, lower-cased
// rune by rune and brought to NFC again; the domain is mapped by IDNA (UTS 46
// for lookup, non-transitional, not strict about "_"), or, where IDNA rejects
// it or it has more than 253 code points, lower-cased rune by rune; then
// trailing dots go. When a side is empty
// after that, or the domain holds @ or white space, it is no address. A key
// is its own key. Nothing else is rewritten: no plus-tags, dots or aliases.
// Text that is not UTF-8 is no address.
//
// A result is a function of the set of inputs and the policy: the order of
// accounts, shards and instances changes nothing.
//
// # Joining
//
// R0, joined by GitHub: where GitHub's own report is loaded, an account whose
// key stands among a row's addresses, or else whose HOST:ID stands among its
// ids, was joined to that row's cloud account by GitHub. When both lead to
// different accounts the key decides, and that is a conflict.
//
// R1: every cloud account is one person.
//
// R2: a server account offers one key, that of its primary address. None
// marked: the smallest key among its addresses; several marked: the smallest
// among those; both with a warning when there is more than one. A marked text
// that is no address offers nothing, and the others do not step in.
//
// R3: the key is looked up among SAML and SCIM values, rank by rank: claim
// name, claim emailaddress, username, NameID, emails. The first rank with a
// hit decides.
//
// R4: then among verified addresses.
//
// R5: then among the addresses of open invitations that R8 gave to nobody.
//
// R6: accounts left over that have the same key are one person.
//
// R7: an account without a key is a person of its own.
//
// R8: an open invitation's address is resolved by R3, R4 and R10. Found: it
// is that account's, except that an e-mail invitation as outside collaborator
// to an account, not suspended, that is one already takes a license of its
// own until it is accepted. Not found: invitations with one key are one
// person without account. An invitation known from GitHub's report alone is a
// person of its own; equal ones are counted by number.
//
// R9: a Visual Studio subscription belongs to the cloud account its login
// names, else to the person R0 and R3 to R6 give for its address.
//
// R10: of several accounts hit at one rank, one that has the key as verified
// address; then one that consumes by C1 on its own; then the smallest
// lower-cased login. The tie is a conflict.
//
// # Consuming
//
// C1: a cloud account consumes when it is not suspended and is in an
// organization, or an outside collaborator on a private or internal
// repository, or has an open invitation that consumes. One that stands in
// GitHub's report consumes whatever else is said of it.
//
// C2: so an owner without organization, a billing manager, an unaffiliated or
// suspended account does not by itself.
//
// C3: a server account of a snapshot consumes.
//
// C4: an open invitation consumes unless the enterprise has managed users;
// under metered billing one to an organization does not. Open: not failed,
// and through SCIM, or without a date, or at most seven days old.
//
// C5: a person consumes one license when any of their accounts does, or C4 or
// C6 holds.
//
// C6: the type is Visual Studio subscription when R9 matched one; a matched
// subscriber whose cloud account is not suspended consumes even when
// unaffiliated.
//
// C7: the switches of [Policy]. Metered: a subscription on a person without a
// cloud account does not bundle. An unmatched subscription that is told to
// consume takes the type Enterprise: C6 asks for a match.
package licensing
