package hub_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/internal/i18n"
	"github.com/oneseat/oneseat/internal/source"
	"github.com/oneseat/oneseat/usagefile"
)

// usageFiles are the files that usagefile's own tests read, and their keys.
const usageFiles = "../../usagefile/testdata"

// smallLimits are codes that those tests reach with limits made small; the hub
// has the default ones.
func smallLimits() []usagefile.Code {
	return []usagefile.Code{usagefile.CodeLimitFile, usagefile.CodeLimitHeader, usagefile.CodeLimitUsers, usagefile.CodeLimitEmails}
}

// named says that a hub calls a file what it is, where the reader of usage files
// only knows that it is none.
func named(name string, code usagefile.Code) bool {
	none := code == usagefile.CodeNotJSON || code == usagefile.CodeOtherFormat
	return none && source.LookForUsage(source.FromPath(name)) != nil
}

// TestEveryDefectIsRefusedWithTheSentenceOfTheCommand: whatever is wrong with a
// usage file, the hub says what the commands say, says it again later, and
// counts what it counted before.
func TestEveryDefectIsRefusedWithTheSentenceOfTheCommand(t *testing.T) {
	t.Parallel()
	catalogue, err := i18n.New("en")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(usageFiles + "/defects/*.json")
	if err != nil || len(files) < 100 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		d := newDefective(t, db)
		for _, name := range files {
			code, _, _ := strings.Cut(strings.TrimSuffix(filepath.Base(name), ".json"), "--")
			if slices.Contains(smallLimits(), usagefile.Code(code)) || named(name, usagefile.Code(code)) {
				continue
			}
			d.refuse(catalogue, name, usagefile.Code(code))
		}
		src, err := db.Read.QueryContext(t.Context(), `SELECT 1 FROM source WHERE sequence > 7 OR seq > 0 UNION ALL SELECT 2 FROM item
			UNION ALL SELECT 3 FROM enterprise WHERE input_version > 0 OR current_result > 0`)
		if err != nil {
			t.Fatal(err)
		}
		defer src.Close() //nolint:errcheck // read to the end
		if src.Next() || src.Err() != nil {
			t.Errorf("something counts: %v", src.Err())
		}
	})
}

// defective is a hub that knows the instance of usagefile's tests.
type defective struct {
	*kit

	keyless *hub.Service
	opened  usagefile.Options
	known   usagefile.Known
}

func newDefective(t *testing.T, db *database.DB) *defective {
	t.Helper()
	keys := t.TempDir()
	key := mustRead(t, usageFiles+"/keys/enterprise-TEST-KEY.txt")
	if err := os.WriteFile(filepath.Join(keys, "acme.key"), key, 0o600); err != nil {
		t.Fatal(err)
	}
	d := &defective{kit: newKit(t, db, func(c *hub.Config) { c.Keys = hub.KeyDir(keys) })}
	without := d.config
	without.Keys = ""
	d.keyless = hub.New(without)
	identities, err := usagefile.ReadKeyFile(bytes.NewReader(key))
	if err != nil {
		t.Fatal(err)
	}
	d.opened = usagefile.Options{Identities: identities, Audiences: []usagefile.Fingerprint{identities[0].Recipient().Fingerprint()}}
	d.known = usagefile.Known{PublicKey: testKey(t), Sequence: 7, Digest: sha256.Sum256([]byte("snapshot 7"))}
	d.introduce()
	return d
}

// testKey is the public key of the instance of usagefile's tests.
func testKey(t *testing.T) ed25519.PublicKey {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(string(mustRead(t, usageFiles+"/keys/instance-TEST-KEY.txt"))), "\n")
	seed, err := hex.DecodeString(lines[len(lines)-1])
	if err != nil {
		t.Fatal(err)
	}
	return ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey)
}

// introduce makes the instance one whose seventh snapshot was accepted.
func (d *defective) introduce() {
	d.t.Helper()
	ctx := d.t.Context()
	err := d.config.Store.For(d.e).InTx(ctx, func(tx *store.Tx) error {
		number, err := tx.AddSource(ctx, hub.Source{
			State: store.Active, ServerID: "5f0c6a5e-2b1d-4c57-9a43-0d7f5a1e8c21", HostName: "git.acme.example",
			PublicKey: d.known.PublicKey, Signed: true, CreatedAt: at(),
		})
		return errors.Join(err, tx.AcceptSequence(ctx, number, d.known.Sequence, d.known.Digest))
	})
	if err != nil {
		d.t.Fatal(err)
	}
}

// refuse lets the hub receive a file and compares what it says, and what it
// remembers, with what a command says that only reads the file.
func (d *defective) refuse(catalogue *i18n.Catalogue, name string, code usagefile.Code) {
	d.t.Helper()
	file, receiver, opened := mustRead(d.t, name), d.hub, d.opened
	if code == usagefile.CodeNoIdentity {
		receiver, opened = d.keyless, usagefile.Options{}
	}
	said := readAlone(file, opened, &d.known)
	if defect, ok := errors.AsType[*usagefile.Error](said); !ok || defect.Code != code {
		d.t.Fatalf("%s: reading alone says %v", name, said)
	}
	u, err := receiver.ReceiveUsage(d.t.Context(), d.e, bytes.NewReader(file), hub.Arrival{FileName: name, Actor: "sender of " + name})
	if err == nil {
		d.t.Fatalf("%s: accepted", name)
	}
	want := catalogue.Error(said)
	if got := catalogue.Error(err); got != want {
		d.t.Errorf("%s:\ngot  %s\nwant %s", name, got, want)
	}
	u, err = d.hub.Upload(d.t.Context(), d.e, u.ID)
	if err != nil || u.State != store.Refused {
		d.t.Fatalf("%s: recorded as %+v, %v", name, u, err)
	}
	var args []any
	for name, value := range u.Refusal.Args {
		args = append(args, name, value)
	}
	if got := catalogue.T(u.Refusal.Key, args...); got != want {
		d.t.Errorf("%s: later\ngot  %s\nwant %s", name, got, want)
	}
}

// readAlone reads a file as a command does.
func readAlone(file []byte, opened usagefile.Options, known *usagefile.Known) error {
	verified, err := usagefile.OpenVerified(bytes.NewReader(file), opened)
	if err != nil {
		return err
	}
	_, err = usagefile.Check(verified.Receipt(), known)
	return err
}

func mustRead(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return content
}
