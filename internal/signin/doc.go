// Package signin says who asks and what they may, and keeps the log of what
// they did: API tokens, owners with their one-time links, and the audit log.
// Both roles use the same parts.
//
// Start with [New]. [Desk.Authenticate] turns the secret of a token into an
// [Actor], whose [Actor.May] a surface asks before it acts. What acts then
// calls [Desk.Record] in the transaction of the change, so that the log has an
// entry if and only if the change happened. [Desk.Verify] checks the log.
//
// An enterprise is a number here, and the role's affair; 0 is the role itself.
//
// The package deliberately knows no HTTP, no cookies and no role's tables, and
// refuses nobody on its own: which scope a route needs is the surface's, and
// what may be seen with it is the role's.
//
// Invariants:
//
//   - A secret is shown once, by whoever made it. The database has its SHA-256,
//     and a [Secret] masks itself in every log and format.
//   - What one enterprise has is found under its number alone. The one
//     exception is a secret, which says whose it is.
//   - The audit log of an enterprise is numbered without gaps, and each entry's
//     hash covers the entry and the hash before it.
//   - No entry holds a whole address: what looks like one is masked on the way
//     in. So erasing a person leaves the log as it is, and whole.
package signin
