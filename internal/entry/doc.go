// Package entry is the pages where people come in, whichever role they come in
// to: sign-in by password and code or by single sign-on, what a one-time link
// opens, and the account of who is signed in, with their sessions.
//
// The browser's side of a session is here: its cookie, and [Entry.Guest], which
// says who a request is of. Who may come in, and how, is decided in
// internal/signin; what they see then is the role's. Start with [New],
// [Entry.Routes] and [Entry.Guest].
//
// Invariants: no secret stands in the address of a page but that of a one-time
// link, which is used up by a form and never by looking at it. A form that was
// refused shows no password and no code again. Whoever has come in is led to a
// path of this server alone.
package entry
