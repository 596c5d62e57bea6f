package instance

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/usagefile"
)

const (
	fileName    = "instance.json"
	fileFamily  = "oneseat-instance/"
	fileVersion = 1
	fileBytes   = 64 << 10 // far more than one holds
)

// document is the file. Keys are contracts: add freely, rename never. A version
// that does not know a key passes over it and writes the file without it; what
// must not get lost that way is a new format.
type document struct {
	Format     string    `json:"format"`
	ServerID   string    `json:"server_id"`
	SigningKey []byte    `json:"signing_key"` // the seed
	Announced  bool      `json:"announced"`
	HostName   string    `json:"host_name,omitempty"`
	Rotation   *rotation `json:"rotation,omitempty"`
	Last       *snapshot `json:"last,omitempty"`
}

type rotation struct {
	Previous  []byte `json:"previous"`
	Signature []byte `json:"signature"`
}

type snapshot struct {
	Sequence  int64     `json:"sequence"`
	TakenAt   time.Time `json:"taken_at"`
	SourceAt  time.Time `json:"source_at"`
	Digest    string    `json:"digest"`
	Nonce     []byte    `json:"nonce"`
	Previous  string    `json:"previous"`
	UserCount int64     `json:"user_count"`
	Note      string    `json:"note,omitempty"`
}

// Read gives the instance of a state directory without locking it: NotFound
// when there is none, Invalid when the file is damaged.
func Read(dir string) (*Instance, error) {
	name := filepath.Join(dir, fileName)
	file, err := os.Open(name)
	if err != nil {
		return nil, cannotOpen(dir, err)
	}
	defer file.Close() //nolint:errcheck // only read
	text, err := io.ReadAll(io.LimitReader(file, fileBytes))
	if err != nil {
		return nil, errs.Wrap(errs.Unavailable, err, "instance.unreadable", "Dir", dir, "Cause", errors.Unwrap(err))
	}
	i, err := parse(text)
	if newer, ok := errors.AsType[*newerFormatError](err); ok {
		return nil, errs.Wrap(errs.Invalid, err, "instance.newer", "File", name, "Version", newer.version, "Known", fileVersion)
	}
	if err != nil {
		return nil, errs.Wrap(errs.Invalid, err, "instance.damaged", "File", name)
	}
	return i, nil
}

// newerFormatError is for a file of a later version.
type newerFormatError struct{ version int }

func (e *newerFormatError) Error() string { return fmt.Sprintf("format %d", e.version) }

// checkFormat accepts the format of this version.
func checkFormat(text string) error {
	number, ours := strings.CutPrefix(text, fileFamily)
	version, err := strconv.Atoi(number)
	switch {
	case !ours || err != nil || version < fileVersion:
		return errors.New("another format")
	case version > fileVersion:
		return &newerFormatError{version}
	default:
		return nil
	}
}

func cannotOpen(dir string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return errs.Wrap(errs.NotFound, err, "instance.none", "Dir", dir)
	}
	return errs.Wrap(errs.Unavailable, err, "instance.unreadable", "Dir", dir, "Cause", errors.Unwrap(err))
}

func parse(text []byte) (*Instance, error) {
	var d document
	if err := json.Unmarshal(text, &d); err != nil { // refuses what follows the object
		return nil, err
	}
	if err := checkFormat(d.Format); err != nil {
		return nil, err
	}
	switch {
	case d.ServerID == "":
		return nil, errors.New("no server id")
	case len(d.SigningKey) != ed25519.SeedSize:
		return nil, base64.CorruptInputError(len(d.SigningKey))
	}
	i := &Instance{ServerID: d.ServerID, Announced: d.Announced, HostName: d.HostName, key: keyOf(d.SigningKey)}
	if r := d.Rotation; r != nil {
		i.Rotation = &usagefile.Rotation{Previous: r.Previous, Signature: r.Signature}
		if !i.Rotation.Vouches(i.ServerID, i.PublicKey()) {
			return nil, errors.New("the rotation does not vouch for the key")
		}
	}
	return i, i.setLast(d.Last)
}

func (i *Instance) setLast(s *snapshot) error {
	if s == nil {
		return nil
	}
	digest, ok := usagefile.ParseDigest(s.Digest)
	previous, also := usagefile.ParseDigest(s.Previous)
	if !ok || !also || digest.IsZero() || s.Sequence < 1 || len(s.Nonce) != len(usagefile.Nonce{}) {
		return errors.New("the last snapshot is damaged")
	}
	i.Last = usagefile.Snapshot{
		Sequence: s.Sequence, TakenAt: s.TakenAt, SourceAt: s.SourceAt, Digest: digest,
		Nonce: usagefile.Nonce(s.Nonce), Previous: previous, UserCount: s.UserCount, Note: s.Note,
	}
	return nil
}

// write is the whole file.
func (i *Instance) write(w io.Writer) error {
	d := document{Format: fileFamily + strconv.Itoa(fileVersion), ServerID: i.ServerID, SigningKey: i.key().Seed(), Announced: i.Announced, HostName: i.HostName}
	if i.Rotation != nil {
		d.Rotation = &rotation{i.Rotation.Previous, i.Rotation.Signature}
	}
	if s := i.Last; s.Sequence > 0 {
		d.Last = &snapshot{
			s.Sequence, s.TakenAt, s.SourceAt, s.Digest.String(), s.Nonce[:], s.Previous.String(), s.UserCount, s.Note,
		}
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(d)
}
