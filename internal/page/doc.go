// Package page is the frame that every page stands in, whichever role shows it:
// styles, icons and scripts; header, navigation and footer; the reader's
// language and how it writes numbers, dates and ages.
//
// Styles are Primer's and icons octicons, copied in with versions and checksums
// by scripts/page-assets, beside a sheet and a script of our own. Everything is
// embedded, served under the hash of its content and never asked for again.
// Light, dark and high contrast follow what the system asks for.
//
// The package deliberately knows no role, no route but that of its files and of
// the choice of language, and nothing about people. Start with [New], then
// [Look.Frame] and the component Document.
//
// Invariants: no page asks anybody else for anything, has an inline script or
// style, or shows a text that is not of the catalogue, save what people wrote.
// Every page works without scripts; they only make it better.
package page
