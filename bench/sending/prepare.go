package sending

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/oneseat/oneseat/bench/gen"
	"github.com/oneseat/oneseat/internal/agent"
	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/enrolment"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/usagefile"
)

// The files of a directory of [Prepare].
const (
	databaseFile = "agent.db"
	sourceFile   = "all_users.csv"
	stateDir     = "state"
	clearFile    = "clear.json" // the usage file in clear, which the reference seals
)

// Prepare makes an agent in dir that is enrolled, and its source of so many users
// with all columns of the site-admin report.
func Prepare(ctx context.Context, dir string, users int) error {
	r, err := open(ctx, dir, false)
	if err != nil {
		return err
	}
	defer r.close() //nolint:errcheck // what was committed counts
	if err := errors.Join(r.db.Migrate(ctx, store.Migrations()), signin.Migrate(ctx, r.db)); err != nil {
		return err
	}
	if _, _, err := r.agent.Init(ctx, "bench"); err != nil {
		return err
	}
	if err := r.enrol(ctx); err != nil {
		return err
	}
	return gen.File(filepath.Join(dir, sourceFile), func(w io.Writer) error { return report(w, users) })
}

// report is all_users.csv.
func report(w io.Writer, users int) error {
	const header = "created_at,id,login,email,role,suspended?,last_logged_ip,repos,ssh_keys,org_memberships,dormant?,last_active,raw_login,2fa_enabled?\n"
	if _, err := io.WriteString(w, header); err != nil {
		return err
	}
	for a, err := range gen.Users(users) {
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(w, "2020-03-12T08:00:00Z,%s,login-%s,%s,user,false,192.0.2.2,2,2,1,false,2025-11-01T08:00:00Z,,false\n",
			a.UserID, a.UserID, a.Emails[0].Email.Address())
		if err != nil {
			return err
		}
	}
	return nil
}

// running is an agent in a directory.
type running struct {
	db    *database.DB
	agent *agent.Service
	dir   string
}

func open(ctx context.Context, dir string, readable bool) (*running, error) {
	db, err := database.Open(ctx, database.Config{Location: filepath.Join(dir, databaseFile)})
	if err != nil {
		return nil, err
	}
	return &running{db, agent.New(agent.Config{
		Store: store.New(db), Dir: filepath.Join(dir, stateDir), Source: &agent.Source{Text: filepath.Join(dir, sourceFile)},
		HostName: gen.Host(0), Version: "3.20.0", Cleartext: readable, Now: gen.At,
	}), dir}, nil
}

func (r *running) close() error { return r.db.Close() }

// enrol makes an enterprise up, whose file the agent believes.
func (r *running) enrol(ctx context.Context) error {
	to, err := usagefile.NewIdentity()
	if err != nil {
		return err
	}
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		return err
	}
	name := filepath.Join(r.dir, "enrolment.json")
	err = gen.File(name, func(w io.Writer) error {
		return enrolment.Encode(w, key, enrolment.Enrolment{Slug: "acme", Name: "Acme", Recipient: to.Recipient(), IssuedAt: gen.At()})
	})
	if err != nil {
		return err
	}
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // only read
	public, _ := key.Public().(ed25519.PublicKey)
	_, err = r.agent.Enrol(ctx, "bench", file, usagefile.KeyFingerprint(public).String())
	return err
}
