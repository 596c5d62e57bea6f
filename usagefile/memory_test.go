package usagefile_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"strconv"
	"strings"
	"testing"

	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/usagefile"
)

// many gives n users one after the other, holding none.
func many(n int) usagefile.Users {
	return func(yield func(licensing.ServerAccount, error) bool) {
		for i := range n {
			id := 10_000_000 + i
			a := user(strconv.Itoa(id), fmt.Sprintf("*first.last%d@acme.example", id*2654435761%99_999_989))
			if i%5 == 0 {
				a.Emails = append(a.Emails, licensing.ServerEmail{Email: licensing.NewEmail(fmt.Sprintf("p%d@other.example", i))})
			}
			if !yield(a, nil) {
				return
			}
		}
	}
}

// live is what the garbage collector finds in use, most of it.
type live struct{ idle, most uint64 }

func newLive() *live {
	runtime.GC()
	return &live{idle: liveBytes()}
}

func liveBytes() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

func (l *live) look() { l.most = max(l.most, liveBytes()) }

func (l *live) mebibytes() float64 { return float64(l.most-min(l.most, l.idle)) / (1 << 20) }

// watched looks at the heap now and then while users go by.
func watched(l *live, users usagefile.Users) usagefile.Users {
	return func(yield func(licensing.ServerAccount, error) bool) {
		n := 0
		for a, err := range users {
			if n++; n%5000 == 0 {
				l.look()
			}
			if !yield(a, err) {
				return
			}
		}
	}
}

// TestMemoryDoesNotGrowWithTheFile holds nothing but the codecs' windows,
// however many users go by. Not parallel: it looks at the whole heap.
func TestMemoryDoesNotGrowWithTheFile(t *testing.T) {
	if testing.Short() {
		t.Skip("reads and writes 200,000 users")
	}
	const bound = 16.0 // mebibytes
	for cleartext, users := range map[bool]int{false: 200_000, true: 50_000} {
		x := export(t)
		x.Cleartext = cleartext
		path := filepath.Join(t.TempDir(), "file.json")
		file, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		heap := newLive()
		if _, err := usagefile.Encode(file, instanceKey(t), x, watched(heap, many(users))); err != nil {
			t.Fatal(err)
		}
		if got := heap.mebibytes(); got > bound {
			t.Errorf("encode, clear %v: held %.1f MiB, want at most %.0f", cleartext, got, bound)
		}
		heap = newLive()
		if n := mustDecode(t, path, heap); n != users {
			t.Errorf("got %d users", n)
		}
		if got := heap.mebibytes(); got > bound {
			t.Errorf("decode, clear %v: held %.1f MiB, want at most %.0f", cleartext, got, bound)
		}
	}
}

func mustDecode(tb testing.TB, path string, heap *live) int {
	tb.Helper()
	file, err := os.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	f, err := usagefile.Open(file, reader(tb))
	if err != nil {
		tb.Fatal(err)
	}
	n := 0
	for range f.UnverifiedUsers() {
		if n++; n%5000 == 0 {
			heap.look()
		}
	}
	if _, err := f.Verify(); err != nil {
		tb.Fatal(err)
	}
	return n
}

