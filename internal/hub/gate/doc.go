// Package gate is where agents call the hub: OneSeat Connect below
// [connect.Prefix], as internal/connect has it on the wire.
//
// Two calls of OAuth are open to everybody: an agent asks for a connection, and
// gets tokens for what it signs. All others take such a token, which opens
// nothing else than these routes, as theirs open none of the API: what an agent
// may is deliver usage files of its own instance, tell of itself, and ask what
// became of it. Start with [New], [Gate.Routes] and [Gate.Authorize].
//
// The package deliberately decides nothing: each handler decodes, calls one use
// case of the hub and encodes. Statements and assertions are verified by the hub,
// which knows the keys.
//
// Invariants: no answer has an address of a person in it. A token is in one
// answer and nowhere else, and what is spooled is gone when its request is. Whoever
// is to come again is told when.
package gate
