//go:build unix

package main

import (
	"io/fs"
	"os"
	"syscall"
)

// ownedByMe says that a file belongs to the user of this process.
func ownedByMe(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return !ok || int64(stat.Uid) == int64(os.Geteuid())
}
