package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/oneseat/oneseat/internal/i18n"
)

// mustSettings gives the settings of hub and client, as "config print" has them,
// or those of the agent, as "agent config" has them.
func mustSettings(t *testing.T, command ...string) (root *kong.Node, all []*kong.Flag) {
	t.Helper()
	parser, err := kong.New(&cli{}, kong.Name("oneseat"), kong.NoDefaultHelp())
	if err != nil {
		t.Fatal(err)
	}
	if len(command) == 0 {
		command = []string{"config", "print"}
	}
	for _, f := range commandOf(parser.Model.Node, command).Flags {
		if f.Tag.Has("setting") {
			all = append(all, f)
		}
	}
	return parser.Model.Node, all
}

// TestConfigPrintHasEverySetting, of whatever command.
func TestConfigPrintHasEverySetting(t *testing.T) {
	t.Parallel()
	root, all := mustSettings(t)
	_, ofAgent := mustSettings(t, "agent", "config")
	all = append(all, ofAgent...)
	for _, name := range knownSettings(root) {
		if !slices.ContainsFunc(all, func(f *kong.Flag) bool { return f.Name == name }) {
			t.Errorf("config print has no %s", name)
		}
	}
}

// TestConfigurationPage: docs/configuration.md is what the options say.
func TestConfigurationPage(t *testing.T) {
	t.Parallel()
	const page = "../../docs/configuration.md"
	want := configurationPage(t)
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got := mustRead(t, page); got != want {
		t.Error("docs/configuration.md is not what the options say; run this test with -update")
	}
}

func configurationPage(t *testing.T) string {
	t.Helper()
	catalogue, err := i18n.New("en")
	if err != nil {
		t.Fatal(err)
	}
	_, all := mustSettings(t)
	_, ofAgent := mustSettings(t, "agent", "config")
	all = append(all, ofAgent...)
	var page strings.Builder
	page.WriteString(mustRead(t, filepath.Join("testdata", "configuration.head")))
	for _, role := range []struct{ name, title, about string }{
		{"hub", "The hub", "For `oneseat hub` and the commands on its machine: `hub init`, `hub owner`, `hub token`, `person`, `backup`, `restore`. They take those they need."},
		{"agent", "The agent", "For `oneseat agent` and the commands on its machine, which take those they need. Their variables begin with `ONESEAT_AGENT_`, `ONESEAT_AGENT_CONFIG` too, so that both roles can have their own on one machine; `oneseat agent config` prints them."},
		{"client", "Whoever asks a hub", "For `oneseat upload`, `report` and `status`."},
	} {
		fmt.Fprintf(&page, "\n## %s\n\n%s\n\n", role.title, role.about)
		page.WriteString("| name | default | what it is |\n| --- | --- | --- |\n")
		for _, f := range all {
			if f.Tag.Get("setting") != role.name {
				continue
			}
			initial := ""
			if f.Default != "" {
				initial = "`" + f.Default + "`"
			}
			fmt.Fprintf(&page, "| `%s` | %s | %s |\n", f.Name, initial, catalogue.T(optionKey("", f))+values(f))
		}
	}
	return page.String()
}

// values are what an option takes, where that is a choice.
func values(f *kong.Flag) string {
	if f.IsBool() {
		return " (`true` or `false`)"
	}
	if choice := strings.Split(f.PlaceHolder, "|"); len(choice) > 1 && strings.ToLower(f.PlaceHolder) == f.PlaceHolder {
		return " (`" + strings.Join(choice, "`, `") + "`)"
	}
	return ""
}

