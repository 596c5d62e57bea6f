package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/oneseat/oneseat/bench/match"
	"github.com/oneseat/oneseat/bench/measure"
)

type runCommand struct {
	Sizes []size `default:"10k,100k,500k,1M,5M,10M" help:"Server accounts of each enterprise. Where one is twice the one before, the ratio is printed."`
	Runs  int    `default:"3" help:"Runs of each; the median is printed."`
	Users size   `default:"1M" help:"Users of the usage file."`
}

// Run prints two tables: the engine at each size, and the usage file.
func (c *runCommand) Run(ctx context.Context) error {
	printLoad()
	if err := c.engine(ctx); err != nil {
		return err
	}
	return c.usage(ctx)
}

func (c *runCommand) engine(ctx context.Context) error {
	table := newTable(os.Stdout, "server accounts", "people", "seconds", "of all cores", "peak MiB",
		"time of twice as many", "memory of twice as many")
	var before match.Outcome
	for i, accounts := range c.Sizes {
		o, err := c.one(ctx, accounts)
		if err != nil {
			return err
		}
		time, memory := "", ""
		if i > 0 && accounts == 2*c.Sizes[i-1] {
			time = times(o.Seconds, before.Seconds)
			memory = times(float64(o.PeakBytes), float64(before.PeakBytes))
		}
		table.row(accounts.String(), strconv.Itoa(o.Tally.People),
			seconds(o.Seconds), seconds(o.CPUSeconds), mebibytes(o.PeakBytes), time, memory)
		before = o
	}
	return table.flush()
}

func (c *runCommand) one(ctx context.Context, accounts size) (match.Outcome, error) {
	var all []match.Outcome
	err := withEnterprise(accounts, func(dir string) error {
		for range c.Runs {
			o, err := freshMatch(ctx, "ours", dir)
			if err != nil {
				return err
			}
			all = append(all, o)
		}
		return nil
	})
	if err != nil {
		return match.Outcome{}, err
	}
	return match.Outcome{Cost: median(costs(all)), Tally: all[0].Tally}, nil
}

func (c *runCommand) usage(ctx context.Context) error {
	return withDirectory(func(dir string) error {
		name := filepath.Join(dir, "usage.json")
		table := newTable(os.Stdout, fmt.Sprintf("usage file of %v users, sealed", c.Users),
			"seconds", "of all cores", "peak MiB", "above idle")
		for _, program := range []string{"write", "read"} {
			var all []measure.Cost
			for range c.Runs {
				cost, err := freshUsage(ctx, program, name, c.Users)
				if err != nil {
					return err
				}
				all = append(all, cost)
			}
			m := median(all)
			table.row(program, seconds(m.Seconds), seconds(m.CPUSeconds), mebibytes(m.PeakBytes), mebibytes(m.PeakBytes-m.IdleBytes))
		}
		return table.flush()
	})
}
