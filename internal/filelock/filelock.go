// Package filelock keeps two processes from working in one place: a lock is a
// file that one of them holds.
//
// It deliberately waits for nobody and knows nothing of what the lock is for.
// On Unix the system gives the lock free when its process ends, however it
// ends; elsewhere a process that is killed leaves the file behind, for people
// to remove. The file stays where it is on Unix: removing it would let two
// hold what they take for the same lock. Start with [Take].
package filelock

import "errors"

// ErrTaken says that another process holds the lock.
var ErrTaken = errors.New("locked by another process")
