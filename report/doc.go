// Package report is the consumed-license report: one license, one row.
//
// There is one shape, [User], and two ways of writing it down, both GitHub's:
// the answer of the REST call consumed-licenses ([JSONReader], [JSONWriter])
// and the CSV an enterprise owner downloads ([CSVReader], [CSVWriter]). Reading
// takes every generation of either that is known, with every inconsistency
// that was seen; writing sticks to one spelling. [Builder] makes the row of a
// counted person.
//
// What the package deliberately does not do: it counts nobody, opens no files,
// repairs no encodings (bytes are UTF-8, a byte order mark is skipped) and asks
// no server. Readers and writers keep one row in memory, whatever the size of
// the report, and everything they read is bounded by [Limits].
//
// # Reading
//
// Unknown keys and columns are passed over, because GitHub adds some every
// year. Text that is absent may be null, empty or missing; booleans may be
// text; server addresses may stand under either of their two keys; columns are
// found by their names in any of the three generations, also with the labels
// of GHE.com ("GitHub login" for "GitHub com login"). What cannot be read is an
// [*Error] with a [Code], never a guess.
//
// # Writing
//
// JSON is GitHub's live spelling: text that is absent is null where the
// published schema allows it, booleans are true, false or null, totals are
// numbers, and server addresses stand under both enterprise_server_primary_emails
// (sent live) and enterprise_server_emails (in the schema). Keys that the
// schema does not have are written only when they say something. CSV is
// RFC 4180 in UTF-8 without byte order mark.
//
// # People's data
//
// Addresses in a User mask themselves, so printing, logging or marshalling one
// by accident shows none. The writers of this package are the only ones that
// write them whole.
package report
