package usagefile_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"
	"testing/iotest"

	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/usagefile"
)

func TestHeaderIsReadableByAnyone(t *testing.T) {
	t.Parallel()
	f, err := usagefile.Open(bytes.NewReader(mustEncode(t, export(t), people()...)), usagefile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	h := f.Header()
	if h.Instance.HostName != "git.acme.example" || h.Snapshot.Sequence != 8 || h.Snapshot.UserCount != 3 || !h.Sealed() {
		t.Errorf("got %+v", h)
	}
	if h.FileName() != "git.acme.example-usage-8.json" {
		t.Errorf("got %s", h.FileName())
	}
	if got := slices.Collect(f.UnverifiedUsers()); len(got) != 0 {
		t.Errorf("got %d users without a key", len(got))
	}
	_, err = f.Verify()
	wantCode(t, "without key", err, usagefile.CodeNoIdentity)
}

func TestFileNames(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]string{
		"GIT.Acme.Example:8443": "git.acme.example-usage-3.json",
		"../../etc/passwd":      "etc-passwd-usage-3.json",
		`a\b:c"d`:               "a-b-c-d-usage-3.json",
		"-rf":                   "rf-usage-3.json",
		"a\u3000b\u202ec":       "a-b-c-usage-3.json",
		".:8443":                serverID + "-usage-3.json",
	} {
		h := usagefile.Header{Instance: usagefile.Instance{ServerID: serverID, HostName: host}, Snapshot: usagefile.Snapshot{Sequence: 3}}
		if got := h.FileName(); got != want {
			t.Errorf("%q: got %q, want %q", host, got, want)
		}
	}
}

func TestALoopThatStopsGoesOn(t *testing.T) {
	t.Parallel()
	f, err := usagefile.Open(bytes.NewReader(mustEncode(t, export(t), people()...)), reader(t))
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for a := range f.UnverifiedUsers() {
		ids = append(ids, a.UserID)
		break
	}
	for a := range f.UnverifiedUsers() {
		ids = append(ids, a.UserID)
		break
	}
	receipt, err := f.Verify()
	if err != nil || receipt.Users != 3 || !slices.Equal(ids, []string{"1001", "1002"}) {
		t.Errorf("got %q, %+v, %v", ids, receipt, err)
	}
	again, err := f.Verify()
	if err != nil || again != receipt {
		t.Errorf("got %v, %v the second time", again, err)
	}
	if rest := slices.Collect(f.UnverifiedUsers()); len(rest) != 0 {
		t.Errorf("got %d users after the end", len(rest))
	}
}

func TestReadFailures(t *testing.T) {
	t.Parallel()
	broken := errors.New("connection reset")
	for name, data := range smallFiles(t) {
		each(len(data), func(i int) {
			r := io.MultiReader(bytes.NewReader(data[:i]), iotest.ErrReader(broken))
			f, err := usagefile.Open(r, reader(t))
			if err == nil {
				_, err = f.Verify()
			}
			if codeOf(err) != usagefile.CodeUnreadable || !errors.Is(err, broken) {
				t.Errorf("%s, broken after %d bytes: got %v", name, i, err)
			}
		})
	}
}

func TestInspectWithoutKeyChecksFormAndSignature(t *testing.T) {
	t.Parallel()
	data := mustEncode(t, export(t), crowd(5000)...)
	seen, err := usagefile.Inspect(bytes.NewReader(data), usagefile.Options{})
	if err != nil || seen.Refusal != nil {
		t.Fatal(err, seen)
	}
	if seen.Receipt.Opened || seen.Receipt.Users != 0 || seen.Receipt.Bytes != int64(len(data)) {
		t.Errorf("got %+v, want not opened, all bytes", seen.Receipt)
	}
	if seen.Receipt.SignedBy != usagefile.KeyFingerprint(public(instanceKey(t))) {
		t.Errorf("got signer %s", seen.Receipt.SignedBy)
	}
	opened, err := usagefile.Inspect(bytes.NewReader(data), reader(t))
	if err != nil || opened.Refusal != nil || !opened.Receipt.Opened || opened.Receipt.Users != 5000 {
		t.Errorf("with key: got %+v, %v", opened, err)
	}
}

