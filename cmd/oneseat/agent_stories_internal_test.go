package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
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
