package web_test

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/web"
)

// statuses is the table of kinds, written down a second time.
var statuses = map[errs.Kind]int{
	errs.Internal: 500, errs.Invalid: 422, errs.Unauthenticated: 401, errs.Forbidden: 403, errs.NotFound: 404,
	errs.Conflict: 409, errs.TooLarge: 413, errs.RateLimited: 429, errs.Unavailable: 503,
}

const page = "https://github.com/oneseat/oneseat/blob/main/docs/problems.md#"

func anchor(k errs.Kind) string { return strings.ReplaceAll(k.String(), " ", "-") }

func TestEveryKindInEveryShape(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind.String(), func(t *testing.T) {
			t.Parallel()
			// Any sentence will do; this one has no arguments.
			err := fmt.Errorf("ask: %w", errs.New(kind, "web.stopping"))
			sentence := "OneSeat is being stopped or started anew. Ask again in half a minute."
			problem, gitHub, forPeople := get("/problem", failing(err)), get("/github", failing(err)), get("/page", failing(err))
			gitHub.Style, forPeople.Style = web.StyleGitHub, web.StylePage
			s := serve(t, web.Config{}, problem, gitHub, forPeople)

			got := s.ask(t, http.MethodGet, "/problem", "")
			mustEqual(t, got.status, statuses[kind])
			mustEqual(t, got.header.Get("Content-Type"), "application/problem+json")
			mustEqual(t, got.mustJSON(t), map[string]any{
				"type": page + anchor(kind), "title": strings.ToUpper(kind.String()[:1]) + kind.String()[1:], "status": float64(statuses[kind]),
				"detail": sentence, "code": "web.stopping", "request_id": got.header.Get("X-Request-Id"),
			})

			got = s.ask(t, http.MethodGet, "/github", "")
			mustEqual(t, got.status, statuses[kind])
			mustEqual(t, got.header.Get("Content-Type"), "application/json; charset=utf-8")
			mustEqual(t, got.header.Get("X-GitHub-Request-Id"), got.header.Get("X-Request-Id"))
			mustEqual(t, got.mustJSON(t), map[string]any{
				"message": sentence, "documentation_url": page + anchor(kind), "status": strconv.Itoa(statuses[kind]),
			})

			got = s.ask(t, http.MethodGet, "/page", "")
			mustEqual(t, got.status, statuses[kind])
			if !strings.Contains(got.body, sentence) || !strings.HasPrefix(got.header.Get("Content-Type"), "text/plain") {
				t.Errorf("page: %v", got)
			}
		})
	}
}

func mustEqual(t *testing.T, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
}

func TestThePageOfProblemsIsTrue(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/problems.md")
	if err != nil {
		t.Fatal(err)
	}
	sections := map[string]string{}
	for _, section := range strings.Split(string(text), "\n## ")[1:] {
		title, rest, _ := strings.Cut(section, "\n")
		sections[strings.ReplaceAll(strings.ToLower(title), " ", "-")] = rest
	}
	for _, kind := range kinds() {
		section, found := sections[anchor(kind)]
		if want := fmt.Sprintf("\nStatus %d. ", statuses[kind]); !found || !strings.HasPrefix(section, want) {
			t.Errorf("%s: no heading, or not followed by %q: %q", kind, want, section)
		}
		delete(sections, anchor(kind))
	}
	if len(sections) > 0 {
		t.Errorf("these are no kinds: %v", sections)
	}
}

func TestAnInternalErrorIsForTheLogAlone(t *testing.T) {
	t.Parallel()
	s := serve(t, web.Config{}, get("/", failing(errors.New("disk of mona@acme.example is on fire"))))
	got := s.ask(t, http.MethodGet, "/", "")
	problem := got.mustJSON(t)
	if strings.Contains(got.body, "fire") || !strings.Contains(fmt.Sprint(problem["detail"]), got.header.Get("X-Request-Id")) {
		t.Errorf("the answer: %s", got.body)
	}
	line := s.line(t)
	mustEqual(t, line["cause"], any("disk of …@acme.example is on fire"))
	mustEqual(t, line["level"], any("ERROR"))
	mustEqual(t, line["error_kind"], any("internal"))
	mustEqual(t, line["request_id"], problem["request_id"])
}

func TestAPanicIsAnInternalErrorWithItsStack(t *testing.T) {
	t.Parallel()
	s := serve(t, web.Config{}, get("/", func(http.ResponseWriter, *http.Request) error { panic("no such thing") }), get("/well", ok))
	got := s.ask(t, http.MethodGet, "/", "")
	if got.status != http.StatusInternalServerError || strings.Contains(got.body, "no such") {
		t.Errorf("got %v", got)
	}
	mustEqual(t, s.ask(t, http.MethodGet, "/well", "").status, http.StatusOK)
	line := s.lines(t)[0]
	if line["cause"] != "panic: no such thing" || !strings.Contains(fmt.Sprint(line["stack"]), "TestAPanic") {
		t.Errorf("logged: %v", line)
	}
}

