package ui_test

import (
	"flag"
	"fmt"
	"io"
	"os"
	"testing"

	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/signin"
)

var manyUsers = flag.Int("users", 20_000, "how many users the pages are held against")

// TestLicenseReadsTheSameRowsWhateverTheNumberOfUsers: what it shows was counted
// when the source was read.
func TestLicenseReadsTheSameRowsWhateverTheNumberOfUsers(t *testing.T) {
	t.Parallel()
	dbtest.EachLocation(t, store.Migrations(), func(t *testing.T, location string) {
		db, reads := dbtest.Counted(t, location)
		k := newKitOver(t, db, nil)
		read := func(users int) (rows, statements int) {
			t.Helper()
			k.fill(users)
			if _, err := k.agent.Collect(t.Context(), "mona", false); err != nil {
				t.Fatal(err)
			}
			reads.Take()
			k.as(signin.RoleOwner).get("/").has(200, "[data-test=consumed]", grouped(users))
			rows, list := reads.Take()
			return rows, len(list)
		}
		rows, statements := read(1000)
		if manyRows, manyStatements := read(*manyUsers); manyRows != rows || manyStatements != statements || rows == 0 {
			t.Errorf("%d rows in %d statements for 1,000 users, %d in %d for %d", rows, statements, manyRows, manyStatements, *manyUsers)
		}
	}, signin.Migrate)
}

// fill makes a source of so many users.
func (k *kit) fill(users int) {
	k.t.Helper()
	k.write("")
	file, err := os.OpenFile(k.source, os.O_WRONLY|os.O_APPEND, 0)
	must(k.t, err)
	_, err = io.WriteString(file, "id,login,email,suspended?\n")
	must(k.t, err)
	for n := range users {
		_, err = fmt.Fprintf(file, "%d,user-%d,user-%d@acme.example,false\n", n+2, n, n)
		must(k.t, err)
	}
	must(k.t, file.Close())
}

// grouped is a number of thousands as a page in English shows it.
func grouped(n int) string {
	if n >= 1_000_000 {
		return fmt.Sprintf("%d,%03d,%03d", n/1_000_000, n/1000%1000, n%1000)
	}
	return fmt.Sprintf("%d,%03d", n/1000, n%1000)
}
