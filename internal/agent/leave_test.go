package agent_test

import (
	"bytes"
	"crypto/sha256"
	"os"
	"path/filepath"
	"testing"

	"github.com/oneseat/oneseat/internal/agent"
	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/enrolment"
	"github.com/oneseat/oneseat/usagefile"
)

// TestThePageAndTheFileAgree: what is shown before an export is what the file
// holds.
func TestThePageAndTheFileAgree(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.mustCount(header + user("1", "robot", "") + user("2", "ada", "ada@acme.example") + suspended("3", "sven", "s@acme.example"))
		before, err := k.agent.Leaving(t.Context(), 0, "CHG-7")
		if err != nil || before.Blocked == nil || before.Blocked.Key != "agent.nobody_to_seal_to" {
			t.Fatalf("got %+v, %v", before, err)
		}
		k.mustEnrol()
		l, err := k.agent.Leaving(t.Context(), 0, "CHG-7")
		if err != nil || l.Blocked != nil || !l.Sealed {
			t.Fatalf("got %+v, %v", l, err)
		}
		h := k.mustExport(agent.ExportRequest{Note: "CHG-7"}).Header
		if l.Header.Audience != h.Audience || l.Header.Snapshot.Digest != h.Snapshot.Digest || l.Header.Snapshot.Note != h.Snapshot.Note ||
			l.Header.Instance.ServerID != h.Instance.ServerID || !l.Header.Instance.PublicKey.Equal(h.Instance.PublicKey) || len(l.Header.Recipients) != 1 {
			t.Errorf("shown %+v, exported %+v", l.Header, h)
		}
		if id, email := l.Fields[0], l.Fields[1]; id.Sample != "2" || id.Count != 2 || email.Email.Address() != "ada@acme.example" || email.Count != 1 {
			t.Errorf("got %+v", l.Fields)
		}
		if last := l.Stays[len(l.Stays)-1]; last.What != "agent.stays.suspended" || last.Count != 1 {
			t.Errorf("got %+v", l.Stays)
		}
	})
}

func TestInClearOnlyWhereTheSiteSaysSo(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.config.Cleartext = true
		k.restart()
		k.mustCount(header + people(1, 4))
		e := k.mustExport(agent.ExportRequest{})
		if e.Header.Sealed() || !bytes.Contains(e.text, []byte("user-1@acme.example")) || !e.Header.Audience.IsZero() {
			t.Errorf("got %+v", e.Header)
		}
		k.mustEnrol()
		if e := k.mustExport(agent.ExportRequest{}); e.Header.Sealed() || e.Header.Audience != k.key.Recipient().Fingerprint() {
			t.Errorf("got %+v", e.Header)
		}
	})
}

// TestNothingElseOfAPersonLeaves: neither login nor anything else of the report.
func TestNothingElseOfAPersonLeaves(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.config.Cleartext = true
		k.restart()
		k.mustCount(header + user("77", "adalogin", "ada@acme.example"))
		text := k.mustExport(agent.ExportRequest{}).text
		for _, secret := range []string{"adalogin", "192.0.2.2", "2020-03-12", "2026-11-01"} {
			if bytes.Contains(text, []byte(secret)) {
				t.Errorf("the file has %s", secret)
			}
		}
	})
}

func TestEnrolmentsAreBelievedOnceAndThenByTheirKey(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		enrol := func(text []byte, fingerprint string) error {
			_, err := k.agent.Enrol(t.Context(), "mona", bytes.NewReader(text), fingerprint)
			return err
		}
		first := k.enrolmentFile(0, nil)
		e, err := enrolment.Decode(bytes.NewReader(first))
		if err != nil {
			t.Fatal(err)
		}
		if err := enrol(first, ""); keyOf(err) != "agent.compare_fingerprint" {
			t.Errorf("believed at once: %v", err)
		}
		if err := enrol(first, "0000 0000 0000 0000"); keyOf(err) != "agent.other_fingerprint" || !k.recorded(agent.AuditEnrolRefused) {
			t.Errorf("got %v", err)
		}
		if err := enrol(first, e.Fingerprint().String()); err != nil || !k.recorded(agent.AuditEnrolled) {
			t.Fatal(err)
		}
		for name, test := range map[string]struct {
			text []byte
			want string
		}{
			"older":              {k.enrolmentFile(-1, nil), "enrolment.older"},
			"another enterprise": {k.enrolmentFile(1, func(e *enrolment.Enrolment) { e.Slug = "globex" }), "enrolment.other_enterprise"},
			"edited":             {bytes.Replace(first, []byte("hub.acme"), []byte("hub.evil"), 1), "enrolment.changed"},
		} {
			if err := enrol(test.text, ""); keyOf(err) != test.want || !k.recorded(agent.AuditEnrolRefused) {
				t.Errorf("%s: got %v, want %s", name, err, test.want)
			}
			if now, err := k.agent.Enrolment(t.Context()); err != nil || !now.IssuedAt.Equal(e.IssuedAt) {
				t.Errorf("%s: now %+v, %v", name, now, err)
			}
		}
		seats := func(e *enrolment.Enrolment) { e.Licenses = &enrolment.Licenses{Seats: 40} }
		if err := enrol(k.enrolmentFile(1, seats), ""); err != nil {
			t.Error(err)
		}
		k.mustCount(header + people(1, 4))
		if l := k.mustStatus().Licenses; l.Total != 40 || l.From != agent.TotalEnrolment || l.Consumed != 3 || l.Available != 37 {
			t.Errorf("got %+v", l)
		}
		if err := k.agent.Leave(t.Context(), "mona"); err != nil || !k.recorded(agent.AuditLeft) {
			t.Error(err)
		}
		if err := k.agent.Leave(t.Context(), "mona"); keyOf(err) != "agent.not_enrolled" {
			t.Errorf("got %v", err)
		}
	})
}

