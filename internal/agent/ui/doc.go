// Package ui is the agent's pages: what an owner of a server instance needs to
// send its license usage by hand. License, Export license usage, users,
// snapshots, the enrolment and the audit log, with labels as GitHub's
// documentation has them.
//
// A page is a file: what it shows (a struct), its handler, and beside it the
// component of the same name (.templ). Handlers ask one use case of the agent and
// show what it gives.
//
// The package deliberately knows no passwords, sessions or tokens: who asks is
// told to it ([Config.Visitor]). Start with [New], [UI.Routes], [UI.Authorize]
// and [UI.Refusal].
//
// Invariants: owners see addresses whole, everybody else sees masks. Before a
// usage file leaves, the page says what is in it and what is not. Changes are
// forms, answered with a redirect or a file; without scripts everything works.
package ui
