package signin_test

import (
	"context"
	"database/sql"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/signin"
)

// acme and globex are two enterprises.
const acme, globex = int64(1), int64(2)

var morning = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)

// kit is a desk and its door with a clock that a test sets.
type kit struct {
	*signin.Desk

	door *signin.Door

	t       *testing.T
	db      *database.DB
	elapsed atomic.Int64 // since morning
}

// Each runs a test with a desk over an empty database of each engine.
func Each(t *testing.T, test func(*testing.T, *kit)) {
	t.Helper()
	dbtest.Each(t, nil, func(t *testing.T, db *database.DB) {
		k := &kit{t: t, db: db}
		k.Desk = signin.New(db, k.now)
		k.door = signin.NewDoor(k.Desk, signin.DoorConfig{})
		test(t, k)
	}, signin.Migrate)
}

func (k *kit) now() time.Time { return morning.Add(time.Duration(k.elapsed.Load())) }

func (k *kit) pass(d time.Duration) { k.elapsed.Add(int64(d)) }

func (k *kit) mustToken(n signin.NewToken) (string, signin.Token) {
	k.t.Helper()
	secret, token, err := k.CreateToken(k.t.Context(), signin.CommandLine(n.Enterprise), n)
	if err != nil {
		k.t.Fatal(err)
	}
	return secret.Text(), token
}

func (k *kit) mustOwner(n signin.NewOwner) (string, signin.Owner) {
	k.t.Helper()
	secret, owner, err := k.AddOwner(k.t.Context(), signin.CommandLine(n.Enterprise), n)
	if err != nil {
		k.t.Fatal(err)
	}
	return secret.Text(), owner
}

func (k *kit) record(ctx context.Context, e signin.Entry) error {
	return k.db.InTx(ctx, func(tx *sql.Tx) error { return k.Record(ctx, tx, e) })
}

func (k *kit) mustEntries(enterprise int64, f signin.Filter) []signin.Entry {
	k.t.Helper()
	entries, err := k.Entries(k.t.Context(), enterprise, 0, signin.MaxEntries, f)
	if err != nil {
		k.t.Fatal(err)
	}
	return entries
}

func (k *kit) mustVerify(enterprise int64) signin.Verdict {
	k.t.Helper()
	verdict, err := k.Verify(k.t.Context(), enterprise)
	if err != nil {
		k.t.Fatal(err)
	}
	return verdict
}

func (k *kit) mustExec(statement string, args ...any) {
	k.t.Helper()
	if _, err := k.db.Write.ExecContext(k.t.Context(), statement, args...); err != nil {
		k.t.Fatalf("%s: %v", statement, err)
	}
}

// wantError demands an error of a kind that names a sentence.
func wantError(t *testing.T, err error, kind errs.Kind, key string) {
	t.Helper()
	got := ""
	if said, ok := err.(interface {
		Message() (string, map[string]any)
	}); ok {
		got, _ = said.Message()
	}
	if errs.KindOf(err) != kind || got != key {
		t.Errorf("got %v (%v), want %s (%v)", err, errs.KindOf(err), key, kind)
	}
}

// mustRecordAtOnce records n entries, hundreds in a transaction.
func (k *kit) mustRecordAtOnce(n int) {
	k.t.Helper()
	for some := range slices.Chunk(make([]struct{}, n), 200) {
		err := k.db.InTx(k.t.Context(), func(tx *sql.Tx) error {
			for range some {
				if err := k.Record(k.t.Context(), tx, entry("upload")); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			k.t.Fatal(err)
		}
	}
}
