package main

import (
	"errors"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/nearest"
)

// usageError says that a command was used wrongly.
type usageError struct{ error }

// Unwrap is the error with the sentence.
func (e *usageError) Unwrap() error { return e.error }

// usage is an error of wrong usage, with the key and the values of its
// sentence.
func usage(key string, args ...any) error {
	return &usageError{errs.New(errs.Invalid, key, args...)}
}

// misused turns what kong says of a command line into a sentence of ours. Kong
// has no types for its errors; the stories pin the texts looked for here, and
// an unknown one is shown as it is.
func (s *session) misused(node *kong.Node, err error) error {
	if _, ok := errors.AsType[*usageError](err); ok {
		return err
	}
	text := err.Error()
	switch {
	case strings.HasPrefix(text, "unknown flag "):
		return unknownOption(node, firstWord(strings.TrimPrefix(text, "unknown flag ")))
	case strings.HasPrefix(text, "unexpected argument "):
		return unexpected(node, firstWord(strings.TrimPrefix(text, "unexpected argument ")))
	case strings.HasPrefix(text, "unexpected flag argument "):
		return usage("usage.no_value_wanted", "Command", node.FullPath())
	case strings.HasPrefix(text, "--") && strings.Contains(text, "expected "):
		option, _, _ := strings.Cut(text, ":")
		return usage("usage.value_missing", "Option", option, "Command", node.FullPath())
	case strings.HasPrefix(text, "expected ") && len(node.Children) > 0:
		return usage("usage.command_missing", "Command", node.FullPath(), "Commands", strings.Join(names(node), ", "))
	case strings.HasPrefix(text, "expected "):
		return usage("usage.argument_missing", "Command", node.FullPath(), "Argument", firstWord(strings.TrimPrefix(text, "expected ")))
	default:
		return usage("usage.other", "Text", text, "Command", node.FullPath())
	}
}

func unknownOption(node *kong.Node, name string) error {
	var known []string
	for _, f := range options(node) {
		known = append(known, "--"+f.Name)
	}
	if near := nearest.To(name, known); near != "" {
		return usage("usage.unknown_option_near", "Option", name, "Near", near, "Command", node.FullPath())
	}
	return usage("usage.unknown_option", "Option", name, "Command", node.FullPath())
}

func unexpected(node *kong.Node, word string) error {
	if len(node.Children) == 0 {
		return usage("usage.unexpected_argument", "Argument", word, "Command", node.FullPath())
	}
	if near := nearest.To(word, names(node)); near != "" {
		return usage("usage.unknown_command_near", "Word", word, "Near", node.FullPath()+" "+near, "Command", node.FullPath())
	}
	return usage("usage.unknown_command", "Word", word, "Command", node.FullPath(), "Commands", strings.Join(names(node), ", "))
}

func names(node *kong.Node) []string {
	var out []string
	for _, child := range node.Children {
		if !child.Hidden {
			out = append(out, child.Name)
		}
	}
	return out
}

// firstWord is a text up to what kong adds to it.
func firstWord(text string) string {
	word, _, _ := strings.Cut(text, ", did you mean")
	return strings.Trim(word, `"`)
}

// commandOf is the command that the words in front of the options name.
func commandOf(node *kong.Node, args []string) *kong.Node {
	for _, arg := range args {
		child := childNamed(node, arg)
		if child == nil {
			break
		}
		node = child
	}
	return node
}

func childNamed(node *kong.Node, name string) *kong.Node {
	for _, child := range node.Children {
		if child.Type == kong.CommandNode && child.Name == name && !child.Hidden {
			return child
		}
	}
	return nil
}
