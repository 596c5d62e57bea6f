// Package store keeps what a hub knows: enterprises, where their accounts come
// from, every account with the snapshots it was in, uploads, and the results
// of recounts. It turns rows into values and back; no row leaves it.
//
// Start with [New], then [Store.For]: everything that belongs to an enterprise
// is reached through its [Enterprise], and every query names it.
//
// # Rows and pointers
//
// What a source says is kept as items with a validity interval of numbers, and
// a source points at the number that counts. An upload takes a new number that
// nobody points at, writes what is new under it and closes what is gone with it
// ([Enterprise.Stage]); a small transaction then moves the pointer
// ([Enterprise.Apply]). Removing the number again gives back exactly what was
// there ([Enterprise.Remove]). The people of a result are kept the same way
// under the number of the result ([ResultWriter]), a preview's too, which
// becomes the current one when it is applied ([Tx.PublishPreview]).
//
// # Invariants
//
//   - Nothing that was staged shows before its pointer moves, and a transaction
//     writes at most 10,000 rows, or 20,000 of people.
//   - What did not change is not written.
//   - A source has at most one pending upload; an enterprise stages at most one
//     result. Every chunk checks that it is still the one, so that a writer
//     that was given up on cannot write any more.
//   - After [Store.Recover] everything that was interrupted is gone as if it
//     had not begun.
//
// It deliberately decides nothing: which upload may be applied, what a
// preview says and what a person consumes is the hub's and licensing's.
package store
