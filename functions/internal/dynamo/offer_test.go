package dynamo_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/storetest"
	"lapakasik/site/requirement"
)

const friday requirement.Date = "2026-11-27"

// waitRoster is a branch with two online places at each of two hours.
func waitRoster() *dynamo.Roster {
	return &dynamo.Roster{Branch: &requirement.Branch{Code: "uji", Zone: "WIB", Bookable: true, Desks: map[requirement.Channel]requirement.Desk{
		requirement.Online: {Officers: 1, Places: 2, Open: "08:00", Close: "10:00", Minutes: 60, Days: []int{1, 2, 3, 4, 5, 6, 7}}}},
		Booking: requirement.Booking{HorizonDays: 14, DraftHours: 24, CutoffHours: 2, ReopenAt: []string{"08:00", "12:00", "20:00"},
			Offers: requirement.Offers{Hours: 4, Most: 2, From: "07:00", To: "21:00"}}}
}

// A waitroom is a branch-day with people who take, leave and wait for places.
type waitroom struct {
	s     *dynamo.Store
	clock *storetest.Clock
	r     *dynamo.Roster
	keys  int
	regs  []claim.Registration // of person n, the newest
}

func openWaitroom(tb testing.TB, people int) *waitroom {
	tb.Helper()
	w := &waitroom{s: storetest.New(tb), clock: storetest.NewClock(storetest.Morning), r: waitRoster(), regs: make([]claim.Registration, people)}
	w.s.Now = w.clock.Now
	set := &requirement.Set{Branches: []requirement.Branch{*w.r.Branch}, Booking: w.r.Booking}
	w.s.Reopening = dynamo.Announced(func(context.Context) (*requirement.Set, error) { return set, nil })
	if err := w.s.EnsureDay(tb.Context(), w.r.Plan(friday)); err != nil {
		tb.Fatal(err)
	}
	return w
}

func (w *waitroom) booking(n int, clock string) claim.Booking {
	b := storetest.Booking(n)
	w.keys++
	b.Key, b.Digest = fmt.Appendf(nil, "key-%012d", w.keys), fmt.Sprint(w.keys)
	b.Place.Date, b.Place.Time = friday, clock
	b.Start, _ = w.r.Branch.At(friday, clock)
	b.Deadline, _ = claim.Deadline(w.r.Booking, w.clock.Now(), b.Start)
	return b
}

func (w *waitroom) entry(n int, wishes ...string) claim.Entry {
	e := claim.Entry{Booking: w.booking(n, "09:00"), Status: claim.Waitlisted, Wishes: wishes, Rank: int(w.clock.Now().UnixMilli())}
	e.Place.Time = ""
	e.Deadline = claim.WaitsUntil(w.r.Branch, w.r.Booking, w.r.Plan(friday), requirement.Online)
	return e
}

// serve runs the jobs that end drafts and make offers, the second perhaps twice at once.
func (w *waitroom) serve(ctx context.Context, runs int) error {
	_, err := w.s.LapseDue(ctx, "uji", friday)
	errs := make([]error, runs)
	var wg sync.WaitGroup
	for i := range runs {
		wg.Go(func() { _, errs[i] = w.s.ServeWaits(ctx, w.r, friday) })
	}
	wg.Wait()
	return errors.Join(append(errs, err)...)
}

func (w *waitroom) waiters(ctx context.Context) ([]dynamo.Waiter, error) {
	return w.s.Waiters(ctx, "uji", friday, requirement.Online)
}

// refresh reads everybody's registration.
func (w *waitroom) refresh(ctx context.Context) error {
	for n, r := range w.regs {
		if r.ID == "" {
			continue
		}
		now, err := w.s.ByID(ctx, r.ID)
		if err != nil {
			return err
		}
		w.regs[n] = now
	}
	return nil
}

