package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/oneseat/oneseat/internal/atomicfile"
)

// rememberedSettings is the configuration file in an agent's data directory:
// what "agent init" was told, so that nobody has to say it to every command
// again. It is read where no other file is named.
const rememberedSettings = "agent.conf"

// remembered is the configuration file in the data directory that the arguments,
// the environment or the default name; empty when there is none.
func (v *settings) remembered(node *kong.Node, args []string) string {
	data := flagNamed(node, "data")
	if data == nil {
		return ""
	}
	name := filepath.Join(cmp.Or(v.early(node, args, "data"), data.Default), rememberedSettings)
	if !exists(name) {
		return ""
	}
	return name
}

// remember writes the settings that were options of this call to a file in the
// data directory, unless there is one or another was named. From then on they
// are settings of that file. It gives the name of the file, empty for none.
func (v *settings) remember(parsed *kong.Context, data, head string) (string, error) {
	if v.file != nil {
		return "", nil
	}
	file := &settingsFile{name: filepath.Join(data, rememberedSettings), values: map[string]string{}}
	var text strings.Builder
	for line := range strings.SplitSeq(head, "\n") {
		text.WriteString("# " + line + "\n")
	}
	for _, f := range parsed.Selected().Flags {
		value := rooted(f, flagText(f))
		if f.Tag.Get("setting") != "agent" || f.Name == "data" || v.from(f.Name) != byOption || strings.ContainsAny(value, "\r\n") {
			continue
		}
		file.values[f.Name] = value
		fmt.Fprintf(&text, "%s = %s\n", f.Name, value)
	}
	err := atomicfile.Create(file.name, 0o600, func(w io.Writer) error {
		_, err := io.WriteString(w, text.String())
		return err
	})
	if errors.Is(err, fs.ErrExist) {
		return "", nil
	}
	if err != nil {
		return "", cannotWrite(file.name, err)
	}
	v.file = file
	for name := range file.values {
		v.origin[name] = byFile
	}
	return file.name, nil
}

// rooted is the value of a setting as it means the same from every directory:
// the name of a file or directory begins at the root.
func rooted(f *kong.Flag, value string) string {
	isFile := (strings.HasPrefix(f.PlaceHolder, "FILE") || f.PlaceHolder == "DIR") && value != "" && !strings.HasPrefix(value, "exec:") && !isPostgres(value)
	if !isFile {
		return value
	}
	if whole, err := filepath.Abs(value); err == nil {
		return whole
	}
	return value
}
