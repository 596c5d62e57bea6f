package main

import (
	"reflect"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/oneseat/oneseat/licensing"
)

// checkArgs refuses what kong would take in silence, or misread: an option
// that takes one value and is given twice, an option with an empty value, and
// one written with a single dash.
func checkArgs(node *kong.Node, args []string) error {
	if end := slices.Index(args, "--"); end >= 0 {
		args = args[:end]
	}
	seen := map[string]bool{}
	for i, arg := range args {
		if isSingleDash(node, arg) {
			return usage("usage.unknown_option_near", "Option", arg, "Near", "-"+arg, "Command", node.FullPath())
		}
		f, value, given := optionOf(node, arg)
		if f == nil {
			continue
		}
		name := "--" + f.Name
		if !given && !f.IsBool() && i+1 < len(args) {
			value, given = args[i+1], true
		}
		switch {
		case given && value == "":
			return usage("usage.value_missing", "Option", name, "Command", node.FullPath())
		case seen[name] && f.Target.Type() != reflect.TypeFor[words]():
			return usage("usage.option_twice", "Option", name)
		}
		seen[name] = true
	}
	return nil
}

// optionOf is the option an argument names, with a value behind an equals
// sign; nil when it names none.
func optionOf(node *kong.Node, arg string) (f *kong.Flag, value string, given bool) {
	name, value, given := strings.Cut(arg, "=")
	f = flagNamed(node, strings.TrimPrefix(name, "--"))
	if f == nil || !strings.HasPrefix(name, "--") {
		return nil, "", false
	}
	return f, value, given
}

// flagNamed is the option of a command with a name, nil when there is none.
func flagNamed(node *kong.Node, name string) *kong.Flag {
	for _, f := range options(node) {
		if f.Name == name {
			return f
		}
	}
	return nil
}

// options are a command's, and those of what it does without a command behind
// it.
func options(node *kong.Node) []*kong.Flag {
	if node.DefaultCmd == nil {
		return node.Flags
	}
	return slices.Concat(node.Flags, node.DefaultCmd.Flags)
}

// isSingleDash says that an argument is an option but for a dash.
func isSingleDash(node *kong.Node, arg string) bool {
	f, _, _ := optionOf(node, "-"+arg)
	return f != nil && !strings.HasPrefix(arg, "--")
}

// checkHost refuses what is no host name alone, as copied from an address bar.
func checkHost(option, host string) error {
	bare := host
	if _, after, ok := strings.Cut(bare, "://"); ok {
		bare = after
	}
	bare, _, _ = strings.Cut(bare, "/")
	switch {
	case !licensing.IsHost(bare):
		return usage("usage.bad_host", "Option", option, "Value", host)
	case bare != host:
		return usage("usage.bad_host_near", "Option", option, "Value", host, "Near", bare)
	}
	return nil
}

// checkOutput refuses "-": a file is written whole or not at all, which
// standard output cannot be.
func checkOutput(name string) error {
	if name == "-" {
		return usage("usage.output_dash")
	}
	return nil
}
