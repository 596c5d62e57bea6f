package hub_test

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/internal/source"
	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/usagefile"
)

// at is when everything in these tests happens.
func at() time.Time { return time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC) }

// kit is a hub with one enterprise.
type kit struct {
	t    *testing.T
	db   *database.DB
	hub  *hub.Service
	e    int64
	to   usagefile.Recipient
	tick atomic.Int64
	now  func() // called whenever the hub reads its clock
	// config is what the hub was made with, to make others like it.
	config hub.Config
}

func newKit(t *testing.T, db *database.DB, more ...func(*hub.Config)) *kit {
	t.Helper()
	k := &kit{t: t, db: db, now: func() {}}
	k.config = hub.Config{Store: store.New(db), Keys: hub.KeyDir(t.TempDir()), Now: k.clock, Version: "test"}
	for _, set := range more {
		set(&k.config)
	}
	k.hub = hub.New(k.config)
	info, to, err := k.hub.Init(t.Context(), "acme", "Acme", hub.Settings{}, "mona")
	if err != nil {
		t.Fatal(err)
	}
	k.e, k.to = info.Number, to
	return k
}

// clock is a microsecond later each time.
func (k *kit) clock() time.Time {
	k.now()
	return at().Add(time.Duration(k.tick.Add(1)) * time.Microsecond)
}

// agent is a server instance.
type agent struct {
	id, host string
	key      ed25519.PrivateKey
	rotation *usagefile.Rotation
	last     usagefile.Snapshot
}

func newAgent(n int, host string) *agent {
	seed := bytes.Repeat([]byte{byte(n)}, ed25519.SeedSize)
	return &agent{id: fmt.Sprintf("5f0c6a5e-2b1d-4c57-9a43-%012d", n), host: host, key: ed25519.NewKeyFromSeed(seed)}
}

// people is what an instance says: primary address by user id.
type people map[string]string

func (p people) users() usagefile.Users {
	return func(yield func(licensing.ServerAccount, error) bool) {
		for _, id := range slices.Sorted(maps.Keys(p)) {
			a := licensing.ServerAccount{UserID: id, Emails: []licensing.ServerEmail{{Email: licensing.NewEmail(p[id]), Primary: true}}}
			if !yield(a, nil) {
				return
			}
		}
	}
}

// export writes the next usage file of an instance.
func (k *kit) export(a *agent, users usagefile.Users) []byte {
	k.t.Helper()
	a.last = usagefile.Snapshot{
		Sequence: a.last.Sequence + 1, Previous: a.last.Digest, TakenAt: at(), SourceAt: at().Add(-time.Hour), Nonce: usagefile.NewNonce(),
	}
	return k.exportAgain(a, users)
}

// exportAgain writes a usage file of the same snapshot.
func (k *kit) exportAgain(a *agent, users usagefile.Users) []byte {
	k.t.Helper()
	var file bytes.Buffer
	x := usagefile.Export{
		Instance:   usagefile.Instance{ServerID: a.id, HostName: a.host, Version: "3.17.2", Rotation: a.rotation},
		Snapshot:   a.last,
		Recipients: []usagefile.Recipient{k.to},
	}
	x.Snapshot.Digest, x.Snapshot.UserCount = usagefile.Digest{}, 0
	receipt, err := usagefile.Encode(&file, a.key, x, users)
	if err != nil {
		k.t.Fatal(err)
	}
	a.last = receipt.Header.Snapshot
	return file.Bytes()
}

func arrival() hub.Arrival { return hub.Arrival{FileName: "usage.json", Actor: "mona"} }

func (k *kit) receive(file []byte) (*hub.Upload, error) {
	k.t.Helper()
	return k.hub.ReceiveUsage(k.t.Context(), k.e, bytes.NewReader(file), arrival())
}

func (k *kit) mustReceive(file []byte, want hub.UploadState) *hub.Upload {
	k.t.Helper()
	u, err := k.receive(file)
	if err != nil {
		k.t.Fatal(err)
	}
	if u.State != want {
		k.t.Fatalf("the upload is %s, want %s", u.State, want)
	}
	return u
}

