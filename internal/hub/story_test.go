package hub_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/internal/source"
	"github.com/oneseat/oneseat/usagefile"
)

func TestUsageIsAddedAppliedAndUndone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		r := k.apply(k.load(list("mona", "hubot")))
		if r.Statement.Licenses != 2 || r.Visibility.High != 2 {
			t.Fatalf("the cloud side consumes %d, want 2", r.Statement.Licenses)
		}
		git := newAgent(1, "git.acme.example")
		u := k.mustReceive(k.export(git, people{"1": "mona@acme.example", "2": "new@acme.example"}.users()), store.Waiting)
		if now, err := k.hub.Current(t.Context(), k.e); err != nil || now.Number != r.Number {
			t.Fatalf("a held upload made a result: %v", err)
		}
		u = k.confirm(git, u)
		preview, err := k.hub.Result(t.Context(), k.e, u.PreviewResult)
		if err != nil {
			t.Fatal(err)
		}
		wantChanges(t, preview.Difference, "appeared 1 +1", "altered 1 +0")
		k.mustNames(r, "hubot", "mona")
		r = k.apply(u)
		if r.Difference.Digest != preview.Difference.Digest {
			t.Errorf("the result changed something else than the preview said")
		}
		k.mustNames(r, "hubot", "mona", "new@acme.example")
		r = k.apply(k.mustReceive(k.export(git, people{"1": "new@acme.example"}.users()), store.Preview))
		wantChanges(t, r.Difference, "joined 1 +0")

		snaps, err := k.hub.Snapshots(t.Context(), k.e, u.Source, 10)
		if err != nil || len(snaps) != 2 {
			t.Fatalf("%d snapshots, %v; want 2", len(snaps), err)
		}
		_, err = k.hub.Undo(t.Context(), k.e, u.Source, snaps[1].Seq, "", arrival())
		wantError(t, err, errs.Invalid, "hub.no_reason")
		back, err := k.hub.Undo(t.Context(), k.e, u.Source, snaps[1].Seq, "half of the people were missing", arrival())
		if err != nil {
			t.Fatal(err)
		}
		k.mustNames(k.apply(back), "hubot", "mona", "new@acme.example")
		k.mustReceive(k.export(git, people{}.users()), store.Preview)
	})
}

func TestChangesHaveNames(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		k.apply(k.load(list("mona")))
		git := newAgent(1, "git.acme.example")
		k.join(git, people{"1": "old@acme.example"})
		r := k.apply(k.mustReceive(k.export(git, people{"1": "mona@acme.example"}.users()), store.Preview))
		changes, err := k.hub.Changes(t.Context(), k.e, r.Number, 0, 10)
		if err != nil || len(changes) != 1 {
			t.Fatalf("%d changes, %v; want 1", len(changes), err)
		}
		c := changes[0]
		var before []string
		for _, p := range c.Before {
			before = append(before, p.Name.Address())
		}
		slices.Sort(before)
		if c.Kind != "joined" || c.Licenses != -1 || !slices.Equal(before, []string{"mona", "old@acme.example"}) ||
			len(c.After) != 1 || c.After[0].Name.Address() != "mona" || c.After[0].Accounts != 2 {
			t.Errorf("got %+v", c)
		}
		p, err := k.hub.Person(t.Context(), k.e, r.Number, c.After[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Person.Servers[0].Reason; got.Rule.String() != "R4" || got.Value.Address() != "mona@acme.example" {
			t.Errorf("the reason is %+v", got)
		}
		if row := r.Row(p); row.Login != "mona" || row.Accounts != 2 || len(row.VerifiedDomainEmails) != 1 {
			t.Errorf("the row is %+v", row)
		}
	})
}

