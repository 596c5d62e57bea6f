package agent_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/oneseat/oneseat/internal/agent"
	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/enrolment"
	"github.com/oneseat/oneseat/internal/job"
	"github.com/oneseat/oneseat/usagefile"
)

// synced is an agent with its loop, in a bubble of testing/synctest, and a hub.
type synced struct {
	*kit

	hub  *hub
	loop *job.Loop
}

// inBubble runs a test on an agent that is running, with its real database. The
// bubble begins on a Saturday, 2000-01-01 00:00 UTC.
func inBubble(t *testing.T, test func(*synced)) {
	t.Helper()
	location := dbtest.SQLite(t)
	synctest.Test(t, func(t *testing.T) {
		db := dbtest.Open(t, database.Config{Location: location, Volatile: true})
		if err := db.Migrate(t.Context(), store.Migrations()); err != nil {
			t.Fatal(err)
		}
		s := &synced{kit: newKit(t, db), hub: newHub(t)}
		s.config.Now, s.config.Transport, s.config.UserAgent = time.Now, s.hub, "oneseat/test"
		s.begin()
		t.Cleanup(func() { s.loop.Stop() })
		s.report(people(1, 30))
		s.enrolmentOfHub()
		test(s)
	})
}

// begin starts the agent, as after a restart of the program.
func (s *synced) begin() {
	s.t.Helper()
	s.restart()
	if err := s.agent.Recover(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	s.loop = job.NewLoop("sync", s.agent.SyncTurn, slog.New(slog.NewTextHandler(os.Stderr, nil)))
	if err := s.loop.Start(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

func (s *synced) end() { s.loop.Stop() }

// report puts a report in the place of the source, produced now.
func (s *synced) report(rows string) {
	s.t.Helper()
	s.write(header + rows)
	s.touch(time.Now())
}

func (s *synced) enrolmentOfHub() {
	s.t.Helper()
	e := enrolment.Enrolment{Slug: "acme", Name: "Acme", Hub: s.hub.address, Recipient: s.key.Recipient(), IssuedAt: time.Now()}
	var text bytes.Buffer
	if err := enrolment.Encode(&text, issuer("a"), e); err != nil {
		s.t.Fatal(err)
	}
	s.hub.enrolment = text.String()
}

// do changes the hub while nothing runs.
func (s *synced) do(change func(*hub)) {
	synctest.Wait()
	s.hub.mutex.Lock()
	defer s.hub.mutex.Unlock()
	change(s.hub)
}

// pair connects the agent; an owner of the hub approves after half a minute.
func (s *synced) pair(sync bool) {
	s.t.Helper()
	if _, err := s.agent.Connect(s.t.Context(), "mona", "hub.acme.example", sync); err != nil {
		s.t.Fatal(err)
	}
	s.loop.Poke()
	time.Sleep(30 * time.Second)
	s.do(func(h *hub) { h.approved = true })
	time.Sleep(10 * time.Second)
	synctest.Wait()
	if c := s.connection(); !c.Connected() {
		s.t.Fatalf("got %+v", c)
	}
}

func (s *synced) connection() *agent.Connection {
	s.t.Helper()
	c, err := s.agent.Connection(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

func (s *synced) status() *agent.SyncStatus {
	s.t.Helper()
	synctest.Wait()
	st, err := s.agent.SyncStatus(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return st
}

// runs are all runs, the oldest first.
func (s *synced) runs() []*agent.Run {
	s.t.Helper()
	synctest.Wait()
	list, err := s.agent.Runs(s.t.Context(), 0, 1000)
	if err != nil {
		s.t.Fatal(err)
	}
	for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
		list[i], list[j] = list[j], list[i]
	}
	return list
}

// now presses Sync now.
func (s *synced) now() *agent.Run {
	s.t.Helper()
	r, err := s.agent.SyncNow(s.t.Context(), "mona")
	if err != nil {
		s.t.Fatal(err)
	}
	s.loop.Poke()
	time.Sleep(time.Second)
	synctest.Wait()
	return r
}

// wantRuns compares cause and state of every run with a list such as
// "schedule succeeded".
func (s *synced) wantRuns(want ...string) {
	s.t.Helper()
	var got []string
	for _, r := range s.runs() {
		got = append(got, string(r.Cause)+" "+string(r.State))
	}
	if strings.Join(got, ", ") != strings.Join(want, ", ") {
		s.t.Errorf("runs: %v, want %v", got, want)
	}
}

func TestPairedSyncedAndCounted(t *testing.T) {
	t.Parallel()
	inBubble(t, func(s *synced) {
		if _, err := s.agent.SyncNow(s.t.Context(), "mona"); keyOf(err) != "agentconnect.not_connected" {
			t.Errorf("got %v", err)
		}
		s.pair(true)
		c := s.connection()
		if c.Enterprise.Slug != "acme" || c.Since.IsZero() || !c.Syncs() || c.Code != nil || c.Sync.Every != agent.Weekly {
			t.Errorf("got %+v", c)
		}
		if e, err := s.agent.Enrolment(s.t.Context()); err != nil || e.Slug != "acme" {
			t.Errorf("not enrolled: %v", err)
		}
		s.wantRuns("schedule succeeded")
		s.do(func(h *hub) {
			if len(h.uploads) != 1 || h.uploads[0].sequence != 1 || !h.uploads[0].header.Sealed() || h.uploads[0].run != "1" {
				t.Errorf("got %+v", h.uploads)
			}
			if len(h.mints) != 0 {
				t.Errorf("%d tokens were asked for beside that of the pairing", len(h.mints))
			}
			if len(h.records) == 0 || h.records[0].HostName != "ghes-1.acme.example" || !h.records[0].Sync.Enabled || h.records[0].License != nil {
				t.Errorf("got %+v", h.records)
			}
		})
		for _, action := range []string{"dotcom_connection.create", "dotcom_connection.token_updated", "oneseat.enrolment_apply", "dotcom_connection.upload_license_usage"} {
			if !strings.Contains(strings.Join(s.log, "\n")+"\n", " "+action+"\n") {
				t.Errorf("%s was not recorded: %v", action, s.log)
			}
		}
		if st := s.status(); st.Delivered == nil || st.Delivered.Users != 29 || st.Delivered.Bytes == 0 || len(st.Unwell) != 0 || st.Open != nil {
			t.Errorf("got %+v", st)
		}
	})
}

func TestNothingOfAnyPersonLeavesUntilSyncIsEnabled(t *testing.T) {
	t.Parallel()
	inBubble(t, func(s *synced) {
		s.pair(false)
		time.Sleep(15 * 24 * time.Hour)
		s.wantRuns()
		s.do(func(h *hub) {
			if len(h.uploads) != 0 || len(h.records) != 3 {
				t.Errorf("%d files, %d records, want none and 3", len(h.uploads), len(h.records))
			}
		})
		if _, err := s.agent.SyncNow(s.t.Context(), "mona"); keyOf(err) != "agentsync.off" {
			t.Errorf("got %v", err)
		}
		if err := s.agent.EnableSync(s.t.Context(), "mona"); err != nil {
			t.Fatal(err)
		}
		s.loop.Poke()
		time.Sleep(time.Second)
		s.wantRuns("schedule succeeded")
	})
}

// TestFourWeeksOfSchedule: the right number of runs, each once, spread by no more
// than two hours.
func TestFourWeeksOfSchedule(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		settings agent.SyncSettings
		want     int
		within   time.Duration
	}{
		{agent.SyncSettings{Every: agent.Weekly, Weekday: time.Monday, Hour: 3}, 4, 2 * time.Hour},
		{agent.SyncSettings{Every: agent.Daily, Hour: 21, Minute: 30}, 28, 2 * time.Hour},
		{agent.SyncSettings{Every: agent.Hourly, Minute: 20}, 28 * 24, 10 * time.Minute},
		{agent.SyncSettings{Every: agent.Monthly, Day: 15, Hour: 12}, 1, 2 * time.Hour},
	} {
		t.Run(string(test.settings.Every), func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(s *synced) {
				s.pair(true)
				if err := s.agent.SetSchedule(s.t.Context(), "mona", test.settings); err != nil {
					t.Fatal(err)
				}
				s.loop.Poke()
				time.Sleep(12 * time.Hour) // from midnight on, when the daily run may come, to noon, when none does
				begun := len(s.runs())
				time.Sleep(28 * 24 * time.Hour)
				runs := s.runs()[begun:]
				if len(runs) != test.want {
					t.Errorf("%d runs, want %d", len(runs), test.want)
				}
				o, last := test.settings, time.Time{}
				for _, r := range runs {
					slot := time.Date(r.AskedAt.Year(), r.AskedAt.Month(), r.AskedAt.Day(), o.Hour, o.Minute, 0, 0, time.UTC)
					if o.Every == agent.Hourly {
						slot = r.AskedAt.Truncate(time.Hour).Add(time.Duration(o.Minute) * time.Minute)
					}
					if r.State != store.RunSucceeded || r.Cause != store.BySchedule || r.StartedAt.Before(last) {
						t.Errorf("run %d is %s, begun %v after %v", r.Number, r.State, r.StartedAt, last)
					}
					if late := r.AskedAt.Sub(slot); late < 0 || late > test.within+time.Minute {
						t.Errorf("run %d came at %v, %v after its time", r.Number, r.AskedAt, late)
					}
					last = r.EndedAt
				}
			})
		})
	}
}

// TestOnChangeFollowsTheSource: a snapshot is delivered once, soon after it was
// taken, and a list that did not change is not.
func TestOnChangeFollowsTheSource(t *testing.T) {
	t.Parallel()
	inBubble(t, func(s *synced) {
		s.pair(true)
		o := s.connection().Sync
		o.OnChange = true
		if err := s.agent.SetSchedule(s.t.Context(), "mona", o); err != nil {
			t.Fatal(err)
		}
		for day := range 6 {
			s.report(people(1, 31+day))
			if _, err := s.agent.Collect(s.t.Context(), "job", false); err != nil {
				t.Fatal(err)
			}
			time.Sleep(16 * time.Minute)
			if _, err := s.agent.Collect(s.t.Context(), "job", false); err != nil {
				t.Fatal(err)
			}
			time.Sleep(23 * time.Hour)
		}
		s.wantRuns("schedule succeeded", "change succeeded", "change succeeded", "change succeeded", "change succeeded", "change succeeded", "change succeeded")
	})
}

// TestAHubAwayForTwentyHours: seventeen hours of retries end, the agent says so,
// and the next regular run delivers.
func TestAHubAwayForTwentyHours(t *testing.T) {
	t.Parallel()
	inBubble(t, func(s *synced) {
		s.pair(true)
		if err := s.agent.SetSchedule(s.t.Context(), "mona", agent.SyncSettings{Every: agent.Daily, Hour: 12}); err != nil {
			t.Fatal(err)
		}
		s.do(func(h *hub) { h.away = true })
		time.Sleep(time.Until(time.Date(2000, 1, 1, 14, 1, 0, 0, time.UTC)))
		if st := s.status(); st.Open == nil || st.Open.State != store.RunRetrying || st.Open.Failure.Key != "connect.unreachable" || len(st.Unwell) != 1 {
			t.Fatalf("got %+v", st)
		}
		s.wantHealth("agentsync.unwell_retrying connect.unreachable")
		time.Sleep(time.Until(time.Date(2000, 1, 2, 10, 0, 0, 0, time.UTC)))
		runs := s.runs()
		r := runs[len(runs)-1]
		tries := int(r.Attempt)
		if length := r.EndedAt.Sub(r.StartedAt); r.State != store.RunFailed || tries != 13 || length < 15*time.Hour || length > 19*time.Hour {
			t.Errorf("%s after %d attempts in %v", r.State, tries, length)
		}
		if st := s.status(); len(st.Unwell) != 1 || st.Unwell[0].Key != "agentsync.unwell_failed" || st.Next.IsZero() {
			t.Errorf("got %+v", st.Unwell)
		}
		s.wantHealth("agentsync.unwell_failed connect.unreachable")
		s.do(func(h *hub) { h.away = false })
		time.Sleep(6 * time.Hour)
		s.wantRuns("schedule succeeded", "schedule failed", "schedule succeeded")
		if st := s.status(); len(st.Unwell) != 0 {
			t.Errorf("got %v", st.Unwell)
		}
		s.wantHealth()
	})
}

// TestWhatWasMissedIsCaughtUpOnce: the program is off for three weeks.
func TestWhatWasMissedIsCaughtUpOnce(t *testing.T) {
	t.Parallel()
	inBubble(t, func(s *synced) {
		s.pair(true)
		s.end()
		time.Sleep(24 * 24 * time.Hour)
		s.begin()
		time.Sleep(time.Minute)
		s.wantRuns("schedule succeeded", "schedule succeeded")
		next := s.status().Next
		if wait := time.Until(next); wait < 2*24*time.Hour || wait > 8*24*time.Hour {
			t.Errorf("next at %v", next)
		}
	})
}

// TestClocksHalfAnHourApart heal by themselves, either way.
func TestClocksHalfAnHourApart(t *testing.T) {
	t.Parallel()
	for _, skew := range []time.Duration{30 * time.Minute, -30 * time.Minute} {
		t.Run(skew.String(), func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(s *synced) {
				s.do(func(h *hub) { h.skew = skew })
				s.pair(true)
				time.Sleep(2 * time.Hour)
				s.do(func(h *hub) { h.skew = -skew }) // somebody corrects the clock, too much
				s.now()
				s.wantRuns("schedule succeeded", "manual succeeded")
			})
		})
	}
}

