package archtest_test

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// called is how documents write a call of the program.
var called = regexp.MustCompile(`^(?:\$ )?(?:oneseat|bin/oneseat|\./oneseat|go run \./cmd/oneseat)(?: (.*))?$`)

// TestDocumentsKnowTheProgram builds the program and asks it about what the
// documents say of it.
func TestDocumentsKnowTheProgram(t *testing.T) {
	t.Parallel()
	program := filepath.Join(t.TempDir(), "oneseat")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, "./cmd/oneseat")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Run("commands exist", func(t *testing.T) {
		t.Parallel()
		checkCommands(t, program)
	})
	t.Run("output is described", func(t *testing.T) {
		t.Parallel()
		checkOutputPage(t, program)
	})
	t.Run("output is real", func(t *testing.T) {
		t.Parallel()
		checkOutput(t, program)
	})
}

// checkCommands: every "oneseat COMMAND --flag" written as code is in the
// program's own help.
func checkCommands(t *testing.T, program string) {
	t.Helper()
	help := helper{program: program, texts: map[string]string{}}
	calls := 0
	for _, d := range mustDocuments(t) {
		for number, spans := range d.spans() {
			for _, span := range spans {
				m := called.FindStringSubmatch(strings.TrimSpace(span))
				if m == nil {
					continue
				}
				calls++
				for _, problem := range help.check(t, strings.Fields(m[1])) {
					t.Errorf("%s:%d: %s", d.path, number, problem)
				}
			}
		}
	}
	if calls == 0 {
		t.Error("no document calls the program")
	}
}

// shown is a block of shell lines with the block of output that follows it.
var shown = regexp.MustCompile("(?s)```sh\n([^`]*)```\n[^`]*?\n```text\n(.*?)```")

// checkOutput runs the calls of docs/from-files.md whose output is shown there. The
// lines shown are those of the program, in their order; "…" stands for some
// that are left out.
func checkOutput(t *testing.T, program string) {
	t.Helper()
	blocks := shown.FindAllStringSubmatch(mustRead(t, "docs/from-files.md"), -1)
	if len(blocks) == 0 {
		t.Fatal("docs/from-files.md shows no output")
	}
	for _, block := range blocks {
		first, _, _ := strings.Cut(strings.ReplaceAll(block[1], "\\\n", " "), "\n")
		m := called.FindStringSubmatch(first)
		if m == nil {
			t.Fatalf("no call of the program: %s", first)
		}
		call := exec.CommandContext(t.Context(), program, strings.Fields(m[1])...)
		call.Dir = root
		out, err := call.Output()
		if err != nil {
			t.Fatalf("%s: %v", first, err)
		}
		rest := strings.Split(string(out), "\n")
		for line := range strings.Lines(block[2]) {
			line = strings.TrimSuffix(line, "\n")
			at := slices.Index(rest, line)
			switch {
			case strings.TrimSpace(line) == "…":
			case at < 0:
				t.Fatalf("docs/from-files.md shows %q, which the program does not print (there): %s\n%s", line, first, out)
			default:
				rest = rest[at+1:]
			}
		}
	}
}

// helper asks the program for its help, once per command.
type helper struct {
	program string
	texts   map[string]string
}

var (
	commandWord = regexp.MustCompile(`^[a-z]+$`)
	flagWord    = regexp.MustCompile(`^--[a-z-]+`)
)

// check gives what the program does not know of a call's arguments.
func (h *helper) check(t *testing.T, args []string) []string {
	t.Helper()
	words := len(args)
	if end := slices.IndexFunc(args, func(arg string) bool { return !commandWord.MatchString(arg) }); end >= 0 {
		words = end
	}
	command := args[:words]
	text := h.help(t, command)
	if text == "" {
		return []string{"there is no command oneseat " + strings.Join(command, " ")}
	}
	var problems []string
	for _, arg := range args[words:] {
		// What follows a pipe, a redirection or a comment is another matter.
		if slices.Contains([]string{"|", ">", "#", "&&"}, arg) {
			break
		}
		flag := flagWord.FindString(strings.Trim(arg, "[]…"))
		if flag != "" && !regexp.MustCompile(regexp.QuoteMeta(flag)+`(?:[^a-z-]|$)`).MatchString(text) {
			problems = append(problems, "oneseat "+strings.Join(command, " ")+" has no "+flag)
		}
	}
	return problems
}

// help is the help text of a command, empty when there is no such command.
func (h *helper) help(t *testing.T, command []string) string {
	t.Helper()
	name := strings.Join(command, " ")
	if text, ok := h.texts[name]; ok {
		return text
	}
	out, err := exec.CommandContext(t.Context(), h.program, append(slices.Clone(command), "--help")...).Output()
	if err != nil {
		out = nil
	}
	h.texts[name] = string(out)
	return h.texts[name]
}

// TestDependenciesAreVisible: the modules that end up in the program.
func TestDependenciesAreVisible(t *testing.T) {
	t.Parallel()
	list := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", "{{with .Module}}{{.Path}}{{end}}", "./cmd/oneseat")
	list.Dir = root
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	modules := strings.Fields(string(out))
	slices.Sort(modules)
	golden(t, "deps.txt", strings.Join(slices.Compact(modules), "\n")+"\n")
}
