package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
)

// place is where a hub keeps what it knows.
type place struct {
	data     string // directory
	database string // as database.Config has it
	file     string // of a SQLite database, empty for PostgreSQL
	keys     hub.KeyDir
	spool    string // directory of files that are arriving
}

// place gives where the settings say.
func (o *storage) place(v *settings) (*place, error) {
	if err := o.check(v); err != nil {
		return nil, err
	}
	location, err := v.secret("database", o.Database, o.DatabaseFile)
	if err != nil {
		return nil, err
	}
	p := &place{data: o.Data, database: location, spool: filepath.Join(o.Data, "spool")}
	if location == "" {
		p.database = filepath.Join(o.Data, "hub.db")
	}
	if !isPostgres(location) {
		p.file = p.database
	}
	switch {
	case o.WithoutKeys:
	case o.Keys != "":
		p.keys = hub.KeyDir(o.Keys)
	default:
		p.keys = hub.KeyDir(filepath.Join(o.Data, "keys"))
	}
	return p, nil
}

func isPostgres(location string) bool {
	return strings.HasPrefix(location, "postgres://") || strings.HasPrefix(location, "postgresql://")
}

// settle makes the place of a hub, where the settings say. Wrong is what else was
// found to be wrong with them: all of it is said at once, and nothing made.
func (s *session) settle(o *storage, wrong ...error) (*place, error) {
	p, err := o.place(s.settings)
	if err = errors.Join(append([]error{err}, wrong...)...); err != nil {
		return nil, err
	}
	if err := p.make(); err != nil {
		return nil, err
	}
	s.warnOpen(p)
	return p, nil
}

// directories are those that init makes, the outer ones first.
func (p *place) directories() []string {
	all := []string{p.data, p.spool}
	if p.keys != "" {
		all = append(all, string(p.keys))
	}
	return all
}

// make makes the directories, which nobody but their owner can look into.
func (p *place) make() error {
	if err := p.mine(); err != nil {
		return err
	}
	for _, dir := range p.directories() {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return errs.Wrap(errs.Unavailable, err, "place.no_directory", "Directory", dir, "Cause", cause(err))
		}
	}
	return nil
}

// mine refuses directories of another user: what is made in them would belong
// to this one, and the hub could not use it any more.
func (p *place) mine() error {
	for _, dir := range p.directories() {
		info, err := os.Stat(dir)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return errs.Wrap(errs.Unavailable, err, "place.no_directory", "Directory", dir, "Cause", cause(err))
		case !info.IsDir():
			return errs.New(errs.Invalid, "place.not_directory", "Directory", dir)
		case !ownedByMe(info):
			return errs.New(errs.Forbidden, "place.not_mine", "Directory", dir)
		}
	}
	return nil
}

// open opens the database of a hub that is there already.
func (p *place) open(ctx context.Context) (*database.DB, error) {
	if err := p.mine(); err != nil {
		return nil, err
	}
	if p.file != "" && !exists(p.file) {
		return nil, errs.New(errs.NotFound, "place.no_hub", "File", p.file)
	}
	return database.Open(ctx, database.Config{Location: p.database})
}

// warnOpen warns of directories that others can look into.
func (s *session) warnOpen(p *place) {
	for _, dir := range p.directories() {
		info, err := os.Stat(dir)
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			s.warn(s.T("place.open", "Directory", dir, "Mode", info.Mode().Perm().String()))
		}
	}
}