// TestALostAnswerIsRepeatedAsTheSame: nothing is doubled, whichever answer was
// lost.
func TestALostAnswerIsRepeatedAsTheSame(t *testing.T) {
	t.Parallel()
	for _, path := range []string{connect.PathToken, connect.PathUsage} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(s *synced) {
				s.pair(true)
				time.Sleep(2 * time.Hour) // the token is gone
				lost := 0
				s.do(func(h *hub) {
					h.after = func(r *http.Request, _ *http.Response) bool {
						if r.URL.Path != path || lost >= 3 {
							return false
						}
						lost++
						return true
					}
				})
				s.report(people(1, 33))
				s.now()
				time.Sleep(time.Hour)
				s.wantRuns("schedule succeeded", "manual succeeded")
				s.do(func(h *hub) {
					if lost != 3 {
						t.Errorf("%d answers were lost", lost)
					}
					for _, a := range h.uploads[1:] {
						if a.sequence != 2 || a.digest != h.uploads[1].digest {
							t.Errorf("a repeat delivered %d %s", a.sequence, a.digest)
						}
					}
				})
			})
		})
	}
}

// TestRestartedInMidRun: the program ends while the file is on its way, and goes
// on with the same attempt.
func TestRestartedInMidRun(t *testing.T) {
	t.Parallel()
	inBubble(t, func(s *synced) {
		s.pair(true)
		stuck := make(chan struct{})
		s.do(func(h *hub) {
			h.fault = func(r *http.Request) *http.Response {
				if r.URL.Path != connect.PathUsage {
					return nil
				}
				close(stuck)
				<-r.Context().Done()
				return nil
			}
		})
		if _, err := s.agent.SyncNow(s.t.Context(), "mona"); err != nil {
			t.Fatal(err)
		}
		s.loop.Poke()
		<-stuck
		if st, err := s.agent.SyncStatus(s.t.Context()); err != nil || st.Progress == nil || st.Progress.Stage != agent.StageSend {
			t.Errorf("got %+v, %v", st, err)
		}
		s.end()
		s.do(func(h *hub) { h.fault = nil })
		s.begin()
		time.Sleep(time.Minute)
		s.wantRuns("schedule succeeded", "manual succeeded")
		if r := s.runs()[1]; r.Attempt != 1 {
			t.Errorf("%d attempts", r.Attempt)
		}
	})
}

