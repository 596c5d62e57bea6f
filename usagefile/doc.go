// Package usagefile writes, reads and checks the usage file: the document in
// which an agent tells the enterprise's hub who has an account on one server
// instance. A file carried by a person and a file sent by Connect are the same.
//
// A file has three parts. The header says which instance took which snapshot
// and is readable by anyone. The users, ids and addresses and nothing else,
// are sealed to the enterprise, or in clear when that was asked for. The
// signature covers every byte before it. docs/usage-file.md describes the
// format; ADR 0003 says why it is so.
//
// Start with [Encode] to write. To read, choose by how sure one has to be:
//
//   - [OpenVerified] reads twice and gives only users of a file that was
//     checked to its last byte.
//   - [Open] reads once. Its users are unverified, and so named, until
//     [File.Verify] returned a [Receipt]; whoever uses it stages them and
//     throws them away when Verify fails.
//   - [Inspect] says what can be said of a file without trusting it, also
//     without a key that opens it.
//
// [Check] compares a receipt with what is known of its instance: rollback,
// clone, changed key, gap.
//
// The package deliberately keeps no history, opens no files, reads no clock
// and starts no goroutines; it decides nothing about people.
//
// Invariants:
//
//   - Whatever the bytes, reading neither panics nor holds more than a few
//     mebibytes: every length is limited before it is believed ([Limits]).
//   - One changed bit anywhere is refused. In particular base64 is strict, and
//     what follows the signed bytes has exactly one form.
//   - Every refusal is an [*Error] with a [Code] of its own.
//   - No text of an error or warning holds a whole address.
//   - What Encode writes, Open reads under the same limits.
package usagefile