// TestSettingsFrom: an option goes before the environment, that before the
// file, that before the default.
func TestSettingsFrom(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := mustWrite(t, dir, "hub.conf", "# a comment\r\nlog-level = warn\r\n\r\nwithout-keys = true\n")
	secret := mustWrite(t, dir, "token", "  ost_of-the-file\n")
	tests := map[string]struct {
		env  map[string]string
		args []string
		want []string
	}{
		"default":     {want: []string{`log-level +info +default`}},
		"file":        {env: map[string]string{"ONESEAT_CONFIG": file}, want: []string{`log-level +warn +file`, `without-keys +true +file`}},
		"environment": {env: map[string]string{"ONESEAT_CONFIG": file, "ONESEAT_LOG_LEVEL": "error"}, want: []string{`log-level +error +environment`}},
		"option": {
			env:  map[string]string{"ONESEAT_CONFIG": "no such file", "ONESEAT_LOG_LEVEL": "error"},
			args: []string{"--log-level", "debug", "--config", file}, want: []string{`log-level +debug +option`, `without-keys +true +file`},
		},
		"an empty variable is none": {env: map[string]string{"ONESEAT_LOG_LEVEL": ""}, want: []string{`log-level +info +default`}},
		"a list":                    {env: map[string]string{"ONESEAT_TRUSTED_PROXY": "192.0.2.1,10.0.0.0/8"}, want: []string{`trusted-proxy +192.0.2.1,10.0.0.0/8 +environment`}},
		"secrets": {
			env:  map[string]string{"ONESEAT_DATABASE": "postgres://hub:swordfish@db.acme.example/oneseat?password=swordfish", "ONESEAT_TOKEN": "ost_swordfish", "ONESEAT_TOKEN_FILE": secret},
			want: []string{`database +postgres://hub:xxxxx@db.acme.example/oneseat\?password=xxxxx +environment`, `token +xxxxx +environment`, `token-file +\S+token +environment`},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := callWith(t.Context(), test.env, append([]string{"config", "print"}, test.args...)...)
			if got.status != statusDone {
				t.Fatal(got.stderr)
			}
			mustMatch(t, got.stdout, test.want)
			if strings.Contains(got.stdout, "swordfish") {
				t.Errorf("a secret is shown: %s", got.stdout)
			}
		})
	}
}

// TestWrongSettings: each is named by its place, and all at once.
func TestWrongSettings(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		file string
		env  map[string]string
		args []string
		want []string
	}{
		"a mistyped key":       {file: "listn = :80\n", want: []string{`line 1: .*“listn”.*“listen”`}},
		"an unknown key":       {file: "\nzebra = 1\n", want: []string{`line 2: .*“zebra”.*data, database`}},
		"no equals sign":       {file: "listen\n", want: []string{`line 1 is no setting`}},
		"no value":             {file: "listen =\n", want: []string{`line 1: listen has no value`}},
		"a key twice":          {file: "data = a\ndata = b\n", want: []string{`line 2: data stands there twice`}},
		"the file in the file": {file: "config = x\n", want: []string{`no setting “config”`}},
		"no file":              {env: map[string]string{"ONESEAT_CONFIG": "gone.conf"}, want: []string{`There is no file gone.conf`}},
		"a large file":         {file: strings.Repeat("#", maxSettings+1), want: []string{`larger than 65,536 bytes`}},
		"a value of the file":  {file: "log-format = xml\n", want: []string{`hub.conf: log-format does not take “xml”. It takes: json, text`}},
		"not true, not false":  {env: map[string]string{"ONESEAT_WITHOUT_KEYS": "maybe"}, want: []string{`ONESEAT_WITHOUT_KEYS does not take “maybe”`}},
		"several": {
			env: map[string]string{"ONESEAT_LISTEN": "acme.example"}, args: []string{"--external-url", "acme.example/x", "--trusted-proxy", "proxy", "--tls-cert", "c.pem"},
			want: []string{`ONESEAT_LISTEN does not understand`, `--external-url does not`, `--trusted-proxy does not`, `tls-key is not`},
		},
		"a secret among the arguments": {args: []string{"--token", "ost_x"}, want: []string{`ONESEAT_TOKEN,.*--token-file`}},
		"keys and none":                {args: []string{"--keys", "k", "--without-keys"}, want: []string{`--keys names .* --without-keys says`}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := test.env
			if test.file != "" {
				env = map[string]string{"ONESEAT_CONFIG": mustWrite(t, t.TempDir(), "hub.conf", test.file)}
			}
			got := callWith(t.Context(), env, append([]string{"config", "print"}, test.args...)...)
			if got.status == statusDone {
				t.Errorf("taken: %s", got.stdout)
			}
			mustMatch(t, got.stderr, test.want)
		})
	}
}

