package main

import (
	"flag"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/oneseat/oneseat/internal/terminal"
)

var update = flag.Bool("update", false, "rewrite the expectations of the stories")

// TestMain lets one test more run than there are cores: some wait a minute at a
// time for what an agent does every minute.
func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", strconv.Itoa(runtime.GOMAXPROCS(0)+1)); err != nil { // the command line may say otherwise
		panic(err)
	}
	testscript.Main(m, map[string]func(){"oneseat": main})
}

// TestStories runs what people do with the program, on the real binary.
func TestStories(t *testing.T) {
	t.Parallel()
	examples, err := filepath.Abs("../../examples")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("EXAMPLES", examples)
			env.Setenv("LANG", "C.UTF-8")
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"fits":        fits,
			"mode":        mode,
			"only-people": onlyPeople,
			"setenv-from": setenvFrom,
			"unseal":      unseal,
		},
	})
}

// fits COLUMNS: no line of the last standard output is wider.
func fits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: fits columns")
	}
	columns, err := strconv.Atoi(args[0])
	ts.Check(err)
	for line := range strings.Lines(ts.ReadFile("stdout")) {
		if w := terminal.Width(strings.TrimSuffix(line, "\n")); w > columns {
			ts.Fatalf("%d cells: %s", w, line)
		}
	}
}

// setenvFrom NAME PATTERN: an environment variable from the first group of a
// pattern in the last standard output.
func setenvFrom(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: setenv-from name pattern")
	}
	m := regexp.MustCompile(args[1]).FindStringSubmatch(ts.ReadFile("stdout"))
	if len(m) != 2 {
		ts.Fatalf("%s is not in the output", args[1])
	}
	ts.Setenv(args[0], m[1])
}
