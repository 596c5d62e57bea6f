// Package i18n is the catalogue of every sentence a person reads: pages,
// refusals, tables and the commands' output.
//
// A sentence has a key, "usagefile.truncated", and named arguments. The
// sentences of a language stand in a directory named by its tag, in JSON files
// in the format of go-i18n: one per area here, en/usagefile.json, because that
// is kinder to those who write them. What a file is called means nothing, so
// adding a language is adding one file, de/all.json. English is complete;
// another language has every sentence that pages show, and falls back to
// English for the others.
//
// In a sentence {{.Name}} is an argument as fmt prints it (an address masks
// itself), {{number .Name}} a number grouped as the language groups thousands,
// and {{date .Name}} a day, given as 2026-10-29. An argument that has several lines becomes one: what somebody
// typed looks like no line of ours; and one that is written from right to left
// is isolated, so that it turns no sentence of ours. An argument called Count chooses among the plural forms. An
// argument that is an error is shown as its own sentence.
//
// The package deliberately logs nothing and has no notion of a request: who
// has a reader makes a [Catalogue] for the reader's language and keeps it. API
// errors and logs are English and do not come through here. Start with [New].
package i18n

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"sync"
	"text/template"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"github.com/oneseat/oneseat/internal/errs"
)

//go:embed */*.json
var files embed.FS

// Message is an error that names its sentence: the key and the arguments by
// name. The errors of internal/errs have it, and those of the packages that
// may not import internal/errs.
type Message interface {
	error
	Message() (key string, args map[string]any)
}

// Catalogue renders the sentences of one language. It is safe for concurrent
// use.
type Catalogue struct {
	tag       language.Tag
	localizer *i18n.Localizer
	printer   *message.Printer
}

// New gives the catalogue for a reader: lang is a language tag or the value of
// an Accept-Language header. What matches no language of the catalogue, the
// empty text included, gives English. The error says that a file built into
// the program is broken.
func New(lang string) (*Catalogue, error) {
	bundle, err := builtIn()
	if err != nil {
		return nil, err
	}
	return choose(bundle, lang), nil
}

// builtIn are the sentences that are built into the program, read once. Nobody
// changes them, so catalogues share them.
var builtIn = sync.OnceValues(func() (*i18n.Bundle, error) { return load(files) }) //nolint:gochecknoglobals // as constant as the files

func newFrom(files fs.FS, lang string) (*Catalogue, error) {
	bundle, err := load(files)
	if err != nil {
		return nil, err
	}
	return choose(bundle, lang), nil
}

func choose(bundle *i18n.Bundle, lang string) *Catalogue {
	wanted, _, _ := language.ParseAcceptLanguage(lang) // what does not parse matches nothing
	tag, _, _ := language.NewMatcher(bundle.LanguageTags()).Match(wanted...)
	return of(bundle, tag)
}

func of(bundle *i18n.Bundle, tag language.Tag) *Catalogue {
	return &Catalogue{tag: tag, localizer: i18n.NewLocalizer(bundle, tag.String()), printer: message.NewPrinter(tag)}
}

func load(files fs.FS) (*i18n.Bundle, error) {
	bundle := i18n.NewBundle(language.English)
	names, err := fs.Glob(files, "*/*.json")
	if err != nil {
		return nil, fmt.Errorf("list catalogue: %w", err)
	}
	for _, name := range names {
		if err := loadFile(bundle, files, name); err != nil {
			return nil, fmt.Errorf("load catalogue file %s: %w", name, err)
		}
	}
	return bundle, nil
}

func loadFile(bundle *i18n.Bundle, files fs.FS, name string) error {
	tag, err := language.Parse(path.Dir(name))
	if err != nil {
		return fmt.Errorf("directory is no language tag: %w", err)
	}
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return fmt.Errorf("read: %w", err)
	}
	if _, err := bundle.ParseMessageBytes(tag, text, json.Unmarshal); err != nil {
		return fmt.Errorf("parse: %w", err)
	}
	return nil
}

// T is the sentence of a key. Args are the sentence's values, name and value
// in turn. A key without a sentence is shown as it is: a test demands that
// there is none.
func (c *Catalogue) T(key string, args ...any) string {
	return c.render(key, errs.Args(args))
}

// Error is the sentence for the person who has to do something about err: that
// of the outermost error in its chain that names one ([Message]). When none
// does, it is a general sentence around err's own text.
func (c *Catalogue) Error(err error) string {
	if said, ok := errors.AsType[Message](err); ok {
		return c.render(said.Message())
	}
	return c.T("error.unexplained", "Text", err.Error())
}

// Number is n with the language's grouping of thousands.
func (c *Catalogue) Number(n int) string { return c.printer.Sprintf("%d", n) }

func (c *Catalogue) render(key string, args map[string]any) string {
	text, err := c.localizer.Localize(&i18n.LocalizeConfig{
		MessageID:    key,
		TemplateData: c.shown(args),
		PluralCount:  args["Count"],
		Funcs:        template.FuncMap{"number": c.number, "date": c.date},
	})
	// Localize gives the best text it has beside an error: English for a
	// missing translation, "other" for a missing plural form.
	if err != nil && text == "" {
		return key
	}
	return text
}

// shown gives the arguments as a sentence shows them.
func (c *Catalogue) shown(args map[string]any) map[string]any {
	shown := make(map[string]any, len(args))
	for name, value := range args {
		if said, ok := value.(Message); ok {
			value = c.render(said.Message())
		}
		if text, ok := value.(string); ok {
			value = isolated(oneLine(text))
		}
		shown[name] = value
	}
	return shown
}

// oneLine keeps a value within its sentence: what somebody called a file must
// not look like a line of ours.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("\n\r\v\f\u0085\u2028\u2029", r) {
			return ' '
		}
		return r
	}, text)
}

func (c *Catalogue) number(n any) string { return c.printer.Sprintf("%d", n) }

// Date is a day as the language writes it, "29 Oct 2026", in UTC as everything
// that OneSeat tells.
func (c *Catalogue) Date(t time.Time) string {
	t = t.UTC()
	return c.T("page.date", "Day", t.Day(), "Month", c.T("page.month."+strconv.Itoa(int(t.Month()))), "Year", t.Year())
}

// date is a day of a refusal, which is kept and sent as 2026-10-29, as the language
// writes it; anything else stays as it is.
func (c *Catalogue) date(day any) string {
	text := fmt.Sprint(day)
	if t, err := time.Parse(time.DateOnly, text); err == nil {
		return c.Date(t)
	}
	return text
}