func TestFilesAreRefusedWithTheirSentence(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		git := newAgent(1, "git.acme.example")
		first := people{"1": "mona@acme.example"}
		old := k.export(git, first.users())
		k.apply(k.confirm(git, k.mustReceive(old, store.Waiting)))
		second := k.export(git, people{"2": "mona@acme.example"}.users())
		r := k.apply(k.mustReceive(second, store.Preview))

		clone := *git
		clone.last = usagefile.Snapshot{Sequence: 1, Nonce: usagefile.NewNonce()}
		stranger := *git
		stranger.key = newAgent(9, "").key
		stranger.last.Sequence = 5
		changed := bytes.Replace(bytes.Clone(second), []byte(`"3.17.2"`), []byte(`"3.17.3"`), 1)
		for name, c := range map[string]struct {
			file []byte
			key  string
		}{
			"no JSON":         {[]byte("<html>"), "usagefile.web_page"},
			"truncated":       {second[:len(second)/2], "usagefile.truncated"},
			"changed":         {changed, "usagefile.wrong_signature"},
			"an old snapshot": {old, "usagefile.rollback"},
			"a clone":         {k.export(&clone, people{"3": "mona@acme.example"}.users()), "usagefile.cloned"},
			"another key":     {k.export(&stranger, first.users()), "usagefile.key_changed"},
		} {
			u, err := k.receive(c.file)
			wantError(t, err, errs.Internal, c.key)
			kept, err := k.hub.Upload(t.Context(), k.e, u.ID)
			if err != nil || kept.State != store.Refused || kept.Refusal == nil || kept.Refusal.Key != c.key {
				t.Errorf("%s: recorded as %+v, %v", name, kept, err)
			}
		}
		_, err := k.receive(second)
		wantError(t, err, errs.Conflict, "hub.already_counted")
		if now, err := k.hub.Recount(t.Context(), k.e, "mona", false); err != nil || now.Number != r.Number {
			t.Errorf("a refused file changed something: %v", err)
		}
	})
}

func TestAFileForAnotherEnterpriseIsRefused(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		_, other, err := k.hub.Init(t.Context(), "other", "", hub.Settings{}, "mona")
		if err != nil {
			t.Fatal(err)
		}
		k.to = other
		_, err = k.receive(k.export(newAgent(1, "git.acme.example"), people{}.users()))
		wantError(t, err, errs.Internal, "usagefile.other_audience")
	})
}

func TestTheSecondUploadIsToldOfTheFirst(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		git := newAgent(1, "git.acme.example")
		k.join(git, people{"1": "mona@acme.example"})
		first := k.mustReceive(k.export(git, people{"2": "a@acme.example"}.users()), store.Preview)
		file := k.export(git, people{"3": "b@acme.example"}.users())
		_, err := k.receive(file)
		wantError(t, err, errs.Conflict, "hub.upload_pending")
		if !strings.Contains(err.Error(), first.ID) {
			t.Errorf("%v does not name upload %s", err, first.ID)
		}
		a := arrival()
		a.Supersede = true
		stranger := *git
		stranger.key = newAgent(9, "").key
		_, err = k.hub.ReceiveUsage(t.Context(), k.e, bytes.NewReader(k.exportAgain(&stranger, people{}.users())), a)
		wantError(t, err, errs.Internal, "usagefile.key_changed")
		if got, err := k.hub.Upload(t.Context(), k.e, first.ID); err != nil || got.State != store.Preview {
			t.Fatalf("a refused file superseded the first: %+v, %v", got, err)
		}
		second, err := k.hub.ReceiveUsage(t.Context(), k.e, bytes.NewReader(file), a)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := k.hub.Upload(t.Context(), k.e, first.ID); err != nil || got.State != store.Superseded {
			t.Errorf("the first is %+v, %v", got, err)
		}
		k.mustNames(k.apply(second), "b@acme.example")
	})
}

func TestAnUnknownInstanceIsConfirmedOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		git := newAgent(1, "git.acme.example")
		u := k.mustReceive(k.export(git, people{"1": "mona@acme.example"}.users()), store.Waiting)
		_, err := k.hub.Apply(t.Context(), k.e, u.ID, "mona")
		wantError(t, err, errs.Conflict, "hub.not_in_preview")
		_, err = k.hub.Confirm(t.Context(), k.e, u.ID, hub.Identity{Fingerprint: "0000 0000 0000 0000"})
		wantError(t, err, errs.Invalid, "hub.other_fingerprint")
		if _, err := k.hub.Discard(t.Context(), k.e, u.ID, "mona"); err != nil {
			t.Fatal(err)
		}
		if all, err := k.hub.Sources(t.Context(), k.e); err != nil || len(all) != 1 {
			t.Errorf("a discarded stranger left %d sources, %v", len(all), err)
		}
		k.mustNames(k.join(git, people{"1": "mona@acme.example"}), "mona@acme.example")
	})
}

