//go:build race

package usagefile_test

// stride thins out the tests that change a file everywhere: the race detector
// makes them slow and has nothing to look for in them. Odd, so that every bit
// of a byte has its turn.
const stride = 13