func TestOneRunAtATime(t *testing.T) {
	t.Parallel()
	inBubble(t, func(s *synced) {
		s.pair(true)
		s.do(func(h *hub) { h.state = connect.Checking })
		first := s.now()
		if second := s.now(); second.Number != first.Number {
			t.Errorf("run %d beside run %d", second.Number, first.Number)
		}
		time.Sleep(time.Hour)
		s.do(func(h *hub) {
			if h.polls < 10 || h.polls > 100 {
				t.Errorf("the hub was asked %d times in an hour", h.polls)
			}
			h.state = connect.Applied
		})
		time.Sleep(2 * time.Minute)
		s.wantRuns("schedule succeeded", "manual succeeded")
		// One that waits to be tried again gives way to one that somebody asks for.
		s.do(func(h *hub) { h.away = true })
		s.now()
		s.do(func(h *hub) { h.away = false })
		s.report(people(1, 40))
		s.now()
		s.wantRuns("schedule succeeded", "manual succeeded", "manual superseded", "manual succeeded")
	})
}

func TestWhatIsHeldIsFollowed(t *testing.T) {
	t.Parallel()
	inBubble(t, func(s *synced) {
		s.do(func(h *hub) { h.state = connect.Held })
		s.pair(true)
		s.wantRuns("schedule held")
		time.Sleep(time.Hour)
		s.do(func(h *hub) { h.state = connect.Applied })
		time.Sleep(time.Hour)
		s.wantRuns("schedule succeeded")
	})
}

