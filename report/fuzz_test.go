package report_test

import (
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oneseat/oneseat/report"
)

// small limits keep what a fuzzer makes up small.
var small = report.Limits{MaxRows: 1000, MaxRowBytes: 4096, MaxBytes: 1 << 20, AllowPartial: true}

func FuzzJSONReader(f *testing.F) {
	text, err := os.ReadFile("testdata/github-rest.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(text))
	f.Add(`[{"total_seats_consumed":1,"users":[{"github_com_login":"a","enterprise_server_user_ids":["1:h:Member"]}]}]`)
	f.Add(`{"users":[{"github_com_login":"a","github_com_user":false},{"github_com_login":"b","github_com_user":null}],"total_seats_consumed":2}`)
	f.Add(`{"users":[{"github_com_two_factor_auth":""}],"total_seats_consumed":3}{}`)
	f.Fuzz(func(t *testing.T, text string) {
		fuzzed(t, report.NewJSONReader(strings.NewReader(text), small))
	})
}

func FuzzCSVReader(f *testing.F) {
	f.Add(headerA + "\r\nmona,'=x,1:h:Member,true,,,,,,,,,,,,,a@b.example,,,1,\r\n")
	f.Add(headerC + "\n\"a\nb\",,,true" + strings.Repeat(",", 25) + "\n")
	f.Add(smallHeader + "\n\"")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := report.NewCSVReader(strings.NewReader(text), small)
		if err != nil {
			explained(t, err)
			return
		}
		fuzzed(t, r)
	})
}

// fuzzed reads to the end: users that were read can be written, and read again
// to the same.
func fuzzed(t *testing.T, r reader) {
	t.Helper()
	read, err := readAll(r)
	if err != nil {
		explained(t, err)
	}
	var out strings.Builder
	w := report.NewJSONWriter(&out, report.Totals{Consumed: len(read)})
	for i := range read {
		if err := w.Write(&read[i]); err != nil {
			return // text that is not UTF-8, from a CSV
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := readAll(report.NewJSONReader(strings.NewReader(out.String()), report.Limits{}))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(read, again, same(), emptyLists()); diff != "" {
		t.Errorf("written and read again (-before +after):\n%s", diff)
	}
}

// explained says that every refusal has a sentence.
func explained(t *testing.T, err error) {
	t.Helper()
	said, ok := errors.AsType[*report.Error](err)
	if !ok && !errors.Is(err, io.EOF) {
		t.Errorf("an error without a sentence: %v", err)
		return
	}
	if key, _ := said.Message(); !strings.HasPrefix(key, "report.") {
		t.Errorf("key: %q", key)
	}
}
