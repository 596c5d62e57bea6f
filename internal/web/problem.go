package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/i18n"
)

// problemsPage describes every kind of refusal.
const problemsPage = "https://github.com/oneseat/oneseat/blob/main/docs/problems.md"

// Problem is what a refusal says, as RFC 9457 has it.
type Problem struct {
	// Type leads to what the kind of refusal means and what to do about it.
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	// Detail is a sentence about this very refusal.
	Detail string `json:"detail"`
	// Code names the sentence of Detail, and Args are its values, for programs
	// that say it in another language; empty where there is none.
	Code string         `json:"code,omitempty"`
	Args map[string]any `json:"args,omitempty"`
	// Errors are the single things that are wrong, when there are several.
	Errors []Detail `json:"errors,omitempty"`
	// RequestID is the name of the request in the log.
	RequestID string `json:"request_id,omitempty"`

	header http.Header
}

// Detail is one of several things that are wrong.
type Detail struct {
	Field  string `json:"field,omitempty"`
	Detail string `json:"detail"`
}

// Error is the detail.
func (p *Problem) Error() string { return p.Detail }

// GetStatus is the status; with ContentType and GetHeaders, what huma asks of
// an error that it writes.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is that of the body, whatever was negotiated.
func (*Problem) ContentType(string) string { return "application/problem+json" }

// GetHeaders are the headers that belong to the answer.
func (p *Problem) GetHeaders() http.Header { return p.header }

// Describe notes a refusal in the event of the request, and gives what the
// answer says, for libraries that write it themselves. The context is one that
// came through an [App].
func Describe(ctx context.Context, err error) *Problem {
	v := visitOf(ctx)
	if v == nil {
		return &Problem{Status: StatusOf(err), Title: kindOf(err).String(), Detail: errs.Text(err), header: headersOf(err)}
	}
	v.event.refused(err)
	return v.problem(err)
}

// Fail answers with a refusal in the style of the route, for handlers that
// cannot return one. Nothing of the answer has been written.
func Fail(w http.ResponseWriter, r *http.Request, err error) {
	if v := visitOf(r.Context()); v != nil {
		v.refuse(w, r, err)
		return
	}
	writeJSON(w, StatusOf(err), "application/problem+json", Describe(r.Context(), err))
}

// problem puts err into words. What has no sentence is for the log alone.
func (v *visit) problem(err error) *Problem {
	anchor := strings.ReplaceAll(kindOf(err).String(), " ", "-")
	code, args := codeOf(err)
	return &Problem{
		Code: code, Args: args,
		Type:      problemsPage + "#" + anchor,
		Title:     v.app.config.Catalogue.T("web.title." + anchor),
		Status:    StatusOf(err),
		Detail:    v.sentence(err),
		Errors:    detailsOf(err, v.sentence),
		RequestID: v.event.RequestID,
		header:    headersOf(err),
	}
}

// codeOf names the sentence of an error, with the values that JSON has.
func codeOf(err error) (code string, args map[string]any) {
	if _, said := errors.AsType[i18n.Message](err); !said {
		return "", nil
	}
	code, values := brief{err}.Message()
	for name, value := range values {
		switch v := value.(type) {
		case string, bool, int, int64, float64:
		case fmt.Stringer: // what is personal masks itself
			value = v.String()
		default:
			continue
		}
		if args == nil {
			args = map[string]any{}
		}
		args[name] = value
	}
	return code, args
}

func (v *visit) sentence(err error) string {
	if _, said := errors.AsType[i18n.Message](err); said {
		return v.app.config.Catalogue.Error(brief{err})
	}
	return v.app.config.Catalogue.T("web.internal", "Request", v.event.RequestID)
}

// longestValue is how many characters of a value a sentence repeats: askers
// send what they like.
const longestValue = 200

// brief is an error whose sentence repeats no more of a text than its beginning.
type brief struct{ error }

func (b brief) Message() (key string, args map[string]any) {
	said, _ := errors.AsType[i18n.Message](b.error)
	key, args = said.Message()
	short := maps.Clone(args)
	for name, value := range args {
		if text, ok := value.(string); ok && utf8.RuneCountInString(text) > longestValue {
			short[name] = string([]rune(text)[:longestValue]) + "…"
		}
	}
	return key, short
}

// refuse writes a refusal in the style of the route.
func (v *visit) refuse(w http.ResponseWriter, r *http.Request, err error) {
	v.event.refused(err)
	p := v.problem(err)
	header := w.Header()
	for _, name := range []string{"Content-Encoding", "Content-Length", "Content-Disposition", "ETag", "Last-Modified", "Link"} {
		header.Del(name) // they were about the answer that is not given
	}
	header.Set("Cache-Control", "no-store")
	maps.Copy(header, p.header)
	switch v.route.Style {
	case StyleGitHub:
		writeJSON(w, p.Status, "application/json; charset=utf-8", gitHubRefusal{p.Detail, gitHubErrors(p.Errors), p.Type, strconv.Itoa(p.Status)})
	case StylePage:
		v.page(w, r, p, err)
	case StyleProblem:
		writeJSON(w, p.Status, p.ContentType(""), p)
	}
}

// gitHubRefusal is the shape of GitHub's refusals.
type gitHubRefusal struct {
	Message          string        `json:"message"`
	Errors           []gitHubError `json:"errors,omitempty"`
	DocumentationURL string        `json:"documentation_url"`
	Status           string        `json:"status"`
}

type gitHubError struct {
	Field   string `json:"field,omitempty"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

func gitHubErrors(details []Detail) []gitHubError {
	var all []gitHubError
	for _, d := range details {
		all = append(all, gitHubError{d.Field, "custom", d.Detail}) // GitHub's code for "see the message"
	}
	return all
}

func (v *visit) page(w http.ResponseWriter, r *http.Request, p *Problem, err error) {
	if v.app.config.Page != nil {
		v.app.config.Page(w, r, p, err)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(p.Status)
	_, _ = fmt.Fprintf(w, "%s\n\n%s\n\n%s\n", p.Title, p.Detail, p.RequestID) // who left needs no answer
}

func writeJSON(w http.ResponseWriter, status int, contentType string, value any) {
	text, err := json.Marshal(value)
	if err != nil {
		panic(fmt.Sprintf("web: a refusal that is no JSON: %v", err)) // texts and numbers only
	}
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	_, _ = w.Write(append(text, '\n')) // who left needs no answer
}
