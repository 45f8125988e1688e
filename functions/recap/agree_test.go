package recap_test

import (
	"slices"
	"strings"
	"testing"

	"lapakasik/functions/internal/apptest"
	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/tally"
	"lapakasik/functions/local/history"
)

// The public results and the official recap are the same numbers: of a month
// in which all its places were decided, they agree to the unit.
func TestResultsAgree(t *testing.T) {
	a := apptest.New(t, "../..")
	l := history.Loader{Store: a.Store, Branch: "bandar-lampung", From: "2021-05-03", To: "2021-05-07", Workers: 6}
	if _, err := l.Load(t.Context(), history.Scaled(history.Seed, 400)); err != nil {
		t.Fatal(err)
	}
	for {
		due, err := a.Store.TallyDue(t.Context(), 100)
		if err != nil {
			t.Fatal(err)
		}
		if len(due) == 0 {
			break
		}
		for _, id := range due {
			if _, err := a.Store.Tally(t.Context(), id); err != nil {
				t.Fatal(err)
			}
		}
	}
	recap, err := a.Store.RecapSum(t.Context(), "bandar-lampung", "2021-05-01", "2021-05-31")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := a.Store.Results(t.Context(), "2021-05")
	if err != nil {
		t.Fatal(err)
	}
	results := map[string]int{}
	names := map[string]claim.Status{tally.CountApproved: claim.Approved, tally.CountRefused: claim.Refused, tally.CountPending: claim.Submitted, tally.CountPostponed: claim.Postponed}
	for _, row := range rows {
		for counter, status := range names {
			if n := row.Counts[counter]; n != 0 {
				results[row.Channel+"#"+string(status)] += n
			}
		}
	}
	total := 0
	for cell, n := range recap {
		if slices.Contains([]string{"online", "onsite"}, strings.Split(cell, "#")[0]) && results[cell] != n {
			t.Errorf("%s: %d in the results, %d in the recap", cell, results[cell], n)
		}
		total += n
	}
	if total < 50 || len(results) < 4 {
		t.Errorf("%d claims in %d cells are too few to tell", total, len(results))
	}
}
