package page_test

import (
	"encoding/json"
	"os/exec"
	"slices"
	"testing"
)

// A request of a client of crowd.mjs: who, and when in milliseconds.
type knock [2]int

// A thousand people whose turn comes at once meet a service that is down:
// nobody asks more than five times or waits longer than half a minute between
// two, and they do not come back in waves (TRUST R4). Waves are looked for where
// nine tenths of the repetitions are: the thin ends would only lower the mean.
func TestCrowdBacksOff(t *testing.T) {
	for _, seed := range []string{"1", "2", "3"} {
		out, err := exec.Command("node", "testdata/crowd.mjs", "assets/antre.js", "1000", "1000", seed).Output()
		if err != nil {
			t.Fatalf("seed %s: Node.js plays the script: %v", seed, err)
		}
		var all []knock
		if err := json.Unmarshal(out, &all); err != nil {
			t.Fatal(err)
		}
		last, tries := map[int]int{}, map[int]int{}
		var again []int
		for _, k := range all {
			if tries[k[0]]++; tries[k[0]] > 1 {
				again = append(again, k[1])
				if k[1]-last[k[0]] > 30_000 {
					t.Errorf("seed %s: client %d waits %d ms", seed, k[0], k[1]-last[k[0]])
				}
			}
			last[k[0]] = k[1]
		}
		if len(tries) != 1000 || len(again) != 4000 {
			t.Errorf("seed %s: %d clients ask, and %d times again; want 1,000 and 4,000", seed, len(tries), len(again))
		}
		if most, mean, span := waves(again); most > 2*mean || span < 20_000 {
			t.Errorf("seed %s: %d requests in two seconds; want at most twice the mean of %d, and within %d ms; want 20 s or more", seed, most, mean, span)
		}
	}
}

// waves returns the most and the mean requests of two seconds in the middle
// nine tenths, and how many milliseconds those last.
func waves(at []int) (most, mean, span int) {
	slices.Sort(at)
	middle := at[len(at)/20 : len(at)-len(at)/20]
	buckets := map[int]int{}
	for _, ms := range middle {
		buckets[ms/2000]++
		most = max(most, buckets[ms/2000])
	}
	span = middle[len(middle)-1] - middle[0]
	return most, len(middle) * 2000 / max(span, 1), span
}
