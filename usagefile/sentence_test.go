package usagefile_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"text/template"

	"github.com/oneseat/oneseat/usagefile"
)

// constants are the values of the constants of one type in code.go.
func constants[C ~string](t *testing.T, kind string) []C {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "code.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var found []C
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || fmt.Sprint(spec.Type) != kind {
			return true
		}
		text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, C(text))
		return true
	})
	if len(found) < 5 {
		t.Fatalf("only %d constants of type %s found", len(found), kind)
	}
	return found
}

func codes(t *testing.T) []usagefile.Code {
	t.Helper()
	return constants[usagefile.Code](t, "Code")
}

func warningCodes(t *testing.T) []usagefile.WarningCode {
	t.Helper()
	return constants[usagefile.WarningCode](t, "WarningCode")
}

// elsewhere are codes that no file alone can have; the test proves them.
func elsewhere() map[usagefile.Code]string {
	return map[usagefile.Code]string{
		usagefile.CodeUnreadable:    "TestReadFailures",
		usagefile.CodeSourceChanged: "TestEncodeRefuses, TestVerifiedUsersNoticeAChange",
		usagefile.CodeNoRecipient:   "TestEncodeRefuses",
		usagefile.CodeBadRecipient:  "TestParseRecipientShowsNothing",
		usagefile.CodeBadKeyFile:    "TestReadKeyFile",
	}
}

func TestEveryCodeHasADefectFile(t *testing.T) {
	t.Parallel()
	for _, code := range codes(t) {
		if _, ok := elsewhere()[code]; ok {
			continue
		}
		plain, err := filepath.Glob("testdata/defects/" + string(code) + ".json")
		more, err2 := filepath.Glob("testdata/defects/" + string(code) + "--*.json")
		if err := errors.Join(err, err2); err != nil || len(plain)+len(more) == 0 {
			t.Errorf("no file of testdata/defects proves %s (%v)", code, err)
		}
	}
}

// sentences are the English ones of this package by key, each as all its
// forms.
func sentences(t *testing.T) map[string][]string {
	t.Helper()
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(mustRead(t, "../internal/i18n/en/usagefile.json"), &raw); err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for key, text := range raw {
		var one string
		forms := map[string]string{}
		if err := json.Unmarshal(text, &one); err == nil {
			all[key] = []string{one}
			continue
		}
		if err := json.Unmarshal(text, &forms); err != nil {
			t.Fatal(err)
		}
		for _, form := range forms {
			all[key] = append(all[key], form)
		}
	}
	return all
}

func TestEveryCodeHasASentence(t *testing.T) {
	t.Parallel()
	all := sentences(t)
	for _, code := range codes(t) {
		if len(all["usagefile."+string(code)]) == 0 {
			t.Errorf("no sentence for %s", code)
		}
	}
	for _, code := range warningCodes(t) {
		if len(all["usagefile.warn_"+string(code)]) == 0 {
			t.Errorf("no sentence for the warning %s", code)
		}
	}
	if want := len(codes(t)) + len(warningCodes(t)); len(all) != want {
		t.Errorf("got %d sentences for %d codes", len(all), want)
	}
}

type said interface {
	Message() (string, map[string]any)
}

// render fails when the sentence wants a value the message does not give, and
// when the text has something unfinished in it.
func render(t *testing.T, what string, m said, all map[string][]string) {
	t.Helper()
	key, args := m.Message()
	for _, sentence := range all[key] {
		parsed, err := template.New(key).Option("missingkey=error").
			Funcs(template.FuncMap{"number": func(n int64) string { return fmt.Sprint(n) }}).Parse(sentence)
		if err != nil {
			t.Fatal(err)
		}
		var text bytes.Buffer
		if err := parsed.Execute(&text, args); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		for _, bad := range []string{"byte -1", "<no value>", "%!", "“”", "()", "  "} {
			if strings.Contains(text.String(), bad) {
				t.Errorf("%s: %q in: %s", what, bad, text.String())
			}
		}
	}
}

func TestSentencesOfEveryDefectAreWhole(t *testing.T) {
	t.Parallel()
	all := sentences(t)
	for _, name := range mustGlob(t, "testdata/defects/*.json") {
		code, _, _ := strings.Cut(strings.TrimSuffix(filepath.Base(name), ".json"), "--")
		_, _, err := decode(mustRead(t, name), defectReader(t, code), known(t))
		e, ok := errors.AsType[*usagefile.Error](err)
		if !ok {
			t.Fatalf("%s: %v", name, err)
		}
		render(t, name, e, all)
		for _, secret := range []string{"mona@", "hubot@", "mona@acme.example"} {
			if strings.Contains(e.Error(), secret) {
				t.Errorf("%s: the error shows an address: %v", name, e)
			}
		}
	}
}

func TestSentencesOfWarningsAreWhole(t *testing.T) {
	t.Parallel()
	all := sentences(t)
	for _, code := range warningCodes(t) {
		render(t, string(code), usagefile.Warning{Code: code, Count: 2, First: "1"}, all)
	}
}

func TestErrorsShowNoAddress(t *testing.T) {
	t.Parallel()
	const secret = "mona.secret@acme.example"
	f := newForge(t)
	for name, data := range map[string][]byte{
		"unknown key":    newForge(t).clear(`{"emails":[],"` + secret + `":1,"user_id":"1"}`),
		"duplicate key":  newForge(t).clear(`{"emails":[],"` + secret + `":1,"` + secret + `":1,"user_id":"1"}`),
		"broken value":   newForge(t).clear(`{"emails":[{"` + secret + `":tru}],"user_id":"1"}`),
		"broken address": newForge(t).clear(`{"emails":[{"email":"` + secret + "\x01" + `","primary":true}],"user_id":"1"}`),
		"order":          f.clear(`{"emails":[],"user_id":"`+secret+`"}`, `{"emails":[],"user_id":"a`+secret+`"}`),
		"conflict":       newForge(t).clear(`{"emails":[],"user_id":"`+secret+`"}`, `{"emails":[{"email":"a","primary":true}],"user_id":"`+secret+`"}`),
		"format":         []byte(`{"format":"` + secret + `"}`),
	} {
		_, _, err := decode(data, reader(t), known(t))
		e, ok := errors.AsType[*usagefile.Error](err)
		if !ok {
			t.Fatalf("%s: %v", name, err)
		}
		_, args := e.Message()
		if shown := fmt.Sprintf("%v %+v %#v %v", e, e, e.Error(), args); strings.Contains(shown, "secret") {
			t.Errorf("%s: got %s", name, shown)
		}
	}
}

// What a file calls its users comes into warnings and errors as text that does
// nothing to a terminal or a log.
func TestWhatIsShownIsPrintable(t *testing.T) {
	t.Parallel()
	const evil = "2\u009b31m\u202eevil\u2028"
	data := newForge(t).clear(`{"emails":[],"user_id":"` + evil + `"}`)
	_, receipt, err := decode(data, reader(t), known(t))
	if err != nil {
		t.Fatal(err)
	}
	if got := receipt.Warnings[0].First; got != "231mevil" {
		t.Errorf("got %q", got)
	}
	_, _, err = decode(newForge(t).clear(`{"emails":[],"`+evil+`":1,"user_id":"1"}`), reader(t), known(t))
	if strings.ContainsFunc(err.Error(), func(c rune) bool { return c == 0x9b || c == 0x202e || c == 0x2028 }) {
		t.Errorf("got %q", err.Error())
	}
}
