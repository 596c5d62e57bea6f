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
	runRoleStories(t, "hub")
}

// TestAgentStories runs what people do with an agent, beside a hub where the
// story starts one.
func TestAgentStories(t *testing.T) {
	t.Parallel()
	runRoleStories(t, "agent")
}

func runRoleStories(t *testing.T, role string) {
	t.Helper()
	stories, err := filepath.Glob(filepath.Join("testdata", role, "*.txtar"))
	if err != nil || len(stories) == 0 {
		t.Fatalf("%v, %v", stories, err)
	}
	for _, story := range stories {
		name := strings.TrimSuffix(filepath.Base(story), ".txtar")
		t.Run(name+"/SQLite", func(t *testing.T) {
			t.Parallel()
			runHubStory(t, story, "", "")
		})
		t.Run(name+"/PostgreSQL", func(t *testing.T) {
			t.Parallel()
			ofAgent := ""
			if role == "agent" {
				ofAgent = dbtest.Postgres(t)
			}
			runHubStory(t, story, dbtest.Postgres(t), ofAgent)
		})
	}
}

// runHubStory runs one story. What the settings have in common stands in the
// environment; a story names its hub's data directory by itself.
func runHubStory(t *testing.T, story, location, ofAgent string) {
	t.Helper()
	examples, err := filepath.Abs(filepath.Join("..", "..", "examples"))
	if err != nil {
		t.Fatal(err)
	}
	defects, err := filepath.Abs(filepath.Join("..", "..", "usagefile", "testdata"))
	if err != nil {
		t.Fatal(err)
	}
	deployed, err := filepath.Abs(filepath.Join("..", "..", "deploy"))
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
			env.Setenv("DEPLOY", deployed)
			env.Setenv("LANG", "C.UTF-8")
			env.Setenv("ONESEAT_DATABASE", location)
			env.Setenv("ONESEAT_DATA", filepath.Join(env.WorkDir, "data"))
			env.Setenv("ONESEAT_ENTERPRISE", "acme")
			env.Setenv("ONESEAT_AGENT_DATABASE", ofAgent)
			env.Setenv("ONESEAT_AGENT_DATA", filepath.Join(env.WorkDir, "agent"))
			env.Setenv("ONESEAT_AGENT_HOST_NAME", "ghes-1.acme.example")
			env.Setenv("ONESEAT_AGENT_SOURCE", filepath.Join(env.WorkDir, "all_users.csv"))
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
			"answering":     answering,
			"field":         field,
			"fits":          fits,
			"hides":         hides,
			"hides-file":    hidesFile,
			"many-users":    manyRows,
			"mode":          mode,
			"same-lines":    sameLines,
			"report-server": reportServer,
			"serve":         serve,
			"serve-agent":   serveAgent,
			"setenv-from":   setenvFrom,
			"stop":          stop,
		},
	})
}
