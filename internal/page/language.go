package page

import (
	"net/http"
	"strings"

	"github.com/oneseat/oneseat/internal/i18n"
	"github.com/oneseat/oneseat/internal/web"
)

// languagePath is where a reader's choice of language goes.
const languagePath = "/language"

// Language is one that a reader may choose.
type Language struct {
	Tag, Name string
	Chosen    bool
}

// languagesFor lists the languages, each by its own name.
func (l *Look) languagesFor(r Reader) []Language {
	var list []Language
	for _, c := range l.languages {
		list = append(list, Language{Tag: c.Language(), Name: c.T("page.language"), Chosen: c.Language() == r.Language()})
	}
	return list
}

// chooseLanguage remembers the language for a year and goes back.
func (l *Look) chooseLanguage(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	chosen := i18n.Match(l.languages, r.PostForm.Get("language")).Language()
	http.SetCookie(w, &http.Cookie{
		Name: cookieLanguage, Value: chosen, Path: "/", MaxAge: 365 * 24 * 60 * 60, HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: strings.HasPrefix(web.URL(r, "/", nil), "https:"),
	})
	http.Redirect(w, r, LocalPath(r.PostForm.Get("back")), http.StatusSeeOther)
	return nil
}

// LocalPath is a path of this server that a form named to go back to, "/" for
// anything that could lead elsewhere.
func LocalPath(path string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t") {
		return "/"
	}
	return path
}
