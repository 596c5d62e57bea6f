package hub

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/oneseat/oneseat/internal/atomicfile"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/usagefile"
)

// maxKeys is how many unsealing keys an enterprise has at most: the one that
// files are sealed to, and older ones that still open files on their way.
const maxKeys = 8

// UnsealingKey is a key of the enterprise: everything but its secret.
type UnsealingKey struct {
	Recipient usagefile.Recipient
	// MadeAt is when it was made; zero: its file does not say.
	MadeAt time.Time
	// Current says that usage files are to be sealed to it; the others open
	// older files.
	Current bool
}

// Keys are the keys that usage files for an enterprise are sealed to.
type Keys struct {
	// File is where the private keys lie; empty: this hub has none.
	File string
	// Own are the keys of that file, the current one first.
	Own []UnsealingKey
	// Others are recipients whose private keys lie elsewhere.
	Others []usagefile.Recipient
}

// UnsealingKeys gives the keys of an enterprise. No secret leaves the file.
func (s *Service) UnsealingKeys(ctx context.Context, enterprise int64) (*Keys, error) {
	info, err := s.info(ctx, enterprise)
	if err != nil {
		return nil, err
	}
	out := &Keys{}
	if s.keys != "" {
		out.File = s.keys.file(info.Slug)
	}
	blocks, err := s.keys.blocks(info.Slug)
	if err != nil {
		return nil, err
	}
	for i, b := range blocks {
		out.Own = append(out.Own, UnsealingKey{b.recipient, b.madeAt, i == 0})
	}
	for _, text := range info.Settings.Recipients {
		other, err := usagefile.ParseRecipient(text)
		if err != nil {
			return nil, err
		}
		out.Others = append(out.Others, other)
	}
	return out, nil
}

// RotateKey makes a new key for an enterprise: files are to be sealed to it
// from now on, and those that are sealed to the keys before it can still be
// opened. Conflict when the hub has no keys, or when there are as many as there
// may be.
func (s *Service) RotateKey(ctx context.Context, enterprise int64, actor string) (usagefile.Recipient, error) {
	key, err := usagefile.NewIdentity()
	if err != nil {
		return usagefile.Recipient{}, err
	}
	var text bytes.Buffer
	if err := key.WriteKeyFile(&text, s.now()); err != nil {
		return usagefile.Recipient{}, err
	}
	made := keyBlock{key.Recipient(), s.now(), text.Bytes()}
	err = s.changeKeys(ctx, enterprise, actor, "rotated_to", key.Recipient(), func(blocks []keyBlock) ([]keyBlock, error) {
		if len(blocks) >= maxKeys {
			return nil, errs.New(errs.Conflict, "hub.many_keys", "Most", maxKeys)
		}
		return slices.Insert(blocks, 0, made), nil
	})
	return key.Recipient(), err
}

// RetireKey removes an older key for ever: files that are sealed to it can no
// longer be opened here. NotFound when there is none, Conflict when it is the
// current one.
func (s *Service) RetireKey(ctx context.Context, enterprise int64, recipient, actor string) error {
	old, err := usagefile.ParseRecipient(recipient)
	if err != nil {
		return err
	}
	return s.changeKeys(ctx, enterprise, actor, "retired", old, func(blocks []keyBlock) ([]keyBlock, error) {
		switch i := slices.IndexFunc(blocks, func(b keyBlock) bool { return b.recipient == old }); i {
		case -1:
			return nil, errs.New(errs.NotFound, "hub.no_recipient")
		case 0:
			return nil, errs.New(errs.Conflict, "hub.current_key")
		default:
			return slices.Delete(blocks, i, i+1), nil
		}
	})
}

// changeKeys rewrites the key file of an enterprise and records what was done
// to which recipient. The file is written last: when that fails nothing was
// done, and a transaction that is tried again writes the same.
func (s *Service) changeKeys(ctx context.Context, enterprise int64, actor, what string, whom usagefile.Recipient, change func([]keyBlock) ([]keyBlock, error)) error {
	s.keysChange.Lock()
	defer s.keysChange.Unlock()
	info, err := s.info(ctx, enterprise)
	if err != nil {
		return err
	}
	if s.keys == "" {
		return errs.New(errs.Conflict, "hub.no_keys")
	}
	blocks, err := s.keys.blocks(info.Slug)
	if err != nil {
		return err
	}
	if blocks, err = change(blocks); err != nil {
		return err
	}
	return s.store.For(enterprise).InTx(ctx, func(tx *store.Tx) error {
		if err := s.record(ctx, tx, actor, AuditRecipient, info.Slug, what, whom.Fingerprint().Short()); err != nil {
			return err
		}
		return s.keys.replace(info.Slug, blocks)
	})
}

// keyBlock is a key as it stands in a key file: its comments, and then itself.
type keyBlock struct {
	recipient usagefile.Recipient
	madeAt    time.Time
	text      []byte
}

// madeComment is what stands before the time in a key file.
const madeComment = "# made:"

// blocks gives the keys of an enterprise as they stand in their file; none
// when there is no file.
func (d KeyDir) blocks(slug string) ([]keyBlock, error) {
	keys, err := d.Read(slug)
	if err != nil || len(keys) == 0 {
		return nil, err
	}
	text, err := os.ReadFile(d.file(slug))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, d.unusable(err)
	}
	var out []keyBlock
	var b keyBlock
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		line := strings.TrimSpace(lines.Text())
		b.text = append(append(b.text, line...), '\n')
		switch {
		case strings.HasPrefix(line, madeComment):
			b.madeAt, _ = time.Parse(time.RFC3339, strings.TrimSpace(strings.TrimPrefix(line, madeComment)))
		case line != "" && !strings.HasPrefix(line, "#") && len(out) < len(keys):
			b.recipient = keys[len(out)].Recipient()
			out, b = append(out, b), keyBlock{}
		}
	}
	return out, nil
}

// replace writes the key file of an enterprise anew.
func (d KeyDir) replace(slug string, blocks []keyBlock) error {
	err := atomicfile.Replace(d.file(slug), 0o600, func(w io.Writer) error {
		for _, b := range blocks {
			if _, err := w.Write(b.text); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return d.unusable(err)
	}
	return nil
}
