package dynamo_test

import (
	"errors"
	"testing"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/storetest"
	"lapakasik/site/requirement"
)

// What is kept comes back, a move takes it along, and a visit ends the telephone.
func TestDeviceTestAndPhone(t *testing.T) {
	s := storetest.New(t)
	clock := storetest.NewClock(storetest.Morning)
	s.Now = clock.Now
	plan := storetest.Plan(3)
	plan.Sessions = append(plan.Sessions, claim.Session{Channel: requirement.Online, Time: "09:00", Places: 1}, claim.Session{Channel: requirement.Onsite, Time: "10:00", Places: 1})
	if err := s.EnsureDay(t.Context(), plan); err != nil {
		t.Fatal(err)
	}
	reg := book(t, s, 1)
	if reg.Phone || !reg.Device.Taken.IsZero() {
		t.Fatalf("a new registration has telephone %v, device test %v", reg.Phone, reg.Device)
	}
	clock.Move(time.Minute)
	passed := map[claim.DeviceCheck]bool{claim.Camera: false, claim.Speaker: true}
	kept, err := s.KeepDeviceTest(t.Context(), reg.ID, passed)
	if err != nil || kept.Version != reg.Version+1 {
		t.Fatalf("KeepDeviceTest = version %d, %v; want %d", kept.Version, err, reg.Version+1)
	}
	if _, err := s.SetPhone(t.Context(), reg.ID, reg.Version, true); !errors.Is(err, claim.ErrStale) {
		t.Errorf("SetPhone from an old page = %v; want ErrStale", err)
	}
	if kept, err = s.SetPhone(t.Context(), reg.ID, kept.Version, true); err != nil {
		t.Fatal(err)
	}
	if kept, err = move(s, kept, "09:00"); err != nil {
		t.Fatal(err)
	}
	got, err := s.ByID(t.Context(), reg.ID)
	if err != nil || !got.Phone || !got.Device.Taken.Equal(clock.Now().Truncate(time.Second)) || got.Device.Passed[claim.Camera] || !got.Device.Passed[claim.Speaker] || len(got.Device.Missing()) != 3 {
		t.Errorf("read back: telephone %v, %+v, %v", got.Phone, got.Device, err)
	}
	onsite := claim.Place{Branch: "uji", Channel: requirement.Onsite, Date: storetest.Tomorrow, Time: "10:00"}
	if kept, err = s.Move(t.Context(), reg.ID, kept.Version, onsite, storetest.Morning.Add(26*time.Hour), reg.Deadline); err != nil || kept.Phone {
		t.Errorf("Move onsite = telephone %v, %v; want none", kept.Phone, err)
	}
	if _, err := s.SetPhone(t.Context(), reg.ID, kept.Version, true); !errors.Is(err, claim.ErrClosed) {
		t.Errorf("SetPhone at the office = %v; want ErrClosed", err)
	}
	agree(t, s)
	if n, err := s.VerifyEvents(t.Context(), reg.ID); n != 0 || err != nil {
		t.Errorf("VerifyEvents = %d, %v; want a whole chain", n, err)
	}
}
