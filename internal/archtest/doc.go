// Package archtest holds the rules of the house as tests: who may import whom
// and why (imports_test.go is the list), that the engine stays pure, that
// addresses cannot slip past their mask, that documents tell the truth about
// links, verbs and commands.
//
// It deliberately looks at sources and documents alone, never at behaviour,
// and it has no code of its own. A rule that stands in the way is changed here,
// with its reason, in the commit that needs it.
//
// Start with imports_test.go. "go test ./internal/archtest -update" rewrites
// what testdata holds: read the diff.
package archtest
