package archtest_test

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// row is what a package may import directly, apart from its tests. A package
// without a row fails, and so does a row for a package that is gone or an
// allowance nobody uses: the list is the truth, and short.
type row struct {
	// pkg is a directory below the module; "bench/..." is all below bench.
	pkg string
	// ours are packages of this module; "*" is any.
	ours []string
	// deps are packages of other modules; "*" is any.
	deps []string
	// std, when not nil, is all that may come from the standard library.
	std []string
	// why the row is as it is.
	why string
}

// rows: the engine knows nobody; the shelf knows no role; only cmd knows
// everything.
var rows = []row{
	{
		pkg:  "cmd/oneseat",
		ours: []string{"*"},
		deps: []string{"*"},
		why:  "the one place that knows everything; nobody may import it",
	},
	{
		pkg:  "licensing",
		deps: []string{"github.com/zeebo/xxh3", "golang.org/x/net/idna", "golang.org/x/text/unicode/norm"},
		std: []string{
			"bytes", "cmp", "encoding/binary", "errors", "fmt", "iter", "maps", "math/bits", "math/rand/v2", "net/netip",
			"slices", "strconv", "strings", "time", "unicode", "unicode/utf8",
		},
		why: "the engine is a function from values to values: whoever can build values can count, test and trust it",
	},
	{
		pkg:  "licensing/licensingtest",
		ours: []string{"licensing"},
		deps: []string{"golang.org/x/net/idna", "golang.org/x/text/unicode/norm"},
		why:  "the reference shares the engine's values and nothing else, so that a mistake has to be made twice",
	},
	{
		pkg:  "usagefile",
		ours: []string{"licensing"},
		deps: []string{
			"filippo.io/age", "github.com/go-json-experiment/json", "github.com/go-json-experiment/json/jsontext",
			"github.com/klauspost/compress/zstd",
		},
		why: "others may read and write usage files with this package alone: no internal package, values of licensing at most",
	},
	{
		pkg:  "report",
		ours: []string{"licensing"},
		deps: []string{"github.com/go-json-experiment/json/jsontext"},
		why:  "as usagefile: the report's shape for anybody's program",
	},
	{
		pkg: "client",
		why: "the API for anybody's program: the standard library, and nothing of ours",
	},
	{
		pkg: "internal/errs",
		why: "every package may name a kind, so it can depend on none",
	},
	{
		pkg:  "internal/i18n",
		ours: []string{"internal/errs"},
		deps: []string{"github.com/nicksnyder/go-i18n/v2/i18n", "golang.org/x/text/language", "golang.org/x/text/message", "golang.org/x/text/unicode/bidi"},
		why:  "sentences are the edge's business; the catalogue knows keys, not the packages that use them",
	},
	{
		pkg:  "internal/source",
		ours: []string{"internal/errs", "internal/nearest", "licensing", "report", "usagefile"},
		deps: []string{
			"github.com/go-json-experiment/json/jsontext", "github.com/zeebo/xxh3", "golang.org/x/text/encoding/charmap",
			"golang.org/x/text/encoding/unicode", "golang.org/x/text/transform",
		},
		why: "it turns files into the engine's values; it knows no role and counts nobody",
	},
	{
		pkg:  "internal/snapshot",
		ours: []string{"licensing", "usagefile"},
		why:  "users in the order of a usage file, whoever collected them",
	},
	{
		pkg: "internal/ahead",
		why: "sequences to a sequence, whatever they are of",
	},
	{
		pkg:  "internal/mixup",
		ours: []string{"licensing"},
		why:  "accounts beside rows: it knows no file and no database, so that files and a hub ask the same",
	},
	{
		pkg: "internal/nearest",
		why: "words to a word, so that everything that refuses one can use it",
	},
	{
		pkg:  "internal/terminal",
		deps: []string{"golang.org/x/term", "golang.org/x/text/width"},
		why:  "layout of given text; it knows no sentence and no value of ours",
	},
	{
		pkg: "internal/atomicfile",
		why: "files and directories only, so that everything that writes can use it",
	},
	{
		pkg:  "internal/filelock",
		deps: []string{"golang.org/x/sys/unix"},
		why:  "one file, so that everything that must be alone can use it",
	},
	{
		pkg:  "internal/instance",
		ours: []string{"internal/atomicfile", "internal/errs", "internal/filelock", "usagefile"},
		why:  "what an instance is known by, kept by whoever exports: it knows no users and no role",
	},
	{
		pkg:  "internal/enrolment",
		ours: []string{"usagefile"},
		deps: []string{"github.com/go-json-experiment/json", "github.com/go-json-experiment/json/jsontext"},
		why:  "a file that both roles read and write: it knows neither, and trusts nobody",
	},
	{
		pkg:  "internal/connect",
		ours: []string{"internal/errs", "usagefile"},
		deps: []string{"github.com/go-jose/go-jose/v4", "github.com/go-jose/go-jose/v4/jwt"},
		why:  "what both roles say to each other: types, signatures and the agent's end of the wire; it knows neither role and keeps nothing",
	},
	{
		pkg:  "internal/recordpage",
		ours: []string{"internal/connect", "internal/page"},
		deps: []string{"github.com/a-h/templ", "github.com/a-h/templ/runtime"},
		why:  "the connection record as pages of both roles list it; it knows neither role",
	},
	{
		pkg: "internal/faulttest",
		why: "lines that break, for tests of what crosses them; it knows nothing of what passes",
	},
	{
		pkg:  "internal/database",
		ours: []string{"internal/errs"},
		deps: []string{
			"github.com/jackc/pgx/v5", "github.com/jackc/pgx/v5/pgconn", "github.com/jackc/pgx/v5/stdlib",
			"github.com/pressly/goose/v3", "modernc.org/sqlite", "modernc.org/sqlite/lib",
		},
		why: "the two drivers end here: it knows no table, so that every store can stand on it",
	},
	{
		pkg:  "internal/job",
		ours: []string{"internal/database", "internal/errs"},
		deps: []string{
			"github.com/riverqueue/river", "github.com/riverqueue/river/riverdriver",
			"github.com/riverqueue/river/riverdriver/riverdatabasesql", "github.com/riverqueue/river/riverdriver/riversqlite",
			"github.com/riverqueue/river/rivermigrate", "github.com/riverqueue/river/rivertype",
		},
		why: "River ends here, pinned to one version: it knows jobs by kind and arguments, and no role",
	},
	{
		pkg:  "internal/spool",
		ours: []string{"internal/errs", "internal/source"},
		why:  "files on their way in, for every surface of a role: it knows no format",
	},
	{
		pkg: "internal/signin",
		ours: []string{
			"internal/database", "internal/errs", "internal/ratelimit", "internal/signin/oidc", "internal/signin/password",
			"internal/signin/sqlgen", "internal/signin/totp", "licensing",
		},
		why: "who asks and what was done, for both roles: it knows enterprises by number and no table of a role",
	},
	{
		pkg:  "internal/signin/oidc",
		ours: []string{"internal/errs", "licensing"},
		deps: []string{"github.com/coreos/go-oidc/v3/oidc", "golang.org/x/oauth2"},
		why:  "what a provider says of somebody: it knows nobody here, no cookie and no database",
	},
	{
		pkg:  "internal/signin/oidc/oidctest",
		ours: []string{"internal/signin/oidc"},
		why:  "providers for tests: one in a process of its own, one that lies",
	},
	{
		pkg: "internal/signin/totp",
		why: "RFC 6238 and nothing else: cryptography is read alone",
	},
	{
		pkg:  "internal/signin/password",
		ours: []string{"internal/errs"},
		deps: []string{"golang.org/x/crypto/argon2", "golang.org/x/text/unicode/norm"},
		why:  "passwords to hashes: it knows nobody who has one",
	},
	{
		pkg: "internal/signin/sqlgen",
		why: "generated; only signin sees it",
	},
	{
		pkg:  "internal/web",
		ours: []string{"internal/errs", "internal/i18n", "internal/ratelimit"},
		deps: []string{
			"github.com/prometheus/client_golang/prometheus", "github.com/prometheus/client_golang/prometheus/collectors",
			"github.com/prometheus/client_golang/prometheus/promhttp", "golang.org/x/net/netutil",
		},
		why: "requests and answers of any role: who may do what is told to it",
	},
	{
		pkg:  "internal/ratelimit",
		deps: []string{"golang.org/x/time/rate"},
		why:  "keys to counts, whatever they are of",
	},
	{
		pkg:  "internal/page",
		ours: []string{"internal/errs", "internal/i18n", "internal/web"},
		deps: []string{"github.com/a-h/templ", "github.com/a-h/templ/runtime"},
		why:  "the frame of pages of any role: it knows no people and no use case",
	},
	{
		pkg: "internal/entry",
		ours: []string{
			"internal/errs", "internal/i18n", "internal/page", "internal/signin", "internal/signin/password", "internal/signin/totp",
			"internal/web",
		},
		deps: []string{"github.com/a-h/templ", "github.com/a-h/templ/runtime", "rsc.io/qr"},
		why:  "pages where people come in, of any role: what they may then is the role's",
	},
	{
		pkg:  "internal/auditlog",
		ours: []string{"internal/errs", "internal/page", "internal/signin", "internal/web"},
		deps: []string{"github.com/a-h/templ", "github.com/a-h/templ/runtime"},
		why:  "a page of any role: whose log it is, and who may look, is told to it",
	},
	{
		pkg:  "internal/help",
		ours: []string{"internal/errs", "internal/page", "internal/web"},
		deps: []string{"github.com/a-h/templ", "github.com/a-h/templ/runtime"},
		why:  "what pages of any role explain: it knows nobody and no use case",
	},
	{
		pkg: "internal/browsertest",
		deps: []string{
			"github.com/chromedp/cdproto", "github.com/chromedp/cdproto/browser", "github.com/chromedp/cdproto/cdp", "github.com/chromedp/cdproto/emulation",
			"github.com/chromedp/cdproto/dom", "github.com/chromedp/cdproto/network", "github.com/chromedp/cdproto/page", "github.com/chromedp/cdproto/target", "github.com/chromedp/chromedp",
		},
		why: "a browser for everybody's tests: it knows no page",
	},
	{
		pkg:  "internal/demo",
		ours: []string{"internal/source", "licensing", "report"},
		deps: []string{"golang.org/x/text/unicode/norm"},
		why:  "an invented enterprise as files: it knows no role",
	},
	{
		pkg:  "internal/dbtest",
		ours: []string{"internal/database"},
		deps: []string{"github.com/jackc/pgx/v5/stdlib"},
		why:  "databases for everybody's tests: it knows no schema but the one it is given",
	},
	{
		pkg: "internal/hub/masktest",
		why: "bytes to send and to look for: every surface uses the same",
	},
	{
		pkg: "internal/hub",
		ours: []string{
			"internal/ahead", "internal/atomicfile", "internal/connect", "internal/enrolment", "internal/errs", "internal/hub/store", "internal/job", "internal/mixup", "internal/nearest", "internal/ratelimit",
			"internal/snapshot",
			"internal/source", "licensing", "report", "usagefile",
		},
		deps: []string{"github.com/go-json-experiment/json", "github.com/go-json-experiment/json/jsontext", "golang.org/x/text/unicode/norm"},
		why:  "the receiving role's use cases: no surface, no driver, no clock of its own",
	},
	{
		pkg: "internal/hub/api",
		ours: []string{
			"internal/enrolment", "internal/errs", "internal/hub", "internal/i18n", "internal/signin", "internal/source", "internal/spool", "internal/web",
			"licensing", "report", "usagefile",
		},
		deps: []string{"github.com/danielgtaylor/huma/v2", "github.com/danielgtaylor/huma/v2/adapters/humago"},
		why:  "requests to one use case each and back: no store, no counting",
	},
	{
		pkg:  "internal/hub/gate",
		ours: []string{"internal/connect", "internal/errs", "internal/hub", "internal/i18n", "internal/ratelimit", "internal/spool", "internal/web"},
		why:  "what agents call, to one use case each and back: no store, no counting, and no token but that of a connection",
	},
	{
		pkg: "internal/hub/site",
		ours: []string{
			"internal/entry", "internal/hub", "internal/hub/api", "internal/hub/gate", "internal/hub/ui", "internal/i18n", "internal/page", "internal/signin",
			"internal/signin/oidc", "internal/spool", "internal/web",
		},
		deps: []string{"github.com/prometheus/client_golang/prometheus"},
		why:  "puts the surfaces of the receiving role together: it has no page, no route and no rule of its own",
	},
	{
		pkg: "internal/hub/ui",
		ours: []string{
			"internal/auditlog", "internal/connect", "internal/errs", "internal/help", "internal/hub", "internal/page", "internal/recordpage", "internal/signin", "internal/signin/password",
			"internal/source", "internal/spool", "internal/web", "licensing", "report", "usagefile",
		},
		deps: []string{"github.com/a-h/templ", "github.com/a-h/templ/runtime"},
		why:  "requests to one use case each and back, as pages: no store, no counting, no API",
	},
	{
		pkg:  "internal/hub/store",
		ours: []string{"internal/ahead", "internal/database", "internal/errs", "internal/hub/store/sqlgen", "licensing", "usagefile"},
		deps: []string{"github.com/go-json-experiment/json", "github.com/go-json-experiment/json/jsontext"},
		why:  "rows to values and back: it decides nothing and knows no surface",
	},
	{
		pkg: "internal/hub/store/sqlgen",
		why: "generated; only the store sees it",
	},
	{
		pkg:  "internal/fetch",
		ours: []string{"internal/errs", "licensing"},
		why:  "a command's output, bounded: it knows no format and no role",
	},
	{
		pkg: "internal/agent",
		ours: []string{
			"internal/agent/store", "internal/atomicfile", "internal/connect", "internal/enrolment", "internal/errs", "internal/fetch", "internal/filelock",
			"internal/instance", "internal/job", "internal/source", "licensing", "usagefile",
		},
		why: "the sending role's use cases: no surface, no driver, no clock of its own",
	},
	{
		pkg: "internal/agent/site",
		ours: []string{
			"internal/agent", "internal/agent/ui", "internal/entry", "internal/i18n", "internal/page", "internal/signin", "internal/signin/oidc", "internal/web",
		},
		deps: []string{"github.com/prometheus/client_golang/prometheus"},
		why:  "puts the surfaces of the sending role together: it has no page, no route and no rule of its own",
	},
	{
		pkg: "internal/agent/ui",
		ours: []string{
			"internal/agent", "internal/agent/store", "internal/auditlog", "internal/connect", "internal/demo", "internal/enrolment", "internal/errs", "internal/help", "internal/page", "internal/recordpage",
			"internal/signin", "internal/web", "licensing", "usagefile",
		},
		deps: []string{"github.com/a-h/templ", "github.com/a-h/templ/runtime"},
		why:  "requests to one use case each and back, as pages: of the store it knows the values alone",
	},
	{
		pkg:  "internal/agent/store",
		ours: []string{"internal/agent/store/sqlgen", "internal/database", "internal/errs", "licensing", "usagefile"},
		why:  "rows to values and back: it decides nothing and knows no surface",
	},
	{
		pkg: "internal/agent/store/sqlgen",
		why: "generated; only the store sees it",
	},
	{
		pkg: "internal/archtest",
		why: "rules only; it has no code of its own",
	},
	{
		pkg:  "bench/...",
		ours: []string{"*"},
		deps: []string{"*"},
		why:  "measurements may take anything, and nobody but themselves takes them",
	},
}

