// Package database opens the one place where a role keeps what it knows: a
// SQLite file, or a PostgreSQL database once a file is outgrown. Both run the
// same SQL text; what differs between them ends in this package.
//
// It gives two pools, [DB.Read] and [DB.Write], transactions that behave alike
// on both engines ([DB.InTx], [DB.View]), migrations ([DB.Migrate]), driver
// errors as kinds of internal/errs ([Translate]), and a copy of a running
// SQLite database ([DB.Backup]).
//
// It deliberately knows no table, builds no SQL for others and hides no driver:
// stores use database/sql. Start with [Open].
//
// Invariants:
//
//   - Read connections cannot write, on either engine.
//   - A transaction of InTx is serializable on both: SQLite has one writer,
//     PostgreSQL detects conflicts, and those are tried again a bounded number
//     of times.
//   - Text sorts by bytes on both: a PostgreSQL database with another
//     collation is refused.
//   - No statement waits for a lock, and no transaction for a connection, longer
//     than [Config.Wait].
package database
