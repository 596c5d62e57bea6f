// Package api is the hub's REST surface: GitHub's two calls about licenses under
// /api/v3, and the hub's own under /api/v1.
//
// Start with routes.go, the table of everything that can be asked and by whom.
// [API.Authorize] decides who gets in; after that a handler does four things:
// decode, authorize the object, call one use case of the hub, encode. Files that
// begin with v3_ answer as GitHub does, those that begin with v1_ in our own way.
//
// The package deliberately counts nothing and filters nothing: every number and
// every row is the hub's, so that the command, the pages and this surface cannot
// differ. It knows no SQL, and how requests are logged, limited and refused is
// internal/web's.
//
// Invariants:
//
//   - Nobody learns that an enterprise exists whose token may not read it: the
//     answer is 404, as GitHub's.
//   - A cloud account's address that GitHub's report would not show is in no
//     answer, unless an admin asked to see it.
//   - An answer that cannot be completed breaks off; it never looks whole.
package api
