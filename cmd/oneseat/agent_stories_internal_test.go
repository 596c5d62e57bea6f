package main

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/rogpeppe/go-internal/testscript"
)

// report-server FILE BUSY: a server that gives a report to whoever shows the
// token "swordfish", and answers 202 so many times before. Its address is put
// into ONESEAT_SOURCE_URL.
func reportServer(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: report-server file busy")
	}
	report := ts.ReadFile(args[0])
	busy, err := strconv.Atoi(args[1])
	ts.Check(err)
	var asked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, token, _ := r.BasicAuth()
		switch {
		case r.URL.Path != "/stafftools/reports/all_users.csv":
			w.WriteHeader(http.StatusNotFound)
		case token != "swordfish":
			w.WriteHeader(http.StatusUnauthorized)
		case asked.Add(1) <= int64(busy):
			w.WriteHeader(http.StatusAccepted)
		default:
			fmt.Fprint(w, report) //nolint:errcheck // whoever asks notices
		}
	}))
	ts.Defer(server.Close)
	ts.Setenv("ONESEAT_SOURCE_URL", server.URL)
}

// many-users COUNT FILE: a report of so many users, whose addresses nothing makes
// shorter.
func manyRows(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: many-users count file")
	}
	users, err := strconv.Atoi(args[0])
	ts.Check(err)
	var report strings.Builder
	report.WriteString("id,login,email,suspended?\n")
	for n := range users {
		sum := sha256.Sum256([]byte(strconv.Itoa(n)))
		fmt.Fprintf(&report, "%d,user-%d,%x@acme.example,false\n", n+100, n, sum[:20])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(report.String()), 0o600))
}
