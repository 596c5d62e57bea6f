package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/oneseat/oneseat/client"
)

// screen is standard output while somebody waits for a text on it.
type screen struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// TestDemoIsServedUntilItIsInterrupted: what is printed, what demo.json says
// and what a browser sees are one enterprise, and an interrupt ends it well.
func TestDemoIsServedUntilItIsInterrupted(t *testing.T) {
	t.Parallel()
	ctx, interrupt := context.WithTimeout(t.Context(), patient)
	defer interrupt()
	dir := filepath.Join(t.TempDir(), "demo")
	var out, complaints screen
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"demo", "--data", dir, "--listen", "127.0.0.1:0"}, process{strings.NewReader(""), &out, &complaints, func(string) string { return "" }})
	}()
	for !strings.Contains(out.String(), "until Ctrl-C") {
		select {
		case status := <-ended:
			t.Fatalf("ended with %d: %s", status, &complaints)
		case <-time.After(50 * time.Millisecond):
		}
	}
	printed := regexp.MustCompile(`(\d+) licenses consumed`).FindStringSubmatch(out.String())
	if printed == nil {
		t.Fatal(&out)
	}
	said := mustDemo(t, dir)
	hub, err := client.New(client.Config{Hub: said.HubURL, Enterprise: said.Enterprise, Token: said.Token})
	if err != nil {
		t.Fatal(err)
	}
	asBrowser := mustOpen(t, said.SignInURL)
	if result, err := hub.Statement(ctx); err != nil || printed[1] != strconv.Itoa(result.Statement.Licenses) {
		t.Errorf("printed %s, the API says %+v, %v", printed[1], result, err)
	}
	for _, text := range []string{"Halden Optics", "Enterprise licensing", printed[1]} {
		if !strings.Contains(asBrowser, text) {
			t.Errorf("%q is not on the page", text)
		}
	}
	for _, door := range []string{said.SignInURL, said.Agents[0].SignInURL} {
		mustSignOut(t, door)
		if page := mustOpen(t, door); !strings.Contains(page, "Sam Rivers") {
			t.Error("whoever signed out does not come back by the same door")
		}
	}
	if again := call(t, "demo", "--once", "--data", dir); again.status != statusFailed || !strings.Contains(again.stderr, "is not empty") {
		t.Error(again)
	}
	interrupt()
	if status := <-ended; status != statusDone {
		t.Errorf("ended with %d: %s", status, &complaints)
	}
}

func mustDemo(t *testing.T, dir string) shownDemo {
	t.Helper()
	file, err := os.ReadFile(filepath.Join(dir, "demo.json"))
	if err != nil {
		t.Fatal(err)
	}
	var said shownDemo
	if err := json.Unmarshal(file, &said); err != nil {
		t.Fatal(err)
	}
	return said
}

// mustSignOut comes in by a door and signs out.
func mustSignOut(t *testing.T, door string) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	for _, step := range []struct{ method, address string }{
		{http.MethodGet, door},
		{http.MethodPost, door[:strings.Index(door, "/demo/")] + "/sign-out"},
	} {
		request, err := http.NewRequestWithContext(t.Context(), step.method, step.address, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := browser.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s", step.address, answer.Status)
		}
	}
}

// mustOpen is a page as a browser gets it that keeps cookies.
func mustOpen(t *testing.T, address string) string {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := (&http.Client{Jar: jar}).Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close() //nolint:errcheck // read only
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", answer.Request.URL.Path, answer.Status, err)
	}
	return string(body)
}
