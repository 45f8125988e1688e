package dynamo_test

import (
	"errors"
	"testing"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/storetest"
	"lapakasik/site/requirement"
)

// A claim that an officer has in hand is not moved away under the officer:
// its participant stands at the desk.
func TestMoveOfAClaimInHand(t *testing.T) {
	s := storetest.New(t)
	s.Now = storetest.NewClock(storetest.Morning).Now
	twoSessions(t, s, 4)
	reg := submitted(t, s, 1)
	taken, err := s.Take(t.Context(), officers[0], reg.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := move(s, taken, "09:00"); !errors.Is(err, claim.ErrClosed) {
		t.Errorf("moving a claim in hand = %v; want %v", err, claim.ErrClosed)
	}
	if _, err := s.Leave(t.Context(), officers[0], reg.ID, claim.Absent); err != nil {
		t.Fatal(err)
	}
	reg.Version = 0
	if _, err := move(s, reg, "09:00"); err != nil {
		t.Errorf("moving after the officer has given it back = %v", err)
	}
	agree(t, s)
}

// Whoever had arrived and moves to another day has not arrived there, and has
// no queue number of that day.
func TestMoveToAnotherDayLeavesTheQueue(t *testing.T) {
	s := storetest.New(t)
	s.Now = storetest.NewClock(storetest.Morning).Now
	later := storetest.Tomorrow.AddDays(1)
	for _, d := range []requirement.Date{storetest.Tomorrow, later} {
		plan := hall()
		plan.Date = d
		if err := s.EnsureDay(t.Context(), plan); err != nil {
			t.Fatal(err)
		}
	}
	b := storetest.Booking(1)
	b.Place.Channel = requirement.Onsite
	reg, err := s.Book(t.Context(), b)
	if err == nil {
		_, err = s.Submit(t.Context(), reg.ID, 0)
	}
	if err == nil {
		reg, err = s.Arrive(t.Context(), "claimant", reg.ID)
	}
	if err != nil || reg.Call.Number != 1 {
		t.Fatalf("queue number %d, %v; want 1", reg.Call.Number, err)
	}
	to := b.Place
	to.Date = later
	reg, err = s.Move(t.Context(), reg.ID, reg.Version, to, storetest.Morning.Add(48*time.Hour), time.Time{})
	if err != nil || reg.Call != (claim.Call{}) {
		t.Errorf("after the move the call is %+v, %v; want none", reg.Call, err)
	}
	if reg, err = s.Arrive(t.Context(), "claimant", reg.ID); err != nil || reg.Call.Number != 1 {
		t.Errorf("queue number of the new day %d, %v; want 1", reg.Call.Number, err)
	}
}
