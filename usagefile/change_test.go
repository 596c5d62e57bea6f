package usagefile_test

import (
	"bytes"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/oneseat/oneseat/usagefile"
)

// smallFiles are one file of each kind, small enough to change everywhere.
func smallFiles(t *testing.T) map[string][]byte {
	t.Helper()
	sealed := export(t)
	sealed.Instance = usagefile.Instance{ServerID: serverID, HostName: "a"}
	sealed.Snapshot.SourceAt, sealed.Snapshot.Note = time.Time{}, ""
	readable := sealed
	readable.Cleartext = true
	readable.Instance.Rotation = usagefile.MakeRotation(serverID, nextKey(t), public(instanceKey(t)))
	mona := user("1", "*a@acme.example")
	return map[string][]byte{"sealed": mustEncode(t, sealed, mona), "clear": mustEncode(t, readable, mona)}
}

// each calls f for 0…n-1, every stride-th, on every processor.
func each(n int, f func(i int)) {
	var wg sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wg.Go(func() {
			for i := w * stride; i < n; i += workers * stride {
				f(i)
			}
		})
	}
	wg.Wait()
}

func refused(t *testing.T, data []byte, opts usagefile.Options, format string, args ...any) {
	t.Helper()
	_, receipt, err := decode(data, opts, nil)
	if err == nil || receipt != nil {
		t.Errorf("accepted: "+format, args...)
		return
	}
	if code := codeOf(err); code == usagefile.CodeUnreadable || strings.HasPrefix(string(code), "not ours") {
		t.Errorf("got %q (%v): "+format, append([]any{code, err}, args...)...)
	}
}

func TestOneFlippedBitAnywhereIsRefused(t *testing.T) {
	t.Parallel()
	opts := reader(t)
	for name, data := range smallFiles(t) {
		if _, _, err := decode(data, opts, nil); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		each(8*len(data), func(i int) {
			flipped := bytes.Clone(data)
			flipped[i/8] ^= 1 << (i % 8)
			refused(t, flipped, opts, "%s, bit %d of byte %d (%q)", name, i%8, i/8, data[i/8])
		})
	}
}

// Without a key that opens the seal the signature still covers everything.
func TestOneFlippedBitIsRefusedWithoutKey(t *testing.T) {
	t.Parallel()
	data := smallFiles(t)["sealed"]
	each(8*len(data), func(i int) {
		flipped := bytes.Clone(data)
		flipped[i/8] ^= 1 << (i % 8)
		if seen, err := usagefile.Inspect(bytes.NewReader(flipped), usagefile.Options{}); err == nil && (seen.Refusal == nil || seen.Receipt != nil) {
			t.Errorf("accepted: bit %d of byte %d (%q)", i%8, i/8, data[i/8])
		}
	})
}

func TestOneByteMoreOrLessIsRefused(t *testing.T) {
	t.Parallel()
	opts := reader(t)
	for name, data := range smallFiles(t) {
		each(len(data), func(i int) {
			less := append(bytes.Clone(data[:i]), data[i+1:]...)
			refused(t, less, opts, "%s, without byte %d (%q)", name, i, data[i])
			for _, c := range " \n0A\\" {
				more := append(append(bytes.Clone(data[:i]), byte(c)), data[i:]...)
				refused(t, more, opts, "%s, with %q before byte %d", name, c, i)
			}
		})
	}
}

func TestEveryBeginningIsTruncated(t *testing.T) {
	t.Parallel()
	opts := reader(t)
	for name, data := range smallFiles(t) {
		each(len(data), func(i int) {
			_, _, err := decode(data[:i], opts, nil)
			want := usagefile.CodeTruncated
			if i == 0 {
				want = usagefile.CodeEmpty
			}
			if got := codeOf(err); got != want {
				t.Errorf("%s cut after %d bytes: got %q, want %q (%v)", name, i, got, want, err)
			}
		})
	}
}

// A reader may give its bytes in any pieces.
func TestPiecesDoNotMatter(t *testing.T) {
	t.Parallel()
	for name, data := range smallFiles(t) {
		f, err := usagefile.Open(oneByte{bytes.NewReader(data)}, reader(t))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if _, err := f.Verify(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

type oneByte struct{ r *bytes.Reader }

func (o oneByte) Read(p []byte) (int, error) { return o.r.Read(p[:min(len(p), 1)]) }