// TestRefusedForGood is not tried again, and the hub's own words are kept where
// the agent has none.
func TestRefusedForGood(t *testing.T) {
	t.Parallel()
	inBubble(t, func(s *synced) {
		s.do(func(h *hub) { h.state = connect.Refused })
		s.pair(true)
		time.Sleep(time.Hour)
		s.wantRuns("schedule failed")
		r := s.runs()[0]
		if r.Failure.Key != "hub.something_new" || r.Failure.Detail == "" || r.Attempt != 1 {
			t.Errorf("got %+v", r.Failure)
		}
		s.do(func(h *hub) {
			last := h.records[len(h.records)-1]
			if last.Sync.Failure == nil || last.Sync.Failure.Code != "hub.something_new" {
				t.Errorf("the hub is told %+v", last.Sync)
			}
		})
	})
}

// TestDisabledOnTheHub removes the credentials here, as soon as the agent hears of
// it.
func TestDisabledOnTheHub(t *testing.T) {
	t.Parallel()
	inBubble(t, func(s *synced) {
		s.pair(true)
		s.do(func(h *hub) {
			h.ended = true
			clear(h.tokens)
		})
		s.now()
		time.Sleep(10 * time.Minute)
		c := s.connection()
		if c.State != store.Ended || c.Ended == nil || c.Ended.Key != "connect.revoked" || c.Lease != "" {
			t.Errorf("got %+v", c)
		}
		s.wantRuns("schedule succeeded", "manual failed")
		s.wantNoKey()
		if !s.recorded("dotcom_connection.destroy") {
			t.Error("it was not recorded")
		}
	})
}

