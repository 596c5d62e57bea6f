// Package intake takes a large usage file through a hub on SQLite, from the
// spooled file to the new total, and gives the same account rows to sqlite3's
// own .import, into the same table with the same indexes.
//
// It measures what somebody waits for who uploads and applies at once: verify,
// stage, preview, apply, recount. A second file differs in one user of a
// hundred, a third in none; their rows written are counted. It deliberately
// measures no network and no other database.
//
// Start at [Prepare], which makes the enterprise in a directory, then [Take]
// and [Import]; each wants a process of its own, because memory is the peak of
// the whole process. All people are invented.
package intake
