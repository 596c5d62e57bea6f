// Package gen invents an enterprise of any size for the benchmarks: server
// accounts on [Instances] server instances, a cloud side a fifth that size,
// identities, invitations and subscriptions.
//
// It does not try to be an enterprise of traps; the tests of the engine have
// those. It tries to be an ordinary one: people with accounts on one to five
// instances, half of the server accounts belonging to people with a cloud
// account, and the irregularities of real directories in the shares listed at
// [Write].
//
// Start at [Write]. Invariants: the same size gives the same bytes, on every
// machine; memory does not depend on the size, because every person, address
// and account is computed from its number and nothing is remembered; all
// people are invented and live at example domains.
package gen