func (s *synced) wantNoKey() {
	s.t.Helper()
	for _, name := range []string{"connect.pem", "connect-next.pem"} {
		if _, err := os.Stat(filepath.Join(s.config.Dir, name)); !os.IsNotExist(err) {
			s.t.Errorf("%s is still there: %v", name, err)
		}
	}
}

// TestDisabledHere removes the credentials at once, whether the hub hears of it or
// not.
func TestDisabledHere(t *testing.T) {
	t.Parallel()
	for _, away := range []bool{false, true} {
		inBubble(t, func(s *synced) {
			s.pair(true)
			time.Sleep(3 * time.Hour)
			s.do(func(h *hub) { h.away = away })
			told, err := s.agent.Disconnect(s.t.Context(), "mona")
			if err != nil || told == away {
				t.Errorf("got %v, %v", told, err)
			}
			s.wantNoKey()
			s.do(func(h *hub) {
				if h.ended == away {
					t.Errorf("the hub heard of it: %v", h.ended)
				}
			})
			time.Sleep(8 * 24 * time.Hour)
			s.wantRuns("schedule succeeded")
			if _, err := s.agent.Disconnect(s.t.Context(), "mona"); keyOf(err) != "agentconnect.not_connected" {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestWhatAnOwnerDecidedOutlastsAConnection: the schedule comes back with the next
// connection; what owners on a hub may do comes back with that hub alone.
func TestWhatAnOwnerDecidedOutlastsAConnection(t *testing.T) {
	t.Parallel()
	inBubble(t, func(s *synced) {
		s.pair(true)
		if err := s.agent.SetSchedule(s.t.Context(), "mona", agent.SyncSettings{Every: agent.Daily, Hour: 4, Minute: 20, OnChange: true, Asks: true}); err != nil {
			s.t.Fatal(err)
		}
		for _, host := range []string{"hub.acme.example", "other.acme.example"} {
			if _, err := s.agent.Disconnect(s.t.Context(), "mona"); err != nil {
				s.t.Fatal(err)
			}
			if s.connection().Sync.Enabled() {
				s.t.Error("license sync outlasts the connection")
			}
			s.do(func(h *hub) { h.address = "https://" + host })
			if _, err := s.agent.Connect(s.t.Context(), "mona", host, true); err != nil {
				s.t.Fatal(err)
			}
			kept := s.connection().Sync
			want := agent.SyncSettings{Every: agent.Daily, Hour: 4, Minute: 20, OnChange: true, Asks: host == "hub.acme.example"}
			if kept != want {
				s.t.Errorf("%s: got %+v, want %+v", host, kept, want)
			}
		}
		s.do(func(h *hub) { h.address = "https://hub.acme.example" })
		s.pair(true)
		if o := s.connection().Sync; !o.Enabled() || o.Every != agent.Daily || o.Hour != 4 || o.Minute != 20 || !o.OnChange || o.Asks {
			s.t.Errorf("got %+v", o)
		}
	})
}

func TestNobodyTypedTheCode(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*hub){"connect.lapsed": nil, "connect.denied": func(h *hub) { h.denied = true }} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(s *synced) {
				if _, err := s.agent.Connect(s.t.Context(), "mona", "hub.acme.example", true); err != nil {
					t.Fatal(err)
				}
				s.loop.Poke()
				if change != nil {
					s.do(change)
				}
				time.Sleep(16 * time.Minute)
				c := s.connection()
				if c.State != store.Ended || c.Ended.Key != name {
					t.Errorf("got %+v", c)
				}
				s.wantNoKey()
				s.do(func(h *hub) { h.denied = false })
				s.pair(true)
			})
		})
	}
}

