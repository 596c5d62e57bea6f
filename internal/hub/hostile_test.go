package hub_test

import (
	"bytes"
	rfc4180 "encoding/csv"
	"errors"
	"fmt"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/report"
	"github.com/oneseat/oneseat/usagefile"
)

// TestHostileFilesCostLittle lets the hub refuse files made to cost much, and
// looks at all the memory that took, what was given back included. No other
// test runs beside this one.
func TestHostileFilesCostLittle(t *testing.T) { //nolint:paralleltest // it measures the process
	db := dbtest.Open(t, database.Config{Location: dbtest.SQLite(t), Volatile: true})
	if err := db.Migrate(t.Context(), store.Migrations()); err != nil {
		t.Fatal(err)
	}
	d := newDefective(t, db)
	good := mustRead(t, usageFiles+"/good/clear.json")
	defect := func(name string) []byte { return mustRead(t, usageFiles+"/defects/"+name+".json") }
	addresses := strings.Repeat(`{"email":"mona@acme.example","primary":false},`, 10_000)
	many := `$1{"emails":[` + strings.TrimSuffix(addresses, ",") + `],"user_id":"1"},`
	for name, test := range map[string]struct {
		file []byte
		code usagefile.Code
	}{
		"a hundred million users announced": {changed(t, good, `("user_count": ?)\d+`, `${1}100000000`), usagefile.CodeWrongSignature},
		"ten thousand addresses on a user":  {changed(t, good, `("users": ?\[)`, many), usagefile.CodeLimitEmails},
		"a header without end":              {changed(t, good, `("features": ?\[)`, `$1`+strings.Repeat(" ", 100<<10)), usagefile.CodeLimitHeader},
		"a bomb of rows":                    {defect("limit_ratio"), usagefile.CodeLimitRatio},
		"a bomb with a large window":        {defect("limit_window"), usagefile.CodeLimitWindow},
		"a bomb of brackets":                {defect("limit_nesting--sealed"), usagefile.CodeLimitNesting},
		"a bomb of spaces":                  {defect("limit_text--white-space"), usagefile.CodeLimitText},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := d.hub.ReceiveUsage(t.Context(), d.e, bytes.NewReader(test.file), arrival())
		runtime.ReadMemStats(&after)
		if got, ok := errors.AsType[*usagefile.Error](err); !ok || got.Code != test.code {
			t.Errorf("%s: got %v, want %s", name, err, test.code)
		}
		if spent := (after.TotalAlloc - before.TotalAlloc) >> 20; spent > 64 {
			t.Errorf("%s: %d MiB", name, spent)
		}
	}
}

// changed replaces the first place where a pattern fits.
func changed(t *testing.T, file []byte, pattern, with string) []byte {
	t.Helper()
	re := regexp.MustCompile(pattern)
	at := re.FindSubmatchIndex(file)
	if at == nil {
		t.Fatalf("nothing fits %s", pattern)
	}
	return slices.Concat(file[:at[0]], re.Expand(nil, []byte(with), file, at), file[at[1]:])
}

// TestHostileTextsAreText: scripts, formulas and signs that turn the direction
// of reading come through as they are; in a CSV no cell is a formula.
func TestHostileTextsAreText(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		said := people{}
		for i, text := range []string{
			`<script>alert(1)</script>@acme.example`, "\u202emona@acme.example", `=cmd|' /C calc'!A0@acme.example`,
			"+1@acme.example", "-1@acme.example", "@sum@acme.example", "'; DROP TABLE person; --@acme.example", "%s%n@acme.example",
			"{{.}}@acme.example", "mona@acme.example\u2066", "\u0000@acme.example",
		} {
			said[fmt.Sprintf("=%d<b>", i)] = text
		}
		r := k.join(newAgent(1, "git.acme.example"), said)
		got := k.names(r, hub.AllPeople)
		for _, text := range said {
			if !slices.Contains(got, text) {
				t.Errorf("%q is not there", text)
			}
		}
		for _, record := range k.csv(r) {
			for _, cell := range record {
				if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
					t.Errorf("the cell %q is a formula", cell)
				}
			}
		}
	})
}

// csv is the report of a result.
func (k *kit) csv(r *hub.Result) [][]string {
	k.t.Helper()
	var file bytes.Buffer
	w, err := report.NewCSVWriter(&file, report.CSVOptions{})
	if err != nil {
		k.t.Fatal(err)
	}
	page, err := k.hub.People(k.t.Context(), k.e, r.Number, hub.Consumed, 0, hub.MaxPage)
	if err != nil {
		k.t.Fatal(err)
	}
	for _, p := range page {
		row := r.Row(p)
		if err := w.Write(&row); err != nil {
			k.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		k.t.Fatal(err)
	}
	records, err := rfc4180.NewReader(&file).ReadAll()
	if err != nil || len(records) != len(page)+1 {
		k.t.Fatalf("%d records for %d people, %v", len(records), len(page), err)
	}
	return records
}

// TestOfUploadsAtOnceOneIsTaken: an instance sends two files at the same time,
// of the same snapshot or of two. One is taken, the other is told of it.
func TestOfUploadsAtOnceOneIsTaken(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		git := newAgent(1, "git.acme.example")
		k.join(git, crowd(0, 20))
		for round := range 5 {
			first := k.export(git, crowd(round, 40).users())
			files := [][]byte{first, k.exportAgain(git, crowd(round, 40).users())}
			taken := k.atOnce(files)
			k.apply(taken)
		}
	})
}

// atOnce brings files at the same time, of which one is taken.
func (k *kit) atOnce(files [][]byte) *hub.Upload {
	k.t.Helper()
	uploads, failures := make([]*hub.Upload, len(files)), make([]error, len(files))
	var group sync.WaitGroup
	for i, file := range files {
		group.Go(func() {
			uploads[i], failures[i] = k.hub.ReceiveUsage(k.t.Context(), k.e, bytes.NewReader(file), arrival())
		})
	}
	group.Wait()
	var taken *hub.Upload
	for i, err := range failures {
		if err == nil && taken == nil {
			taken = uploads[i]
			continue
		}
		wantError(k.t, err, errs.Conflict, "hub.upload_pending")
	}
	if taken == nil {
		k.t.Fatal("none was taken")
	}
	for _, err := range failures {
		if err != nil && !strings.Contains(err.Error(), taken.ID) {
			k.t.Errorf("%v does not name %s", err, taken.ID)
		}
	}
	return taken
}
