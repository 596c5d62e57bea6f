package hub_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"os"
	"sync/atomic"
	"time"

	"github.com/oneseat/oneseat/internal/database"
)

// killer strikes when so many statements, begins and commits have been asked of
// a database: at one of them, or a little later, in the middle of it. A
// connector and its connections are what it takes to count them, whatever the
// engine.
type killer struct {
	real   *sql.DB
	strike func()
	left   atomic.Int64 // until it strikes; not positive: it does not
	delay  time.Duration
}

// lieInWait puts a killer between a database and whoever writes to it.
func lieInWait(db *database.DB, delay time.Duration, strike func()) *killer {
	k := &killer{real: db.Write, delay: delay, strike: strike}
	open := db.Write.Stats().MaxOpenConnections
	k.real.SetMaxOpenConns(0) // those it gave away it never gets back
	db.Write = sql.OpenDB(k)
	db.Write.SetMaxOpenConns(open)
	db.Write.SetMaxIdleConns(open)
	return k
}

// point is where it may strike.
func (k *killer) point() {
	if k.left.Add(-1) != 0 {
		return
	}
	if k.delay > 0 {
		time.AfterFunc(k.delay, k.strike)
		return
	}
	k.strike()
}

// kill ends the process as nothing else does.
func kill() {
	self, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = self.Kill()
	}
	if err != nil {
		panic(err)
	}
	select {}
}

// Connect implements driver.Connector.
func (k *killer) Connect(ctx context.Context) (driver.Conn, error) {
	held, err := k.real.Conn(ctx) // for as long as the process lives
	if err != nil {
		return nil, err
	}
	var c *killerConn
	err = held.Raw(func(raw any) error {
		c = &killerConn{raw.(engineConn), k}
		return nil
	})
	return c, err
}

// Driver implements driver.Connector.
func (k *killer) Driver() driver.Driver { return k.real.Driver() }

// engineConn is what the connections of both engines can do.
type engineConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.SessionResetter
}

// killerConn is a connection with points.
type killerConn struct {
	engineConn
	k *killer
}

// BeginTx implements driver.ConnBeginTx.
func (c *killerConn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	c.k.point()
	tx, err := c.engineConn.BeginTx(ctx, opts)
	return killerTx{tx, c.k}, err
}

// PrepareContext implements driver.ConnPrepareContext.
func (c *killerConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	c.k.point()
	return c.engineConn.PrepareContext(ctx, query)
}

// ExecContext implements driver.ExecerContext.
func (c *killerConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	c.k.point()
	return c.engineConn.ExecContext(ctx, query, args)
}

// QueryContext implements driver.QueryerContext.
func (c *killerConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	c.k.point()
	return c.engineConn.QueryContext(ctx, query, args)
}

// CheckNamedValue implements driver.NamedValueChecker.
func (c *killerConn) CheckNamedValue(v *driver.NamedValue) error {
	if checker, ok := c.engineConn.(driver.NamedValueChecker); ok {
		return checker.CheckNamedValue(v)
	}
	return driver.ErrSkip
}

// killerTx is a transaction whose commit is a point.
type killerTx struct {
	driver.Tx
	k *killer
}

// Commit implements driver.Tx.
func (tx killerTx) Commit() error {
	tx.k.point()
	return tx.Tx.Commit()
}