// TestACopyIsNoticed: what was copied or restored presents an older lease, and is
// refused with the step that heals it; nothing is tried again.
func TestACopyIsNoticed(t *testing.T) {
	t.Parallel()
	inBubble(t, func(s *synced) {
		s.pair(true)
		time.Sleep(2 * time.Hour)
		s.do(func(h *hub) { h.lease, h.attempt = "of the other machine", "that of the other" })
		s.now()
		time.Sleep(30 * time.Minute)
		s.wantRuns("schedule succeeded", "manual failed")
		c := s.connection()
		if r := s.runs()[1]; r.Failure.Key != "connect.second_machine" || r.Attempt != 1 || c.Refusal == nil || !c.Connected() {
			t.Errorf("got %+v, %+v", r, c)
		}
		// An owner on the hub says that it was restored.
		s.do(func(h *hub) { h.lease = c.Lease })
		s.now()
		s.wantRuns("schedule succeeded", "manual failed", "manual succeeded")
		if s.connection().Refusal != nil {
			t.Error("the refusal stays")
		}
	})
}

// TestNoSyncWhileThereIsTrouble: an agent that may be a copy asks for no token,
// which would spoil the one of the original.
func TestNoSyncWhileThereIsTrouble(t *testing.T) {
	t.Parallel()
	inBubble(t, func(s *synced) {
		s.pair(true)
		s.end()
		s.config.Place = "there"
		s.begin()
		var before int
		s.do(func(h *hub) { before = len(h.mints) })
		s.now()
		time.Sleep(8 * 24 * time.Hour)
		s.wantRuns("schedule succeeded", "manual failed", "schedule failed")
		if r := s.runs()[1]; r.Failure.Key != "agent.trouble_other_place" {
			t.Errorf("got %+v", r.Failure)
		}
		s.do(func(h *hub) {
			if len(h.mints) != before || len(h.uploads) != 1 {
				t.Errorf("%d tokens more, %d files", len(h.mints)-before, len(h.uploads))
			}
		})
		if err := s.agent.Renew(s.t.Context(), "mona"); err != nil {
			t.Fatal(err)
		}
		if c := s.connection(); c.State != store.Ended || c.Ended.Key != "agentconnect.renewed" {
			t.Errorf("got %+v", c)
		}
		s.wantNoKey()
	})
}

