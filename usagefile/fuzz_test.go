package usagefile_test

import (
	"bytes"
	"io"
	"runtime/metrics"
	"testing"

	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/usagefile"
)

// fuzzLimits keep one run short.
func fuzzLimits() usagefile.Limits {
	return usagefile.Limits{FileBytes: 1 << 20, HeaderBytes: 16 << 10, Users: 1000, EmailsPerUser: 50, TextBytes: 512, Ratio: 50}
}

func seed(f *testing.F) {
	f.Helper()
	for _, pattern := range []string{"testdata/good/*.json", "testdata/defects/*.json"} {
		for _, name := range mustGlob(f, pattern) {
			if data := mustRead(f, name); len(data) < 64<<10 {
				f.Add(data)
			}
		}
	}
}

// FuzzDecode: whatever the bytes, an error is ours, a receipt comes only with
// a file that reads the same again, and little is allocated.
func FuzzDecode(f *testing.F) {
	seed(f)
	opts := reader(f)
	opts.Limits = fuzzLimits()
	f.Fuzz(func(t *testing.T, data []byte) {
		before := allocated()
		users, receipt, err := decode(data, opts, nil)
		if grown := allocated() - before; grown > 64<<20 {
			t.Errorf("allocated %d bytes for a file of %d", grown, len(data))
		}
		if err != nil {
			if _, ours := err.(*usagefile.Error); !ours || receipt != nil { //nolint:errorlint // nothing may wrap it
				t.Fatalf("got %T: %v", err, err)
			}
			return
		}
		if receipt.Users != int64(len(users)) || receipt.Bytes != int64(len(data)) {
			t.Fatalf("got %+v for %d users and %d bytes", receipt, len(users), len(data))
		}
	})
}

func allocated() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// FuzzRoundTrip signs whatever stands before the signature, so that the fuzzer
// gets past it. What is then accepted encodes to the same users and, when
// nothing was merged, to the same digest.
func FuzzRoundTrip(f *testing.F) {
	seed(f)
	opts := reader(f)
	opts.Limits = fuzzLimits()
	f.Fuzz(func(t *testing.T, data []byte) {
		body, _, found := bytes.Cut(data, []byte(`"signature"`))
		if !found {
			return
		}
		first, receipt, err := decode(newForge(t).sign(string(body)), opts, nil)
		if err != nil {
			return
		}
		x := usagefile.Export{
			Instance: receipt.Header.Instance, Snapshot: receipt.Header.Snapshot,
			Recipients: []usagefile.Recipient{enterprise(t)[0].Recipient()}, Cleartext: !receipt.Header.Sealed(), Limits: fuzzLimits(),
		}
		x.Snapshot.Digest, x.Snapshot.UserCount = usagefile.Digest{}, 0
		again, second := reencode(t, x, first, opts)
		if lines(first) != lines(again) {
			t.Fatalf("got\n%s\nwant\n%s", lines(again), lines(first))
		}
		merged := receipt.Header.Snapshot.UserCount != receipt.Users
		if same := second.Header.Snapshot.Digest == receipt.Header.Snapshot.Digest; same == merged {
			t.Fatalf("digests %s and %s, merged %v", receipt.Header.Snapshot.Digest, second.Header.Snapshot.Digest, merged)
		}
	})
}

func reencode(t *testing.T, x usagefile.Export, users []licensing.ServerAccount, opts usagefile.Options) ([]licensing.ServerAccount, *usagefile.Receipt) {
	t.Helper()
	var file bytes.Buffer
	if _, err := usagefile.Encode(&file, instanceKey(t), x, source(users...)); err != nil {
		t.Fatal(err)
	}
	again, receipt, err := decode(file.Bytes(), opts, nil)
	if err != nil {
		t.Fatal(err)
	}
	return again, receipt
}

// FuzzSealed puts whatever lines come into a well-made seal.
func FuzzSealed(f *testing.F) {
	for _, users := range [][]string{{forgedMona, forgedHubot}, warnedAbout(), {forgedSpaced}, {"[" + forgedMona + "]"}} {
		var lines []byte
		for _, line := range users {
			lines = append(lines, line+"\n"...)
		}
		f.Add(lines)
	}
	opts := reader(f)
	opts.Limits = fuzzLimits()
	f.Fuzz(func(t *testing.T, users []byte) {
		text := append([]byte(`{"nonce":"`+b64(forgedNonce())+`"}`+"\n"), users...)
		forge := newForge(t)
		before := allocated()
		seen, err := usagefile.Inspect(io.LimitReader(bytes.NewReader(forge.sealedBytes(forge.seal(forge.compress(text)))), 1<<20), opts)
		if err != nil {
			t.Fatal(err)
		}
		if grown := allocated() - before; grown > 128<<20 {
			t.Errorf("allocated %d bytes for %d", grown, len(users))
		}
		if code := codeOf(seen.Refusal); code == usagefile.CodeChanged || code == usagefile.CodeWrongSignature {
			t.Errorf("got %v for a well-signed file", seen.Refusal)
		}
	})
}
