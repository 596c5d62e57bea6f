//go:build unix

package dbtest

import (
	"bufio"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// keeper is the shell script that makes a cluster, keeps it as long as its
// standard input is open, and removes it.
//
//go:embed keeper.sh
var keeper string

// startCluster starts a cluster that ends with this process. A pipe sees to
// that: the system closes our end of it when this process ends, even when it
// is killed, and the keeper waits for just that.
func startCluster() (*cluster, error) {
	programs, err := findPrograms()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("/tmp", "oneseat-pg-") // short: the path of a socket has at most 107 bytes
	if err != nil {
		return nil, err
	}
	keep := exec.Command("/bin/sh", "-c", keeper, "keeper", programs) //nolint:gosec,noctx // our own script, and it outlives every context
	keep.Dir = dir
	// A session of its own: an interrupt at the terminal is not for it.
	keep.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := giveToUser(dir, keep); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	alive, err := awaitReady(keep)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return newCluster(dir, alive)
}

// findPrograms gives the directory with initdb and pg_ctl: the newest of
// Debian's, else where the search path finds them.
func findPrograms() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		return "", err
	}
	best, newest := "", 0
	for _, program := range found {
		version, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(program)))) // no number: not Debian's
		if version > newest {
			best, newest = filepath.Dir(program), version
		}
	}
	if best != "" {
		return best, nil
	}
	program, err := exec.LookPath("initdb")
	if err != nil {
		return "", fmt.Errorf("no PostgreSQL server here; Debian's package is postgresql: %w", err)
	}
	return filepath.Dir(program), nil
}

// giveToUser lets another user run the keeper when we are root, because
// PostgreSQL refuses to run as root.
func giveToUser(dir string, keep *exec.Cmd) error {
	if os.Geteuid() != 0 {
		return nil
	}
	other, err := user.Lookup("postgres")
	if err != nil {
		other, err = user.Lookup("nobody")
	}
	if err != nil {
		return fmt.Errorf("find a user to run PostgreSQL as: %w", err)
	}
	uid, uidErr := strconv.ParseUint(other.Uid, 10, 31)
	gid, gidErr := strconv.ParseUint(other.Gid, 10, 31)
	if err := errors.Join(uidErr, gidErr); err != nil {
		return err
	}
	keep.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return os.Chown(dir, int(uid), int(gid))
}

// awaitReady starts the keeper and returns when the server takes connections.
// The server lives as long as the pipe it gives is open.
func awaitReady(keep *exec.Cmd) (io.Closer, error) {
	stdin, err := keep.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := keep.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := keep.Start(); err != nil {
		return nil, fmt.Errorf("start PostgreSQL: %w", err)
	}
	said := bufio.NewReader(stdout)
	line, err := said.ReadString('\n')
	if line == "ready\n" {
		return stdin, nil
	}
	rest, _ := io.ReadAll(said) // best effort: it is for the message
	return nil, fmt.Errorf("start PostgreSQL: %s (%w)", strings.TrimSpace(line+string(rest)), err)
}
