package spool_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/i18n"
	"github.com/oneseat/oneseat/internal/spool"
)

func TestASpoolForgetsWhatAKilledProcessLeft(t *testing.T) {
	t.Parallel()
	directory := filepath.Join(t.TempDir(), "spool")
	if _, err := spool.New(directory, 0); err != nil {
		t.Fatal(err)
	}
	left, other := filepath.Join(directory, "upload-123.part"), filepath.Join(directory, "notes.txt")
	for _, path := range []string{left, other} {
		if err := os.WriteFile(path, []byte("mona@acme.example"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := spool.New(directory, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(left); !os.IsNotExist(err) {
		t.Errorf("what was left is still there: %v", err)
	}
	if _, err := os.Stat(other); err != nil {
		t.Errorf("what is no upload went too: %v", err)
	}
	info, err := os.Stat(directory)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the directory is %v, %v", info.Mode(), err)
	}
}

func mustEnter(t *testing.T, s *spool.Spool, g spool.Guest) *spool.Stay {
	t.Helper()
	stay, err := s.Enter(g)
	if err != nil {
		t.Fatal(err)
	}
	return stay
}

func wantError(t *testing.T, err error, kind errs.Kind, key string) {
	t.Helper()
	named, ok := errors.AsType[i18n.Message](err)
	if !ok || errs.KindOf(err) != kind {
		t.Fatalf("got %v, want %s", err, key)
	}
	if got, _ := named.Message(); got != key {
		t.Errorf("got %s, want %s", got, key)
	}
}

func TestWhoBringsMuchIsInNobodysWay(t *testing.T) {
	t.Parallel()
	s, err := spool.New(t.TempDir(), 0)
	if err != nil {
		t.Fatal(err)
	}
	token := spool.Guest{Name: "1", Enterprise: 1}
	first := mustEnter(t, s, token)
	mustEnter(t, s, token)
	_, err = s.Enter(token)
	wantError(t, err, errs.Unavailable, "spool.guest_busy")
	for _, name := range []string{"2", "3", "4"} {
		mustEnter(t, s, spool.Guest{Name: name, Enterprise: 1})
		mustEnter(t, s, spool.Guest{Name: name, Enterprise: 1})
	}
	_, err = s.Enter(spool.Guest{Name: "5", Enterprise: 1})
	wantError(t, err, errs.Unavailable, "spool.enterprise_busy")
	mustEnter(t, s, spool.Guest{Name: "1", Enterprise: 2})
	first.Leave()
	mustEnter(t, s, token)
}

// TestWholeFilesWaitForTheirTurn: a fifth is taken in when one of four is done.
func TestWholeFilesWaitForTheirTurn(t *testing.T) {
	t.Parallel()
	s, err := spool.New(t.TempDir(), 0)
	if err != nil {
		t.Fatal(err)
	}
	var stays []*spool.Stay
	for n := range int64(5) {
		stays = append(stays, mustEnter(t, s, spool.Guest{Enterprise: n}))
	}
	for _, stay := range stays[:4] {
		if err := stay.Turn(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := stays[4].Turn(gone); !errors.Is(err, context.Canceled) {
		t.Errorf("a fifth was taken in: %v", err)
	}
	turn := make(chan error)
	go func() { turn <- stays[4].Turn(t.Context()) }()
	stays[0].Leave()
	if err := <-turn; err != nil {
		t.Error(err)
	}
}

func TestASpoolHasSoManyBytes(t *testing.T) {
	t.Parallel()
	const most = 100 << 10
	s, err := spool.New(t.TempDir(), most)
	if err != nil {
		t.Fatal(err)
	}
	take := func(g spool.Guest, size int) (*spool.Stay, error) {
		stay := mustEnter(t, s, g)
		_, err := stay.Take(bytes.NewReader(make([]byte, size)))
		return stay, err
	}
	_, err = take(spool.Guest{Name: "small", Enterprise: 1, Most: 10}, 11)
	wantError(t, err, errs.TooLarge, "spool.file_too_large")
	first, err := take(spool.Guest{Enterprise: 10}, most)
	if err != nil {
		t.Fatal(err)
	}
	for n := range int64(3) {
		if _, err := take(spool.Guest{Enterprise: 11 + n}, most); err != nil {
			t.Fatal(err)
		}
	}
	_, err = take(spool.Guest{Enterprise: 20}, most)
	wantError(t, err, errs.Unavailable, "spool.no_spool")
	first.Leave()
	if _, err := take(spool.Guest{Enterprise: 20}, most); err != nil {
		t.Errorf("when the first is gone: %v", err)
	}
}
