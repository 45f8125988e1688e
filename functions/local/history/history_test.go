package history_test

import (
	"testing"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/storetest"
	"lapakasik/functions/local/history"
)

// A hundredth of the recorded claims comes out of the recap as it went in, and
// the nightly recount finds nothing to mend, but finds what was tampered with.
func TestRecordedClaims(t *testing.T) {
	store := storetest.New(t)
	counts := history.Scaled(history.Seed, 100)
	l := history.Loader{Store: store, Branch: "bandar-lampung", From: "2021-05-03", To: "2021-05-07", Workers: 6}
	n, err := l.Load(t.Context(), counts)
	if err != nil {
		t.Fatal(err)
	}
	sums, err := store.RecapSum(t.Context(), "bandar-lampung", "2021-05-01", "2021-05-31")
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, c := range counts {
		if got := sums[string(c.Channel)+"#"+string(c.Status)]; got != c.N {
			t.Errorf("%s %s: %d; want %d", c.Channel, c.Status, got, c.N)
		}
		total += c.N
	}
	if n != total || sums["online#"+string(claim.Postponed)] != 0 {
		t.Errorf("%d claims were played; want %d", n, total)
	}
	if drift, err := store.Recount(t.Context(), "bandar-lampung", "2021-05-04"); len(drift) > 0 || err != nil {
		t.Errorf("the recount finds %v %v; want nothing", drift, err)
	}
}
