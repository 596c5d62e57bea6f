// Package dbtest gives tests real databases: SQLite always, PostgreSQL where
// its server is installed.
//
// A test is one function, run by [Each] on an empty migrated database of each
// engine. PostgreSQL comes from a private cluster that starts with the first
// test that asks for it, listens on a socket in a directory of its own and on
// no network, and is stopped and removed when the test binary ends, however it
// ends. Where the server's programs are missing, such tests are skipped; with
// CI=true or ONESEAT_REQUIRE_POSTGRES=1 they fail. With -short, SQLite alone
// is tested.
//
// It deliberately installs nothing and has no fixtures. Start with [Each].
package dbtest