func TestAMachineSetUpAgainContinuesItsHistory(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		k.join(newAgent(1, "git.acme.example"), people{"1": "mona@acme.example", "2": "hubot@acme.example"})
		again := newAgent(2, "GIT.acme.example:443")
		u := k.mustReceive(k.export(again, people{"1": "mona@acme.example"}.users()), store.Waiting)
		header, err := hub.HeaderOf(u)
		if err != nil || header.KnownHost == 0 {
			t.Fatalf("nobody is asked which instance it is: %+v, %v", header, err)
		}
		id := hub.Identity{Fingerprint: fingerprint(again).String()}
		_, err = k.hub.Confirm(t.Context(), k.e, u.ID, id)
		wantError(t, err, errs.Conflict, "hub.host_known")
		id.SameAs = header.KnownHost
		u, err = k.hub.Confirm(t.Context(), k.e, u.ID, id)
		if err != nil {
			t.Fatal(err)
		}
		r := k.apply(u)
		wantChanges(t, r.Difference, "vanished 1 -1")
		k.mustNames(r, "mona@acme.example")
		k.mustReceive(k.export(again, people{}.users()), store.Preview)
		if all, err := k.hub.Sources(t.Context(), k.e); err != nil || len(all) != 2 || all[1].ServerID != again.id {
			t.Errorf("sources are %+v, %v", all, err)
		}
	})
}

func TestAnotherMachineOfTheSameNameGetsAnotherName(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		k.join(newAgent(1, "localhost"), people{"1": "mona@acme.example"})
		other := newAgent(2, "localhost")
		u := k.mustReceive(k.export(other, people{"1": "hubot@acme.example"}.users()), store.Waiting)
		u, err := k.hub.Confirm(t.Context(), k.e, u.ID, hub.Identity{Fingerprint: fingerprint(other).Short(), HostName: "lab.acme.example"})
		if err != nil {
			t.Fatal(err)
		}
		r := k.apply(u)
		k.mustNames(r, "hubot@acme.example", "mona@acme.example")
		if len(r.Instances) != 2 {
			t.Errorf("%d instances are counted, want 2", len(r.Instances))
		}
	})
}

func TestARotatedKeyIsAccepted(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		git := newAgent(1, "git.acme.example")
		k.join(git, people{"1": "mona@acme.example"})
		next := newAgent(7, "").key
		git.rotation = usagefile.MakeRotation(git.id, git.key, next.Public().(ed25519.PublicKey))
		git.key = next
		k.apply(k.mustReceive(k.export(git, people{"1": "mona@acme.example"}.users()), store.Preview))
		k.mustReceive(k.export(git, people{}.users()), store.Preview)
	})
}

func csv(text string) source.File {
	return source.File{Name: "all_users.csv", Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}
}

func TestAReportByHandDoesNotReplaceASignedInstance(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		file := csv("id,email\n10,b@acme.example\n9,a@acme.example\n")
		u, err := k.hub.ReceiveCSV(t.Context(), k.e, file, hub.ByHand{Host: "old.acme.example"}, arrival())
		if err != nil {
			t.Fatal(err)
		}
		_, err = k.hub.ReceiveCSV(t.Context(), k.e, file, hub.ByHand{Host: "OLD.acme.example"}, arrival())
		wantError(t, err, errs.Conflict, "hub.upload_pending")
		k.mustNames(k.apply(u), "a@acme.example", "b@acme.example")
		k.join(newAgent(1, "git.acme.example"), people{"1": "mona@acme.example"})
		_, err = k.hub.ReceiveCSV(t.Context(), k.e, file, hub.ByHand{Host: "git.acme.example"}, arrival())
		wantError(t, err, errs.Conflict, "hub.signed_instance")
		u, err = k.hub.ReceiveCSV(t.Context(), k.e, file, hub.ByHand{Host: "git.acme.example", ReplaceSigned: true}, arrival())
		if err != nil {
			t.Fatal(err)
		}
		if r := k.apply(u); r.Statement.ServerAccounts != 4 || r.Inputs[0].Signed {
			t.Errorf("got %+v, signed %v", r.Statement, r.Inputs[0].Signed)
		}
	})
}

func TestAPreviewThatWouldDoSomethingElseIsNotApplied(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		git := newAgent(1, "git.acme.example")
		k.join(git, people{})
		k.apply(k.load(list("hubot")))
		u := k.mustReceive(k.export(git, people{"1": "mona@acme.example"}.users()), store.Preview)
		first := u.PreviewResult
		k.apply(k.load(list("hubot", "mona"))) // now mona is somebody
		u, err := k.hub.Apply(t.Context(), k.e, u.ID, "mona")
		wantError(t, err, errs.Conflict, "hub.preview_changed")
		if u.State != store.Preview || u.PreviewResult == first {
			t.Errorf("the upload is %s with preview %d", u.State, u.PreviewResult)
		}
		wantChanges(t, k.apply(u).Difference, "altered 1 +0")

		u = k.mustReceive(k.export(git, people{}.users()), store.Preview)
		k.apply(k.load(list("hubot", "mona", "elsewhere"))) // stale, and nothing to do with it
		wantChanges(t, k.apply(u).Difference, "altered 1 +0")
	})
}

func TestAChangeDuringARecountIsCountedAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		git := newAgent(1, "git.acme.example")
		k.join(git, people{"1": "mona@acme.example"})
		u := k.mustReceive(k.export(git, people{"1": "mona@acme.example", "2": "hubot@acme.example"}.users()), store.Preview)
		counting := true
		k.now = func() { // the first thing a recount asks for is the time
			if counting {
				counting = false
				if _, err := k.hub.Apply(t.Context(), k.e, u.ID, "mona"); err != nil {
					t.Error(err)
				}
			}
		}
		r, err := k.hub.Recount(t.Context(), k.e, "mona", true)
		if err != nil {
			t.Fatal(err)
		}
		k.mustNames(r, "hubot@acme.example", "mona@acme.example")
	})
}

func TestOldPeopleGo(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		git := newAgent(1, "git.acme.example")
		gone := k.join(git, people{"1": "mona@acme.example"})
		k.apply(k.mustReceive(k.export(git, people{"2": "hubot@acme.example"}.users()), store.Preview))
		if err := k.hub.Retain(t.Context(), k.e); err != nil {
			t.Fatal(err)
		}
		k.mustNames(gone, "mona@acme.example")
		k.tick.Add(91 * 24 * 3600 * 1e6)
		if err := k.hub.Retain(t.Context(), k.e); err != nil {
			t.Fatal(err)
		}
		for _, table := range []string{"item", "person"} {
			var rows int
			query := "SELECT count(*) FROM " + table + " WHERE document LIKE '%mona@acme.example%'"
			if err := k.db.Read.QueryRowContext(t.Context(), query).Scan(&rows); err != nil || rows != 0 {
				t.Errorf("%s still has %d rows of somebody who is gone, %v", table, rows, err)
			}
		}
		if r, err := k.hub.Current(t.Context(), k.e); err != nil {
			t.Error(err)
		} else {
			k.mustNames(r, "hubot@acme.example")
		}
		if old, err := k.hub.Result(t.Context(), k.e, gone.Number); err != nil || old.Statement.Licenses != 1 {
			t.Errorf("totals are kept for ever: %+v, %v", old, err)
		}
	})
}

func TestConflictsAreKeptWholeAndShownMasked(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		tie := strings.Replace(list("mona", "zoe"), "zoe@acme.example", "mona@acme.example", 1)
		k.apply(k.load(tie))
		r := k.join(newAgent(1, "git.acme.example"), people{"1": "mona@acme.example"})
		r, err := k.hub.Result(t.Context(), k.e, r.Number)
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Conflicts) != 1 || r.Conflicts[0].Value.Address() != "mona@acme.example" || r.Conflicts[0].Chosen != "mona" {
			t.Fatalf("conflicts are %+v", r.Conflicts)
		}
		text, err := json.Marshal(r)
		if err != nil || strings.Contains(string(text), "mona@") {
			t.Errorf("%s, %v", text, err)
		}
	})
}

func TestGitHubsReportIsReconciled(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		u, err := k.hub.LoadCloud(t.Context(), k.e, []source.File{text("report.json", `{"total_seats_consumed": 2, "total_seats_purchased": 9,
			"users": [{"github_com_user": true, "github_com_login": "mona", "license_type": "Enterprise", "enterprise_server_user_ids": []},
			{"github_com_user": false, "enterprise_server_user": true, "enterprise_server_user_ids": ["old.acme.example:7"],
			"enterprise_server_primary_emails": ["gone@acme.example"], "license_type": "Enterprise"}]}`)}, false, arrival())
		if err != nil {
			t.Fatal(err)
		}
		k.apply(u)
		r := k.join(newAgent(1, "old.acme.example"), people{"8": "new@acme.example"})
		rc := r.Reconciliation
		if rc == nil || rc.Figure != 2 || rc.OnlyThere != 1 || rc.OnlyHere != 1 || rc.Licenses != 2 {
			t.Fatalf("reconciliation is %+v", rc)
		}
		for _, item := range rc.Items {
			if item.Term == "only_there" && (len(item.There) != 1 || item.There[0].Address() != "gone@acme.example") {
				t.Errorf("item is %+v", item)
			}
			for _, id := range item.Here {
				if p, err := k.hub.Person(t.Context(), k.e, r.Number, id); err != nil || p.Name.Address() != "new@acme.example" {
					t.Errorf("person is %+v, %v", p, err)
				}
			}
		}
	})
}
