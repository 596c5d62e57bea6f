package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"runtime/pprof"
	"strconv"

	"github.com/oneseat/oneseat/bench/intake"
	"github.com/oneseat/oneseat/bench/match"
	"github.com/oneseat/oneseat/bench/measure"
	"github.com/oneseat/oneseat/bench/sending"
	"github.com/oneseat/oneseat/bench/usage"
)

// oneCommand is what a fresh process does for each measurement.
type oneCommand struct {
	Program string `arg:"" enum:"ours,plain,write,read,prepare,first,changed,same,prepare-agent,collect,import,export,page,seal" help:"What to measure: ours or plain on a directory of gen, write or read of a usage file, a step of a hub in a directory that prepare filled, or of an agent in one that prepare-agent filled."`
	Path    string `arg:"" help:"The directory or file."`
	Users   int    `default:"1000000" help:"Users to write, or to find in the file."`
	Profile string `help:"Write a CPU profile here."`
}

func (c *oneCommand) Run(ctx context.Context) (err error) {
	if c.Profile != "" {
		f, err := os.Create(c.Profile)
		if err != nil {
			return err
		}
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer f.Close() //nolint:errcheck // a lost profile is seen when it is read
		defer pprof.StopCPUProfile()
	}
	found, err := c.measure(ctx)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(found)
}

func (c *oneCommand) measure(ctx context.Context) (any, error) {
	switch c.Program {
	case "ours":
		return match.Ours(c.Path)
	case "plain":
		return match.Plain(c.Path)
	case "write":
		return usage.Write(c.Path, c.Users)
	case "read":
		return usage.Read(c.Path, c.Users)
	case "prepare":
		return nil, intake.Prepare(ctx, c.Path, c.Users)
	case "prepare-agent":
		return nil, sending.Prepare(ctx, c.Path, c.Users)
	case "first", "changed", "same":
		return intake.Take(ctx, c.Path, intake.Step(c.Program))
	default:
		return sending.Take(ctx, c.Path, sending.Step(c.Program))
	}
}

// fresh measures in a process of its own and fills found with what it prints.
func fresh(ctx context.Context, found any, args ...string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	child := exec.CommandContext(ctx, self, append([]string{"one"}, args...)...)
	var problems bytes.Buffer
	child.Stderr = &problems
	out, err := child.Output()
	if err != nil {
		return fmt.Errorf("measure %v: %w\n%s", args, err, problems.Bytes())
	}
	if found == nil {
		return nil
	}
	return json.Unmarshal(out, found)
}

func freshMatch(ctx context.Context, program, dir string) (match.Outcome, error) {
	var o match.Outcome
	err := fresh(ctx, &o, program, dir)
	return o, err
}

func freshUsage(ctx context.Context, program, name string, users size) (measure.Cost, error) {
	var c measure.Cost
	err := fresh(ctx, &c, program, name, "--users", strconv.Itoa(int(users)))
	return c, err
}
