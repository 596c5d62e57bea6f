package agent

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/usagefile"
)

// recordPause is how soon a connection record that changed is told after the one
// before: owners on the hub wait for what somebody allowed them here.
const recordPause = 10 * time.Second

// recordStep tells the connection record: once connected, when something of it
// changed, and weekly.
func (s *Service) recordStep(ctx context.Context, c *Connection) (bool, time.Time, error) {
	digest, err := s.toldAtOnce(ctx, c)
	if err != nil {
		return false, time.Time{}, err
	}
	at := c.Record.At
	if digest != c.Told && c.Record.Failed == 0 {
		at = sooner(at, c.Record.DoneAt.Add(recordPause))
	}
	if !s.due(at) {
		return false, at, nil
	}
	record, err := s.connectionRecord(ctx, c)
	if err != nil {
		return false, time.Time{}, err
	}
	err = s.tend(ctx, c, func(c *Connection) *Chore { return &c.Record }, connect.RecordEvery, func(token string) error {
		return s.client(c.Hub).PutRecord(ctx, token, record)
	})
	if err == nil && c.Connected() && c.Record.Failed == 0 {
		err = s.note(ctx, c, func(_ *store.Tx, c *Connection) error {
			c.Told = digest
			return nil
		})
	}
	return true, time.Time{}, err
}

// connectionRecord is what the hub is told of this agent.
func (s *Service) connectionRecord(ctx context.Context, c *Connection) (*connect.Record, error) {
	r, err := s.cheapRecord(ctx, c)
	if err != nil {
		return nil, err
	}
	if license := s.license().String(); license != "" {
		r.License = &license
	}
	row, err := s.store.State(ctx)
	if err != nil {
		return nil, err
	}
	current, err := s.current(ctx, &row)
	if err == nil && current != nil {
		r.ConsumedLicenses, r.SourceAt = &current.Counts.Leaving, &current.SourceAt
	}
	return r, err
}

// ConnectionRecord is what the hub is told of this agent beside usage files; before
// it is connected, what a hub would be told as soon as it is.
func (s *Service) ConnectionRecord(ctx context.Context) (*connect.Record, error) {
	c, err := s.Connection(ctx)
	if err != nil {
		return nil, err
	}
	if !c.Connected() {
		c = &Connection{}
	}
	return s.connectionRecord(ctx, c)
}

// cheapRecord is what of the record changes when somebody decides something. The
// numbers of users change with every reading, and follow with what is delivered.
func (s *Service) cheapRecord(ctx context.Context, c *Connection) (*connect.Record, error) {
	i, err := s.Instance()
	if err != nil {
		return nil, err
	}
	r := &connect.Record{
		ServerID: i.ServerID, Enterprise: c.Enterprise.Slug, HostName: s.config.HostName, Version: s.config.Version, HTTPOnly: s.config.HTTPOnly,
		PublicKey: i.Fingerprint().String(), Features: []connect.Feature{}, Agent: s.config.UserAgent,
	}
	return r, s.syncRecord(ctx, c, r)
}

// toldAtOnce is a digest of what the hub is told as soon as it changes. The
// snapshot that was delivered last is in it, so that the record never has another
// number of users than what counts.
func (s *Service) toldAtOnce(ctx context.Context, c *Connection) (string, error) {
	r, err := s.cheapRecord(ctx, c)
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(r)
	text = fmt.Append(text, c.Tried)
	if license, missing := os.Stat(s.config.LicenseFile); missing == nil {
		text = fmt.Append(text, license.Size(), license.ModTime().UnixNano())
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), err
}

// syncRecord is what the record says of license sync.
func (s *Service) syncRecord(ctx context.Context, c *Connection, r *connect.Record) error {
	o := &c.Sync
	r.Sync = connect.SyncRecord{Enabled: o.Enabled(), OnChange: o.OnChange, AsksForRequests: o.Asks && o.Enabled()}
	if !o.Enabled() {
		return nil
	}
	r.Sync.Every = string(o.Every)
	r.Features = append(r.Features, connect.Feature{Name: connect.FeatureSync, EnabledAt: o.EnabledAt})
	if !c.NextRunAt.IsZero() {
		r.Sync.NextRunAt = &c.NextRunAt
	}
	newest, err := s.Runs(ctx, 0, 1)
	if err != nil || len(newest) == 0 {
		return err
	}
	if n := newest[0]; n.Failure != nil && (n.State == store.RunFailed || n.State == store.RunRetrying) {
		r.Sync.Failure, r.Sync.FailureAt = n.Failure.sentence(), &n.Failure.At
	}
	return nil
}

// maxLicenseFile is far more than a license file has.
const maxLicenseFile = 16 << 20

// license is the hash of the server's license file; zero when there is none, or
// when it cannot be read.
func (s *Service) license() (hash usagefile.Digest) {
	if s.config.LicenseFile == "" {
		return hash
	}
	file, err := os.Open(s.config.LicenseFile)
	if err != nil {
		return hash
	}
	defer file.Close() //nolint:errcheck // only read
	sum := sha256.New()
	if n, err := io.Copy(sum, io.LimitReader(file, maxLicenseFile+1)); err != nil || n > maxLicenseFile {
		return hash
	}
	sum.Sum(hash[:0])
	return hash
}
