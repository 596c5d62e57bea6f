package terminal_test

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/oneseat/oneseat/internal/terminal"
)

// mustOpenTerminal opens a pseudo-terminal of some width: what is written to
// screen can be read from keyboard's side.
func mustOpenTerminal(t *testing.T, columns uint16) (screen, other *os.File) {
	t.Helper()
	other, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("no pseudo-terminals here: %v", err)
	}
	t.Cleanup(func() { other.Close() }) //nolint:errcheck // the test is over
	number, err := unix.IoctlGetInt(int(other.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetPointerInt(int(other.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	screen, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { screen.Close() }) //nolint:errcheck // the test is over
	if err := unix.IoctlSetWinsize(int(screen.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: columns}); err != nil {
		t.Fatal(err)
	}
	return screen, other
}

func mustReadLine(t *testing.T, other *os.File) string {
	t.Helper()
	line, err := bufio.NewReader(other).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimRight(line, "\r\n")
}

func TestATerminalHasAWidthAndEmphasis(t *testing.T) {
	t.Parallel()
	screen, other := mustOpenTerminal(t, 57)
	s := terminal.New(screen, environment(""))
	if s.Width() != 57 || !s.IsTerminal() {
		t.Errorf("width %d, terminal %v", s.Width(), s.IsTerminal())
	}
	s.Strong("18 licenses")
	if got, want := mustReadLine(t, other), "\x1b[1m18 licenses\x1b[0m"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestNoColourWhenToldSo(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]string{"NO_COLOR": "1", "TERM": "dumb"} {
		screen, other := mustOpenTerminal(t, 80)
		s := terminal.New(screen, func(asked string) string {
			if asked == name {
				return value
			}
			return ""
		})
		s.Strong("18 licenses")
		if got, want := mustReadLine(t, other), "18 licenses"; got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func TestATransientLineIsReplaced(t *testing.T) {
	t.Parallel()
	screen, other := mustOpenTerminal(t, 44)
	s := terminal.New(screen, environment(""))
	s.Transient("Reading a file with a name that is longer than the line")
	s.Erase()
	s.Erase()
	s.Line("done")
	want := "\r\x1b[KReading a file with a… longer than the line\r\x1b[Kdone"
	if got := mustReadLine(t, other); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
