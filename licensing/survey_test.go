package licensing_test

import (
	"os"
	"strings"
	"testing"
	"fmt"

	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/licensing/licensingtest"
)

func TestSurvey(t *testing.T) {
	if os.Getenv("SURVEY") == "" { t.Skip() }
	seen := map[string]int{}
	bad := 0
	for seed := range uint64(1000) {
		size := 1 + int(seed%40)
		side, instances := licensingtest.Enterprise(seed, size, licensingtest.Options{Report: 50, Addresses: 20 + int(seed%5)*20})
		if licensingtest.Check(side, instances) != nil { continue }
		policy := licensingtest.PolicyOf(seed, side)
		diff := differences(side, policy, instances, whole)
		if diff == "" { continue }
		bad++
		if bad > 60 { continue }
		side, instances = shrunk(side, instances, func(side *licensing.CloudSide, instances []licensingtest.Instance) bool {
			return differences(side, policy, instances, whole) != ""
		})
		diff = differences(side, policy, instances, whole)
		var keys []string
		for l := range strings.Lines(diff) { if !strings.HasPrefix(l, " ") && !strings.HasPrefix(l, "-") && !strings.HasPrefix(l, "+") { keys = append(keys, strings.TrimSpace(l)) } }
		k := fmt.Sprint(keys, len(diff)/300)
		seen[k]++
		if seen[k] <= 2 {
			t.Logf("seed %d policy %+v\n%s\n%s", seed, policy, diff, dump(side, instances))
		}
	}
	t.Log(bad, seen)
}
