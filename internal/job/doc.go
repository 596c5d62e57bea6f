// Package job does work later, and does it even when the process dies in
// between: a [Queue] of durable jobs, [Schedules] that say when, and a [Loop]
// around a function that knows itself when it is due.
//
// The queue is a thin layer over River, on SQLite and PostgreSQL alike. A job
// is a kind and its arguments. It is inserted in the caller's transaction, so
// that it exists if and only if the change it follows from does. Kinds are
// registered with the function that works them; [Queue.Start] works them.
//
// What River offers and this package deliberately does not: unique jobs (an
// insert would be dropped while the twin runs, and the change it was for would
// never be looked at) and periodic jobs (they live in memory; a weekly one
// would not survive reboots). Schedules are rows of a table of our own.
//
// Start with [New], [Register] and [Queue.Insert]; for schedules with
// [NewSchedules] and [Weekly].
//
// Invariants:
//
//   - A job runs at least once, perhaps more often: what it does must bear
//     being done twice.
//   - A job that fails is tried again, each time later than the last, until it
//     succeeds, is older than its kind allows, or fails for a reason that time
//     does not mend. Then it is dead, and [Queue.Dead] shows why.
//   - What runs has one contract: Start returns at once, Started says when it
//     runs, Stop is idempotent and final.
//   - Nothing but this package waits, and it alone reads the clock for that.
package job
