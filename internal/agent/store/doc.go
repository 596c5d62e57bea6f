// Package store keeps what an agent knows: every reading of its source and what
// came of it, the accounts of the reading that counts, the list of snapshots,
// enrolments and exports.
//
// Start with [New] over a database that has the tables of [Migrations]. What
// belongs together is written in [Store.InTx].
//
// Accounts are written whole with each reading that says something new, under
// its number, and nobody sees them until the pointer of [State] names it; what
// was replaced is removed afterwards. So there are no intervals here as on a hub:
// the past is in the sealed files of snapshots, which the role keeps (ADR 13).
//
// The package deliberately decides nothing: it knows neither sources nor files,
// and no rules.
package store
