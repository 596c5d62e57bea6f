// Package match puts one enterprise, as package gen wrote it, through three
// programs that follow the same rules: the engine ([Ours]), the reference over
// Go maps ([Plain]) and DuckDB with the rules as SQL ([DuckDB]).
//
// Each is timed from the bytes of the files to sorted people with a reason for
// every account, and says afterwards what it found as a [Tally] whose digests
// are equal when every person, every anchor and every reason is. It does not
// judge: package main of bench/cmd runs the programs, compares and prints.
//
// Start at [Ours]. Invariants: nothing is printed; what a program counts for
// its tally is neither timed nor part of its peak memory, provided that the
// process runs one program and ends.
package match
