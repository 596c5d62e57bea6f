package main

import (
	"runtime/debug"
	"sync"
)

// collectAt keeps garbage to a fifth of what is in use: people are kept in few
// large pieces with few pointers, so that collecting costs little, and the
// machine has better use for the memory.
const collectAt = 20

// spare makes the program sparing with memory until the function it gives is
// called.
func spare() (end func()) {
	before := debug.SetGCPercent(collectAt)
	return func() { debug.SetGCPercent(before) }
}

// sideBySide lends the engine every core for what does not depend on each
// other.
func sideBySide(tasks ...func()) {
	var running sync.WaitGroup
	for _, task := range tasks {
		running.Go(task)
	}
	running.Wait()
}
