package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/oneseat/oneseat/internal/atomicfile"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/internal/terminal"
)

// A backup is a directory with these files, and one key file for each
// enterprise where keys were asked for. The manifest is written last: without
// it the directory is no backup.
const (
	backupDatabase = "hub.db"
	backupManifest = "backup.json"
	backupKeys     = "keys"
	backupFormat   = "oneseat-backup/1"
)

type backupCommand struct {
	configuration
	storage

	Output   string `placeholder:"DIR"`
	WithKeys bool
	Format   string `default:"text" placeholder:"text|json"`
}

// manifest is what a backup says of itself.
type manifest struct {
	Format      string       `json:"format"`
	Version     string       `json:"version"` // of the program
	CreatedAt   time.Time    `json:"created_at"`
	Enterprises []string     `json:"enterprises"`
	Files       []backupFile `json:"files"`
}

// backupFile is a file of a backup.
type backupFile struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Run writes a backup of a hub that may be running.
func (c *backupCommand) Run(ctx context.Context, s *session) error {
	const command = "oneseat backup"
	if c.Output == "" {
		return usage("usage.option_missing", "Option", "--output DIR", "Command", command)
	}
	if err := oneOf("--format", c.Format, "text", "json"); err != nil {
		return err
	}
	p, err := c.place(s.settings)
	if err != nil {
		return err
	}
	written, err := c.write(ctx, s, p)
	if err != nil {
		return err
	}
	return c.show(s, written)
}

// write makes the directory, which must not exist; what fails leaves none.
func (c *backupCommand) write(ctx context.Context, s *session, p *place) (*manifest, error) {
	db, err := p.open(ctx)
	if err != nil {
		return nil, err
	}
	defer db.Close() //nolint:errcheck // only read
	all, err := store.New(db).Enterprises(ctx)
	if err != nil {
		return nil, errs.Wrap(errs.Invalid, err, "backup.no_hub", "Database", db.Location())
	}
	m := &manifest{Format: backupFormat, Version: readBuild().Version, CreatedAt: s.now}
	for _, e := range all {
		m.Enterprises = append(m.Enterprises, e.Slug)
	}
	if err := os.Mkdir(c.Output, 0o700); err != nil {
		return nil, cannotWrite(c.Output, err)
	}
	err = db.Backup(ctx, filepath.Join(c.Output, backupDatabase))
	if err == nil {
		err = m.add(c.Output, backupDatabase)
	}
	if err == nil && c.WithKeys && p.keys != "" {
		err = m.addKeys(c.Output, string(p.keys))
	}
	if err == nil {
		err = m.write(filepath.Join(c.Output, backupManifest))
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(c.Output))
	}
	return m, nil
}

// addKeys copies the key files of the enterprises.
func (m *manifest) addKeys(dir, keys string) error {
	if err := os.Mkdir(filepath.Join(dir, backupKeys), 0o700); err != nil {
		return cannotWrite(dir, err)
	}
	var files []string
	for _, slug := range m.Enterprises {
		files = append(files, slug+".key", hub.SigningKeyFile(slug))
	}
	for _, file := range files {
		name := filepath.Join(backupKeys, file)
		err := copyFile(filepath.Join(keys, file), filepath.Join(dir, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue // its key is elsewhere
		}
		if err != nil {
			return err
		}
		if err := m.add(dir, name); err != nil {
			return err
		}
	}
	return nil
}

// add notes a file that is there.
func (m *manifest) add(dir, name string) error {
	file, err := describeFile(dir, name)
	m.Files = append(m.Files, file)
	return err
}

func (m *manifest) write(name string) error {
	return cannotWrite(name, atomicfile.Create(name, 0o600, func(w io.Writer) error {
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", "  ")
		return encoder.Encode(m)
	}))
}

func describeFile(dir, name string) (backupFile, error) {
	out := backupFile{Name: filepath.ToSlash(name)}
	file, err := open(filepath.Join(dir, name))
	if err != nil {
		return out, err
	}
	defer file.Close() //nolint:errcheck // only read
	sum := sha256.New()
	out.Bytes, err = io.Copy(sum, file)
	out.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return out, err
}

// copyFile copies a file to a place where none may be, readable by this user
// alone. What is not there is fs.ErrNotExist.
func copyFile(from, to string) error {
	source, err := open(from)
	if err != nil {
		return err
	}
	defer source.Close() //nolint:errcheck // only read
	err = atomicfile.Create(to, 0o600, func(w io.Writer) error {
		_, err := io.Copy(w, source)
		return err
	})
	return cannotWrite(to, err)
}

func (c *backupCommand) show(s *session, m *manifest) error {
	if c.Format == "json" {
		return s.json(m)
	}
	s.out.Strong(s.T("backup.done", "Directory", c.Output))
	list := make([]terminal.Definition, 0, len(m.Files))
	for _, f := range m.Files {
		list = append(list, terminal.Definition{Term: f.Name, Text: s.T("backup.bytes", "Bytes", int(f.Bytes))})
	}
	s.out.Definitions(2, list)
	if c.WithKeys {
		s.out.Prose(2, s.T("backup.has_keys"))
	} else {
		s.out.Prose(2, s.T("backup.no_keys"))
	}
	return nil
}
