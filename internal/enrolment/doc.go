// Package enrolment writes and reads the enrolment file: the one document that
// tells an agent its enterprise, where the hub is, and what to seal usage files
// to. An owner downloads it on the hub and gives it to the agent.
//
// The file is JSON in clear, because nothing in it is secret, and signed with
// the enterprise's key, because everything in it is to be believed. It carries
// the public half of that key. So the signature alone proves only that the file
// is whole: whose it is, a person says once, by comparing the fingerprint of the
// key with the one that the hub shows. From then on the agent knows the key, and
// [Check] refuses files of others.
//
// Start with [Encode] to write and [Decode] to read. docs/enrolment-file.md
// describes the format; ADR 14 says why it is so.
//
// The package deliberately keeps nothing, asks nobody and trusts nobody: who
// applies a file decides whom to believe.
//
// Invariants:
//
//   - Every refusal is an [*Error] with a [Code] of its own.
//   - No value of a file can be changed without the signature's failing.
//   - Whatever the bytes, no more than [MaxBytes] of them are looked at.
package enrolment
