// Command oneseat counts the licenses of an enterprise whose people have
// accounts in the cloud and on server instances: one person, one license.
//
// "oneseat match" answers from files alone, "oneseat export" writes the usage
// file of a server instance, "oneseat inspect" reads one, "oneseat keys" makes
// and shows the keys of both ends. "oneseat hub" is the receiving role; beside
// it on its machine work hub init, hub owner, hub token, person, backup and
// restore, and from anywhere upload, report and status ask it. Each command is
// one file here; "oneseat COMMAND --help" says what it takes.
//
// Options that a machine keeps are settings: they can also stand in the
// environment and in a file (settings.go). The parts of a hub are put together
// in machine.go and hub_serve.go.
//
// This package is the only one that reads flags, the environment and the
// clock, and the only one that ends the process. It counts nothing, knows no
// format and writes no sentence of its own: those are of licensing, usagefile,
// report and internal/source, and of the catalogue in internal/i18n.
//
// What a person asked for goes to standard output, everything else to standard
// error. The exit status is 0 when it was done, 1 when it failed, 2 when the
// command was used wrongly. Start with [run].
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second interrupt ends the process at once
	status := run(ctx, os.Args[1:], process{os.Stdin, os.Stdout, os.Stderr, os.Getenv})
	os.Exit(status)
}
