package dbtest

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"sync"
	"testing"

	"github.com/oneseat/oneseat/internal/database"
)

// Reads is what was asked of a database, and how many rows came back. It is safe
// for concurrent use.
type Reads struct {
	mu         sync.Mutex
	rows       int
	statements []Statement
}

// Statement is a query as the driver got it.
type Statement struct {
	Text string
	Args []any
}

// Take gives what was read since the last time.
func (r *Reads) Take() (rows int, statements []Statement) {
	r.mu.Lock()
	defer r.mu.Unlock()
	rows, statements = r.rows, r.statements
	r.rows, r.statements = 0, nil
	return rows, statements
}

// Counted opens a database of the test whose reading is counted. It is closed when
// the test ends.
func Counted(t *testing.T, location string) (*database.DB, *Reads) {
	t.Helper()
	db, err := database.Open(t.Context(), database.Config{Location: location, Volatile: true})
	if err != nil {
		t.Fatal(err)
	}
	plain, r := db.Read, &Reads{}
	db.Read = sql.OpenDB(&countingConnector{plain.Driver(), location, r})
	t.Cleanup(func() {
		for _, pool := range []*sql.DB{plain, db.Read, db.Write} {
			if err := pool.Close(); err != nil {
				t.Error(err)
			}
		}
	})
	return db, r
}

type countingConnector struct {
	driver   driver.Driver
	location string
	reads    *Reads
}

func (c *countingConnector) Driver() driver.Driver { return c.driver }

func (c *countingConnector) Connect(context.Context) (driver.Conn, error) {
	conn, err := c.driver.Open(c.location)
	return &countingConn{conn, c.reads}, err
}

type countingConn struct {
	driver.Conn

	reads *Reads
}

func (c *countingConn) BeginTx(ctx context.Context, options driver.TxOptions) (driver.Tx, error) {
	return c.Conn.(driver.ConnBeginTx).BeginTx(ctx, options)
}

func (c *countingConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	rows, err := c.Conn.(driver.QueryerContext).QueryContext(ctx, query, args)
	values := make([]any, len(args))
	for i, a := range args {
		values[i] = a.Value
	}
	c.reads.mu.Lock()
	defer c.reads.mu.Unlock()
	c.reads.statements = append(c.reads.statements, Statement{query, values})
	return &countingRows{rows, c.reads}, err
}

func (c *countingConn) CheckNamedValue(v *driver.NamedValue) error {
	if checker, ok := c.Conn.(driver.NamedValueChecker); ok {
		return checker.CheckNamedValue(v)
	}
	return driver.ErrSkip
}

type countingRows struct {
	driver.Rows

	reads *Reads
}

func (r *countingRows) Next(to []driver.Value) error {
	err := r.Rows.Next(to)
	if err == nil {
		r.reads.mu.Lock()
		defer r.reads.mu.Unlock()
		r.reads.rows++
	}
	return err
}
