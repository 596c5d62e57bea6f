package main

import (
	"errors"
	"slices"
	"strings"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/instance"
	"github.com/oneseat/oneseat/internal/source"
	"github.com/oneseat/oneseat/usagefile"
)

type inspectCommand struct {
	File     string `arg:"" optional:"" name:"FILE"`
	Identity string `placeholder:"KEYFILE"`
	Known    words  `placeholder:"FINGERPRINT…"`
	State    string `placeholder:"DIR"`
	Format   string `default:"text" placeholder:"text|json"`
}

// Run says what a usage file holds and whether it is whole. A file that is
// refused, or signed with a key other than those that were said to be known,
// is an error after everything that can be said was said.
func (c *inspectCommand) Run(s *session) error {
	if err := oneOf("--format", c.Format, "text", "json"); err != nil {
		return err
	}
	if c.File == "" {
		return usage("usage.argument_missing", "Command", "oneseat inspect", "Argument", "FILE")
	}
	known, err := c.knownKeys()
	if err != nil {
		return err
	}
	found, err := c.inspect()
	if err != nil {
		return err
	}
	signer := judgeSigner(found.Header, known)
	if c.Format == "json" {
		err = s.json(inspectionJSON(found, signer))
	} else {
		s.showInspection(c.File, found, signer)
	}
	switch {
	case err != nil:
		return err
	case found.Refusal != nil:
		return about(c.File, found.Refusal)
	case signer == signerStranger:
		return errs.New(errs.Conflict, "inspect.stranger", "File", c.File,
			"Fingerprint", usagefile.KeyFingerprint(found.Header.Instance.PublicKey).Short())
	}
	return nil
}

func (c *inspectCommand) inspect() (*usagefile.Inspection, error) {
	keys, err := identities(c.Identity)
	if err != nil {
		return nil, err
	}
	if err := source.LookForUsage(source.FromPath(c.File)); err != nil {
		return nil, err
	}
	file, err := open(c.File)
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // only read
	found, err := usagefile.Inspect(file, usagefile.Options{Identities: keys})
	return found, about(c.File, err)
}

// signer says what is known of the key that signed a file.
type signer string

const (
	signerUnasked  signer = "unasked"  // no key was given to compare with
	signerKnown    signer = "known"    // it is one of those given
	signerRotated  signer = "rotated"  // one of those given vouches for it
	signerStranger signer = "stranger" // neither
)

func judgeSigner(h usagefile.Header, known []string) signer {
	in := h.Instance
	switch {
	case len(known) == 0:
		return signerUnasked
	case isKnown(known, usagefile.KeyFingerprint(in.PublicKey)):
		return signerKnown
	case in.Rotation != nil && in.Rotation.Vouches(in.ServerID, in.PublicKey) &&
		isKnown(known, usagefile.KeyFingerprint(in.Rotation.Previous)):
		return signerRotated
	default:
		return signerStranger
	}
}

// isKnown compares a fingerprint with whole ones, and with short ones as
// people read them to each other.
func isKnown(known []string, f usagefile.Fingerprint) bool {
	short := strings.ReplaceAll(f.Short(), " ", "")
	return slices.Contains(known, f.String()) || slices.Contains(known, short)
}

// knownKeys are the fingerprints given, without spaces, and that of a state
// directory.
func (c *inspectCommand) knownKeys() ([]string, error) {
	var known []string
	for _, group := range fingerprintGroups(c.Known) {
		text := strings.ToLower(strings.NewReplacer(" ", "", ":", "").Replace(group))
		if strings.Trim(text, "0123456789abcdef") != "" || len(text) != 16 && len(text) != 64 {
			return nil, usage("usage.bad_fingerprint", "Value", group)
		}
		known = append(known, text)
	}
	if c.State == "" {
		return known, nil
	}
	i, err := instance.Read(c.State)
	if err != nil {
		return nil, err
	}
	return append(known, i.Fingerprint().String()), nil
}

// fingerprintGroups joins four groups of four digits that were given without
// quotation marks: --known 0a1b 2c3d 4e5f 6071.
func fingerprintGroups(given []string) []string {
	var out []string
	for len(given) > 0 {
		n := 1
		if len(given) >= 4 && !slices.ContainsFunc(given[:4], func(s string) bool { return len(s) != 4 }) {
			n = 4
		}
		out = append(out, strings.Join(given[:n], " "))
		given = given[n:]
	}
	return out
}

// refusalCode is the code of a usage file's refusal, for programs.
func refusalCode(err error) string {
	if e, ok := errors.AsType[*usagefile.Error](err); ok {
		return string(e.Code)
	}
	return ""
}
