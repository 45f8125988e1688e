package dynamo_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/seal"
	"lapakasik/functions/internal/storetest"
)

// Two functions whose clocks are two seconds apart, around a draft's deadline:
// for one the hold stands and may be submitted, for the other it is over and
// its seat may be sold. Whoever is first has the seat, alone.
func TestClocksTwoSecondsApart(t *testing.T) {
	url := storetest.Engine(t).URL
	table, keysTable := storetest.Tables(t, storetest.Client(url))
	keys := storetest.Keys(t)
	open := func(now func() time.Time) *dynamo.Store {
		s := dynamo.New(storetest.Client(url), table, keysTable, func(context.Context) (*seal.Keys, error) { return keys, nil })
		s.Now = now
		return s
	}
	submitted, sold := 0, 0
	for n := range 40 {
		deadline := storetest.Booking(0).Deadline
		clock := storetest.NewClock(deadline.Add(time.Duration(n%5-3) * time.Second))
		slow := open(clock.Now)
		fast := open(func() time.Time { return clock.Now().Add(2 * time.Second) })
		plan := storetest.Plan(1)
		plan.Date = plan.Date.AddDays(n)
		early := open(storetest.NewClock(storetest.Morning).Now)
		if err := early.EnsureDay(t.Context(), plan); err != nil {
			t.Fatal(err)
		}
		booking := func(who int) claim.Booking {
			b := storetest.Booking(2*n + who)
			b.Place.Date = plan.Date
			return b
		}
		first, err := early.Book(t.Context(), booking(0))
		if err != nil {
			t.Fatal(err)
		}
		second := booking(1)
		second.Deadline = deadline.Add(time.Hour)
		var wg sync.WaitGroup
		var submitErr, bookErr error
		wg.Go(func() { _, submitErr = slow.Submit(t.Context(), first.ID, first.Version) })
		wg.Go(func() { _, bookErr = fast.Book(t.Context(), second) })
		wg.Wait()
		switch {
		case submitErr == nil && errors.Is(bookErr, claim.ErrFull):
			submitted++
		case bookErr == nil && (errors.Is(submitErr, claim.ErrClosed) || errors.Is(submitErr, claim.ErrStale)):
			sold++
		case errors.Is(submitErr, claim.ErrClosed) && errors.Is(bookErr, claim.ErrFull) && n%5 < 3:
			// For one it is too late already and for the other not yet over: at the second itself.
		default:
			t.Errorf("round %d: submitting = %v, booking = %v; want one of them to have the seat", n, submitErr, bookErr)
		}
		differences, err := slow.Reconcile(t.Context(), "uji", plan.Date)
		if err != nil || len(differences) > 0 {
			t.Errorf("round %d: %v %v", n, differences, err)
		}
	}
	t.Logf("40 rounds: submitted in %d, sold again in %d", submitted, sold)
	if submitted == 0 || sold == 0 {
		t.Error("one side never won: this test shows nothing")
	}
}
