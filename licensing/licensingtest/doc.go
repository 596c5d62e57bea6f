// Package licensingtest is what the tests and benchmarks of the engine hold it
// against:
//
//   - [Plain], the reference: the rules R0–R10 and C1–C7 over Go maps, one
//     after another as they are written, with no thought of speed;
//   - [Enterprise], random enterprises in which every trap of the rules is
//     common, and [Check], which refuses what no reader would hand over;
//   - [GitHubReportOf], the report GitHub would give of an enterprise whose
//     truth is known, with the addresses GitHub hides hidden.
//
// It deliberately shares nothing with the engine but the values, the policy
// and the names of rules: it makes its own address keys ([PlainKey]) and its
// own ties, so that a mistake has to be made twice to go unnoticed. It does
// not import testing and nothing but tests and benchmarks imports it.
//
// Start at [Plain]; each of its steps names the rule it is.
package licensingtest