func (k *kit) confirm(a *agent, u *hub.Upload) *hub.Upload {
	k.t.Helper()
	u, err := k.hub.Confirm(k.t.Context(), k.e, u.ID, hub.Identity{Fingerprint: fingerprint(a).Short(), Actor: "mona"})
	if err != nil {
		k.t.Fatal(err)
	}
	return u
}

func fingerprint(a *agent) usagefile.Fingerprint {
	return usagefile.KeyFingerprint(a.key.Public().(ed25519.PublicKey))
}

func (k *kit) apply(u *hub.Upload) *hub.Result {
	k.t.Helper()
	if _, err := k.hub.Apply(k.t.Context(), k.e, u.ID, "mona"); err != nil {
		k.t.Fatal(err)
	}
	r, err := k.hub.Recount(k.t.Context(), k.e, "mona", false)
	if err != nil {
		k.t.Fatal(err)
	}
	return r
}

// join makes people of an instance count.
func (k *kit) join(a *agent, p people) *hub.Result {
	k.t.Helper()
	u := k.mustReceive(k.export(a, p.users()), store.Waiting)
	return k.apply(k.confirm(a, u))
}

func (k *kit) load(list string) *hub.Upload {
	k.t.Helper()
	file := source.File{Name: "cloud.json", Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(list)), nil }}
	u, err := k.hub.LoadCloud(k.t.Context(), k.e, []source.File{file}, false, arrival())
	if err != nil {
		k.t.Fatal(err)
	}
	return u
}

// list is a cloud list with one account per login, a member with a verified
// address of that name.
func list(logins ...string) string {
	var users []string
	for _, login := range logins {
		users = append(users, fmt.Sprintf(`{"login": %q, "emails": [{"email": %q, "verified": true}],
			"organizations": [{"login": "eng", "role": "Member"}]}`, login, login+"@acme.example"))
	}
	return `{"format": "oneseat-cloud-list/1", "as_of": "2026-11-20T08:00:00Z", "enterprise": {"slug": "acme"},
		"verified_domains": ["acme.example"], "users": [` + strings.Join(users, ",") + `]}`
}

// wantError checks kind and sentence of an error.
func wantError(t *testing.T, err error, kind errs.Kind, key string) {
	t.Helper()
	named, ok := errors.AsType[interface {
		error
		Message() (string, map[string]any)
	}](err)
	if !ok {
		t.Fatalf("got %v, want %s", err, key)
	}
	if got, _ := named.Message(); got != key || errs.KindOf(err) != kind {
		t.Fatalf("got %v error %q, want %v error %q", errs.KindOf(err), got, kind, key)
	}
}

// wantChanges checks the tallies of a difference, kinds that did not happen
// aside: "joined 1 -1".
func wantChanges(t *testing.T, d hub.Difference, want ...string) {
	t.Helper()
	var got []string
	for _, c := range d.Tallies {
		if c.Count > 0 {
			got = append(got, fmt.Sprintf("%s %d %+d", c.Kind, c.Count, c.Licenses))
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("changes are %q, want %q", got, want)
	}
}

// names are the people of a result, in order.
func (k *kit) names(r *hub.Result, list hub.List) []string {
	k.t.Helper()
	var out []string
	for from := int64(0); ; from += hub.MaxPage {
		page, err := k.hub.People(k.t.Context(), k.e, r.Number, list, from, hub.MaxPage)
		if err != nil {
			k.t.Fatal(err)
		}
		for _, p := range page {
			out = append(out, p.Name.Address())
		}
		if len(page) < hub.MaxPage {
			return out
		}
	}
}

func (k *kit) mustNames(r *hub.Result, want ...string) {
	k.t.Helper()
	if got := k.names(r, hub.AllPeople); !slices.Equal(got, want) {
		k.t.Errorf("people are %q, want %q", got, want)
	}
}
