package dynamo_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/storetest"
	"lapakasik/site/requirement"
)

// entry is how the n-th made-up person enters the draw of Plan's day.
func entry(n int, wishes ...string) claim.Entry {
	e := claim.Entry{Booking: storetest.Booking(n), Status: claim.Entered, Wishes: wishes}
	e.Place.Time, e.Start = "", time.Time{}
	e.Deadline = storetest.Morning.Add(40 * time.Hour)
	return e
}

func enter(t *testing.T, s *dynamo.Store, e claim.Entry) claim.Registration {
	t.Helper()
	reg, err := s.Enter(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	return reg
}

func award(t *testing.T, s *dynamo.Store, reg claim.Registration) (claim.Registration, error) {
	t.Helper()
	b := storetest.Booking(0)
	return s.Award(t.Context(), reg.ID, 0, b.Place, 0, b.Start, b.Deadline)
}

func entered(t *testing.T, s *dynamo.Store) []dynamo.Entered {
	t.Helper()
	all, err := s.Entries(t.Context(), "uji", storetest.Tomorrow, requirement.Online)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func waiters(t *testing.T, s *dynamo.Store) []dynamo.Waiter {
	t.Helper()
	all, err := s.Waiters(t.Context(), "uji", storetest.Tomorrow, requirement.Online)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestEnter(t *testing.T) {
	s := storetest.New(t)
	clock := open(t, s, 1)
	first := enter(t, s, entry(1, "08:00", "07:30"))
	if again := enter(t, s, entry(1, "08:00", "07:30")); again.Ticket != first.Ticket || again.Private.Code != first.Private.Code {
		t.Errorf("the same form again: %v; want %v", again, first)
	}
	other := entry(1)
	other.Key = []byte("another device!!")
	if _, err := s.Enter(t.Context(), other); !errors.Is(err, claim.ErrAlreadyBooked) {
		t.Errorf("the same person from another device: %v; want %v", err, claim.ErrAlreadyBooked)
	}
	b := storetest.Booking(1)
	b.Key = []byte("another device!!")
	if _, err := s.Book(t.Context(), b); !errors.Is(err, claim.ErrAlreadyBooked) {
		t.Errorf("who is in a draw books: %v; want %v", err, claim.ErrAlreadyBooked)
	}
	all := entered(t, s)
	if len(all) != 1 || all[0].Ticket != first.Ticket || all[0].Registration != first.ID || !slices.Equal(all[0].Times, []string{"08:00", "07:30"}) {
		t.Errorf("entries %v; want one, %s", all, first.Ticket)
	}
	if got := free(t, s); got != 1 {
		t.Errorf("an entry took a seat: %d free", got)
	}
	if _, err := s.Cancel(t.Context(), first.ID, 0); err != nil || len(entered(t, s)) != 0 {
		t.Errorf("cancelled: %v, %d entries", err, len(entered(t, s)))
	}
	second := enter(t, s, other)
	if second.Ticket == first.Ticket {
		t.Error("another form has the same ticket")
	}
	clock.Move(48 * time.Hour)
	other.Key, other.Deadline = []byte("two days later!!"), clock.Now().Add(time.Hour)
	third := enter(t, s, other)
	if all := entered(t, s); len(all) != 1 || all[0].Ticket != third.Ticket {
		t.Errorf("an entry whose day is over stays: %v", all)
	}
	agree(t, s)
}

func TestAward(t *testing.T) {
	s := storetest.New(t)
	open(t, s, 1)
	won, lost, gone := enter(t, s, entry(1)), enter(t, s, entry(2)), enter(t, s, entry(3))
	if _, err := s.Cancel(t.Context(), gone.ID, 0); err != nil {
		t.Fatal(err)
	}
	got, err := award(t, s, won)
	if err != nil || got.Status != claim.Draft || got.Place.Seat != 1 || !got.Deadline.Equal(storetest.Booking(0).Deadline) {
		t.Errorf("award = %v, %v", got, err)
	}
	for name, reg := range map[string]claim.Registration{"twice": won, "who has gone": gone} {
		if _, err := award(t, s, reg); !errors.Is(err, claim.ErrClosed) {
			t.Errorf("award %s: %v; want %v", name, err, claim.ErrClosed)
		}
	}
	if _, err := award(t, s, lost); !errors.Is(err, claim.ErrFull) {
		t.Errorf("award without a seat: %v; want %v", err, claim.ErrFull)
	}
	if _, err := s.Wait(t.Context(), lost.ID, 12); err != nil {
		t.Fatal(err)
	}
	late := entry(4)
	late.Status, late.Rank = claim.Waitlisted, claim.LateRank+7
	enter(t, s, late)
	if got := fmt.Sprint(waiters(t, s)[0].Rank, waiters(t, s)[1].Rank, len(entered(t, s))); got != fmt.Sprint(12, claim.LateRank+7, 0) {
		t.Errorf("ranks and entries %s", got)
	}
	agree(t, s)
	if _, err := s.Cancel(t.Context(), won.ID, 0); err != nil {
		t.Fatal(err)
	}
	if got, err := award(t, s, lost); err != nil || got.Status != claim.Draft || len(waiters(t, s)) != 1 {
		t.Errorf("a freed seat for who waits: %v, %v, %d still wait", got.Status, err, len(waiters(t, s)))
	}
	agree(t, s)
	for _, reg := range []claim.Registration{won, lost, gone} {
		if n, err := s.VerifyEvents(t.Context(), reg.ID); n != 0 || err != nil {
			t.Errorf("events: broken at %d, %v", n, err)
		}
	}
}

// Each write of entering, award, wait and cancel is lost on the way there, on
// the way back, or meets another transaction: the same call again ends the same.
func TestEntryCrashPoints(t *testing.T) {
	proxy := newFaultProxy(t, storetest.Engine(t).URL)
	steps := []struct {
		name string
		do   func(s *dynamo.Store, id string) error
		want claim.Status
	}{
		{"enter", func(s *dynamo.Store, _ string) error { _, err := s.Enter(t.Context(), entry(1)); return err }, claim.Entered},
		{"award", func(s *dynamo.Store, id string) error {
			b := storetest.Booking(0)
			_, err := s.Award(t.Context(), id, 0, b.Place, 0, b.Start, b.Deadline)
			return err
		}, claim.Draft},
		{"wait", func(s *dynamo.Store, id string) error { _, err := s.Wait(t.Context(), id, 1); return err }, claim.Waitlisted},
		{"cancel", func(s *dynamo.Store, id string) error { _, err := s.Cancel(t.Context(), id, 0); return err }, claim.Cancelled},
	}
	for _, step := range steps {
		for _, fault := range []string{"lose request", "lose reply", "conflict", "throttle"} {
			t.Run(step.name+", "+fault, func(t *testing.T) {
				s := storetest.New(t, proxy.url)
				open(t, s, 1)
				id := ""
				if step.name != "enter" {
					id = enter(t, s, entry(1)).ID
				}
				left := 7 // more than the SDK tries, so that the call itself fails
				hook := func([]byte) string {
					if left == 0 {
						return ""
					}
					left--
					return fault
				}
				proxy.hook.Store(&hook)
				err := step.do(s, id)
				proxy.hook.Store(nil)
				if again := step.do(s, id); again != nil && !errors.Is(again, claim.ErrClosed) {
					t.Fatalf("first %v, again %v", err, again)
				}
				if step.name == "enter" {
					id = enter(t, s, entry(1)).ID
				}
				reg, err := s.ByID(t.Context(), id)
				if err != nil || reg.Status != step.want {
					t.Errorf("ends as %s, %v; want %s", reg.Status, err, step.want)
				}
				entries, waiting := len(entered(t, s)), len(waiters(t, s))
				if want := map[claim.Status][2]int{claim.Entered: {1, 0}, claim.Waitlisted: {0, 1}}[step.want]; [2]int{entries, waiting} != want {
					t.Errorf("%d entries and %d who wait; want %v", entries, waiting, want)
				}
				if n, err := s.VerifyEvents(t.Context(), id); n != 0 || err != nil {
					t.Errorf("events: broken at %d, %v", n, err)
				}
				agree(t, s)
			})
		}
	}
}
