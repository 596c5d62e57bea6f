package main

import (
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/oneseat/oneseat/internal/nearest"
)

// The options of this program that a machine keeps are settings: fields with
// the tag "setting", whose value is the role. Each is an option, a variable of
// the environment and a key of the configuration file, under one name:
// --external-url, ONESEAT_EXTERNAL_URL, external-url. "oneseat config print"
// has those of the hub and of whoever asks it, "oneseat agent config" those of
// the agent, whose variables begin with ONESEAT_AGENT_, so that both roles can
// have their own on one machine; docs/configuration.md is made from that.

// configuration is the option that names the file of the others.
type configuration struct {
	Config string `placeholder:"FILE" setting:"all"`
}

// storage are the settings about where a hub keeps what it knows.
type storage struct {
	Data         string `default:"oneseat-data" placeholder:"DIR" setting:"hub"`
	Database     string `placeholder:"FILE|postgres://…" setting:"hub" secret:""`
	DatabaseFile string `placeholder:"FILE" setting:"hub"`
	Keys         string `placeholder:"DIR" setting:"hub"`
	WithoutKeys  bool   `setting:"hub"`
}

// serving are the settings about how a hub answers.
type serving struct {
	Listen       string   `default:"127.0.0.1:8080" placeholder:"HOST:PORT" setting:"hub"`
	ExternalURL  string   `name:"external-url" placeholder:"URL" setting:"hub"`
	TLSCert      string   `name:"tls-cert" placeholder:"FILE" setting:"hub"`
	TLSKey       string   `name:"tls-key" placeholder:"FILE" setting:"hub"`
	TrustedProxy []string `placeholder:"ADDRESS,…" setting:"hub"`
	LogLevel     string   `default:"info" placeholder:"debug|info|warn|error" setting:"hub"`
	LogFormat    string   `default:"json" placeholder:"json|text" setting:"hub"`
	DevPages     bool     `setting:"hub"`
}

// whose is the setting that says which enterprise a command is about.
type whose struct {
	Enterprise string `placeholder:"SLUG" setting:"client"`
}

// asking are the settings of whoever asks a hub, beside whose.
type asking struct {
	Hub       string `aliases:"url" default:"http://127.0.0.1:8080" placeholder:"URL" setting:"client"`
	Token     string `placeholder:"TOKEN" setting:"client" secret:"" hidden:"" noflag:""`
	TokenFile string `placeholder:"FILE" setting:"client"`
}

// origin says where the value of a setting is from; the higher one wins.
type origin uint8

// The origins.
const (
	byDefault origin = iota
	byFile
	byEnvironment
	byOption
)

// settings finds the values of settings that are no options of this call.
type settings struct {
	env    func(name string) string
	file   *settingsFile
	origin map[string]origin // of every setting that was no option
	agent  bool              // those of the agent are asked for
}

// load reads the configuration file that the arguments or the environment
// name.
func (v *settings) load(root, node *kong.Node, args []string) error {
	v.agent = ofAgent(node)
	if f := flagNamed(node, "config"); f == nil {
		return nil // this command has no settings
	}
	name := v.early(node, args, "config")
	if name == "" && v.agent {
		name = v.remembered(node, args)
	}
	if name == "" {
		return nil
	}
	var err error
	v.file, err = readSettings(name, knownSettings(root))
	return err
}

// ofAgent says that a command's settings are those of the agent.
func ofAgent(node *kong.Node) bool { return strings.HasPrefix(node.FullPath()+" ", "oneseat agent ") }

// early is the value of a setting that is needed before kong reads the
// arguments: of an option, else of the environment.
func (v *settings) early(node *kong.Node, args []string, setting string) string {
	found := v.env(v.variable(setting))
	for i, arg := range args {
		f, value, given := optionOf(node, arg)
		switch {
		case f == nil || f.Name != setting:
		case given:
			found = value
		case i+1 < len(args):
			found = args[i+1]
		}
	}
	return found
}

// Validate is kong's: the file was checked when it was read.
func (v *settings) Validate(*kong.Application) error { return nil }

// Resolve gives kong the value of a setting that is no option of this call;
// nil leaves the default.
func (v *settings) Resolve(_ *kong.Context, _ *kong.Path, f *kong.Flag) (any, error) {
	if !f.Tag.Has("setting") {
		return nil, nil //nolint:nilnil // kong's way to say that there is none
	}
	value, from := v.find(f.Name)
	v.origin[f.Name] = from
	switch {
	case from == byDefault:
		return nil, nil //nolint:nilnil // as above
	case f.IsBool() && value != "true" && value != "false":
		return nil, usage("usage.bad_value", "Option", v.place(f.Name), "Value", value, "Allowed", "true, false")
	}
	return value, nil
}

func (v *settings) find(name string) (string, origin) {
	if value := v.env(v.variable(name)); value != "" {
		return value, byEnvironment
	}
	if v.file != nil {
		if value, ok := v.file.values[name]; ok {
			return value, byFile
		}
	}
	return "", byDefault
}

// from is where the value of a setting is from.
func (v *settings) from(name string) origin {
	if from, ok := v.origin[name]; ok {
		return from
	}
	return byOption
}

// place is what a person would change to change a setting's value.
func (v *settings) place(name string) string {
	switch v.from(name) {
	case byEnvironment:
		return v.variable(name)
	case byFile:
		return v.file.name + ": " + name
	case byDefault, byOption:
	}
	return "--" + name
}

// variable is the name of a setting in the environment.
func (v *settings) variable(name string) string { return variableOf(name, v.agent) }

func variableOf(name string, agent bool) string {
	if agent {
		name = "agent-" + name
	}
	return "ONESEAT_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

// checkSecrets refuses secrets among the arguments, where every user of the
// machine can read them.
func (v *settings) checkSecrets(node *kong.Node) error {
	for _, f := range options(node) {
		if f.Tag.Has("noflag") && v.from(f.Name) == byOption {
			return usage("settings.no_option", "Option", "--"+f.Name, "Variable", v.variable(f.Name), "Near", "--"+f.Name+"-file")
		}
	}
	return nil
}

// secret gives a secret that stands in a setting, or in the file that the
// setting NAME-file names: that of the higher origin.
func (v *settings) secret(name, value, file string) (string, error) {
	own, other := v.from(name), v.from(name+"-file")
	switch {
	case file == "" || value != "" && own > other:
		return value, nil
	case value != "" && own == other:
		return "", usage("settings.secret_twice", "One", v.place(name), "Other", v.place(name+"-file"))
	}
	return readSecret(file)
}

// knownSettings are the names of all settings, of every role.
func knownSettings(root *kong.Node) []string {
	var all []string
	for _, f := range root.Leaves(false) {
		for _, o := range f.Flags {
			if o.Tag.Has("setting") && o.Name != "config" && !slices.Contains(all, o.Name) {
				all = append(all, o.Name)
			}
		}
	}
	slices.Sort(all)
	return all
}

// unknownSetting says that a file has a key that is none.
func unknownSetting(file string, line int, key string, known []string) error {
	if near := nearest.To(key, known); near != "" {
		return usage("settings.unknown_near", "File", file, "Line", line, "Key", key, "Near", near)
	}
	return usage("settings.unknown", "File", file, "Line", line, "Key", key, "Known", strings.Join(known, ", "))
}
