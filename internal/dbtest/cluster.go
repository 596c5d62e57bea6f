package dbtest

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver that makes and drops databases

	"github.com/oneseat/oneseat/internal/database"
)

// superuser is the one user of the cluster.
const superuser = "oneseat"

// patience is how long a connection may take, in seconds.
const patience = "120"

// theCluster starts the cluster of this test binary with the first call.
var theCluster = sync.OnceValues(startCluster) //nolint:gochecknoglobals // once per test binary is the point

// cluster is a running PostgreSQL server that belongs to this test binary.
type cluster struct {
	socket    string    // directory
	alive     io.Closer // the server lives as long as this is open
	admin     *sql.DB
	templates templates[string]
	databases atomic.Int64
}

func newCluster(socket string, alive io.Closer) (*cluster, error) {
	c := &cluster{socket: socket, alive: alive}
	admin, err := sql.Open("pgx", c.address("postgres"))
	c.admin = admin
	return c, err
}

// address is how to connect to a database of the cluster. Tests are patient: a
// machine that is busy with other tests makes none fail.
func (c *cluster) address(name string) string {
	return "postgres:///" + name + "?" + url.Values{"host": {c.socket}, "user": {superuser}, "connect_timeout": {patience}}.Encode()
}

// copy is the address of a new database that has the schema. It is dropped
// when the test ends.
func (c *cluster) copy(t *testing.T, s schema) string {
	t.Helper()
	template := c.templates.get(t, s, func(key string) (string, error) {
		name := "template_" + key[:16]
		if err := c.create(t.Context(), name, "template0"); err != nil {
			return "", err
		}
		return name, s.make(t.Context(), database.Config{Location: c.address(name)})
	})
	name := fmt.Sprintf("test_%d", c.databases.Add(1))
	if err := c.create(t.Context(), name, template); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// The test's own context has ended by now.
		if _, err := c.admin.ExecContext(context.WithoutCancel(t.Context()), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("drop %s: %v", name, err)
		}
	})
	return c.address(name)
}

func (c *cluster) create(ctx context.Context, name, template string) error {
	_, err := c.admin.ExecContext(ctx, "CREATE DATABASE "+name+" TEMPLATE "+template)
	return err
}
