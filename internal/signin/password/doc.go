// Package password says which passwords are good enough, and keeps them as
// argon2id hashes.
//
// It deliberately knows neither people nor how often somebody tries. Start
// with [Check], [NewHasher] and [Hasher.Hash].
//
// Invariants: hashing costs a bounded amount of memory however many people
// sign in at once; a password stands in no error and no log; a password is
// the same however a keyboard composes its characters.
package password
