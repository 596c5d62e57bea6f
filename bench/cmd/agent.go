package main

import (
	"context"
	"os"
	"strconv"

	"github.com/oneseat/oneseat/bench/sending"
)

type agentCommand struct {
	Sizes []size `default:"100k,1M" help:"Users of the source."`
}

// Run prints a table for each size, with a line for each step of an agent and its
// reference below.
func (c *agentCommand) Run(ctx context.Context) error {
	printLoad()
	for _, users := range c.Sizes {
		if err := withDirectory(func(dir string) error { return send(ctx, dir, users) }); err != nil {
			return err
		}
	}
	return nil
}

// send measures what an agent does with a source, and what it is held against.
func send(ctx context.Context, dir string, users size) error {
	if err := fresh(ctx, nil, "prepare-agent", dir, "--users", strconv.Itoa(int(users))); err != nil {
		return err
	}
	took := map[sending.Step]sending.Outcome{}
	for _, step := range sending.Steps() {
		var o sending.Outcome
		if err := fresh(ctx, &o, string(step), dir); err != nil {
			return err
		}
		took[step] = o
	}
	table := newTable(os.Stdout, users.String()+" users", "seconds", "of all cores", "peak MiB", "above idle", "reference", "seconds", "of all cores", "ratio", "of all cores")
	for _, line := range []struct{ step, reference sending.Step }{
		{sending.Collect, sending.Import}, {sending.Export, sending.Seal}, {sending.Page, sending.Seal},
	} {
		o, held := took[line.step], took[line.reference]
		table.row(string(line.step), seconds(o.Seconds), seconds(o.CPUSeconds), mebibytes(o.PeakBytes), mebibytes(o.PeakBytes-o.IdleBytes),
			string(line.reference), seconds(held.Seconds), seconds(held.CPUSeconds), times(o.Seconds, held.Seconds), times(o.CPUSeconds, held.CPUSeconds))
	}
	return table.flush()
}
