package api_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/report"
)

const csvPath = "/api/v1/enterprises/acme/consumed-licenses.csv"

// readCSV reads a report of any generation.
func readCSV(t *testing.T, text []byte) []report.User {
	t.Helper()
	in, err := report.NewCSVReader(bytes.NewReader(text), report.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	var out []report.User
	for {
		var u report.User
		switch err := in.Read(&u); {
		case errors.Is(err, io.EOF):
			return out
		case err != nil:
			t.Fatal(err)
		}
		out = append(out, u)
	}
}

// sameRows compares rows as they are written, addresses whole.
func sameRows() cmp.Option {
	return cmp.Options{
		cmp.Comparer(func(a, b licensing.Email) bool { return a.Address() == b.Address() }),
		cmpopts.EquateEmpty(),
	}
}

func TestCSVHasARowForEachLicense(t *testing.T) {
	t.Parallel()
	eachSeed(t, func(k *kit, r *hub.Result) {
		want, token := k.rows(r), k.reader()
		if len(want) != r.Statement.Licenses {
			k.t.Fatalf("%d people for %d licenses", len(want), r.Statement.Licenses)
		}
		for _, query := range []string{"", "?generation=a", "?generation=C", "?generation=C&bom=true"} {
			a := k.mustGet(csvPath+query, token)
			if diff := cmp.Diff(want, readCSV(k.t, a.Body), sameRows()); diff != "" {
				k.t.Errorf("%q (-want +got):\n%s", query, diff)
			}
		}
	})
}

func TestCSVIsAFile(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.loadCloud(logins("mona"))
		token := k.reader()
		a := k.mustGet(csvPath, token)
		if got := a.Header.Get("Content-Type"); got != "text/csv; charset=utf-8" {
			k.t.Errorf("the type is %q", got)
		}
		if got := a.Header.Get("Content-Disposition"); got != `attachment; filename="consumed_licenses-acme-20261120T090000Z.csv"` {
			k.t.Errorf("the file is %q", got)
		}
		if got := a.Header.Get("Cache-Control"); !strings.Contains(got, "no-store") {
			k.t.Errorf("caches are told %q", got)
		}
		for query, begins := range map[string]string{
			"": "github_com_login,github_com_name,", "?generation=C": "GitHub com login,", "?bom=1": "\ufeffgithub_com_login,",
		} {
			if a := k.mustGet(csvPath+query, token); !strings.HasPrefix(string(a.Body), begins) {
				k.t.Errorf("%q begins %.40q", query, a.Body)
			}
		}
	})
}

func TestCSVRefusals(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		token := k.reader()
		ask := func(query string, status int, sentences ...string) {
			k.t.Helper()
			a := k.get(csvPath+query, token)
			if a.Status != status || a.Header.Get("Content-Type") != "application/problem+json" || a.Header.Get("Content-Disposition") != "" {
				k.t.Errorf("%q is answered with %d %s", query, a.Status, a.Header)
			}
			for _, s := range sentences {
				if !strings.Contains(string(a.Body), s) {
					k.t.Errorf("%q: no %q in %s", query, s, a.Body)
				}
			}
		}
		ask("", http.StatusNotFound, "Nothing was counted yet")
		k.loadCloud(logins("mona"))
		ask("?generation=B&bom=perhaps", http.StatusUnprocessableEntity, "no generation “B”", "not “perhaps”", `"field":"bom"`)
		ask("?genration=C", http.StatusUnprocessableEntity, "unknown query parameter", `"field":"genration"`)
		if a := k.get(csvPath+"?generation="+strings.Repeat("x", 30_000), token); len(a.Body) > 2000 {
			k.t.Errorf("a value of 30,000 characters is repeated in %d", len(a.Body))
		}
	})
}

// TestTheHeadOfACSVReadsNobody: the audit log has no reading of a report.
func TestTheHeadOfACSVReadsNobody(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.loadCloud(logins("mona"))
		a := k.ask(http.MethodHead, csvPath, k.reader(), http.NoBody)
		if a.Status != http.StatusOK || a.Header.Get("Content-Disposition") == "" || a.Header.Get("Content-Type") != "text/csv; charset=utf-8" {
			k.t.Errorf("got %d %v", a.Status, a.Header)
		}
		read, err := k.desk.Entries(k.t.Context(), k.acme.Number, 0, 10, signin.Filter{Action: hub.AuditReport})
		if err != nil || len(read) != 0 {
			k.t.Errorf("recorded: %v, %v", read, err)
		}
	})
}

// TestHalfACSVIsNoFile: what cannot be read to its end breaks off.
func TestHalfACSVIsNoFile(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.loadCloud(logins(numbered(130)...))
		if _, err := k.db.Write.ExecContext(k.t.Context(), "DELETE FROM person WHERE sort_key = '0user-0120'"); err != nil {
			k.t.Fatal(err)
		}
		r, err := http.NewRequestWithContext(k.t.Context(), http.MethodGet, k.url+csvPath, http.NoBody)
		if err != nil {
			k.t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+k.reader())
		res, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			k.t.Fatal(err)
		}
		defer res.Body.Close() //nolint:errcheck // read to its end
		text, err := io.ReadAll(res.Body)
		if res.StatusCode != http.StatusOK || !errors.Is(err, io.ErrUnexpectedEOF) {
			k.t.Errorf("got %d and %d bytes, then %v", res.StatusCode, len(text), err)
		}
	})
}