// Hostile files are refused before anything of their size is held.
func TestHostileFilesAllocateLittle(t *testing.T) {
	endless := func(head, of string) io.Reader {
		return io.MultiReader(strings.NewReader(head), &repeated{text: []byte(of)})
	}
	head := newForge(t).head(false, nil)
	for name, r := range map[string]io.Reader{
		"white space":          endless("", " "),
		"one text":             endless(`"`, "x"),
		"brackets":             endless("", "["),
		"header text":          endless(`{"format":"oneseat-usage-file/1","audience":"`, "x"),
		"keys":                 endless(`{"a":1`, `,"b":1`),
		"header space":         endless(`{"format":"oneseat-usage-file/1",`, "\n"),
		"an id":                endless(head+`{"user_id":"`, "x"),
		"a number":             endless(head+`{"user_id":1`, "1"),
		"nested":               endless(head, `{"emails":[`),
		"space in users":       endless(head, " "),
		"addresses":            endless(head+`{"emails":[{"email":"a","primary":true}`, `,{"email":"a","primary":true}`),
		"GitHub's export":      endless(`{"instance":{},"users":"`, "x"),
		"GitHub's users first": endless(`{"users":"`, "x"),
		"one chunk":            endless(newForge(t).head(true, nil)+`"`, "A"),
		"space before chunks":  endless(newForge(t).head(true, nil), " "),
	} {
		before := allocated()
		opts := reader(t)
		opts.Limits.FileBytes = 32 << 20
		f, err := usagefile.Open(r, opts)
		if err == nil {
			_, err = f.Verify()
		}
		if err == nil {
			t.Errorf("%s: accepted", name)
		}
		if grown := allocated() - before; grown > 16<<20 {
			t.Errorf("%s: allocated %d bytes before %v", name, grown, err)
		}
	}
}

type repeated struct {
	text []byte
	at   int
}

func (r *repeated) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = r.text[r.at]
		r.at = (r.at + 1) % len(r.text)
	}
	return len(p), nil
}

const million = 1_000_000

// The benchmarks count the bytes of the users in clear, and report, beside the
// time, by how much the peak memory of a
// process rises that does it once (MiB-above-idle; Linux only).

func BenchmarkEncode1M(b *testing.B) {
	b.SetBytes(clearBytes(b))
	for b.Loop() {
		if _, err := usagefile.Encode(io.Discard, instanceKey(b), export(b), many(million)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(peakOf(b, "encode", ""), "MiB-above-idle")
}

func BenchmarkDecode1M(b *testing.B) {
	path := filepath.Join(b.TempDir(), "file.json")
	file, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	receipt, err := usagefile.Encode(file, instanceKey(b), export(b), many(million))
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(clearBytes(b))
	for b.Loop() {
		mustDecode(b, path, &live{})
	}
	b.ReportMetric(float64(receipt.Bytes)/(1<<20), "MiB-file")
	b.ReportMetric(peakOf(b, "decode", path), "MiB-above-idle")
}

func clearBytes(b *testing.B) int64 {
	b.Helper()
	receipt, err := usagefile.Encode(io.Discard, instanceKey(b), inClear(b), many(million))
	if err != nil {
		b.Fatal(err)
	}
	return receipt.Bytes
}

// peakOf runs this test binary again for one thing and gives by how much that
// raised the process's high-water mark.
func peakOf(b *testing.B, what, path string) float64 {
	b.Helper()
	peak := map[string]float64{}
	for _, does := range []string{"idle", what} {
		cmd := exec.CommandContext(b.Context(), os.Args[0], "-test.run=^TestPeakProcess$", "-test.v")
		cmd.Env = append(os.Environ(), "USAGEFILE_PEAK="+does, "USAGEFILE_PATH="+path)
		out, err := cmd.Output()
		if err != nil {
			b.Fatalf("%s: %v", out, err)
		}
		for line := range strings.Lines(string(out)) {
			if _, text, ok := strings.Cut(line, "VmHWM KiB: "); ok {
				kib, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
				if err != nil {
					b.Fatal(err)
				}
				peak[does] = kib / 1024
			}
		}
	}
	return peak[what] - peak["idle"]
}

// TestPeakProcess is the process peakOf starts.
func TestPeakProcess(t *testing.T) {
	switch os.Getenv("USAGEFILE_PEAK") {
	case "":
		t.Skip("only as a child of the benchmarks")
	case "encode":
		if _, err := usagefile.Encode(io.Discard, instanceKey(t), export(t), many(million)); err != nil {
			t.Fatal(err)
		}
	case "decode":
		mustDecode(t, os.Getenv("USAGEFILE_PATH"), &live{})
	}
	status := bufio.NewScanner(bytes.NewReader(mustRead(t, "/proc/self/status")))
	for status.Scan() {
		if fields := strings.Fields(status.Text()); fields[0] == "VmHWM:" {
			t.Logf("VmHWM KiB: %s", fields[1])
		}
	}
}
