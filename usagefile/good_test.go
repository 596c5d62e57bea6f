package usagefile_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"testing/cryptotest"
	"time"

	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/usagefile"
)

// TestEveryGoodFileIsRead: every later version reads these files and finds the
// same in them. A file here is never rewritten: add one, and record what it
// holds with -update.
func TestEveryGoodFileIsRead(t *testing.T) {
	if *update {
		writeGood(t)
	}
	for _, name := range mustGlob(t, "testdata/good/*.json") {
		users, receipt, err := decode(mustRead(t, name), reader(t), nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := describe(users, receipt)
		golden := strings.TrimSuffix(name, ".json") + ".want"
		if *update {
			mustWrite(t, golden, []byte(got))
		}
		if want := string(mustRead(t, golden)); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
		}
	}
}

func describe(users []licensing.ServerAccount, r *usagefile.Receipt) string {
	h := r.Header
	var b strings.Builder
	fmt.Fprintf(&b, "audience %s\nsealed %v %q\n", h.Audience, h.Sealed(), h.Recipients)
	fmt.Fprintf(&b, "server %s %s http_only %v version %q license %q\n", h.Instance.ServerID, h.Instance.HostName, h.Instance.HTTPOnly, h.Instance.Version, h.Instance.License)
	fmt.Fprintf(&b, "key %s rotation %v\n", r.SignedBy.Short(), h.Instance.Rotation != nil)
	for _, f := range h.Instance.Features {
		fmt.Fprintf(&b, "feature %s %s\n", f.Name, f.EnabledAt.Format(time.RFC3339Nano))
	}
	s := h.Snapshot
	fmt.Fprintf(&b, "snapshot %d taken %s source %s\n", s.Sequence, s.TakenAt.Format(time.RFC3339Nano), s.SourceAt.Format(time.RFC3339Nano))
	fmt.Fprintf(&b, "digest %s\nnonce %x\nprevious %s\ncount %d note %q\n", s.Digest, s.Nonce[:], s.Previous, s.UserCount, s.Note)
	fmt.Fprintf(&b, "file %s\n%d users\n%s", h.FileName(), r.Users, lines(users))
	for _, w := range r.Warnings {
		fmt.Fprintf(&b, "warn_%s %d %s\n", w.Code, w.Count, w.First)
	}
	return b.String()
}

// writeGood writes the files that do not exist yet.
func writeGood(t *testing.T) {
	t.Helper()
	for name, write := range goodFiles() {
		path := filepath.Join("testdata", "good", name+".json")
		if matches, err := filepath.Glob(path); err == nil && len(matches) == 1 {
			continue
		}
		cryptotest.SetGlobalRandom(t, 2)
		mustWrite(t, path, write(t))
	}
}

func goodFiles() map[string]func(t *testing.T) []byte {
	return map[string]func(t *testing.T) []byte{
		"sealed": func(t *testing.T) []byte { t.Helper(); return mustEncode(t, export(t), people()...) },
		"clear":  func(t *testing.T) []byte { t.Helper(); return mustEncode(t, inClear(t), people()...) },
		"clear-empty": func(t *testing.T) []byte {
			t.Helper()
			x := inClear(t)
			x.Recipients = nil
			x.Instance = usagefile.Instance{ServerID: serverID, HostName: "GHES.Acme.Example:8443", HTTPOnly: true}
			x.Snapshot = usagefile.Snapshot{Sequence: 1, TakenAt: x.Snapshot.TakenAt.Add(time.Millisecond), Nonce: x.Snapshot.Nonce}
			return mustEncode(t, x)
		},
		"sealed-empty": func(t *testing.T) []byte { t.Helper(); return mustEncode(t, export(t)) },
		"sealed-rotated-two-recipients": func(t *testing.T) []byte {
			t.Helper()
			x := export(t)
			x.Recipients = append(x.Recipients, otherEnterprise(t)[0].Recipient())
			x.Instance.Rotation = usagefile.MakeRotation(serverID, nextKey(t), public(instanceKey(t)))
			return mustEncode(t, x, people()...)
		},
		"sealed-three-chunks": func(t *testing.T) []byte {
			t.Helper()
			return mustEncode(t, export(t), incompressible(randomText(150_000), 150_000)...)
		},
		"clear-by-another-writer": func(t *testing.T) []byte {
			t.Helper()
			return newForge(t).with(forgedDigest(forgedSpaced, forgedHubot), forgedDigest(forgedMona, forgedHubot)).
				with(`"instance":{`, "\"instance\"\t:\n{ ").clear(forgedSpaced, forgedHubot)
		},
		"clear-everything-to-warn-about": func(t *testing.T) []byte {
			t.Helper()
			f := newForge(t)
			return f.with(`"audience":"`+fingerprintText(f.recipient), `"audience":"`).clear(warnedAbout()...)
		},
	}
}

func warnedAbout() []string {
	return []string{
		`{"emails":[],"user_id":"1"}`, `{"emails":[],"user_id":"1"}`, `{"emails":[],"user_id":"1"}`,
		`{"emails":[{"email":"a@acme.example","primary":false}],"user_id":"2"}`,
		`{"emails":[{"email":"a@acme.example","primary":true},{"email":"b@acme.example","primary":true}],"user_id":"3"}`,
		`{"emails":[],"user_id":"4"}`,
	}
}

func TestWarnings(t *testing.T) {
	t.Parallel()
	f := newForge(t)
	data := f.with(`"audience":"`+fingerprintText(f.recipient), `"audience":"`).clear(warnedAbout()...)
	users, receipt, err := decode(data, reader(t), known(t))
	if err != nil {
		t.Fatal(err)
	}
	want := []usagefile.Warning{
		{Code: usagefile.WarnManyPrimaries, Count: 1, First: "3"},
		{Code: usagefile.WarnMerged, Count: 2, First: "1"},
		{Code: usagefile.WarnNoPrimary, Count: 1, First: "2"},
		{Code: usagefile.WarnWithoutAddress, Count: 2, First: "1"},
		{Code: usagefile.WarnWithoutAudience, Count: 1},
	}
	if got := fmt.Sprint(receipt.Warnings); got != fmt.Sprint(want) {
		t.Errorf("got\n%v want\n%v", got, want)
	}
	if len(users) != 4 || receipt.Users != 4 || receipt.Header.Snapshot.UserCount != 6 {
		t.Errorf("got %d users, receipt %d, header %d; want 4, 4, 6", len(users), receipt.Users, receipt.Header.Snapshot.UserCount)
	}
}

// In clear nothing is random, so the bytes themselves are the contract.
func TestTheWriterWritesTheseBytes(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"clear", "clear-empty"} {
		want := mustRead(t, filepath.Join("testdata", "good", name+".json"))
		if got := goodFiles()[name](t); !bytes.Equal(got, want) {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
		}
	}
	const name = "sealed" // its header is not random either
	want, _, _ := strings.Cut(string(mustRead(t, "testdata/good/sealed.json")), `"users"`)
	if got, _, _ := strings.Cut(string(goodFiles()[name](t)), `"users"`); got != want {
		t.Errorf("%s: got header\n%s\nwant\n%s", name, got, want)
	}
}
