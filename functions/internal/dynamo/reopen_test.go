package dynamo_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/storetest"
)

// A seat that is given back in any way is nobody's until its announced time,
// whoever asks, with clocks two seconds apart; the person who moved has the
// new place all the while.
func TestGivenBackSeatsWait(t *testing.T) {
	hour := storetest.Morning.Add(time.Hour) // the next that hourly announces
	cancel := func(s *dynamo.Store, r claim.Registration) error {
		_, err := s.Cancel(context.Background(), r.ID, r.Version)
		return err
	}
	for _, tt := range []struct {
		name string
		back func(*dynamo.Store, *storetest.Clock, claim.Registration) error
		want time.Time
	}{
		{"cancelled", func(s *dynamo.Store, _ *storetest.Clock, r claim.Registration) error { return cancel(s, r) }, hour},
		{"cancelled as a claim", func(s *dynamo.Store, _ *storetest.Clock, r claim.Registration) error {
			r, err := s.Submit(context.Background(), r.ID, r.Version)
			return errors.Join(err, cancel(s, r))
		}, hour},
		{"moved away", func(s *dynamo.Store, _ *storetest.Clock, r claim.Registration) error {
			moved, err := move(s, r, "09:00")
			if err == nil && moved.Place.Time != "09:00" {
				err = errors.New("not moved")
			}
			return err
		}, hour},
		{"run out, cleared away by the job", func(s *dynamo.Store, c *storetest.Clock, r claim.Registration) error {
			c.Move(r.Deadline.Add(time.Minute).Sub(c.Now()))
			n, err := s.LapseDue(context.Background(), "uji", storetest.Tomorrow)
			if n != 1 {
				err = errors.Join(err, errors.New("not ended"))
			}
			return err
		}, storetest.Morning.Add(23 * time.Hour)},
		{"run out, cleared away by nobody", func(_ *dynamo.Store, c *storetest.Clock, r claim.Registration) error {
			c.Move(r.Deadline.Add(time.Minute).Sub(c.Now()))
			return nil
		}, storetest.Morning.Add(23 * time.Hour)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := storetest.New(t)
			clock := storetest.NewClock(storetest.Morning.Add(time.Minute))
			s.Now, s.Reopening = clock.Now, hourly
			twoSessions(t, s, 1)
			if err := tt.back(s, clock, book(t, s, 1)); err != nil {
				t.Fatal(err)
			}
			other := func(n int) error {
				b := storetest.Booking(n)
				b.Deadline = storetest.Morning.Add(48 * time.Hour)
				_, err := s.Book(t.Context(), b)
				return err
			}
			sessions, err := s.Sessions(t.Context(), "uji", storetest.Tomorrow)
			if err != nil || sessions[0].Free != 0 || !sessions[0].Reopens.Equal(tt.want) {
				t.Errorf("Sessions = %+v, %v; want none free until %s", sessions[0], err, tt.want)
			}
			if err := other(2); !errors.Is(err, claim.ErrFull) {
				t.Errorf("booking at once = %v; want full", err)
			}
			clock.Move(tt.want.Add(-time.Second).Sub(clock.Now()))
			if err := other(3); !errors.Is(err, claim.ErrFull) {
				t.Errorf("booking a second before the announced time = %v; want full", err)
			}
			// A function whose clock is two seconds ahead sells it two seconds early, once.
			s.Now = func() time.Time { return clock.Now().Add(2 * time.Second) }
			if err := other(4); err != nil {
				t.Errorf("booking at the announced time = %v", err)
			}
			s.Now = clock.Now
			clock.Move(time.Second)
			if err := other(5); !errors.Is(err, claim.ErrFull) {
				t.Errorf("booking a sold seat = %v; want full", err)
			}
			agree(t, s)
		})
	}
}
