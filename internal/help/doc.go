// Package help is the pages that explain, at /help, whichever role shows them:
// what is counted and why, what to do and who may do it, what cannot be known.
//
// What a page says stands in the catalogue, in the area pagehelp; which topics,
// sections and paragraphs there are stands in topics.go, so that every language
// has the same. A text may hold **labels**, `commands` and links, see [parse].
//
// The package deliberately knows nobody: its pages are public and hold nothing
// of any enterprise. What stands around them, and where the pages are that a
// topic is about, is told to it ([Config]). Start with [New] and [Path].
//
// Invariants: what does not work in this version is not described as if it did.
// Every section has an anchor that stays, because other pages link to it.
package help
