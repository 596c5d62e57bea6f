package archtest_test

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

var (
	markdownLink = regexp.MustCompile(`\[[^\]]*\]\(([^()\s]+)\)`)
	heading      = regexp.MustCompile(`^#{1,6} +(.*?)(?: +#+)?$`)
	inlineCode   = regexp.MustCompile("`([^`\n]+)`")
	headingLink  = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)
)

// document is a Markdown file in two parts: its prose, with the lines of code
// blocks left empty, and those lines by number, with continued ones joined.
type document struct {
	path  string
	prose string
	code  map[int]string
	title []string // headings in order
}

func mustDocuments(t *testing.T) []*document {
	t.Helper()
	var all []*document
	for _, name := range mustPaths(t, ".md") {
		all = append(all, parseDocument(name, mustRead(t, name)))
	}
	return all
}

func parseDocument(name, text string) *document {
	d := &document{path: name, code: map[int]string{}}
	fenced, continued := false, 0
	for i, line := range strings.Split(text, "\n") {
		number := i + 1
		switch {
		case strings.HasPrefix(strings.TrimSpace(line), "```"):
			fenced, continued = !fenced, 0
		case !fenced:
			d.prose += line
			if m := heading.FindStringSubmatch(line); m != nil {
				d.title = append(d.title, m[1])
			}
		default:
			if continued == 0 {
				continued = number
			}
			d.code[continued] += strings.TrimSuffix(line, `\`) + " "
			if !strings.HasSuffix(line, `\`) {
				continued = 0
			}
		}
		d.prose += "\n"
	}
	return d
}

// spans gives the code of a document, blocks and inline, by line number.
func (d *document) spans() map[int][]string {
	spans := map[int][]string{}
	for number, line := range d.code {
		spans[number] = append(spans[number], line)
	}
	for i, line := range strings.Split(d.prose, "\n") {
		for _, m := range inlineCode.FindAllStringSubmatch(line, -1) {
			spans[i+1] = append(spans[i+1], m[1])
		}
	}
	return spans
}

// anchors are the names GitHub gives the document's headings.
func (d *document) anchors() []string {
	var anchors []string
	for _, title := range d.title {
		title = headingLink.ReplaceAllString(title, "$1")
		anchor := strings.Map(func(r rune) rune {
			switch {
			case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
				return unicode.ToLower(r)
			case r == ' ':
				return '-'
			default:
				return -1
			}
		}, title)
		for n := 1; slices.Contains(anchors, anchor); n++ {
			anchor = strings.TrimSuffix(anchor, "-"+strconv.Itoa(n-1)) + "-" + strconv.Itoa(n)
		}
		anchors = append(anchors, anchor)
	}
	return anchors
}

func TestDocumentLinksResolve(t *testing.T) {
	t.Parallel()
	documents := map[string]*document{}
	for _, d := range mustDocuments(t) {
		documents[d.path] = d
	}
	links := 0
	for _, d := range documents {
		prose := inlineCode.ReplaceAllString(d.prose, "code")
		for _, m := range markdownLink.FindAllStringSubmatchIndex(prose, -1) {
			links++
			link := prose[m[2]:m[3]]
			if problem := d.follow(link, documents); problem != "" {
				t.Errorf("%s:%d: %s: %s", d.path, 1+strings.Count(prose[:m[0]], "\n"), link, problem)
			}
		}
	}
	if links == 0 {
		t.Error("no links found")
	}
}

// follow says what is wrong with a link; what leads out of the tree is not
// followed.
func (d *document) follow(link string, documents map[string]*document) string {
	target, err := url.Parse(link)
	switch {
	case err != nil:
		return err.Error()
	case target.Scheme == "https" || target.Scheme == "mailto":
		return ""
	case target.Scheme != "" || target.Host != "" || strings.HasPrefix(target.Path, "/"):
		return "links are https, mailto or relative"
	}
	name := d.path
	if target.Path != "" {
		name = path.Join(path.Dir(d.path), target.Path)
	}
	if !exists(name) {
		return "there is no such file"
	}
	if target.Fragment == "" {
		return ""
	}
	if other := documents[name]; other == nil || !slices.Contains(other.anchors(), target.Fragment) {
		return "there is no such heading"
	}
	return ""
}

var verb = regexp.MustCompile(`(?m)^([a-z-]+):.*## (.+)$`)

func TestMakeVerbsInDocumentsExist(t *testing.T) {
	t.Parallel()
	var verbs []string
	for _, m := range verb.FindAllStringSubmatch(mustRead(t, "Makefile"), -1) {
		verbs = append(verbs, m[1])
	}
	if len(verbs) == 0 {
		t.Fatal("the Makefile has no verbs")
	}
	named := regexp.MustCompile(`^(?:\$ )?make(?: ([a-z-]+))?(?:\s|$)`)
	for _, d := range mustDocuments(t) {
		for number, spans := range d.spans() {
			for _, span := range spans {
				if m := named.FindStringSubmatch(span); m != nil && m[1] != "" && !slices.Contains(verbs, m[1]) {
					t.Errorf("%s:%d: there is no %q; make has %v", d.path, number, "make "+m[1], verbs)
				}
			}
		}
	}
}

// TestTheTreeNamesNoMachine: no directory of somebody's machine and no address
// of a package registry or mirror.
func TestTheTreeNamesNoMachine(t *testing.T) {
	t.Parallel()
	directory := regexp.MustCompile(`(?:^|[\s"'(=:` + "`" + `])/(?:work|root|Users|home)/[a-zA-Z.]`)
	tests := map[string]*regexp.Regexp{} // by a text that is in whatever they find
	for _, name := range []string{"work", "root", "Users", "home"} {
		tests["/"+name+"/"] = directory
	}
	for _, text := range []string{`"resol` + `ved": "http`, "GO" + "PROXY=http", "proxy.gol" + "ang.org", "registry.npm" + "js.org"} {
		tests[text] = regexp.MustCompile(regexp.QuoteMeta(text))
	}
	for _, name := range mustPaths(t) {
		content := mustRead(t, name)
		for text, test := range tests {
			if !strings.Contains(content, text) { // nearly always, and in no time
				continue
			}
			for i, line := range strings.Split(content, "\n") {
				if found := test.FindString(line); found != "" {
					t.Errorf("%s:%d: %q", name, i+1, found)
				}
			}
		}
	}
}
