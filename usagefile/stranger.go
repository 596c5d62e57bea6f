package usagefile

import (
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/oneseat/oneseat/licensing"
)

// begin reads up to the value of "format" and accepts this version's. A
// stranger is answered with what it is.
func (t *tokens) begin() error {
	if kind := t.peek(); kind != '{' {
		return t.noObject()
	}
	if err := t.delim('{', ""); err != nil {
		return err
	}
	name, have, err := t.name()
	switch {
	case err != nil:
		return err
	case !have:
		return t.place(fault(CodeOtherFormat, "Format", ""))
	case name != "format":
		return t.stranger(name)
	}
	format, err := t.text("format")
	if err != nil {
		return err
	}
	return t.accept(format)
}

func (t *tokens) noObject() error {
	_, err := t.dec.ReadToken()
	if err == nil {
		return fault(CodeOtherFormat, "Format", "").at(0)
	}
	if errors.Is(err, io.EOF) {
		return fault(CodeEmpty).at(0)
	}
	if code, known := otherFile(t.dec.UnreadBuffer()); known {
		return fault(code).at(0)
	}
	return t.check(err)
}

// otherFile says what a file is by how it begins: the first line of a report of
// users, or a page of the web.
func otherFile(begin []byte) (Code, bool) {
	head := strings.TrimSpace(strings.ToLower(strings.TrimPrefix(string(begin[:min(len(begin), maxBegin)]), "\ufeff")))
	if strings.HasPrefix(head, "<!doctype html") || strings.HasPrefix(head, "<html") {
		return CodeWebPage, true
	}
	line, _, _ := strings.Cut(head, "\n")
	var id, email bool
	for column := range strings.SplitSeq(line, ",") {
		column = strings.Trim(column, "\" \r")
		id, email = id || column == "id", email || column == "email"
	}
	return CodeUserReport, id && email
}

// maxBegin is how much of a stranger's beginning is looked at, in bytes.
const maxBegin = 4 << 10

func (t *tokens) accept(format string) error {
	if format == Format {
		return nil
	}
	family, _, _ := strings.Cut(Format, "/")
	version, ours := strings.CutPrefix(format, family+"/")
	if n, err := strconv.ParseUint(version, 10, 31); ours && err == nil && n > 1 {
		return t.place(fault(CodeNewerVersion, "Version", n, "Known", 1))
	}
	return t.place(fault(CodeOtherFormat, "Format", licensing.MaskText(format)))
}

// stranger looks through the keys of an object that does not begin with
// "format", as far as the header limit: for GitHub's own export, whose keys
// are an object "instance" and an encrypted text "users", and for a usage file
// that a program wrote anew with its keys sorted.
func (t *tokens) stranger(name string) error {
	found := map[string]string{}
	for range maxStrangerKeys {
		kind := string(rune(t.peek()))
		if kind == `"` && name == "format" {
			format, err := t.text(name)
			if err == nil && format == Format {
				return t.place(fault(CodeKeyOrder, "Key", name, "Want", name))
			}
			return t.place(fault(CodeOtherFormat, "Format", licensing.MaskText(format)))
		}
		found[name] = kind
		// An encrypted text can be longer than may be held: it is the last
		// thing looked at unless it is short.
		if found["instance"] == "{" && found["users"] == `"` {
			return t.place(fault(CodeGitHubExport))
		}
		if err := t.dec.SkipValue(); err != nil {
			return t.strangerEnds(found, err)
		}
		var have bool
		var err error
		if name, have, err = t.name(); err != nil || !have {
			return t.strangerEnds(found, err)
		}
	}
	return t.strangerEnds(found, nil)
}

const maxStrangerKeys = 100

func (t *tokens) strangerEnds(found map[string]string, err error) error {
	err = t.check(err)
	over, _ := errors.AsType[*Error](err)
	switch {
	case err == nil:
		return t.place(fault(CodeOtherFormat, "Format", ""))
	case over.Code != CodeLimitHeader && over.Code != CodeLimitText:
		return err
	case found["users"] == `"`:
		return t.place(fault(CodeGitHubExport))
	default:
		return fault(CodeOtherFormat, "Format", "").at(over.Byte)
	}
}
