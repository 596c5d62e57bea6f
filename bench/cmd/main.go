// Package main of bench/cmd runs the benchmarks: the engine and the usage file
// at size (run), the engine beside DuckDB and the plain reference (peers), a hub
// beside sqlite3 (hub), and an agent beside sqlite3, zstd and age (agent).
//
// It deliberately has no pass mark for seconds: a machine is as fast as it is.
// What it refuses are programs that find different people. Every measurement
// is a process of its own, this program started again. Start at the commands
// in main.go; docs/benchmarks.md says how to read what they print.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/oneseat/oneseat/bench/gen"
)

type commands struct {
	Run   runCommand   `cmd:"" help:"Count invented enterprises of several sizes; write and read a large usage file."`
	Peers peersCommand `cmd:"" help:"Count the same enterprises with DuckDB and the plain reference, and compare."`
	Hub   hubCommand   `cmd:"" help:"Take large usage files through a hub on SQLite, beside sqlite3's own .import."`
	Agent agentCommand `cmd:"" help:"Read a large source with an agent on SQLite and export it, beside sqlite3's own .import and zstd with age."`
	Gen   genCommand   `cmd:"" help:"Write an invented enterprise, to look at it or to profile with it."`
	One   oneCommand   `cmd:"" help:"Measure one program once, in this process, and print JSON."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	call := kong.Parse(&commands{}, kong.Name("bench"), kong.UsageOnError(),
		kong.Description("Benchmarks of OneSeat; see docs/benchmarks.md."), kong.BindTo(ctx, (*context.Context)(nil)))
	err := call.Run()
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

type genCommand struct {
	Dir  string `arg:"" type:"existingdir" help:"Directory to write to."`
	Size size   `arg:"" help:"Server accounts, such as 100k or 1M."`
}

func (c *genCommand) Run() error { return gen.Write(c.Dir, int(c.Size)) }
