package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/errs"
)

type restoreCommand struct {
	configuration
	storage

	From string `placeholder:"DIR"`
}

// maxManifest bounds a backup's manifest, in bytes.
const maxManifest = 16 << 20

// Run puts a backup where there is no hub yet. Everything is checked before
// anything is in its place.
func (c *restoreCommand) Run(ctx context.Context, s *session, parsed *kong.Context) error {
	if c.From == "" {
		return usage("usage.option_missing", "Option", "--from DIR", "Command", "oneseat restore")
	}
	p, err := c.place(s.settings)
	if err != nil {
		return err
	}
	if p.file == "" {
		return errs.New(errs.Invalid, "restore.by_pg_restore")
	}
	m, err := c.verify()
	if err != nil {
		return err
	}
	if err := p.make(); err != nil {
		return err
	}
	if err := c.restore(ctx, p, m); err != nil {
		return err
	}
	s.out.Strong(s.T("restore.done", "Directory", c.From, "File", p.file, "Time", s.instant(m.CreatedAt)))
	s.out.Prose(2, s.T("restore.enterprises", "Enterprises", strings.Join(m.Enterprises, ", ")))
	for _, slug := range p.keyless(m.Enterprises) {
		s.warn(s.T("restore.no_key", "Enterprise", slug, "File", filepath.Join(string(p.keys), slug+".key")))
	}
	s.out.Prose(2, s.T("init.start"))
	s.out.Line("    oneseat hub" + again(s.settings, parsed, "hub"))
	return nil
}

// verify reads the manifest and compares every file with it.
func (c *restoreCommand) verify() (*manifest, error) {
	m, err := readManifest(filepath.Join(c.From, backupManifest))
	if err != nil {
		return nil, err
	}
	found := false
	for _, want := range m.Files {
		if !filepath.IsLocal(want.Name) || want.Name != backupDatabase && filepath.ToSlash(filepath.Dir(want.Name)) != backupKeys {
			return nil, errs.New(errs.Invalid, "restore.strange_file", "File", want.Name, "Manifest", backupManifest)
		}
		found = found || want.Name == backupDatabase
		got, err := describeFile(c.From, filepath.FromSlash(want.Name))
		switch {
		case err != nil:
			return nil, err
		case got != want:
			return nil, errs.New(errs.Invalid, "restore.changed", "File", filepath.Join(c.From, want.Name))
		}
	}
	if !found {
		return nil, errs.New(errs.Invalid, "restore.no_backup", "Directory", c.From)
	}
	return m, nil
}

func readManifest(name string) (*manifest, error) {
	file, err := open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errs.Wrap(errs.NotFound, err, "restore.no_backup", "Directory", filepath.Dir(name))
	}
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // only read
	m := &manifest{}
	if err := json.NewDecoder(io.LimitReader(file, maxManifest)).Decode(m); err != nil {
		return nil, errs.Wrap(errs.Invalid, err, "restore.no_backup", "Directory", filepath.Dir(name))
	}
	if m.Format != backupFormat {
		return nil, errs.New(errs.Invalid, "restore.other_format", "Directory", filepath.Dir(name), "Format", m.Format, "Known", backupFormat)
	}
	return m, nil
}

// restore puts the files in their places: the database last, so that a hub is
// there when all of it is.
func (c *restoreCommand) restore(ctx context.Context, p *place, m *manifest) (err error) {
	for _, f := range append([]string{p.file, p.file + "-wal", p.file + "-shm"}, p.keyFiles(m)...) {
		if exists(f) {
			return errs.New(errs.Conflict, "restore.exists", "File", f)
		}
	}
	// A file in the place's own directory, so that a move puts it there.
	staged := filepath.Join(p.spool, "restore.db")
	defer func() {
		for _, left := range []string{staged, staged + "-wal", staged + "-shm"} {
			if gone := os.Remove(left); !errors.Is(gone, fs.ErrNotExist) {
				err = errors.Join(err, gone)
			}
		}
	}()
	if err := copyFile(filepath.Join(c.From, backupDatabase), staged); err != nil {
		return err
	}
	if err := try(ctx, p, staged); err != nil {
		return err
	}
	for _, f := range m.Files {
		if f.Name == backupDatabase || p.keys == "" {
			continue
		}
		if err := copyFile(filepath.Join(c.From, f.Name), filepath.Join(string(p.keys), filepath.Base(f.Name))); err != nil {
			return err
		}
	}
	return copyFile(staged, p.file)
}

// try opens the copy as a hub would, and closes it again.
func try(ctx context.Context, p *place, name string) error {
	db, err := database.Open(ctx, database.Config{Location: name})
	if err != nil {
		return err
	}
	if err := db.Check(ctx); err != nil {
		return errors.Join(err, db.Close())
	}
	m, err := assemble(ctx, db, p, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	return m.close()
}

// keyFiles are where the keys of a backup go.
func (p *place) keyFiles(m *manifest) []string {
	var all []string
	for _, f := range m.Files {
		if f.Name != backupDatabase && p.keys != "" {
			all = append(all, filepath.Join(string(p.keys), filepath.Base(f.Name)))
		}
	}
	return all
}

// keyless are the enterprises without a key file, where there should be one.
func (p *place) keyless(slugs []string) []string {
	var all []string
	for _, slug := range slugs {
		if p.keys != "" && !exists(filepath.Join(string(p.keys), slug+".key")) {
			all = append(all, slug)
		}
	}
	return all
}