func TestUsersAreListedAndFound(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.mustCount(header + user("10", "Ada", "ada@acme.example") + user("9", "bob", "bob@acme.example") + user("11", "bot", "") +
			suspended("12", "sven", "sven@acme.example") + unseen("13", "zoe", "ADA@acme.example") + user("1", "ghost", ""))
		list := func(q agent.UsersQuery, after string, limit int) (ids []string, next string) {
			page, err := k.agent.Users(t.Context(), q, after, limit)
			if err != nil {
				t.Fatal(err)
			}
			for i := range page.Users {
				ids = append(ids, page.Users[i].UserID)
			}
			return ids, page.Next
		}
		for name, test := range map[string]struct {
			query agent.UsersQuery
			want  string
		}{
			"all":             {agent.UsersQuery{}, "[10 9 11 1 12 13]"},
			"active":          {agent.UsersQuery{Show: agent.ShowActive}, "[10 9 11 13]"},
			"suspended":       {agent.UsersQuery{Show: agent.ShowSuspended}, "[12]"},
			"staying":         {agent.UsersQuery{Show: agent.ShowStaying}, "[1 12]"},
			"without address": {agent.UsersQuery{Show: agent.ShowWithoutAddress}, "[11]"},
			"duplicate":       {agent.UsersQuery{Show: agent.ShowDuplicate}, "[10 13]"},
			"no sign-in":      {agent.UsersQuery{Show: agent.ShowNoSignIn}, "[13]"},
			"by login":        {agent.UsersQuery{Text: "ADA"}, "[10 13]"},
			"by id":           {agent.UsersQuery{Text: "12"}, "[12]"},
			"two words":       {agent.UsersQuery{Text: "acme b"}, "[9]"},
			"nobody":          {agent.UsersQuery{Text: "100%"}, "[]"},
		} {
			if got, _ := list(test.query, "", 50); fmtOf(got) != test.want {
				t.Errorf("%s: got %v, want %s", name, got, test.want)
			}
		}
		var walked []string
		for after := ""; ; {
			ids, next := list(agent.UsersQuery{}, after, 2)
			walked = append(walked, ids...)
			if after = next; after == "" {
				break
			}
		}
		if fmtOf(walked) != "[10 9 11 1 12 13]" {
			t.Errorf("page by page: %v", walked)
		}
		u, err := k.agent.User(t.Context(), "10")
		if err != nil || !u.Shared || len(u.Others) != 1 || u.Others[0].UserID != "13" || !u.Leaves {
			t.Errorf("got %+v, %v", u, err)
		}
		if u, err := k.agent.User(t.Context(), "12"); err != nil || u.Leaves || u.Why != "agent.why.suspended" || u.SignIn != store.SignInSeen {
			t.Errorf("got %+v, %v", u, err)
		}
		if _, err := k.agent.Users(t.Context(), agent.UsersQuery{Show: "dormant"}, "", 10); keyOf(err) != "agent.bad_show" {
			t.Errorf("got %v", err)
		}
	})
}

// TestAFileNamesTheLicense: a usage file has the hash of the server's license
// file, and none when nobody named one.
func TestAFileNamesTheLicense(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.mustEnrol()
		k.mustCount(header + people(1, 3))
		if got := k.mustExport(agent.ExportRequest{}).Header.Instance.License; !got.IsZero() {
			t.Errorf("nobody named a license, and the file says %v", got)
		}
		k.config.LicenseFile = filepath.Join(t.TempDir(), "license.ghl")
		if err := os.WriteFile(k.config.LicenseFile, []byte("a license"), 0o600); err != nil {
			t.Fatal(err)
		}
		k.restart()
		want := usagefile.Digest(sha256.Sum256([]byte("a license")))
		if got := k.mustExport(agent.ExportRequest{}).Header.Instance.License; got != want {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}
