package dynamo_test

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"sync"
	"testing"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/storetest"
	"lapakasik/functions/internal/tally"
)

// results returns the counts of "uji", online, in a month.
func results(t *testing.T, s *dynamo.Store, m tally.Month) tally.Counts {
	t.Helper()
	rows, err := s.Results(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) == 0 {
		return tally.Counts{}
	}
	if want := (tally.Key{Month: m, Branch: "uji", Channel: "online"}); len(rows) != 1 || rows[0].Key != want {
		t.Fatalf("rows %v; want one of %v", rows, want)
	}
	maps.DeleteFunc(rows[0].Counts, func(_ string, n int) bool { return n == 0 })
	return rows[0].Counts
}

// tallyAll counts until nothing is due, as the worker does in its next runs.
func tallyAll(t *testing.T, s *dynamo.Store) {
	t.Helper()
	for {
		ids, err := s.TallyDue(t.Context(), 10)
		if err != nil {
			t.Fatal(err)
		}
		if len(ids) == 0 {
			return
		}
		for _, id := range ids {
			if _, err := s.Tally(t.Context(), id); err != nil && !errors.Is(err, claim.ErrBusy) {
				t.Fatal(err)
			}
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Sixteen workers count the same claims at once, and every ninth reply of a
// write is lost: each step counts exactly once.
func TestTallyRace(t *testing.T) {
	const people, workers = 24, 16
	proxy := newFaultProxy(t, storetest.Engine(t).URL)
	s := storetest.New(t, proxy.url)
	clock := open(t, s, people)
	var ids []string
	for n := range people {
		reg := book(t, s, n)
		ids = append(ids, reg.ID)
		if n == 0 {
			continue // stays a draft
		}
		_, err := s.Submit(t.Context(), reg.ID, reg.Version)
		must(t, err)
	}
	clock.Move(30 * time.Hour)
	for n, id := range ids {
		switch {
		case n == 0:
		case n <= 10:
			must(t, settle(t.Context(), s, id, claim.Approved))
		case n <= 16:
			must(t, settle(t.Context(), s, id, claim.Refused))
		case n == 17:
			must(t, settle(t.Context(), s, id, claim.Postponed))
		case n == 18:
			_, err := s.Cancel(t.Context(), id, 0)
			must(t, err)
		}
	}
	proxy.loseReply.Store(9)
	began := time.Now()
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for _, id := range ids {
				for {
					_, err := s.Tally(t.Context(), id)
					if err == nil {
						break
					}
					// Not "the reply was lost" either: the job asks again at its next run.
					if !errors.Is(err, claim.ErrBusy) && !errors.Is(err, io.EOF) {
						t.Error(err)
						return
					}
				}
			}
		})
	}
	wg.Wait()
	proxy.loseReply.Store(0)
	t.Logf("%d workers, %d claims, 41 steps: %v, %d replies lost", workers, people, time.Since(began).Round(time.Millisecond), proxy.lost.Load())
	want := tally.Counts{"approved": 10, "refused": 6, "postponed": 1, "pending": 5, "complete": 16, "wait3": 16}
	if got := results(t, s, "2026-11"); !maps.Equal(got, want) {
		t.Errorf("counted %v; want %v", got, want)
	}
	if due, err := s.TallyDue(t.Context(), 100); err != nil || len(due) != 0 {
		t.Errorf("still due: %d, %v", len(due), err)
	}
	// A repeated delivery of a step that was counted changes nothing.
	adds := []tally.Add{{Key: tally.Key{Month: "2026-11", Branch: "uji", Channel: "online"}, Counter: "approved", N: 1}}
	if again, err := s.Record(t.Context(), ids[1], 2, "2026-11", adds); again || err != nil {
		t.Errorf("a counted step counts again: %v, %v", again, err)
	}
	if got := results(t, s, "2026-11"); !maps.Equal(got, want) {
		t.Errorf("counted %v; want %v", got, want)
	}
}

// A claim that goes over the end of a month is undecided in the first and
// decided in the second; a step counted too late counts in the running month.
func TestTallyOverMonths(t *testing.T) {
	s := storetest.New(t)
	clock := open(t, s, 4)
	var ids []string
	for n := range 3 {
		reg := book(t, s, n)
		ids = append(ids, reg.ID)
		_, err := s.Submit(t.Context(), reg.ID, reg.Version)
		must(t, err)
	}
	tallyAll(t, s)
	must(t, settle(t.Context(), s, ids[0], claim.Approved)) // on 24 November
	clock.Move(10 * 24 * time.Hour)                         // 4 December: November is published
	must(t, settle(t.Context(), s, ids[1], claim.Refused))
	tallyAll(t, s)
	if got, want := results(t, s, "2026-11"), (tally.Counts{"pending": 3}); !maps.Equal(got, want) {
		t.Errorf("November changed after it was published: %v; want %v", got, want)
	}
	if got, want := results(t, s, "2026-12"), (tally.Counts{"approved": 1, "refused": 1, "complete": 2, "wait1": 1, "wait14": 1}); !maps.Equal(got, want) {
		t.Errorf("December is %v; want %v", got, want)
	}
}

// A draft is not due, and sending a message does not count it.
func TestDraftsAreNotDue(t *testing.T) {
	s := storetest.New(t)
	clock := open(t, s, 4)
	reg := book(t, s, 1)
	_, err := s.Cancel(t.Context(), book(t, s, 2).ID, 0)
	must(t, err)
	clock.Move(48 * time.Hour)
	_, err = s.LapseDue(t.Context(), "uji", storetest.Tomorrow)
	must(t, err)
	if due, err := s.TallyDue(t.Context(), 100); err != nil || len(due) != 0 {
		t.Errorf("due: %v, %v", due, err)
	}
	if n, err := s.Tally(t.Context(), reg.ID); n != 0 || err != nil {
		t.Errorf("Tally = %d, %v", n, err)
	}
}

// One invitation, one answer, whoever sends it how often.
func TestAnswerOnce(t *testing.T) {
	s := storetest.New(t)
	s.Now = storetest.NewClock(storetest.Morning).Now
	m := tally.MonthOf(storetest.Morning)
	var wg sync.WaitGroup
	var mu sync.Mutex
	taken := 0
	for n := range 32 {
		wg.Go(func() {
			err := s.Answer(t.Context(), fmt.Sprint(n%8), tally.Answered(m, map[string]string{"waktu": "baik", "petugas": "buruk"}))
			for errors.Is(err, claim.ErrBusy) {
				err = s.Answer(t.Context(), fmt.Sprint(n%8), tally.Answered(m, map[string]string{"waktu": "baik", "petugas": "buruk"}))
			}
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				taken++
			case !errors.Is(err, claim.ErrAnswered):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	row, err := s.Survey(t.Context(), m)
	must(t, err)
	if want := (tally.Counts{"q.waktu.baik": 8, "q.petugas.buruk": 8}); taken != 8 || !maps.Equal(row.Counts, want) {
		t.Errorf("%d answers were taken, counted %v; want 8, %v", taken, row.Counts, want)
	}
}
