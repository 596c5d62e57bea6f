// Package terminal lays text out for people: prose that wraps, tables that fit
// the width there is, numbers under numbers, and headings that stand out where
// they can.
//
// Start with [New], which finds out what the writer is: a terminal with a
// width, or a file or pipe, where tables keep their natural width and nothing
// is emphasised. Emphasis is bold and faint and never a colour, so that it is
// readable on every background; NO_COLOR switches it off.
//
// The package deliberately knows no sentences (callers bring translated text),
// reads no keyboard, and moves no cursor but to the beginning of a line that is
// replaced ([Screen.Transient]).
//
// Invariants:
//
//   - No line of a table is wider than the terminal.
//   - What is written cannot steer the terminal: control characters and
//     invisible direction marks in a text are shown as �.
//   - Widths are those of the cells a terminal gives: two for wide East Asian
//     characters, none for combining marks.
package terminal
