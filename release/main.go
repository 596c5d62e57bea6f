// Command release makes what is given to people: programs for every system,
// packages for Debian's and Red Hat's families, what is inside them, and
// signed checksums. "make release" runs it; docs/install.md says how what it
// makes is checked and installed.
//
// It is a module of its own, so that what packaging needs stays out of what is
// packaged. Start with release.make.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"

	"aead.dev/minisign"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("release", flag.ContinueOnError)
	root := flags.String("root", "..", "the checkout to build")
	output := flags.String("output", "../dist", "an empty or missing `directory` for what is made")
	key := flags.String("key", "", "a minisign secret key `file` without a password, to sign the checksums with")
	unsigned := flags.Bool("unsigned", false, "make checksums that nobody signed, to try things")
	if err := flags.Parse(args); err != nil {
		return err
	}
	r := &release{root: *root, output: *output, targets: targets(), flags: []string{"-trimpath", "-ldflags=-s -w"}}
	if !*unsigned {
		if *key == "" {
			return errors.New("name the key to sign with (-key FILE), or say -unsigned to try without; minisign -G -W makes a key")
		}
		secret, err := minisign.PrivateKeyFromFile("", *key)
		if err != nil {
			return fmt.Errorf("the key %s: %w", *key, err)
		}
		r.key = &secret
	}
	return r.make(ctx)
}