func TestEveryPackageHasARowAndKeepsToIt(t *testing.T) {
	t.Parallel()
	packages := mustPackages(t)
	byName := map[string]row{}
	for _, r := range rows {
		if _, twice := byName[r.pkg]; twice {
			t.Errorf("two rows for %s", r.pkg)
		}
		byName[r.pkg] = r
		if r.why == "" {
			t.Errorf("%s: the row has no reason", r.pkg)
		}
		if len(r.sources(packages)) == 0 {
			t.Errorf("%s: a row for a package that is gone", r.pkg)
		}
		checkRow(t, r, r.sources(packages))
	}
	for _, name := range slices.Sorted(maps.Keys(packages)) {
		if !slices.ContainsFunc(rows, func(r row) bool { return r.covers(name) }) {
			t.Errorf("%s has no row: say what it may import, and why", name)
		}
	}
}

func (r row) covers(dir string) bool {
	above, all := strings.CutSuffix(r.pkg, "...")
	return dir == r.pkg || all && strings.HasPrefix(dir, above)
}

func (r row) sources(packages map[string][]*source) []*source {
	var all []*source
	for dir, files := range packages {
		if r.covers(dir) {
			all = append(all, files...)
		}
	}
	return all
}

func checkRow(t *testing.T, r row, files []*source) {
	t.Helper()
	used := map[string]bool{"*": true}
	for _, s := range files {
		for _, spec := range s.file.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			name, allowed := r.allows(name)
			used[name] = true
			if !allowed {
				t.Errorf("%v: %s may not import %s: %s", s.at(spec), r.pkg, name, r.why)
			}
		}
	}
	for _, name := range slices.Concat(r.ours, r.deps) {
		if !used[name] {
			t.Errorf("%s: the row allows %s, which it does not import", r.pkg, name)
		}
	}
}

