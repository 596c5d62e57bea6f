package main

import (
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/oneseat/oneseat/internal/terminal"
)

// helpWanted says that --help stands among the arguments, and of which command.
func helpWanted(root *kong.Node, args []string) (*kong.Node, bool) {
	if end := slices.Index(args, "--"); end >= 0 {
		args = args[:end]
	}
	if !slices.Contains(args, "--help") && !slices.Contains(args, "-h") {
		return nil, false
	}
	return commandOf(root, args), true
}

// helpOn writes the help of a command, unless there is a word behind it that
// names none.
func (s *session) helpOn(node *kong.Node, args []string) error {
	path := strings.Fields(node.FullPath())[1:]
	rest := args[len(path):]
	if len(node.Children) > 0 && len(rest) > 0 && !strings.HasPrefix(rest[0], "-") {
		return unexpected(node, rest[0])
	}
	s.help(s.out, node)
	return s.out.Err()
}

// help writes what a command does, how it is called, an example, and what its
// options are.
func (s *session) help(to *terminal.Screen, node *kong.Node) {
	key := helpKey(node)
	to.Prose(0, s.T(key+".about"))
	to.Heading(s.T("help.usage"))
	s.lines(to, s.T(key+".usage"))
	to.Heading(s.T("help.example"))
	s.lines(to, s.T(key+".example"))
	if len(node.Children) > 0 {
		to.Heading(s.T("help.commands"))
		to.Definitions(2, s.commandHelp(node))
	}
	to.Heading(s.T("help.options"))
	to.Definitions(2, s.optionHelp(node, key))
	if len(node.Children) > 0 {
		to.Blank()
		to.Prose(0, s.T("help.more", "Command", node.FullPath()))
	}
}

// helpKey is where the catalogue has the help of a command: "help.match",
// "help.keys-enterprise".
func helpKey(node *kong.Node) string {
	return "help." + strings.ReplaceAll(node.FullPath(), " ", "-")
}

func (s *session) lines(to *terminal.Screen, text string) {
	for line := range strings.SplitSeq(text, "\n") {
		to.Line("  " + line)
	}
}

// optionKey is where the catalogue has the help of an option: settings are the
// same for every command.
func optionKey(command string, f *kong.Flag) string {
	switch f.Tag.Get("setting") {
	case "":
	case "agent":
		return "setting.agent." + f.Name
	default:
		return "setting." + f.Name
	}
	return command + "." + f.Name
}

func (s *session) commandHelp(node *kong.Node) []terminal.Definition {
	var list []terminal.Definition
	for _, child := range node.Children {
		if child.Hidden {
			continue
		}
		list = append(list, terminal.Definition{Term: child.Name, Text: s.T(helpKey(child) + ".short")})
	}
	return list
}

func (s *session) optionHelp(node *kong.Node, key string) []terminal.Definition {
	var list []terminal.Definition
	for _, f := range options(node) {
		if f.Hidden {
			continue
		}
		term := "--" + f.Name
		if !f.IsBool() {
			term += " " + f.PlaceHolder
		}
		list = append(list, terminal.Definition{Term: term, Text: s.aboutOption(node, key, f)})
	}
	list = append(list, terminal.Definition{Term: "--help", Text: s.T("help.help")})
	if node.Parent == nil {
		list = append(list, terminal.Definition{Term: "--version", Text: s.T("help.oneseat-version.short")})
	}
	return list
}

// aboutOption says what an option is for; of a setting also where else it may
// stand, and what it is by default.
func (s *session) aboutOption(node *kong.Node, key string, f *kong.Flag) string {
	text := s.T(optionKey(key, f))
	if !f.Tag.Has("setting") {
		return text
	}
	return s.T("help.setting", "Text", text, "Variable", variableOf(f.Name, ofAgent(node)), "Default", f.Default)
}
