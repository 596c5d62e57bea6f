package page

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/web"
)

//go:embed static/*.css static/*.js static/*.svg static/octicons/*.svg
var embedded embed.FS

// filesPath is where the files are served.
const filesPath = "/assets/"

// file is one file that pages ask for.
type file struct {
	path, kind    string
	body, smaller []byte // smaller is the body compressed
}

// readFiles gives the files by name.
func readFiles() (map[string]*file, error) {
	entries, err := fs.ReadDir(embedded, "static")
	if err != nil {
		return nil, fmt.Errorf("files of pages: %w", err)
	}
	files := map[string]*file{}
	for _, entry := range entries {
		if entry.IsDir() {
			continue
		}
		body, err := embedded.ReadFile("static/" + entry.Name())
		if err != nil {
			return nil, fmt.Errorf("file of pages: %w", err)
		}
		files[entry.Name()] = newFile(entry.Name(), body)
	}
	return files, nil
}

func newFile(name string, body []byte) *file {
	hash := sha256.Sum256(body)
	end := path.Ext(name)
	return &file{
		path:    filesPath + strings.TrimSuffix(name, end) + "." + hex.EncodeToString(hash[:8]) + end,
		kind:    mime.TypeByExtension(end),
		body:    body,
		smaller: compressed(body),
	}
}

func compressed(body []byte) []byte {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression) // the level is one
	_, _ = w.Write(body)                                    // a buffer takes everything
	_ = w.Close()
	return out.Bytes()
}

// Routes are those of the files, and of the choice of language.
func (l *Look) Routes() []web.Route {
	served := map[string]*file{}
	for _, f := range l.files {
		served[f.path] = f
	}
	return []web.Route{
		{
			Method: http.MethodGet, Pattern: filesPath + "{file}", Name: "page-file", Style: web.StylePage, Unmetered: true,
			Handler: func(w http.ResponseWriter, r *http.Request) error { return serveFile(w, r, served[r.URL.Path]) },
		},
		{Method: http.MethodPost, Pattern: languagePath, Name: "choose-language", Style: web.StylePage, Handler: l.chooseLanguage},
	}
}

func serveFile(w http.ResponseWriter, r *http.Request, f *file) error {
	if f == nil {
		return errs.New(errs.NotFound, "web.no_route")
	}
	body, h := f.body, w.Header()
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Content-Type", f.kind)
	h.Set("Vary", "Accept-Encoding")
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = f.smaller
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, err := w.Write(body)
	return err
}
