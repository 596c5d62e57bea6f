package page

import (
	"net/http"
	"time"

	"github.com/oneseat/oneseat/internal/i18n"
)

// Look is what all pages of a process share. It is safe for concurrent use.
type Look struct {
	files     map[string]*file
	icons     map[string]string
	languages []*i18n.Catalogue
	now       func() time.Time
}

// New reads what is embedded. The error says that something built into the
// program is broken. Now is the clock that ages are told by.
func New(now func() time.Time) (*Look, error) {
	languages, err := i18n.Languages()
	if err != nil {
		return nil, err
	}
	look := &Look{languages: languages, now: now}
	if look.files, err = readFiles(); err != nil {
		return nil, err
	}
	look.icons, err = readIcons()
	return look, err
}

// cookieLanguage remembers the language that a reader chose.
const cookieLanguage = "oneseat_language"

// Reader is who reads the answer to a request: in the language that they chose,
// or else in that of their browser.
func (l *Look) Reader(r *http.Request) Reader {
	chosen := ""
	if c, err := r.Cookie(cookieLanguage); err == nil {
		chosen = c.Value
	}
	return Reader{Catalogue: i18n.Match(l.languages, chosen, r.Header.Get("Accept-Language")), At: l.now()}
}