// allows gives the import as the row names it, below the module for ours, and
// whether the row has it.
func (r row) allows(name string) (string, bool) {
	if below, ok := strings.CutPrefix(name, module+"/"); ok {
		return below, has(r.ours, below) && r.exposed(below)
	}
	if first, _, _ := strings.Cut(name, "/"); strings.Contains(first, ".") {
		return name, has(r.deps, name)
	}
	return name, name != "C" && (r.std == nil || slices.Contains(r.std, name))
}

// exposed says that "*" means a package at all: commands are nobody's, and
// measurements only their own.
func (r row) exposed(dir string) bool {
	return !strings.HasPrefix(dir, "cmd/") && (!strings.HasPrefix(dir, "bench/") || strings.HasPrefix(r.pkg, "bench/"))
}

func has(list []string, name string) bool {
	return slices.Contains(list, "*") || slices.Contains(list, name)
}

// TestTestingStaysInTests: what imports testing is test code; packages made
// for tests are named so and only tests and measurements import them.
func TestTestingStaysInTests(t *testing.T) {
	t.Parallel()
	for _, s := range mustSources(t) {
		for _, spec := range s.file.Imports {
			name := strings.Trim(spec.Path.Value, `"`)
			ours, isOurs := strings.CutPrefix(name, module+"/")
			switch {
			case forTests(s.dir()):
			case name == "testing" || strings.HasPrefix(name, "testing/"):
				t.Errorf("%v: production code imports %s", s.at(spec), name)
			case isOurs && strings.HasSuffix(ours, "test"):
				t.Errorf("%v: production code imports %s, which is for tests", s.at(spec), name)
			}
		}
	}
}
