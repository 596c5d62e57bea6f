// Package ui is the hub's pages: an owner at work in a browser. Enterprise
// licensing, Enterprise Server instances, Add server usage with its preview,
// People and a person, with navigation and labels as GitHub's documentation has
// them.
//
// A page is a file: what it shows (a struct), its handler, and beside it the
// component of the same name (.templ). Handlers ask one use case of the hub and
// show what it gives; every number is the hub's, and none is added up here.
//
// The package deliberately knows no passwords, sessions or tokens: who asks is
// told to it ([Config.Visitor]), and whoever is nobody gets the sign-in page.
// Start with [New], [UI.Routes], [UI.Authorize] and [UI.Refusal].
//
// Invariants: whoever may not see an enterprise is told that it is not there.
// Addresses pass through [hub.Eyes]; read-only roles see masks alone. Changes
// are forms, answered with a redirect; without scripts everything works.
package ui
