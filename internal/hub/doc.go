// Package hub is the receiving role: it takes in what server instances and the
// cloud side say, shows what would change, counts who consumes a license, and
// keeps the history.
//
// Start with [New]. Every use case is a method of [Service] in a file of its
// own:
//
//	Init, ChangeSettings            enterprises
//	AddContractLine                 licenses bought
//	ReceiveUsage, ReceiveCSV        accounts of a server instance arrive
//	LoadCloud                       the cloud side arrives
//	Confirm                         an unknown instance is who it says
//	Apply, Discard                  a preview is accepted or dropped
//	Undo                            back to a kept snapshot
//	Recount                         people and licenses anew
//	Retain                          what is too old goes
//
// What arrives is verified, staged where nobody sees it, and compared with
// what counts: that is the preview. Applying moves a pointer; the recount that
// follows publishes the result. What is refused or discarded changes nothing.
//
// The package deliberately knows no HTTP, no tokens and no rights: who calls
// has been let in. It starts no goroutines and reads no clock but the one it
// is given.
//
// Invariants:
//
//   - Nothing of a file counts before all of it was verified.
//   - A preview is applied only if it is still what applying would do.
//   - Every number comes from licensing; nothing here adds or filters.
//   - Every refusal names a sentence of the catalogue.
package hub