func TestTheHubMayAskForARun(t *testing.T) {
	t.Parallel()
	inBubble(t, func(s *synced) {
		s.pair(true)
		s.do(func(h *hub) { h.requests = []connect.Request{{ID: "r-1"}} })
		time.Sleep(10 * time.Minute)
		s.wantRuns("schedule succeeded") // nobody here opted in
		o := s.connection().Sync
		o.Asks = true
		if err := s.agent.SetSchedule(s.t.Context(), "mona", o); err != nil {
			t.Fatal(err)
		}
		s.loop.Poke()
		time.Sleep(3 * time.Minute)
		s.wantRuns("schedule succeeded", "request succeeded")
		s.do(func(h *hub) {
			if got := h.uploads[1].request; got != "r-1" {
				t.Errorf("answered %q", got)
			}
		})
	})
}

func TestTheKeyIsReplaced(t *testing.T) {
	t.Parallel()
	for _, skew := range []time.Duration{0, 30 * time.Minute, -30 * time.Minute} {
		t.Run(skew.String(), func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(s *synced) {
				s.do(func(h *hub) { h.skew = skew })
				s.pair(true)
				before := s.connection().Key
				if err := s.agent.RotateKey(s.t.Context(), "mona"); err != nil {
					t.Fatal(err)
				}
				s.loop.Poke()
				time.Sleep(time.Minute)
				s.now()
				s.wantRuns("schedule succeeded", "manual succeeded")
				c := s.connection()
				s.do(func(h *hub) {
					if len(h.keys) != 1 || h.keys[c.Key] == nil || c.Key == before || c.NewKey {
						t.Errorf("got %+v", c)
					}
				})
			})
		})
	}
}

// TestAnOldListIsDeliveredAndSaidToBeOld.
func TestAnOldListIsDeliveredAndSaidToBeOld(t *testing.T) {
	t.Parallel()
	inBubble(t, func(s *synced) {
		s.pair(true)
		time.Sleep(43 * 24 * time.Hour)
		for _, r := range s.runs() {
			if r.State != store.RunSucceeded {
				t.Errorf("got %s", r.State)
			}
		}
		st := s.status()
		if len(st.Unwell) != 1 || st.Unwell[0].Key != "agentsync.unwell_old" || st.Unwell[0].Args["Days"] != int64(43) {
			t.Errorf("got %v", st.Unwell)
		}
		s.wantHealth("agentsync.unwell_old 43")
		if err := os.Remove(s.source); err != nil {
			t.Fatal(err)
		}
		s.now()
		runs := s.runs()
		if r := runs[len(runs)-1]; r.State != store.RunSucceeded || r.Stale == nil || r.Stale.Key != "agent.source_missing" {
			t.Errorf("got %+v", r)
		}
	})
}

