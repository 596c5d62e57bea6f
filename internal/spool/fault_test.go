//go:build unix

package spool_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/spool"
)

var kills = flag.Int("kills", 10, "how often a process is killed while it spools")

// What the children of these tests are told: the directory of the spool, and
// after how many reads they are killed or how large their files may grow.
const (
	childDirectory = "SPOOL_TEST_DIRECTORY"
	childReads     = "SPOOL_TEST_READS"
	childLimit     = "SPOOL_TEST_LIMIT"
)

// TestMain lets the test binary be the process that fares badly.
func TestMain(m *testing.M) {
	directory := os.Getenv(childDirectory)
	if directory == "" {
		os.Exit(m.Run())
	}
	if err := fareBadly(directory); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func fareBadly(directory string) error {
	s, err := spool.New(directory, 0)
	if err != nil {
		return err
	}
	if limit := number(childLimit); limit > 0 {
		return runOut(s, limit)
	}
	stay, err := s.Enter(spool.Guest{})
	if err != nil {
		return err
	}
	_, err = stay.Take(&endless{left: number(childReads)})
	return fmt.Errorf("an endless file ended: %w", err)
}

func number(variable string) uint64 {
	n, err := strconv.ParseUint(os.Getenv(variable), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// endless is a file that never ends; its reader does.
type endless struct{ left uint64 }

// Read implements io.Reader.
func (e *endless) Read(p []byte) (int, error) {
	if e.left == 0 {
		if err := syscall.Kill(os.Getpid(), syscall.SIGKILL); err != nil {
			return 0, err
		}
		select {}
	}
	e.left--
	return copy(p, "mona@acme.example\n"), nil
}

// runOut takes a file that is larger than any may be, and then a smaller one.
func runOut(s *spool.Spool, limit uint64) error {
	var now syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &now); err != nil {
		return err
	}
	now.Cur = limit
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &now); err != nil {
		return err
	}
	stay, err := s.Enter(spool.Guest{})
	if err != nil {
		return err
	}
	if _, err := stay.Take(bytes.NewReader(make([]byte, 2*limit))); errs.KindOf(err) != errs.Unavailable {
		return fmt.Errorf("no room: %w", err)
	}
	if _, err := stay.Take(strings.NewReader("a small one")); err != nil {
		return fmt.Errorf("a small one: %w", err)
	}
	stay.Leave()
	return nil
}

// child is this test binary as another process on a spool.
func child(t *testing.T, directory, variable string, value uint64) *exec.Cmd {
	t.Helper()
	c := exec.CommandContext(t.Context(), os.Args[0])
	c.Env = append(os.Environ(), childDirectory+"="+directory, variable+"="+strconv.FormatUint(value, 10))
	return c
}

// TestAKilledSpoolIsEmptyAtTheNextStart: nothing that people's addresses may
// stand in outlives its process by more than a start.
func TestAKilledSpoolIsEmptyAtTheNextStart(t *testing.T) {
	t.Parallel()
	directory, r := t.TempDir(), rand.New(rand.NewPCG(1, 1))
	for range *kills {
		out, err := child(t, directory, childReads, r.Uint64N(20_000)).CombinedOutput()
		if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.Exited() {
			t.Fatalf("it ended by itself: %v: %s", err, out)
		}
		if _, err := spool.New(directory, 0); err != nil {
			t.Fatal(err)
		}
		mustBeEmpty(t, directory)
	}
}

func TestAFullDiskFailsTheFileNotTheProcess(t *testing.T) {
	t.Parallel()
	directory := t.TempDir()
	if out, err := child(t, directory, childLimit, 100<<10).CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
	mustBeEmpty(t, directory)
}

func mustBeEmpty(t *testing.T, directory string) {
	t.Helper()
	left, err := os.ReadDir(directory)
	if err != nil || len(left) > 0 {
		t.Errorf("%v is left, %v", left, err)
	}
}
