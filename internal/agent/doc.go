// Package agent is the sending role: it reads who has an account on one server
// instance, keeps snapshots of that, and makes the usage files that an
// enterprise's hub counts.
//
// Start with [New]. Every use case is a method of [Service] in a file of its
// own:
//
//	Init                            the agent, with server id and keys
//	Collect                         the source is read
//	Confirm, Discard                a reading that looks wrong is decided about
//	Status, Licenses                what the License page shows
//	Users, User                     who has an account, and who leaves and why not
//	Snapshots, Readings, Exports    what happened
//	Leaving                         what an export would hold, field by field
//	Export                          a usage file
//	Enrol, Leave                    the enterprise that files are sealed to
//	SetSeats                        licenses bought for this instance
//	Trouble, Resume, Renew          an agent that was restored, moved or copied
//	Retain                          what is too old goes
//
// A reading stages every account where nobody sees it; when all of it is in
// order, its users become a snapshot, sealed on the disk to a key of the agent's
// own, and a pointer moves. What is refused changes nothing: the last good state
// stays, with a sentence and an entry of the audit log.
//
// The package deliberately knows no HTTP, no tokens and no rights: who calls has
// been let in. It starts no goroutines and reads no clock but the one it is
// given.
//
// Invariants:
//
//   - Of a person, user id and address leave and nothing else.
//   - The sequence of snapshots only grows, and no clock decides about it; an
//     agent that cannot be sure of that takes none until an owner said what
//     happened.
//   - Every refusal names a sentence of the catalogue.
package agent
