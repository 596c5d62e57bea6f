package source

import (
	"slices"
	"strings"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/nearest"
)

// The columns of a server's CSV that are read.
const (
	columnID         = "id"
	columnLogin      = "login"
	columnEmail      = "email"
	columnSuspended  = "suspended?"
	columnLoggedIP   = "last_logged_ip"
	columnLastActive = "last_active"
)

func serverColumns() []string {
	return []string{columnID, columnLogin, columnEmail, columnSuspended, columnLoggedIP, columnLastActive}
}

// layout says where in a row of a server's CSV stands what is read; -1: nowhere.
type layout struct {
	comma                      byte
	cells                      int // columns
	wanted                     int // columns up to the last that is read
	id, login, email           int
	suspended, loggedIP, since int
	// leaveOut: an account that shows no sign-in does not count.
	leaveOut bool
}

// newLayout finds the columns. Whether somebody has signed in is read only
// when it matters, or when somebody wants to be told.
func newLayout(file string, h header, leaveOut, told bool) (layout, error) {
	signedIn := leaveOut || told
	at := map[string]int{}
	for i, cell := range h.cells {
		name := columnName(cell)
		if !slices.Contains(serverColumns(), name) {
			continue
		}
		if _, twice := at[name]; twice {
			return layout{}, errs.New(errs.Invalid, "source.column_twice", "File", file, "Line", h.lines, "Name", name, "Cell", i+1)
		}
		at[name] = i
	}
	for _, name := range []string{columnID, columnEmail} {
		if _, ok := at[name]; !ok {
			return layout{}, columnMissing(file, h, name)
		}
	}
	find := func(name string, needed bool) int {
		if i, ok := at[name]; ok && needed {
			return i
		}
		return -1
	}
	l := layout{
		comma: h.comma, cells: len(h.cells),
		id: at[columnID], email: at[columnEmail], login: find(columnLogin, true), suspended: find(columnSuspended, true),
		loggedIP: find(columnLoggedIP, signedIn), since: find(columnLastActive, signedIn),
		leaveOut: leaveOut,
	}
	l.wanted = 1 + max(l.id, l.login, l.email, l.suspended, l.loggedIP, l.since)
	if leaveOut && l.loggedIP < 0 && l.since < 0 {
		return layout{}, errs.New(errs.Invalid, "source.no_sign_in", "File", file, "Line", h.lines)
	}
	return l, nil
}

// columnMissing names the column that may have been meant.
func columnMissing(file string, h header, name string) error {
	var others []string
	for _, cell := range h.cells {
		if !slices.Contains(serverColumns(), columnName(cell)) {
			others = append(others, cell)
		}
	}
	key, near := "source.column_missing", nearest.To(name, others)
	if near != "" {
		key = "source.column_near"
	}
	return errs.New(errs.Invalid, key, "File", file, "Line", h.lines, "Name", name, "Near", shown(near), "Header", shown(strings.Join(h.cells, ", ")))
}
