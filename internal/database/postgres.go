package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/oneseat/oneseat/internal/errs"
)

// connectTimeout bounds one attempt to connect, unless the address says
// otherwise.
const connectTimeout = 10 * time.Second

func openPostgres(ctx context.Context, config Config) (*DB, error) {
	parsed, err := pgx.ParseConfig(config.Location)
	if err != nil {
		// The driver's text has the password left out.
		return nil, errs.Wrap(errs.Invalid, err, "database.bad_address", "Cause", err)
	}
	if parsed.ConnectTimeout == 0 {
		parsed.ConnectTimeout = connectTimeout
	}
	setDefault(parsed.RuntimeParams, "application_name", "oneseat")
	setDefault(parsed.RuntimeParams, "lock_timeout", strconv.FormatInt(config.Wait.Milliseconds(), 10))
	db := &DB{
		Dialect:  PostgreSQL,
		Read:     openServer(readOnly(parsed), config.Readers),
		Write:    openServer(parsed, config.Writers),
		location: net.JoinHostPort(parsed.Host, strconv.Itoa(int(parsed.Port))) + "/" + parsed.Database,
		wait:     config.Wait,
	}
	if err := db.checkServer(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func setDefault(params map[string]string, name, value string) {
	if _, given := params[name]; !given {
		params[name] = value
	}
}

// readOnly is the configuration of connections that cannot write.
func readOnly(config *pgx.ConnConfig) *pgx.ConnConfig {
	config = config.Copy()
	config.RuntimeParams = maps.Clone(config.RuntimeParams)
	config.RuntimeParams["default_transaction_read_only"] = "on"
	return config
}

func openServer(config *pgx.ConnConfig, connections int) *sql.DB {
	pool := stdlib.OpenDB(*config)
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	return pool
}

// checkServer makes sure that the database answers and sorts text by bytes, as
// SQLite does: keys and pages depend on it.
func (db *DB) checkServer(ctx context.Context) error {
	var name, encoding, collation string
	var version int
	var bytewise bool
	err := db.Read.QueryRowContext(ctx, `SELECT d.datname, pg_encoding_to_char(d.encoding), d.datcollate,
	CAST(current_setting('server_version_num') AS integer),
	'B' < 'a' AND '-b' < 'a' AND 'a' < 'é' AND 'z' < 'é'
FROM pg_database d WHERE d.datname = current_database()`).Scan(&name, &encoding, &collation, &version, &bytewise)
	if err != nil {
		return errs.Wrap(errs.Unavailable, err, "database.unreachable", "Database", db.location, "Cause", err)
	}
	// An ICU database may call its collation C and sort by language all the
	// same, so the sorting itself is looked at too.
	if encoding == "UTF8" && (collation == "C" || collation == "POSIX") && bytewise {
		return nil
	}
	return errs.New(errs.Invalid, "database.collation",
		"Database", name, "Collation", collation, "Encoding", encoding, "Create", createLine(name, version))
}

// createLine is the statement that makes a database this program can use,
// beside the one that it cannot.
func createLine(name string, version int) string {
	provider := ""
	if version >= 150000 {
		provider = " LOCALE_PROVIDER libc"
	}
	fresh := "oneseat"
	if name == fresh {
		fresh = "oneseat_c"
	}
	return fmt.Sprintf("CREATE DATABASE %s TEMPLATE template0 ENCODING 'UTF8'%s LC_COLLATE 'C' LC_CTYPE 'C';",
		quoteName(fresh), provider)
}

func quoteName(name string) string {
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}
