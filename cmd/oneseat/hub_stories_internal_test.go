package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/hub/masktest"
)

// TestHubStories runs what people do with a hub, on the real binary and over
// loopback, with each engine.
func TestHubStories(t *testing.T) {
	t.Parallel()
	stories, err := filepath.Glob(filepath.Join("testdata", "hub", "*.txtar"))
	if err != nil || len(stories) == 0 {
		t.Fatalf("%v, %v", stories, err)
	}
	for _, story := range stories {
		name := strings.TrimSuffix(filepath.Base(story), ".txtar")
		t.Run(name+"/SQLite", func(t *testing.T) {
			t.Parallel()
			runHubStory(t, story, "")
		})
		t.Run(name+"/PostgreSQL", func(t *testing.T) {
			t.Parallel()
			runHubStory(t, story, dbtest.Postgres(t))
		})
	}
}

// runHubStory runs one story. What the settings have in common stands in the
// environment; a story names its hub's data directory by itself.
func runHubStory(t *testing.T, story, location string) {
	t.Helper()
	examples, err := filepath.Abs(filepath.Join("..", "..", "examples"))
	if err != nil {
		t.Fatal(err)
	}
	defects, err := filepath.Abs(filepath.Join("..", "..", "usagefile", "testdata"))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Files:               []string{story},
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("EXAMPLES", examples)
			env.Setenv("USAGEFILES", defects)
			env.Setenv("LANG", "C.UTF-8")
			env.Setenv("ONESEAT_DATABASE", location)
			env.Setenv("ONESEAT_DATA", filepath.Join(env.WorkDir, "data"))
			env.Setenv("ONESEAT_ENTERPRISE", "acme")
			env.Setenv("PRIVATE", "private.json")
			if err := os.WriteFile(filepath.Join(env.WorkDir, "private.json"), []byte(masktest.CloudList()), 0o600); err != nil {
				return err
			}
			env.Values[served{}] = map[string]*running{}
			return nil
		},
		Condition: func(name string) (bool, error) {
			switch name {
			case "sqlite":
				return location == "", nil
			case "postgresql":
				return location != "", nil
			}
			return false, errors.New("unknown condition " + name)
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"absent":        absent,
			"absent-below":  absentBelow,
			"refused-alike": refusedAlike,
			"agree":         agree,
			"field":         field,
			"fits":          fits,
			"hides":         hides,
			"hides-file":    hidesFile,
			"mode":          mode,
			"same-lines":    sameLines,
			"serve":         serve,
			"setenv-from":   setenvFrom,
			"stop":          stop,
		},
	})
}
