// Package sending takes the users of a large instance through an agent on SQLite:
// the source is read until its users count and are a snapshot, and a usage file of
// that is made, by the command's way and by the page's.
//
// Beside it stand what nobody can do without: sqlite3's own .import of the rows of
// accounts into the same table with the same indexes, and the same bytes through
// zstd and age alone. It deliberately measures no network beyond loopback and no
// other database.
//
// Start at [Prepare], which makes an agent and its source in a directory, then
// [Take] for each of [Steps]; each wants a process of its own, because memory is
// the peak of the whole process. All people are invented.
package sending
