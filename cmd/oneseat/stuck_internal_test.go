//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// TestASecondInterruptEndsAStuckProcess: the first asks a command to stop,
// which one that waits for the reader of its output cannot hear.
func TestASecondInterruptEndsAStuckProcess(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	unread, err := os.OpenFile(pipe, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unread.Close() //nolint:errcheck // only made to be full
	stuck := exec.CommandContext(t.Context(), "oneseat", "match", "--format", "json",
		"--cloud", mustWrite(t, dir, "cloud.json", list(`"users":[]`)),
		"--server", "ghes.acme.example="+mustWrite(t, dir, "all_users.csv", manyUsers(2000)))
	stuck.Stdout = unread
	if err := stuck.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- stuck.Wait() }()
	late := time.After(patient)
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	for {
		select {
		case <-again.C:
			stuck.Process.Signal(os.Interrupt) //nolint:errcheck // it may be gone
		case err := <-done:
			if err == nil {
				t.Error("interrupted, it says that all went well")
			}
			return
		case <-late:
			t.Fatal("it survives every interrupt")
		}
	}
}
