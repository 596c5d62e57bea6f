package intake

import (
	"bytes"
	"cmp"
	"context"
	"crypto/ed25519"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"

	"github.com/oneseat/oneseat/bench/gen"
	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/internal/source"
	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/usagefile"
)

// The files of a directory of [Prepare], beside those of the steps.
const (
	databaseFile = "hub.db"
	keyDir       = "keys"
)

// enterprise is the number of the only one.
const enterprise = 1

// cloudShare says that one user in so many has a cloud account, and
// changedShare that one in so many has another address in the second file.
const (
	cloudShare   = 5
	changedShare = 100
)

// Step is a file that the hub takes in.
type Step string

// The steps, in this order.
const (
	First   Step = "first"   // of an instance that had one user
	Changed Step = "changed" // one user in a hundred has another address
	Same    Step = "same"    // a new snapshot of the same users
)

// Steps are all of them, in order.
func Steps() []Step { return []Step{First, Changed, Same} }

func (s Step) file(dir string) string { return filepath.Join(dir, string(s)+".usage.json") }

// Prepare makes a hub in dir that knows the cloud side and the instance, and
// writes the usage file of every step.
func Prepare(ctx context.Context, dir string, users int) error {
	h, err := open(ctx, dir)
	if err != nil {
		return err
	}
	defer h.close() //nolint:errcheck // what was committed counts
	if err := h.db.Migrate(ctx, store.Migrations()); err != nil {
		return err
	}
	_, to, err := h.service.Init(ctx, "acme", "Acme", hub.Settings{}, "bench")
	if err != nil {
		return err
	}
	if err := h.loadCloud(ctx, dir, users); err != nil {
		return err
	}
	x := exporter{to: to, key: ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))}
	if err := h.introduce(ctx, &x, users); err != nil {
		return err
	}
	for _, step := range Steps() {
		if err := gen.File(step.file(dir), func(w io.Writer) error { return x.export(w, usersOf(step, users)) }); err != nil {
			return err
		}
	}
	return nil
}

// running is a hub in a directory.
type running struct {
	db      *database.DB
	service *hub.Service
}

func open(ctx context.Context, dir string) (*running, error) {
	db, err := database.Open(ctx, database.Config{Location: filepath.Join(dir, databaseFile)})
	if err != nil {
		return nil, err
	}
	return &running{db, hub.New(hub.Config{
		Store: store.New(db), Keys: hub.KeyDir(filepath.Join(dir, keyDir)), Now: gen.At, Version: "bench",
	})}, nil
}

func (h *running) close() error { return h.db.Close() }

// arrival is who uploads.
func arrival() hub.Arrival { return hub.Arrival{FileName: "usage.json", Actor: "bench"} }

// count applies an upload and recounts.
func (h *running) count(ctx context.Context, u *hub.Upload) (*hub.Result, error) {
	if _, err := h.service.Apply(ctx, enterprise, u.ID, "bench"); err != nil {
		return nil, err
	}
	return h.service.Recount(ctx, enterprise, "bench", false)
}

// loadCloud gives one user in five a cloud account with their first address.
func (h *running) loadCloud(ctx context.Context, dir string, users int) error {
	name := filepath.Join(dir, "cloud.json")
	if err := gen.File(name, func(w io.Writer) error { return cloudList(w, users) }); err != nil {
		return err
	}
	files := []source.File{{Name: name, Open: func() (io.ReadCloser, error) { return os.Open(name) }}}
	u, err := h.service.LoadCloud(ctx, enterprise, files, false, arrival())
	if err != nil {
		return err
	}
	_, err = h.count(ctx, u)
	return err
}

func cloudList(w io.Writer, users int) error {
	_, failed := io.WriteString(w, `{"format": "oneseat-cloud-list/1", "as_of": "2026-01-01T00:00:00Z", "enterprise": {"slug": "acme"}, "users": [`)
	separator, n := "", 0
	for a, err := range gen.Users(users) {
		if failed = cmp.Or(failed, err); failed != nil {
			return failed
		}
		if n++; n%cloudShare != 1 {
			continue
		}
		_, failed = fmt.Fprintf(w, `%s{"login": "login-%s", "emails": [{"email": %q, "verified": true}],
			"organizations": [{"login": "eng", "role": "Member"}]}`+"\n", separator, a.UserID, a.Emails[0].Email.Address())
		separator = ","
	}
	if failed == nil {
		_, failed = io.WriteString(w, `]}`)
	}
	return failed
}

// introduce makes the instance known, with its first user.
func (h *running) introduce(ctx context.Context, x *exporter, users int) error {
	var file bytes.Buffer
	if err := x.export(&file, take(gen.Users(users), 1)); err != nil {
		return err
	}
	u, err := h.service.ReceiveUsage(ctx, enterprise, bytes.NewReader(file.Bytes()), arrival())
	if err != nil {
		return err
	}
	fingerprint := usagefile.KeyFingerprint(x.key.Public().(ed25519.PublicKey)).Short()
	if u, err = h.service.Confirm(ctx, enterprise, u.ID, hub.Identity{Fingerprint: fingerprint, Actor: "bench"}); err != nil {
		return err
	}
	_, err = h.count(ctx, u)
	return err
}

// exporter is the agent of the instance.
type exporter struct {
	to   usagefile.Recipient
	key  ed25519.PrivateKey
	last usagefile.Snapshot
}

func (x *exporter) export(w io.Writer, users usagefile.Users) error {
	receipt, err := usagefile.Encode(w, x.key, usagefile.Export{
		Instance:   usagefile.Instance{ServerID: "00000000-0000-4000-8000-000000000001", HostName: gen.Host(0), Version: "3.20.0"},
		Snapshot:   usagefile.Snapshot{Sequence: x.last.Sequence + 1, Previous: x.last.Digest, TakenAt: gen.At(), Nonce: usagefile.NewNonce()},
		Recipients: []usagefile.Recipient{x.to},
	}, users)
	if err != nil {
		return err
	}
	x.last = receipt.Header.Snapshot
	return nil
}

func usersOf(step Step, users int) usagefile.Users {
	if step == First {
		return gen.Users(users)
	}
	return func(yield func(licensing.ServerAccount, error) bool) {
		n := 0
		for a, err := range gen.Users(users) {
			if n++; n%changedShare == 0 {
				a.Emails = []licensing.ServerEmail{{Email: licensing.NewEmail("moved-" + a.UserID + "@acme.example"), Primary: true}}
			}
			if !yield(a, err) {
				return
			}
		}
	}
}

func take(users iter.Seq2[licensing.ServerAccount, error], most int) usagefile.Users {
	return func(yield func(licensing.ServerAccount, error) bool) {
		n := 0
		for a, err := range users {
			if n == most || !yield(a, err) {
				return
			}
			n++
		}
	}
}
