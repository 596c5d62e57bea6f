// Package source reads people: from the files that a license manager or an
// administrator already has, into the values the engine takes.
//
// [ReadCloud] reads an enterprise's cloud side from cloud lists and from
// GitHub's consumed-license reports, and merges several. [OpenServer] reads a
// server instance's accounts from a usage file, from the site-admin report
// all_users.csv, or from any CSV with ids and addresses. Both look at what a
// file holds, never at its name, and answer strangers with what they are and
// which file to use instead: GitHub's own encrypted export, a sign-in page, the
// right file in the wrong place.
//
// What the package deliberately does not do: it knows no role and no database,
// decides nothing about people beyond what the documents of the formats say,
// and keeps nothing of a report but ids, addresses and whether an account
// counts. Cells it does not need are dropped where they are read.
//
// # Damage that is repaired
//
// A byte order mark is skipped, and UTF-16 with one is read (a shell on
// Windows writes it). Line ends may be LF, CR LF, or CR throughout. A CSV may
// be separated by commas, semicolons or tabs. A CSV that is not UTF-8 is read
// as Windows-1252 when all of it can be; an address that was turned into UTF-8
// twice is turned back. Each of these is a [Warning] except the first three.
// Everything else is refused with file, line and column.
//
// # Refusals
//
// Every refusal is an error of internal/errs, or [*Problems] when there are
// several, and names the line and the column where that is known: lines and
// columns count from 1, columns count bytes. Values are shortened and addresses
// masked.
//
// Invariants: whatever the bytes, memory stays below what [Limits] allow; no
// order of files changes a result.
package source
