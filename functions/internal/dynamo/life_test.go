package dynamo_test

import (
	"errors"
	"testing"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/storetest"
)

// A rehearsal is gone after its life, and with it its hold on the seat and on
// the person, whatever the engine has taken away by then.
func TestLife(t *testing.T) {
	s := storetest.New(t)
	clock := storetest.NewClock(storetest.Morning)
	s.Now, s.Life = clock.Now, 6*time.Hour
	if err := s.EnsureDay(t.Context(), storetest.Plan(1)); err != nil {
		t.Fatal(err)
	}
	b := storetest.Booking(1)
	reg, err := s.Book(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Submit(t.Context(), reg.ID, reg.Version); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Book(t.Context(), storetest.Booking(2)); !errors.Is(err, claim.ErrFull) {
		t.Errorf("a second person = %v; want ErrFull, the seat is held", err)
	}
	clock.Move(6*time.Hour + 2*time.Second)
	if _, err := s.ByID(t.Context(), reg.ID); !errors.Is(err, claim.ErrNotFound) {
		t.Errorf("ByID after its life = %v; want ErrNotFound", err)
	}
	if _, err := s.Find(t.Context(), reg.Private.Code, b.Person.BirthDate); !errors.Is(err, claim.ErrNotFound) {
		t.Errorf("Find after its life = %v; want ErrNotFound", err)
	}
	sessions, err := s.Sessions(t.Context(), b.Place.Branch, b.Place.Date)
	if err != nil || len(sessions) != 1 || sessions[0].Free != 1 {
		t.Errorf("sessions after its life = %v, %v; want the seat free", sessions, err)
	}
	again := storetest.Booking(3)
	again.Person.NIK = b.Person.NIK
	if _, err := s.Book(t.Context(), again); err != nil {
		t.Errorf("the same person on the same seat after its life = %v", err)
	}
	clock.Move(72 * time.Hour)
	if _, err := s.Sessions(t.Context(), b.Place.Branch, b.Place.Date); !errors.Is(err, claim.ErrNoDay) {
		t.Errorf("sessions of a day that is over = %v; want ErrNoDay", err)
	}
}
