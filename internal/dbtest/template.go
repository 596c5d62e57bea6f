package dbtest

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/oneseat/oneseat/internal/database"
)

// templates keeps what was made once for each schema: the bytes of a SQLite
// file, or the name of a PostgreSQL database.
type templates[T any] struct {
	mutex sync.Mutex
	made  map[string]T
}

// get gives the template of a schema and makes it if there is none yet.
func (ts *templates[T]) get(t *testing.T, s schema, build func(key string) (T, error)) T {
	t.Helper()
	key, err := s.key()
	if err != nil {
		t.Fatal(err)
	}
	ts.mutex.Lock()
	defer ts.mutex.Unlock()
	if found, ok := ts.made[key]; ok {
		return found
	}
	fresh, err := build(key)
	if err != nil {
		t.Fatalf("make the schema: %v", err)
	}
	if ts.made == nil {
		ts.made = map[string]T{}
	}
	ts.made[key] = fresh
	return fresh
}

// files are the templates of SQLite in this test binary.
var files templates[[]byte] //nolint:gochecknoglobals // once per test binary is the point

// sqliteCopy is the path of a new SQLite file that has the schema.
func sqliteCopy(t *testing.T, s schema) string {
	t.Helper()
	content := files.get(t, s, func(string) ([]byte, error) {
		// Closing the last connection leaves everything in the one file.
		path := filepath.Join(t.TempDir(), "template.db")
		if err := s.make(t.Context(), database.Config{Location: path, Volatile: true}); err != nil {
			return nil, err
		}
		return os.ReadFile(path)
	})
	path := SQLite(t)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