// judgement is an error of a package that may not import errs.
type judgement struct{}

func (judgement) Error() string                     { return "truncated" }
func (judgement) Message() (string, map[string]any) { return "web.no_route", nil }

func TestAJudgementWithoutAKindIsInvalid(t *testing.T) {
	t.Parallel()
	mustEqual(t, web.StatusOf(fmt.Errorf("read: %w", judgement{})), 422)
	mustEqual(t, web.StatusOf(errs.Wrap(errs.Internal, judgement{}, "web.stopping")), 500)
}

func TestSeveralThingsWrong(t *testing.T) {
	t.Parallel()
	fields := web.Invalid(
		web.Field{Name: "name", Err: errs.New(errs.Invalid, "web.no_route")},
		web.Field{Name: "scopes", Err: errs.New(errs.Invalid, "web.stopping")},
	)
	inGitHub := get("/github", failing(fields))
	inGitHub.Style = web.StyleGitHub
	s := serve(t, web.Config{}, get("/fields", failing(fields)), get("/list", failing(&severalJudgements{})), inGitHub)
	noRoute := "There is nothing at this address. Look for a mistake in it, or go on from the first page; the documentation lists the addresses of the API."
	stopping := "OneSeat is being stopped or started anew. Ask again in half a minute."

	got := s.ask(t, http.MethodGet, "/fields", "").mustJSON(t)
	mustEqual(t, got["detail"], any("2 fields are wrong, “name” first: see “errors”. Correct them and send the request again."))
	mustEqual(t, got["errors"], any([]any{
		map[string]any{"field": "name", "detail": noRoute}, map[string]any{"field": "scopes", "detail": stopping},
	}))
	got = s.ask(t, http.MethodGet, "/github", "").mustJSON(t)
	mustEqual(t, got["errors"], any([]any{
		map[string]any{"field": "name", "code": "custom", "message": noRoute}, map[string]any{"field": "scopes", "code": "custom", "message": stopping},
	}))
	got = s.ask(t, http.MethodGet, "/list", "").mustJSON(t)
	mustEqual(t, got["errors"], any([]any{map[string]any{"detail": noRoute}, map[string]any{"detail": stopping}}))
	if web.Invalid() != nil {
		t.Error("nothing is wrong, and refused")
	}
}

type severalJudgements struct{ judgement }

func (*severalJudgements) Unwrap() []error {
	return []error{judgement{}, errs.New(errs.Invalid, "web.stopping")}
}

func TestARefusalCanSayMoreThanItsKind(t *testing.T) {
	t.Parallel()
	conflict := errs.New(errs.Conflict, "web.stopping")
	err := web.WithHeader(web.WithStatus(http.StatusPreconditionFailed, conflict), "Location", "/uploads/3")
	begun := get("/", func(w http.ResponseWriter, _ *http.Request) error {
		w.Header().Set("ETag", `"7"`)
		w.Header().Set("Cache-Control", "private, max-age=60")
		return fmt.Errorf("apply: %w", err)
	})
	late := errs.New(errs.Unavailable, "web.stopping")
	s := serve(t, web.Config{}, begun, get("/late", failing(late)), get("/later", failing(web.WithHeader(late, "Retry-After", "7"))), get("/who", failing(errs.New(errs.Unauthenticated, "web.no_route"))))
	got := s.ask(t, http.MethodGet, "/", "")
	mustEqual(t, got.status, http.StatusPreconditionFailed)
	mustEqual(t, got.header.Get("Location"), "/uploads/3")
	mustEqual(t, got.header.Get("ETag"), "")
	mustEqual(t, got.header.Get("Cache-Control"), "no-store")
	mustEqual(t, got.mustJSON(t)["type"], any(page+"conflict"))
	mustEqual(t, s.ask(t, http.MethodGet, "/late", "").header.Get("Retry-After"), "30")
	mustEqual(t, s.ask(t, http.MethodGet, "/later", "").header.Get("Retry-After"), "7")
	mustEqual(t, s.ask(t, http.MethodGet, "/who", "").header.Get("WWW-Authenticate"), `Bearer realm="OneSeat"`)
	mustEqual(t, errs.KindOf(err), errs.Conflict)
}

