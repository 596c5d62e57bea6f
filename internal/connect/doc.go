// Package connect is what an agent and a hub say to each other: how an owner
// pairs them once, how the agent gets a token, how it delivers usage files, and
// what it tells of itself beside them.
//
// Pairing is the device authorization grant of RFC 8628: the agent shows a short
// code, an owner types it on the hub and compares a fingerprint. From then on
// the agent signs assertions (RFC 7523) with a key of its own and gets tokens that
// are good for an hour. It only ever calls; nothing calls it.
//
// Both sides take their types from here. [Statement], [Assertion] and [KeyProof]
// are signed by one side and read by the other; [Client] is the agent's end of
// the wire, and a [Failure] says what went wrong on it and what to do. The hub
// keeps what it needs to answer in its own store.
//
// The package deliberately keeps nothing, starts no goroutine and decides nothing
// about usage files: usagefile encodes them, and the hub checks them as it checks
// those that people carry. ADR 15 has the reasons.
//
// Invariants:
//
//   - No secret is in an error, a log or a URL. Tokens travel in a header, device
//     codes and assertions in a body.
//   - What is signed for one hub is refused by another, what is signed for one
//     purpose by every other, and every assertion is good once.
//   - Nothing read from the wire is unbounded, and no answer is followed to
//     another address.
package connect
