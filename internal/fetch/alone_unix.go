//go:build unix

package fetch

import (
	"os/exec"
	"syscall"
)

// alone lets a command be ended with everything it started.
func alone(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
}
