package main

import (
	"bufio"
	"bytes"
	"io"
	"slices"
	"strings"
)

// maxSettings bounds a configuration file and a file with a secret, in bytes.
const maxSettings = 64 << 10

// settingsFile is a configuration file: lines of NAME = VALUE; what begins
// with # is a comment.
type settingsFile struct {
	name   string
	values map[string]string
}

// readSettings reads a configuration file with names out of the known ones,
// each once.
func readSettings(name string, known []string) (*settingsFile, error) {
	text, err := readSmall(name)
	if err != nil {
		return nil, err
	}
	file := &settingsFile{name: name, values: map[string]string{}}
	lines := bufio.NewScanner(bytes.NewReader(text))
	for number := 1; lines.Scan(); number++ {
		line := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\ufeff"))
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := file.line(number, line, known); err != nil {
			return nil, err
		}
	}
	return file, lines.Err()
}

func (f *settingsFile) line(number int, line string, known []string) error {
	key, value, ok := strings.Cut(line, "=")
	key, value = strings.TrimSpace(key), strings.TrimSpace(value)
	_, twice := f.values[key]
	switch {
	case !ok || key == "":
		return usage("settings.no_equals", "File", f.name, "Line", number)
	case !slices.Contains(known, key):
		return unknownSetting(f.name, number, key, known)
	case twice:
		return usage("settings.twice", "File", f.name, "Line", number, "Key", key)
	case value == "":
		return usage("settings.no_value", "File", f.name, "Line", number, "Key", key)
	}
	f.values[key] = value
	return nil
}

// readSecret reads a secret that is alone in a file.
func readSecret(name string) (string, error) {
	text, err := readSmall(name)
	if err != nil {
		return "", err
	}
	secret := strings.TrimSpace(string(text))
	if secret == "" || strings.ContainsAny(secret, "\r\n") {
		return "", usage("settings.no_secret", "File", name)
	}
	return secret, nil
}

// readSmall reads a file of at most maxSettings bytes.
func readSmall(name string) ([]byte, error) {
	file, err := open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // only read
	text, err := io.ReadAll(io.LimitReader(file, maxSettings+1))
	switch {
	case err != nil:
		return nil, cannotRead(name, err)
	case len(text) > maxSettings:
		return nil, usage("settings.too_large", "File", name, "Most", maxSettings)
	}
	return text, nil
}
