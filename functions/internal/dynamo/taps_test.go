package dynamo_test

import (
	"slices"
	"sync"
	"testing"

	"lapakasik/functions/internal/storetest"
)

// Every step comes three times at once, as a double tap, a job that ran into
// the next one, or an event that was delivered again: it is done once, and
// whoever is refused is refused by the rules (TRUST T7).
func TestEveryStepThreeTimesAtOnce(t *testing.T) {
	const rounds, times = 4, 3
	for _, o := range deeds {
		t.Run(o.name, func(t *testing.T) {
			var want []string
			for round := range rounds {
				w, err := openShop(t.Context(), t, o)
				if err != nil {
					t.Fatal(err)
				}
				answers := make([]error, times)
				if round == 0 { // once, to know what it should come to
					answers = answers[:1]
				}
				var wg sync.WaitGroup
				for i := range answers {
					s := w.store(storetest.Client(w.url))
					wg.Go(func() { answers[i] = o.do(t.Context(), s, w) })
				}
				wg.Wait()
				got, err := w.content(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if round == 0 {
					want = got
				}
				if !slices.Equal(got, want) {
					t.Errorf("not done once:\n%s", difference(want, got))
				}
				if !slices.Contains(answers, nil) {
					t.Errorf("nobody was told that it is done: %v", answers)
				}
				for _, err := range answers {
					if err != nil && !mayRefuse(err) {
						t.Errorf("an answer: %v", err)
					}
				}
				if err := w.agrees(t.Context()); err != nil {
					t.Error(err)
				}
				if err := w.close(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
	}
}