func TestABusyHubIsAskedWhenItWants(t *testing.T) {
	t.Parallel()
	inBubble(t, func(s *synced) {
		s.pair(true)
		busy := 2
		s.do(func(h *hub) {
			h.fault = func(r *http.Request) *http.Response {
				if r.URL.Path != connect.PathUsage || busy == 0 {
					return nil
				}
				busy--
				return &http.Response{StatusCode: http.StatusServiceUnavailable, Header: http.Header{"Retry-After": {"600"}}, Body: http.NoBody, Request: r}
			}
		})
		begun := time.Now()
		s.now()
		time.Sleep(time.Hour)
		s.wantRuns("schedule succeeded", "manual succeeded")
		if r := s.runs()[1]; r.EndedAt.Sub(begun) < 20*time.Minute || r.Attempt != 3 {
			t.Errorf("got %d attempts in %v", r.Attempt, r.EndedAt.Sub(begun))
		}
	})
}

// TestWhatIsDueIsDoneThen: at the time that a turn gives, the next one does
// something, so that nobody asks again and again until it does.
func TestWhatIsDueIsDoneThen(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]func(*http.Request) *http.Response{
		"tried again": func(r *http.Request) *http.Response {
			return &http.Response{StatusCode: http.StatusInternalServerError, Header: http.Header{}, Body: http.NoBody, Request: r}
		},
		"asked about": func(*http.Request) *http.Response { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(s *synced) {
				t := s.t
				s.pair(true)
				s.end()
				calls := 0
				s.do(func(h *hub) {
					h.state, h.fault = connect.Checking, func(r *http.Request) *http.Response {
						calls++
						return answer(r)
					}
				})
				if _, err := s.agent.SyncNow(t.Context(), "mona"); err != nil {
					t.Fatal(err)
				}
				for range 20 {
					before := calls
					next, err := s.agent.SyncTurn(t.Context())
					if err != nil || calls == before {
						t.Fatalf("nothing was due at %v (%v)", time.Now(), err)
					}
					for !next.After(time.Now()) && err == nil { // what else is due
						next, err = s.agent.SyncTurn(t.Context())
					}
					if err != nil {
						t.Fatal(err)
					}
					time.Sleep(time.Until(next))
				}
			})
		})
	}
}

func TestADryRunSendsNothing(t *testing.T) {
	t.Parallel()
	inBubble(t, func(s *synced) {
		s.pair(true)
		s.do(func(h *hub) { h.away = true })
		d, err := s.agent.DryRun(s.t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if d.Bytes < 1000 || d.Hub != s.hub.address || !bytes.Contains(d.Record, []byte("ghes-1.acme.example")) || len(d.Fields) != 3 || !d.Header.Sealed() {
			t.Errorf("got %+v", d)
		}
		if _, err := usagefile.ParseRecipient(d.Header.Recipients[0]); err != nil {
			t.Error(err)
		}
	})
}

// TestDisabledOnTheHubIsAWorryUntilAnOwnerSettlesIt: with license sync enabled,
// usage arrives no more. Connecting again settles it, and so does disabling
// Connect here; a pairing that came to nothing does not.
func TestDisabledOnTheHubIsAWorryUntilAnOwnerSettlesIt(t *testing.T) {
	t.Parallel()
	for name, settle := range map[string]func(*synced){
		"connected again": func(s *synced) { s.pair(false) },
		"disabled here": func(s *synced) {
			if _, err := s.agent.Disconnect(s.t.Context(), "mona"); err != nil {
				s.t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(s *synced) {
				s.pair(true)
				s.do(func(h *hub) {
					h.ended, h.approved = true, false
					clear(h.tokens)
				})
				s.now()
				time.Sleep(10 * time.Minute)
				s.wantWorry("agentsync.unwell_ended")
				s.wantHealth("agentsync.unwell_ended connect.revoked")
				if _, err := s.agent.Connect(s.t.Context(), "mona", "hub.acme.example", true); err != nil {
					t.Fatal(err)
				}
				s.loop.Poke()
				time.Sleep(16 * time.Minute)
				s.wantWorry("agentsync.unwell_ended")
				s.do(func(h *hub) { h.ended = false })
				settle(s)
				s.wantWorry("")
			})
		})
	}
}

// wantWorry wants the only one, or none.
func (s *synced) wantWorry(key string) {
	s.t.Helper()
	got := ""
	for _, one := range s.status().Unwell {
		got += one.Key
	}
	if got != key {
		s.t.Errorf("got %q instead of %q", got, key)
	}
}