// TestSecrets: what stands higher wins, and nobody guesses between two.
func TestSecrets(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := mustWrite(t, dir, "secret", "of-the-file\n")
	tests := map[string]struct {
		value, file       string
		from, fileFrom    origin
		want, wantRefused string
	}{
		"none":                {},
		"value":               {value: "v", from: byEnvironment, want: "v"},
		"file":                {file: file, fileFrom: byFile, want: "of-the-file"},
		"value above file":    {value: "v", from: byEnvironment, file: file, fileFrom: byFile, want: "v"},
		"file above value":    {value: "v", from: byEnvironment, file: file, fileFrom: byOption, want: "of-the-file"},
		"both at one place":   {value: "v", from: byEnvironment, file: file, fileFrom: byEnvironment, wantRefused: "settings.secret_twice"},
		"an empty file":       {file: mustWrite(t, dir, "empty", "\n"), fileFrom: byOption, wantRefused: "settings.no_secret"},
		"more than one line":  {file: mustWrite(t, dir, "two", "a\nb\n"), fileFrom: byOption, wantRefused: "settings.no_secret"},
		"a file that is gone": {file: filepath.Join(dir, "gone"), fileFrom: byOption, wantRefused: "file.missing"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := &settings{origin: map[string]origin{"token": test.from, "token-file": test.fileFrom}}
			got, err := v.secret("token", test.value, test.file)
			if got != test.want || keyOf(err) != test.wantRefused {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}

// keyOf names the sentence of an error; empty for none.
func keyOf(err error) string {
	for ; err != nil; err = unwrap(err) {
		if m, ok := err.(i18n.Message); ok { //nolint:errorlint // the chain is walked here
			key, _ := m.Message()
			return key
		}
	}
	return ""
}

func unwrap(err error) error {
	if u, ok := err.(interface{ Unwrap() error }); ok {
		return u.Unwrap()
	}
	return nil
}

// TestExamplesAreTaken: what deploy shows is what the program understands.
func TestExamplesAreTaken(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../deploy/*.conf*")
	if err != nil || len(files) < 2 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, file := range files {
		command := []string{"config", "print"}
		if strings.HasPrefix(filepath.Base(file), "agent") {
			command = []string{"agent", "config"}
		}
		got := call(t, append(command, "--config", file)...)
		if got.status != statusDone || !strings.Contains(got.stdout, " file\n") {
			t.Errorf("%s: %s%s", file, got.stdout, got.stderr)
		}
		// What is commented out is understood as well.
		whole := strings.NewReplacer("\n#d", "\nd", "\n#e", "\ne", "\n#l", "\nl", "\n#t", "\nt").Replace(mustRead(t, file))
		if got := call(t, append(command, "--config", mustWrite(t, t.TempDir(), "whole.conf", whole))...); got.status != statusDone {
			t.Errorf("%s, all of it: %s", file, got.stderr)
		}
	}
}

// TestServiceExampleCallsTheProgram as it is.
func TestServiceExampleCallsTheProgram(t *testing.T) {
	t.Parallel()
	root, _ := mustSettings(t)
	for role, calls := range map[string]int{"hub": 2, "agent": 3} {
		checkService(t, root, role, calls)
	}
}

func checkService(t *testing.T, root *kong.Node, role string, calls int) {
	t.Helper()
	lines := 0
	for line := range strings.Lines(mustRead(t, "../../deploy/oneseat-"+role+".service")) {
		_, command, ok := strings.Cut(line, "oneseat "+role)
		if !ok {
			continue
		}
		lines++
		args := strings.Fields(role + command)
		node := commandOf(root, args)
		for _, arg := range args {
			if f, _, _ := optionOf(node, arg); strings.HasPrefix(arg, "--") && f == nil {
				t.Errorf("%s has no %s", node.FullPath(), arg)
			}
		}
	}
	if lines != calls {
		t.Errorf("%s: %d calls, want %d", role, lines, calls)
	}
}