// TestForeignHandlers: a library that writes its own answers refuses in the
// same words, and the log knows.
func TestForeignHandlers(t *testing.T) {
	t.Parallel()
	missing := errs.New(errs.NotFound, "web.no_route")
	failed := get("/failed", web.Serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { web.Fail(w, r, missing) })))
	failed.Style = web.StyleGitHub
	described := get("/described", web.Serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := web.Describe(r.Context(), web.WithHeader(missing, "Location", "/elsewhere"))
		w.Header().Set("Location", p.GetHeaders().Get("Location"))
		http.Error(w, p.Error()+" "+p.RequestID+" "+p.ContentType("text/html"), p.GetStatus())
	})))
	s := serve(t, web.Config{}, failed, described)
	got := s.ask(t, http.MethodGet, "/failed", "")
	mustEqual(t, got.mustJSON(t)["status"], any("404"))
	got = s.ask(t, http.MethodGet, "/described", "")
	mustEqual(t, got.status, http.StatusNotFound)
	mustEqual(t, got.header.Get("Location"), "/elsewhere")
	mustEqual(t, got.body, "There is nothing at this address. Look for a mistake in it, or go on from the first page; the documentation lists the addresses of the API. "+got.header.Get("X-Request-Id")+" application/problem+json\n")
	for _, line := range s.lines(t) {
		mustEqual(t, line["error_kind"], any("not found"))
	}
}

func TestOutsideAnAppARefusalIsStillOne(t *testing.T) {
	t.Parallel()
	p := web.Describe(t.Context(), errs.New(errs.Forbidden, "web.stopping"))
	mustEqual(t, p.GetStatus(), http.StatusForbidden)
	mustEqual(t, web.Event(t.Context()), &web.RequestEvent{})
}

func TestAPageOfTheRoleItself(t *testing.T) {
	t.Parallel()
	missing := errs.New(errs.NotFound, "web.no_route")
	c := web.Config{Page: func(w http.ResponseWriter, r *http.Request, p *web.Problem, err error) {
		w.WriteHeader(p.Status)
		_, _ = fmt.Fprintf(w, "%s %v %s", r.URL.Path, errors.Is(err, missing), p.Title)
	}}
	route := get("/lost", failing(missing))
	route.Style = web.StylePage
	got := serve(t, c, route).ask(t, http.MethodGet, "/lost", "")
	mustEqual(t, got.body, "/lost true Not found")
	mustEqual(t, got.status, http.StatusNotFound)
}

func TestWhatNoRouteHas(t *testing.T) {
	t.Parallel()
	c := web.Config{Fallback: func(path string) web.Style {
		if strings.HasPrefix(path, "/api/v3/") {
			return web.StyleGitHub
		}
		return web.StyleProblem
	}}
	s := serve(t, c, get("/api/v1/people/{id}", ok), post("/api/v1/people/{id}", 0, ok))
	got := s.ask(t, http.MethodGet, "/api/v3/mona@acme.example?token=secret", "")
	mustEqual(t, got.status, http.StatusNotFound)
	mustEqual(t, got.mustJSON(t)["status"], any("404"))
	got = s.ask(t, http.MethodDelete, "/api/v1/people/7", "")
	mustEqual(t, got.status, http.StatusMethodNotAllowed)
	mustEqual(t, got.header.Get("Allow"), "GET, HEAD, POST")
	mustEqual(t, got.mustJSON(t)["detail"], any("This address does not take this method, but GET, HEAD, POST. Ask with one of these."))
	mustEqual(t, s.ask(t, http.MethodGet, "/api//v1/people/7", "").body, "ok") // redirected
	lines := s.lines(t)
	if len(lines) != 4 || strings.Contains(s.log.String(), "mona") || strings.Contains(s.log.String(), "secret") {
		t.Errorf("logged:\n%s", s.log)
	}
}

// TestRoutesThatCannotBeServed are noticed when the program starts.
func TestRoutesThatCannotBeServed(t *testing.T) {
	t.Parallel()
	guarded := get("/", ok)
	guarded.Access = []string{"read"}
	for name, route := range map[string]web.Route{
		"no handler": get("/", nil), "no method": {Pattern: "/", Handler: ok}, "nobody authorizes": guarded,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if recover() == nil {
					t.Error("mounted")
				}
			}()
			app, _ := mustApp(t, web.Config{})
			mount(app, route)
		})
	}
}

func TestStylesHaveNames(t *testing.T) {
	t.Parallel()
	names := []string{web.StyleProblem.String(), web.StyleGitHub.String(), web.StylePage.String(), web.Style(9).String()}
	if slices.Contains(names, "") || !regexp.MustCompile(`9$`).MatchString(names[3]) {
		t.Error(names)
	}
}
