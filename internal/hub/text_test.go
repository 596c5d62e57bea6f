package hub_test

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/internal/source"
)

// badHosts are no host names; all but the last can be written in a usage file.
func badHosts() []string {
	return []string{"https://ghes/", "-", "mona@home.example", "=cmd|x", "a:x", "a..example", "a b\r\n:x\x00\u202e"}
}

// TestAHostIsAHost: reports by hand, usage files and owners are refused alike.
func TestAHostIsAHost(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		for i, host := range badHosts() {
			_, err := k.hub.ReceiveCSV(t.Context(), k.e, csv("id,email\n1,mona@acme.example\n"), hub.ByHand{Host: host}, arrival())
			wantError(t, err, errs.Invalid, "hub.bad_host")
			if strings.ContainsAny(err.Error(), "\x00\r\n\u202e") {
				t.Errorf("the refusal shows %q as it is", err)
			}
			if i == len(badHosts())-1 {
				continue
			}
			file := k.export(newAgent(i+10, host), people{"1": "mona@acme.example"}.users())
			u, err := k.hub.ReceiveUsage(t.Context(), k.e, bytes.NewReader(file), arrival())
			wantError(t, err, errs.Invalid, "hub.bad_host")
			if u == nil || u.State != store.Refused || u.Refusal.Key != "hub.bad_host" {
				t.Errorf("%q is recorded as %+v", host, u)
			}
		}
		git := newAgent(1, "git.acme.example")
		u := k.mustReceive(k.export(git, people{"1": "mona@acme.example"}.users()), store.Waiting)
		_, err := k.hub.Confirm(t.Context(), k.e, u.ID, hub.Identity{Fingerprint: fingerprint(git).String(), HostName: "a:x", Actor: "mona"})
		wantError(t, err, errs.Invalid, "hub.bad_host")
	})
}

// TestDatesToComeAreRefused: what has one would be young for ever.
func TestDatesToComeAreRefused(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		ahead := at().Add(25 * time.Hour)
		report := func(when time.Time) error {
			a := arrival()
			a.Supersede = true
			_, err := k.hub.ReceiveCSV(t.Context(), k.e, csv("id,email\n1,mona@acme.example\n"), hub.ByHand{Host: "git.acme.example", TakenAt: when}, a)
			return err
		}
		wantError(t, report(ahead), errs.Invalid, "hub.date_ahead")
		if err := report(at().Add(23 * time.Hour)); err != nil {
			t.Error(err)
		}
		late := strings.Replace(list("mona"), `"as_of": "2026-`, `"as_of": "9999-`, 1)
		file := source.File{Name: "cloud.json", Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(late)), nil }}
		_, err := k.hub.LoadCloud(t.Context(), k.e, []source.File{file}, false, arrival())
		wantError(t, err, errs.Invalid, "hub.date_ahead")
	})
}

// TestTextsStandOnOneLine: names of files and reasons come from outside.
func TestTextsStandOnOneLine(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		a := arrival()
		a.FileName = "a\r\nX-Evil:\x00\xff \u202ename\x1b.json"
		u, err := k.hub.ReceiveUsage(t.Context(), k.e, strings.NewReader("no usage file"), a)
		if err == nil || u == nil || u.FileName != "a  X-Evil: name.json" {
			t.Errorf("kept as %+v, %v", u, err)
		}
		for _, name := range []string{"", "a\r\nfake line", "a\u202eb", "a\x00", strings.Repeat("x", 201)} {
			_, err := k.hub.ChangeSettings(t.Context(), k.e, "mona", func(into *string, _ *hub.Settings) { *into = name })
			wantError(t, err, errs.Invalid, "hub.bad_name")
		}
		_, _, err = k.hub.Init(t.Context(), "fake", "fake\nline", hub.Settings{}, "mona")
		wantError(t, err, errs.Invalid, "hub.bad_name")
	})
}

// TestARefusalThatCannotBeRecordedIsNone: nobody escapes the audit log.
func TestARefusalThatCannotBeRecordedIsNone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db, func(c *hub.Config) { c.Audit = &diary{} })
		u, err := k.hub.ReceiveUsage(t.Context(), k.e, strings.NewReader("no usage file"), hub.Arrival{})
		if u != nil || errs.KindOf(err) != errs.Internal || errs.Judged(err) {
			t.Errorf("got %+v, %v", u, err)
		}
	})
}