// act does what a person can do in the state that the registration is in.
func (w *waitroom) act(ctx context.Context, n, what int) error {
	var reg claim.Registration
	var err error
	clock := []string{"08:00", "09:00"}[what%2]
	old := w.regs[n]
	start, _ := w.r.Branch.At(friday, "08:00")
	switch {
	case !old.Status.Live() && what < 5:
		b := w.booking(n, clock)
		if b.Deadline.IsZero() {
			return nil
		}
		reg, err = w.s.Book(ctx, b)
	case !old.Status.Live():
		if e := w.entry(n, [][]string{nil, {"08:00"}, {"09:00"}}[what%3]...); w.clock.Now().Before(e.Deadline) {
			reg, err = w.s.Enter(ctx, e)
		}
	case old.Status == claim.Offered && what < 4:
		reg, err = w.s.Accept(ctx, old.ID, old.Version, start.Add(-2*time.Hour))
	case old.Status == claim.Offered && what < 7:
		reg, err = w.s.Decline(ctx, old.ID, old.Version)
	case what < 6:
		reg, err = w.s.Cancel(ctx, old.ID, old.Version)
	case old.Status == claim.Draft:
		reg, err = w.s.Submit(ctx, old.ID, old.Version)
	}
	if err == nil && reg.ID != "" {
		w.regs[n] = reg
	}
	for _, rule := range []error{claim.ErrFull, claim.ErrClosed, claim.ErrStale, claim.ErrAlreadyBooked} {
		if errors.Is(err, rule) {
			return nil
		}
	}
	return err
}

// offers checks what a run of the job may have done: nobody was passed over,
// nobody has had too many.
func (w *waitroom) offers(ctx context.Context, before []claim.Registration) error {
	waiting, err := w.waiters(ctx)
	if err != nil {
		return err
	}
	for n, r := range w.regs {
		if r.Wait.Offers > w.r.Booking.Offers.Most {
			return fmt.Errorf("person %d has had %d offers", n, r.Wait.Offers)
		}
		if r.Status != claim.Offered || before[n].Status == claim.Offered && before[n].Version == r.Version {
			continue
		}
		for _, other := range waiting {
			if other.Rank < r.Rank && claim.Fits(r.Place, other.Times, other.Passed) {
				return fmt.Errorf("person %d of rank %d was offered %v before rank %d", n, r.Rank, r.Place, other.Rank)
			}
		}
	}
	return nil
}

// whole checks that nothing disagrees, and that each seat has one person, or
// is free now or from a known moment on.
func (w *waitroom) whole(ctx context.Context) error {
	differences, err := w.s.Reconcile(ctx, "uji", friday)
	if err != nil || len(differences) > 0 {
		return errors.Join(err, errors.New(fmt.Sprint(differences)))
	}
	seats := map[claim.Place]int{}
	for n, r := range w.regs {
		if r.Status.Seated() {
			if m, twice := seats[r.Place]; twice {
				return fmt.Errorf("persons %d and %d have %v", m, n, r.Place)
			}
			seats[r.Place] = n
		}
	}
	return nil
}

// Whatever people and the clock do, in any order: no seat has two people, who
// comes first is asked first, nobody is asked more than so often, two runs of
// the job at once do what one does, and in the end every seat that was given
// back is somebody's or open to everybody, and nobody waits for nothing.
func TestWaitListByAnySequence(t *testing.T) {
	offered, accepted, sequences := 0, 0, 0
	rapid.Check(t, func(r *rapid.T) {
		const people = 9
		ctx := context.Background()
		w := openWaitroom(t, people)
		fail := func(err error) {
			if err != nil {
				r.Fatal(err)
			}
		}
		sequences++
		for n := range 4 { // a full day
			reg, err := w.s.Book(ctx, w.booking(n, []string{"08:00", "09:00"}[n%2]))
			fail(err)
			w.regs[n] = reg
		}
		for range rapid.IntRange(10, 40).Draw(r, "steps") {
			w.clock.Move(time.Millisecond)
			before := slices.Clone(w.regs)
			switch what := rapid.IntRange(0, 13).Draw(r, "what"); {
			case what < 10:
				fail(w.act(ctx, rapid.IntRange(0, people-1).Draw(r, "who"), what))
				fail(w.refresh(ctx))
			case what < 11:
				w.clock.Move(time.Duration(rapid.SampledFrom([]int{1, 20, 60, 241, 700}).Draw(r, "minutes")) * time.Minute)
			default:
				fail(w.serve(ctx, rapid.IntRange(1, 2).Draw(r, "runs")))
				fail(w.refresh(ctx))
				fail(w.offers(ctx, before))
			}
			for n := range w.regs {
				if w.regs[n].Status == claim.Offered && before[n].Status != claim.Offered {
					offered++
				}
				if w.regs[n].Status == claim.Draft && before[n].Status == claim.Offered {
					accepted++
				}
			}
			fail(w.whole(ctx))
		}
		// The day goes on without anybody doing anything.
		end, err := w.r.Branch.At(friday, "06:30")
		fail(err)
		for w.clock.Now().Before(end) {
			w.clock.Move(4 * time.Hour)
			fail(w.serve(ctx, 1))
		}
		fail(w.refresh(ctx))
		fail(w.whole(ctx))
		waiting, err := w.waiters(ctx)
		fail(err)
		held := 0
		for _, x := range w.regs {
			if x.Status.Seated() {
				held++
			}
			if x.Status.Queued() || x.Status == claim.Offered {
				r.Fatalf("somebody is still %s when no place can come", x.Status)
			}
		}
		sessions, err := w.s.Sessions(ctx, "uji", friday)
		fail(err)
		if free := sessions[0].Free + sessions[1].Free; len(waiting) != 0 || held+free != 4 {
			r.Fatalf("%d wait, %d of 4 seats are held and %d open", len(waiting), held, free)
		}
	})
	t.Logf("%d sequences, %d offers, %d accepted", sequences, offered, accepted)
	if offered == 0 || accepted == 0 {
		t.Error("nobody was offered anything: this shows nothing")
	}
}

