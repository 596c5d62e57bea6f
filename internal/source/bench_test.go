package source_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/source"
	"github.com/oneseat/oneseat/licensing"
)

// benchFile is a server's CSV of so many accounts.
func benchFile(accounts int, wide bool) string {
	var b strings.Builder
	b.WriteString("id,login,email,suspended?\n")
	if wide {
		b.Reset()
		b.WriteString(allUsers[:strings.IndexByte(allUsers, '\n')+1])
	}
	for i := range accounts {
		if wide {
			fmt.Fprintf(&b, "2020-03-12T08:00:00Z,%d,user-%d,user.name%d@dept%d.acme.example,user,%t,192.0.2.%d,%d,2,1,false,2026-11-19T16:20:00Z,\"\"\"user-%d\"\"\",false\n",
				i+3, i, i, i%40, i%33 == 0, i%250, i*i%2000, i)
			continue
		}
		fmt.Fprintf(&b, "%d,user-%d,user.name%d@dept%d.acme.example,%t\n", i+3, i, i, i%40, i%33 == 0)
	}
	return b.String()
}

// BenchmarkServerCSV reads a server's CSV and, in the same run, does the same
// with encoding/csv: "times" is how many times as long that takes.
func BenchmarkServerCSV(b *testing.B) {
	const accounts = 200_000
	for _, test := range []struct {
		name            string
		wide            bool
		id, email, last int
	}{{"plain", false, 0, 2, 3}, {"all_users", true, 1, 3, 5}} {
		b.Run(test.name, func(b *testing.B) {
			text := benchFile(accounts, test.wide)
			var ours, theirs time.Duration
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				start := time.Now()
				got := ourWay(b, text)
				middle := time.Now()
				if want := plainWay(b, text, test.id, test.email, test.last); got != want {
					b.Fatalf("%d accounts, want %d", got, want)
				}
				ours += middle.Sub(start)
				theirs += time.Since(middle)
			}
			b.ReportMetric(float64(ours.Nanoseconds())/float64(b.N)/accounts, "ns/row")
			b.ReportMetric(float64(theirs)/float64(ours), "times")
		})
	}
}

func ourWay(b *testing.B, text string) int {
	b.Helper()
	f := source.File{Name: "x.csv", Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}
	s, err := source.OpenServer(f, source.ServerOptions{})
	if err != nil {
		b.Fatal(err)
	}
	var summary source.ServerSummary
	count := 0
	for accounts, err := range s.Shards(&summary) {
		if err != nil {
			b.Fatal(err)
		}
		count += len(accounts)
	}
	return count
}

// plainWay is how one would write it first. Of what OpenServer does it leaves
// out damage and ids that stand twice.
func plainWay(b *testing.B, text string, id, email, suspended int) int {
	b.Helper()
	r := csv.NewReader(bytes.NewReader([]byte(text)))
	r.ReuseRecord = true
	count := 0
	var shard []licensing.ServerAccount
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return count - 1 // the header
		}
		if err != nil {
			b.Fatal(err)
		}
		if row[suspended] == "true" {
			continue
		}
		if count++; len(shard) == 1<<16 {
			shard = shard[:0]
		}
		shard = append(shard, licensing.ServerAccount{
			UserID: strings.Clone(row[id]),
			Emails: []licensing.ServerEmail{{Email: licensing.NewEmail(strings.Clone(row[email])), Primary: true}},
		})
	}
}
