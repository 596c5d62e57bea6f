package agent_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/agent"
	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/enrolment"
	"github.com/oneseat/oneseat/usagefile"
)

// at is when everything in these tests begins.
func at() time.Time { return time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC) }

// kit is an agent whose source is a file.
type kit struct {
	t      *testing.T
	config agent.Config
	agent  *agent.Service
	source string
	moved  atomic.Int64 // how far the clock was moved, in nanoseconds
	files  int          // written so far
	key    *usagefile.Identity
	log    []string // actions that were recorded
}

// each runs a test on a kit over each engine.
func each(t *testing.T, test func(*kit)) {
	t.Helper()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) { test(newKit(t, db)) })
}

func newKit(t *testing.T, db *database.DB) *kit {
	t.Helper()
	key, err := usagefile.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	k := &kit{t: t, key: key, source: filepath.Join(t.TempDir(), "all_users.csv")}
	k.config = agent.Config{
		Store: store.New(db), Dir: filepath.Join(t.TempDir(), "state"), Source: &agent.Source{Text: k.source},
		HostName: "ghes-1.acme.example", Version: "3.17.2", Place: "here", Audit: k, Now: k.clock,
	}
	k.restart()
	if _, made, err := k.agent.Init(t.Context(), "mona"); err != nil || !made {
		t.Fatalf("got %v, %v", made, err)
	}
	return k
}

// restart makes the agent anew, as after a change of its configuration.
func (k *kit) restart() { k.agent = agent.New(k.config) }

func (k *kit) clock() time.Time { return at().Add(time.Duration(k.moved.Load())) }

// wait moves the clock, back too.
func (k *kit) wait(d time.Duration) { k.moved.Add(int64(d)) }

// Record is agent.Audit's.
func (k *kit) Record(_ context.Context, _ *sql.Tx, actor, action, _ string, details map[string]any) error {
	if strings.Contains(fmt.Sprint(details), "@") {
		return errors.New("an entry with an address")
	}
	k.log = append(k.log, actor+" "+action)
	return nil
}

// recorded says that an action was recorded since it was asked last.
func (k *kit) recorded(action string) bool {
	found := slices.ContainsFunc(k.log, func(entry string) bool { return strings.HasSuffix(entry, " "+action) })
	k.log = nil
	return found
}

const header = "created_at,id,login,email,role,suspended?,last_logged_ip,repos,ssh_keys,org_memberships,dormant?,last_active,raw_login,2fa_enabled?\n"

// user is a row of the report.
func user(id, login, email string) string {
	return "2020-03-12T08:00:00Z," + id + "," + login + "," + email + ",user,false,192.0.2.2,2,2,1,false,2026-11-01T08:00:00Z,,false\n"
}

func suspended(id, login, email string) string {
	return strings.Replace(user(id, login, email), "user,false,", "user,true,", 1)
}

func unseen(id, login, email string) string {
	return strings.Replace(strings.Replace(user(id, login, email), "192.0.2.2", "", 1), "2026-11-01T08:00:00Z", "", 1)
}

// people are rows of so many users from a number on.
func people(from, to int) string {
	var rows strings.Builder
	for n := from; n < to; n++ {
		rows.WriteString(user(fmt.Sprint(n), fmt.Sprintf("user-%d", n), fmt.Sprintf("user-%d@acme.example", n)))
	}
	return rows.String()
}

// write puts a file in the place of the source, which was produced a minute
// after the one before.
func (k *kit) write(text string) {
	k.t.Helper()
	if err := os.WriteFile(k.source, []byte(text), 0o600); err != nil {
		k.t.Fatal(err)
	}
	k.files++
	k.touch(at().Add(time.Duration(k.files) * time.Minute))
}

func (k *kit) touch(when time.Time) {
	k.t.Helper()
	if err := os.Chtimes(k.source, when, when); err != nil {
		k.t.Fatal(err)
	}
}

func (k *kit) mustCollect() *agent.Reading {
	k.t.Helper()
	r, err := k.agent.Collect(k.t.Context(), "mona", false)
	if err != nil || r == nil {
		k.t.Fatalf("got %v, %v", r, err)
	}
	return r
}

// mustCount writes a source and wants it to count.
func (k *kit) mustCount(text string) *agent.Reading {
	k.t.Helper()
	k.write(text)
	r := k.mustCollect()
	if r.State != store.Counts {
		k.t.Fatalf("the reading is %s: %v", r.State, r.Refusal)
	}
	return r
}

func (k *kit) mustStatus() *agent.Status {
	k.t.Helper()
	st, err := k.agent.Status(k.t.Context())
	if err != nil {
		k.t.Fatal(err)
	}
	return st
}

// issuer is an enterprise that signs enrolment files.
func issuer(seed string) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed([]byte(strings.Repeat(seed, ed25519.SeedSize)))
}

// enrolmentFile is one of acme, issued a number of days after the first.
func (k *kit) enrolmentFile(days int, change func(*enrolment.Enrolment)) []byte {
	k.t.Helper()
	e := enrolment.Enrolment{Slug: "acme", Name: "Acme", Hub: "https://hub.acme.example", Recipient: k.key.Recipient(), IssuedAt: at().AddDate(0, 0, days)}
	if change != nil {
		change(&e)
	}
	var text bytes.Buffer
	if err := enrolment.Encode(&text, issuer("a"), e); err != nil {
		k.t.Fatal(err)
	}
	return text.Bytes()
}

func (k *kit) mustEnrol() {
	k.t.Helper()
	text := k.enrolmentFile(0, nil)
	e, err := enrolment.Decode(bytes.NewReader(text))
	if err != nil {
		k.t.Fatal(err)
	}
	if _, err := k.agent.Enrol(k.t.Context(), "mona", bytes.NewReader(text), e.Fingerprint().Short()); err != nil {
		k.t.Fatal(err)
	}
}

// exported is a usage file that was made, opened by the enterprise.
type exported struct {
	name  string
	text  []byte
	users []string // "id address"
	*usagefile.Receipt
}

func (k *kit) mustExport(r agent.ExportRequest) *exported {
	k.t.Helper()
	e, err := k.agent.Export(k.t.Context(), "mona", r)
	if err != nil {
		k.t.Fatal(err)
	}
	text, err := io.ReadAll(e)
	if err = errors.Join(err, e.Close()); err != nil {
		k.t.Fatal(err)
	}
	v, err := usagefile.OpenVerified(bytes.NewReader(text), usagefile.Options{Identities: []*usagefile.Identity{k.key}})
	if err != nil {
		k.t.Fatal(err)
	}
	out := &exported{name: e.Name(), text: text, Receipt: v.Receipt()}
	for a, err := range v.Users() {
		if err != nil {
			k.t.Fatal(err)
		}
		line := a.UserID
		for _, one := range a.Emails {
			line += " " + one.Email.Address()
		}
		out.users = append(out.users, line)
	}
	return out
}

// fmtOf is a list as text.
func fmtOf(list []string) string { return fmt.Sprint(list) }

// keyOf is the sentence of an error.
func keyOf(err error) string {
	if said, ok := errors.AsType[interface {
		error
		Message() (string, map[string]any)
	}](err); ok {
		key, _ := said.Message()
		return key
	}
	return fmt.Sprint(err)
}
