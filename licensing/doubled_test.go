package licensing_test

import (
	"testing"
	"time"

	"github.com/oneseat/oneseat/licensing"
)

// TestWhatWasSentAfterAReportIsNotInIt: an invitation of a list may be the one
// that GitHub's report has without a name, unless the report is older.
func TestWhatWasSentAfterAReportIsNotInIt(t *testing.T) {
	t.Parallel()
	made := time.Date(2026, 11, 15, 8, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		report, sent time.Time
		doubled      int
	}{
		"before":               {made, made.Add(-time.Hour), 1},
		"on the same day":      {made, made.Add(20 * time.Hour), 1},
		"days later":           {made, made.Add(6 * 24 * time.Hour), 0},
		"nobody knows when":    {made, time.Time{}, 1},
		"a report without day": {time.Time{}, made, 1},
	} {
		side := &licensing.CloudSide{
			Report:      &licensing.GitHubReport{Date: test.report, Rows: []licensing.ReportRow{{Detail: "pending"}}},
			Invitations: []licensing.Invitation{{Email: licensing.NewEmail("gil@partners.example"), Organization: "imaging", CreatedAt: test.sent}},
		}
		r := countSide(t, side, licensing.Policy{At: made.Add(6*24*time.Hour + time.Hour)})
		unsure := 0
		for i := range r.Len() {
			if r.Unsure(i) == licensing.UnsureInvited {
				unsure++
			}
		}
		if v := r.Visibility(); v.Doubled != test.doubled || v.Low != 2-test.doubled || v.High != 2 || unsure != 2*test.doubled {
			t.Errorf("%s: %+v, and %d people are unsure, want %d twice", name, v, unsure, test.doubled)
		}
	}
}
