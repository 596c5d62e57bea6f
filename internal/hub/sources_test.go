package hub_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/hub/store"
)

func (k *kit) overview() *hub.Overview {
	k.t.Helper()
	o, err := k.hub.Overview(k.t.Context(), k.e)
	if err != nil {
		k.t.Fatal(err)
	}
	return o
}

func TestOverviewSaysWhatCameLastAndHowOldItIs(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		if o := k.overview(); o.Result != nil || o.Cloud.Last != nil || o.Cloud.Snapshot != nil || len(o.Instances) != 0 {
			t.Fatalf("an empty hub shows %+v", o)
		}
		git := newAgent(1, "git.acme.example")
		last := func() *hub.Event {
			t.Helper()
			o := k.overview()
			if len(o.Instances) != 1 || o.Instances[0].Last == nil {
				t.Fatalf("the instances are %+v", o.Instances)
			}
			return o.Instances[0].Last
		}
		held := k.mustReceive(k.export(git, people{"1": "mona@acme.example", "2": "MONA@acme.example"}.users()), store.Waiting)
		if e := last(); e.Status != hub.Pending || e.Error != nil || e.Text != "hub.event_uploaded" {
			t.Errorf("held: %+v", e)
		}
		k.apply(k.confirm(git, held))
		k.apply(k.load(mixed))
		o := k.overview()
		in := o.Instances[0]
		if in.Last.Status != hub.Success || in.Fingerprint != fingerprint(git) || in.ServerID != git.id || !in.Signed {
			t.Errorf("applied: %+v", in)
		}
		if in.Statement == nil || in.Statement.Accounts != 2 || in.Statement.Repeated != 1 || in.Statement.OnlyHere != 0 {
			t.Errorf("its part is %+v", in.Statement)
		}
		if age := in.Age(at()); age != time.Hour {
			t.Errorf("its accounts are %v old, want an hour", age)
		}
		if o.Cloud.Last.Text != "hub.event_loaded" || o.Cloud.Age(at()) != time.Hour || o.Result.Statement.Licenses == 0 {
			t.Errorf("the cloud side is %+v", o.Cloud)
		}
		k.wantFailures(git, last)
	})
}

// wantFailures: what is refused or discarded is the last event of its instance,
// and what counts stays.
func (k *kit) wantFailures(git *agent, last func() *hub.Event) {
	k.t.Helper()
	stranger := *git
	stranger.key = newAgent(9, "").key
	if _, err := k.receive(k.export(&stranger, people{}.users())); err == nil {
		k.t.Fatal("a stranger's file was taken")
	}
	if e := last(); e.Status != hub.Failure || e.Error == nil || e.Error.Key != "usagefile.key_changed" {
		k.t.Errorf("refused: %+v", e)
	}
	a := arrival()
	a.Synced = true
	u, err := k.hub.ReceiveUsage(k.t.Context(), k.e, bytes.NewReader(k.export(git, people{}.users())), a)
	if err != nil {
		k.t.Fatal(err)
	}
	if e := last(); e.Status != hub.Pending || e.Text != "hub.event_synced" {
		k.t.Errorf("synced: %+v", e)
	}
	if _, err := k.hub.Discard(k.t.Context(), k.e, u.ID, "mona"); err != nil {
		k.t.Fatal(err)
	}
	if e := last(); e.Status != hub.Failure || e.Error.Key != "hub.event_discarded" {
		k.t.Errorf("discarded: %+v", e)
	}
	if s := k.overview().Instances[0].Standing; s == nil || s.Status != hub.Success || s.Text != "hub.event_uploaded" || s.Upload == u.ID {
		k.t.Errorf("what counts came by %+v", s)
	}
	if in := k.overview().Instances[0]; in.Pending != nil || in.Snapshot.Items != 2 {
		k.t.Errorf("what counts is %+v", in.Snapshot)
	}
}

func TestAnInstanceIsRemovedAndComesBack(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k, git := newTown(t, db)
		number := k.overview().Instances[0].Number
		_, err := k.hub.RemoveInstance(t.Context(), k.e, number, "", arrival())
		wantError(t, err, errs.Invalid, "hub.no_removal_reason")
		for _, none := range []int64{hub.CloudSource, 99} {
			_, err = k.hub.RemoveInstance(t.Context(), k.e, none, "sold", arrival())
			wantError(t, err, errs.NotFound, "hub.no_source")
		}
		remove := func() *hub.Upload {
			t.Helper()
			u, err := k.hub.RemoveInstance(t.Context(), k.e, number, "sold", arrival())
			if err != nil {
				t.Fatal(err)
			}
			return u
		}
		u := remove()
		preview, err := k.hub.Result(t.Context(), k.e, u.PreviewResult)
		if err != nil {
			t.Fatal(err)
		}
		wantChanges(t, preview.Difference, "vanished 3 -3", "altered 1 +0")
		if _, err := k.hub.Discard(t.Context(), k.e, u.ID, "mona"); err != nil {
			t.Fatal(err)
		}
		if in := k.overview().Instances; len(in) != 1 || in[0].State != store.Active {
			t.Fatalf("a discarded removal left %+v", in)
		}
		r := k.apply(remove())
		if r.Difference.Digest != preview.Difference.Digest || len(r.Instances) != 0 || len(k.overview().Instances) != 0 {
			t.Errorf("removed otherwise than previewed: %+v", r.Instances)
		}
		k.comeBack(git, number)
	})
}

// comeBack: going back to what a removed instance said can be previewed,
// discarded and applied; then it is the instance it was.
func (k *kit) comeBack(git *agent, number int64) {
	k.t.Helper()
	snaps, err := k.hub.Snapshots(k.t.Context(), k.e, number, 10)
	if err != nil || len(snaps) != 2 {
		k.t.Fatalf("%d snapshots, %v", len(snaps), err)
	}
	undo := func() *hub.Upload {
		k.t.Helper()
		u, err := k.hub.Undo(k.t.Context(), k.e, number, snaps[1].Seq, "not sold", arrival())
		if err != nil {
			k.t.Fatal(err)
		}
		return u
	}
	if _, err := k.hub.Discard(k.t.Context(), k.e, undo().ID, "mona"); err != nil {
		k.t.Fatal(err)
	}
	if in := k.overview().Instances; len(in) != 0 {
		k.t.Fatalf("a discarded undo left %+v", in)
	}
	if r := k.apply(undo()); len(r.Instances) != 1 || r.Instances[0].Accounts != 4 {
		k.t.Errorf("it came back with %+v", r.Instances)
	}
	k.mustReceive(k.export(git, people{}.users()), store.Preview)
}

func TestANewInstanceInThePlaceOfARemovedOne(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k, git := newTown(t, db)
		number := k.overview().Instances[0].Number
		u, err := k.hub.RemoveInstance(t.Context(), k.e, number, "sold", arrival())
		if err != nil {
			t.Fatal(err)
		}
		k.apply(u)
		k.join(git, people{"1": "mona@acme.example"})
		if in := k.overview().Instances; len(in) != 1 || in[0].Number == number {
			t.Fatalf("it came back as %+v", in)
		}
		snaps, err := k.hub.Snapshots(t.Context(), k.e, number, 10)
		if err != nil {
			t.Fatal(err)
		}
		_, err = k.hub.Undo(t.Context(), k.e, number, snaps[1].Seq, "not sold", arrival())
		wantError(t, err, errs.Conflict, "hub.place_taken")
	})
}
