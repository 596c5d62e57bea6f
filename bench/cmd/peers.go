package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/oneseat/oneseat/bench/match"
)

type peersCommand struct {
	Sizes     []size `default:"10k,100k,1M,10M" help:"Server accounts of each enterprise."`
	Runs      int    `default:"5" help:"Runs of each program; the median is printed."`
	PlainUpTo size   `default:"1M" help:"The largest enterprise the plain reference is given."`
	Peers     string `default:"bench/peers" type:"existingdir" help:"The directory with the scripts for DuckDB."`
}

// ours is the program the others are compared with.
const ours = "ours"

// Run prints a table for each size. It fails when a program found other people
// or reasons than ours.
func (c *peersCommand) Run(ctx context.Context) error {
	if err := match.FindDuckDB(c.Peers); err != nil {
		return err
	}
	printLoad()
	var all error
	for _, accounts := range c.Sizes {
		err := withEnterprise(accounts, func(dir string) error { return c.compare(ctx, accounts, dir) })
		if ctx.Err() != nil {
			return err
		}
		all = errors.Join(all, err)
	}
	return all
}

func (c *peersCommand) compare(ctx context.Context, accounts size, dir string) error {
	programs := []string{ours, "DuckDB"}
	if accounts <= c.PlainUpTo {
		programs = append(programs, "plain")
	}
	found := map[string][]match.Outcome{}
	for i := range c.Runs { // interleaved, and each is first in turn
		for _, program := range slices.Concat(programs[i%len(programs):], programs[:i%len(programs)]) {
			o, err := c.one(ctx, program, dir)
			if err != nil {
				return err
			}
			found[program] = append(found[program], o)
		}
	}
	if err := printComparison(os.Stdout, accounts, programs, found); err != nil {
		return err
	}
	return differences(accounts, programs, found)
}

func (c *peersCommand) one(ctx context.Context, program, dir string) (match.Outcome, error) {
	if program == "DuckDB" {
		return match.DuckDB(ctx, c.Peers, dir)
	}
	return freshMatch(ctx, program, dir)
}

func printComparison(out io.Writer, accounts size, programs []string, found map[string][]match.Outcome) error {
	tally := found[ours][0].Tally
	if _, err := fmt.Fprintf(out, "%v server accounts: %d people, %d licenses\n", accounts, tally.People, tally.Licenses); err != nil {
		return err
	}
	table := newTable(out, "", "seconds", "least", "most", "times ours", "of all cores", "peak MiB", "times ours")
	base := median(costs(found[ours]))
	for _, program := range programs {
		all := costs(found[program])
		m := median(all)
		slices.SortFunc(all, bySeconds)
		table.row(program, seconds(m.Seconds), seconds(all[0].Seconds), seconds(all[len(all)-1].Seconds), times(m.Seconds, base.Seconds), seconds(m.CPUSeconds),
			mebibytes(m.PeakBytes), times(float64(m.PeakBytes), float64(base.PeakBytes)))
	}
	return table.flush()
}

// differences is an error that names everything in which a run of a program
// differs from the first of ours.
func differences(accounts size, programs []string, found map[string][]match.Outcome) error {
	want := found[ours][0].Tally
	var all []error
	for _, program := range programs {
		for i, o := range found[program] {
			if list := want.Differences(o.Tally); len(list) > 0 {
				all = append(all, fmt.Errorf("%v accounts: ours and run %d of %s differ in %s",
					accounts, i+1, program, strings.Join(list, "; ")))
			}
		}
	}
	return errors.Join(all...)
}