// Two people wait; one place comes free again and again.
func TestOffersGoInOrder(t *testing.T) {
	ctx := t.Context()
	w := openWaitroom(t, 7)
	for n := range 4 {
		w.regs[n], _ = w.s.Book(ctx, w.booking(n, []string{"08:00", "09:00"}[n%2]))
	}
	for n := 2; n < 4; n++ {
		if _, err := w.s.Submit(ctx, w.regs[n].ID, 0); err != nil {
			t.Fatal(err)
		}
	}
	for n, wishes := range map[int][]string{4: nil, 5: {"08:00"}} {
		w.clock.Move(time.Second)
		e := w.entry(n, wishes...)
		e.Rank = claim.LateRank + n
		w.regs[n], _ = w.s.Enter(ctx, e)
	}
	position := func(n int) int {
		p, err := w.s.Position(ctx, w.regs[n])
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	if position(4) != 1 || position(5) != 2 {
		t.Fatalf("positions %d and %d; want 1 and 2", position(4), position(5))
	}
	step := func(want4, want5 claim.Status) {
		t.Helper()
		if err := errors.Join(w.serve(ctx, 2), w.refresh(ctx), w.whole(ctx)); err != nil {
			t.Fatal(err)
		}
		if w.regs[4].Status != want4 || w.regs[5].Status != want5 {
			t.Fatalf("statuses %s and %s; want %s and %s", w.regs[4].Status, w.regs[5].Status, want4, want5)
		}
	}
	if _, err := w.s.Cancel(ctx, w.regs[0].ID, 0); err != nil { // 08:00
		t.Fatal(err)
	}
	step(claim.Offered, claim.Waitlisted)
	if got := w.regs[4]; got.Wait.Left != 1 || !got.Deadline.Equal(w.clock.Now().Add(4*time.Hour)) || got.Place.Time != "08:00" {
		t.Errorf("the offer is %+v until %s", got.Wait, got.Deadline)
	}
	if _, err := w.s.Decline(ctx, w.regs[4].ID, w.regs[4].Version); err != nil {
		t.Fatal(err)
	}
	step(claim.Waitlisted, claim.Offered) // the seat goes to the next, and not back
	w.clock.Move(4*time.Hour + 2*time.Second)
	if _, err := w.s.Accept(ctx, w.regs[5].ID, 0, w.clock.Now().Add(time.Hour)); !errors.Is(err, claim.ErrClosed) {
		t.Errorf("accepting too late = %v; want %v", err, claim.ErrClosed)
	}
	step(claim.Waitlisted, claim.Waitlisted) // neither is asked for it again
	sessions, err := w.s.Sessions(ctx, "uji", friday)
	if noon, _ := w.r.Branch.At("2026-11-24", "20:00"); err != nil || !sessions[0].Reopens.Equal(noon) {
		t.Errorf("what nobody wants opens at %v, %v; want %v", sessions[0].Reopens, err, noon)
	}
	if _, err := w.s.Cancel(ctx, w.regs[1].ID, 0); err != nil { // 09:00: person 5 does not wish for it
		t.Fatal(err)
	}
	step(claim.Offered, claim.Waitlisted)
	w.clock.Move(20 * time.Hour)
	step(claim.Lapsed, claim.Waitlisted) // the second of two offers ran out
	if _, err := w.s.Enter(ctx, w.entry(4)); err != nil {
		t.Errorf("who has had all offers cannot join again: %v", err)
	}
}
