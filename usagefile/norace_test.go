//go:build !race

package usagefile_test

// stride: without the race detector every bit of a file is changed.
const stride = 1