func TestInspectShowsTheHeaderOfARefusedFile(t *testing.T) {
	t.Parallel()
	data := replaced(mustEncode(t, export(t), people()...), "CHG-1042", "CHG-1043")
	seen, err := usagefile.Inspect(bytes.NewReader(data), usagefile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	wantCode(t, "inspect", seen.Refusal, usagefile.CodeWrongSignature)
	if seen.Receipt != nil || seen.Header.Snapshot.Note != "CHG-1043" {
		t.Errorf("got %+v", seen)
	}
	seen, err = usagefile.Inspect(bytes.NewReader(mustEncode(t, export(t))), usagefile.Options{Identities: otherEnterprise(t)})
	if err != nil {
		t.Fatal(err)
	}
	wantCode(t, "other key", seen.Refusal, usagefile.CodeOtherAudience)
	if seen.Receipt != nil || seen.Header.Snapshot.Sequence != 8 {
		t.Errorf("got %+v", seen)
	}
}

func TestAudience(t *testing.T) {
	t.Parallel()
	ours, theirs := enterprise(t)[0].Recipient().Fingerprint(), otherEnterprise(t)[0].Recipient().Fingerprint()
	data := mustEncode(t, inClear(t), people()...)
	for name, test := range map[string]struct {
		audiences []usagefile.Fingerprint
		want      usagefile.Code
	}{
		"nobody in particular": {nil, ""}, // warned about
		"us":                   {[]usagefile.Fingerprint{ours}, ""},
		"us under an old key":  {[]usagefile.Fingerprint{theirs, ours}, ""},
		"somebody else":        {[]usagefile.Fingerprint{theirs}, usagefile.CodeOtherAudience},
	} {
		_, _, err := decode(data, usagefile.Options{Audiences: test.audiences}, nil)
		wantCode(t, name, err, test.want)
	}
}

func TestVerifiedUsers(t *testing.T) {
	t.Parallel()
	for _, x := range []usagefile.Export{export(t), inClear(t)} {
		behind := []byte("something before")
		r := bytes.NewReader(append(bytes.Clone(behind), mustEncode(t, x, people()...)...))
		if _, err := r.Seek(int64(len(behind)), io.SeekStart); err != nil {
			t.Fatal(err)
		}
		v, err := usagefile.OpenVerified(r, reader(t))
		if err != nil {
			t.Fatal(err)
		}
		for pass := range 2 {
			var users []licensing.ServerAccount
			for a, err := range v.Users() {
				if err != nil {
					t.Fatal(err)
				}
				users = append(users, a)
			}
			if len(users) != 3 || v.Receipt().Users != 3 {
				t.Errorf("pass %d: got %s", pass, lines(users))
			}
		}
	}
}

// A verified file is a source: what was received can be sealed again.
func TestVerifiedUsersCanBeExported(t *testing.T) {
	t.Parallel()
	v, err := usagefile.OpenVerified(bytes.NewReader(mustEncode(t, inClear(t), people()...)), reader(t))
	if err != nil {
		t.Fatal(err)
	}
	receipt, err := usagefile.Encode(io.Discard, instanceKey(t), export(t), v.Users())
	if err != nil || receipt.Header.Snapshot.Digest != v.Receipt().Header.Snapshot.Digest {
		t.Errorf("got %+v, %v", receipt, err)
	}
}

func TestOpenVerifiedRefusesBeforeTheFirstUser(t *testing.T) {
	t.Parallel()
	data := mustEncode(t, inClear(t), people()...)
	data[len(data)-20] ^= 1
	if _, err := usagefile.OpenVerified(bytes.NewReader(data), reader(t)); err == nil {
		t.Error("a file with a wrong signature was opened")
	}
}

func TestVerifiedUsersNoticeAChange(t *testing.T) {
	t.Parallel()
	first := mustEncode(t, inClear(t), people()...)
	changed := replaced(bytes.Clone(first), "mona@", "nona@")
	second := mustEncode(t, inClear(t), people()[:2]...) // well signed, but another
	for name, test := range map[string]struct {
		then []byte
		want usagefile.Code
	}{
		"changed":  {changed, usagefile.CodeChanged},
		"replaced": {second, usagefile.CodeSourceChanged},
		"gone":     {nil, usagefile.CodeEmpty},
	} {
		swap := &swapped{data: first}
		v, err := usagefile.OpenVerified(swap, reader(t))
		if err != nil {
			t.Fatal(err)
		}
		swap.data = test.then
		var last error
		for _, err := range v.Users() {
			last = err
		}
		wantCode(t, name, last, test.want)
	}
}

type swapped struct {
	data []byte
	at   int64
}

func (s *swapped) Read(p []byte) (int, error) {
	if s.at >= int64(len(s.data)) {
		return 0, io.EOF
	}
	n := copy(p, s.data[s.at:])
	s.at += int64(n)
	return n, nil
}

func (s *swapped) Seek(offset int64, whence int) (int64, error) {
	if whence == io.SeekStart {
		s.at = offset
	}
	return s.at, nil
}

// Who can open a file is not whom it is meant for, and whoever says who it is
// gets no file of somebody else.
func TestAFileForSomebodyElseIsRefused(t *testing.T) {
	t.Parallel()
	both := export(t)
	both.Recipients = append(both.Recipients, otherEnterprise(t)[0].Recipient())
	for name, x := range map[string]usagefile.Export{"in clear": inClear(t), "sealed": export(t), "sealed to both": both} {
		data := mustEncode(t, x, people()...)
		for who, opts := range map[string]usagefile.Options{
			"by its identity": {Identities: otherEnterprise(t)},
			"by fingerprint":  {Audiences: []usagefile.Fingerprint{otherEnterprise(t)[0].Recipient().Fingerprint()}},
		} {
			_, err := usagefile.OpenVerified(bytes.NewReader(data), opts)
			wantCode(t, name+", read "+who, err, usagefile.CodeOtherAudience)
			opts.Audiences = append(opts.Audiences, enterprise(t)[0].Recipient().Fingerprint())
			f, err := usagefile.Open(bytes.NewReader(data), opts)
			if err != nil || f == nil {
				t.Errorf("%s, read %s that is also ours: %v", name, who, err)
			}
		}
	}
}

func TestAnUncheckedAudienceIsWarnedAbout(t *testing.T) {
	t.Parallel()
	data := mustEncode(t, inClear(t), people()...)
	want := map[bool]string{true: "[{audience_unchecked 1 }]", false: "[]"}
	for unchecked, opts := range map[bool]usagefile.Options{true: {}, false: {Identities: enterprise(t)}} {
		_, receipt, err := decode(data, opts, nil)
		if err != nil || fmt.Sprint(receipt.Warnings) != want[unchecked] {
			t.Errorf("unchecked %v: got %+v, %v", unchecked, receipt, err)
		}
	}
}
