package hub

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/oneseat/oneseat/internal/atomicfile"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/usagefile"
)

// KeyDir is the directory of unsealing keys: SLUG.key for each enterprise,
// readable by its owner alone. They are nowhere else. A file may hold several
// keys: the first is the enterprise's, the others still open older files. The
// empty KeyDir has none: files in clear are read, and sealed ones with the keys
// given at upload.
type KeyDir string

func (d KeyDir) file(slug string) string { return filepath.Join(string(d), slug+".key") }

// Make makes the key of an enterprise unless it is there, and gives its
// recipient.
func (d KeyDir) Make(slug string, at time.Time) (usagefile.Recipient, error) {
	if err := os.MkdirAll(string(d), 0o700); err != nil {
		return usagefile.Recipient{}, d.unusable(err)
	}
	key, err := usagefile.NewIdentity()
	if err != nil {
		return usagefile.Recipient{}, err
	}
	err = atomicfile.Create(d.file(slug), 0o600, func(w io.Writer) error { return key.WriteKeyFile(w, at) })
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return usagefile.Recipient{}, d.unusable(err)
	}
	keys, err := d.Read(slug)
	if err != nil {
		return usagefile.Recipient{}, err
	}
	return keys[0].Recipient(), nil
}

// Read gives the keys of an enterprise, none when there is no file.
func (d KeyDir) Read(slug string) ([]*usagefile.Identity, error) {
	if d == "" {
		return nil, nil
	}
	file, err := os.Open(d.file(slug))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, d.unusable(err)
	}
	defer file.Close() //nolint:errcheck // only read
	return usagefile.ReadKeyFile(file)
}

func (d KeyDir) unusable(cause error) error {
	return errs.Wrap(errs.Unavailable, cause, "hub.key_dir", "Directory", string(d))
}

// reader says who reads files for an enterprise: its own keys and those given;
// files in clear may also be for a recipient of its settings.
func (s *Service) reader(info *EnterpriseInfo, given []*usagefile.Identity) (usagefile.Options, error) {
	keys, err := s.keys.Read(info.Slug)
	if err != nil {
		return usagefile.Options{}, err
	}
	keys = append(keys, given...)
	options := usagefile.Options{Identities: keys}
	for _, key := range keys {
		options.Audiences = append(options.Audiences, key.Recipient().Fingerprint())
	}
	for _, text := range info.Settings.Recipients {
		recipient, err := usagefile.ParseRecipient(text)
		if err != nil {
			return usagefile.Options{}, err
		}
		options.Audiences = append(options.Audiences, recipient.Fingerprint())
	}
	return options, nil
}

// knownAudience refuses a file in clear that is meant for some enterprise when
// there is neither key nor recipient to say whether it is this one: nobody's file is taken
// unchecked.
func knownAudience(reader usagefile.Options, h usagefile.Header) error {
	if len(reader.Audiences) > 0 || h.Audience.IsZero() {
		return nil
	}
	return errs.New(errs.Forbidden, "hub.audience_unknown", "Audience", h.Audience.Short())
}
