package main

import (
	"context"
	"os"
	"strconv"

	"github.com/oneseat/oneseat/bench/intake"
)

type hubCommand struct {
	Sizes []size `default:"100k,1M" help:"Users of the usage file."`
}

// Run prints a table with a line for each file that a hub takes in.
func (c *hubCommand) Run(ctx context.Context) error {
	printLoad()
	for _, users := range c.Sizes {
		if err := withDirectory(func(dir string) error { return takeIn(ctx, dir, users) }); err != nil {
			return err
		}
	}
	return nil
}

// takeIn measures what a hub does with a usage file and then with the next two
// of the instance, and sqlite3's .import of the rows of the first.
func takeIn(ctx context.Context, dir string, users size) error {
	if err := fresh(ctx, nil, "prepare", dir, "--users", strconv.Itoa(int(users))); err != nil {
		return err
	}
	table := newTable(os.Stdout, users.String()+" users", "seconds", "of all cores", "peak MiB", "rows written", "of the first's",
		"accounts by sqlite3", "ratio", "of all cores", "people by sqlite3", "ratio to both")
	var first intake.Outcome
	for _, step := range intake.Steps() {
		var o intake.Outcome
		if err := fresh(ctx, &o, string(step), dir); err != nil {
			return err
		}
		cells := []string{string(step), seconds(o.Seconds), seconds(o.CPUSeconds), mebibytes(o.PeakBytes), strconv.FormatInt(o.Rows, 10)}
		if step != intake.First {
			table.row(append(cells, times(float64(o.Rows), float64(first.Rows)), "", "", "", "", "")...)
			continue
		}
		first = o
		in, err := intake.Import(ctx, dir)
		if err != nil {
			return err
		}
		table.row(append(cells, "", seconds(in.Accounts.Seconds), times(o.Seconds, in.Accounts.Seconds),
			times(o.CPUSeconds, in.Accounts.CPUSeconds), seconds(in.People.Seconds), times(o.Seconds, in.Accounts.Seconds+in.People.Seconds))...)
	}
	return table.flush()
}
