package dynamo_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/crashtest"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/staff"
	"lapakasik/functions/internal/storetest"
	"lapakasik/site/requirement"
)

// An edge is a deadline: what one function still may at it, and what another
// may do to the same claim when it is over.
type edge struct {
	name   string
	setup  func(context.Context, *shop) error
	at     time.Time
	within func(context.Context, *dynamo.Store, *shop) error // until at, by the function's clock
	after  func(context.Context, *dynamo.Store, *shop) error // from at on
	both   bool                                              // may follow each other
}

func edges() []edge {
	deadline := storetest.Booking(1).Deadline
	until := storetest.Morning.Add(48 * time.Hour)
	start := storetest.Morning.Add(24 * time.Hour)
	return []edge{
		{"submit a draft, or end it", booked, deadline,
			page(func(ctx context.Context, s *dynamo.Store, id string, v int) (claim.Registration, error) {
				return s.Submit(ctx, id, v)
			}),
			ends, false},
		{"move a draft, or end it", booked, deadline,
			page(func(ctx context.Context, s *dynamo.Store, id string, v int) (claim.Registration, error) {
				to := storetest.Booking(1).Place
				to.Time = "09:00"
				return s.Move(ctx, id, v, to, start.Add(time.Hour), start)
			}), ends, false},
		{"accept papers, or end the draft", onsite, deadline,
			page(func(ctx context.Context, s *dynamo.Store, id string, v int) (claim.Registration, error) {
				return s.AcceptPaper(ctx, officers[0], id, v)
			}), ends, false},
		{"mend what is postponed, or take it up again", then(inHand, decides(0, postpone)), until,
			page(func(ctx context.Context, s *dynamo.Store, id string, v int) (claim.Registration, error) {
				return s.Mend(ctx, id, v, until)
			}),
			page(func(ctx context.Context, s *dynamo.Store, id string, v int) (claim.Registration, error) {
				if s.Now().Before(until) {
					return claim.Registration{}, claim.ErrTooEarly
				}
				return s.Resume(ctx, officers[0], id, v)
			}), false},
		{"move to a session, or call who has it", inQueue, start,
			page(func(ctx context.Context, s *dynamo.Store, id string, v int) (claim.Registration, error) {
				to := storetest.Booking(1).Place
				to.Time = "09:00"
				return s.Move(ctx, id, v, to, start, time.Time{})
			}),
			page(func(ctx context.Context, s *dynamo.Store, id string, _ int) (claim.Registration, error) {
				return s.Take(ctx, officers[0], id, func(claim.Registration) error {
					if s.Now().Before(start) {
						return claim.ErrTooEarly
					}
					return nil
				})
			}), true}, // moved before it began, it is called at its new hour
	}
}

// ends is what the sweeper does; whether it found anything is an error here.
func ends(ctx context.Context, s *dynamo.Store, _ *shop) error {
	n, err := s.LapseDue(ctx, "uji", storetest.Tomorrow)
	if err == nil && n == 0 {
		return claim.ErrTooEarly
	}
	return err
}

// Two functions whose clocks are two seconds apart, either the one or the
// other ahead, meet at each deadline, from three seconds before to three after,
// in either order and at once: what excludes each other never happens both,
// neither is refused long before or allowed long after, and all agrees (TRUST R25).
func TestDeadlinesWithClocksApart(t *testing.T) {
	for _, e := range edges() {
		t.Run(e.name, func(t *testing.T) {
			won := map[string]int{}
			for _, ahead := range []time.Duration{-2 * time.Second, 0, 2 * time.Second} {
				for off := -3; off <= 3; off++ {
					for order := range 3 {
						won[e.meet(t, ahead, time.Duration(off)*time.Second, order)]++
					}
				}
			}
			t.Log(won)
			if won["within"] == 0 || won["after"] == 0 {
				t.Errorf("one side never won: this shows nothing: %v", won)
			}
		})
	}
}

// meet lets the two act around a deadline and says who had the claim.
func (e *edge) meet(t *testing.T, ahead, off time.Duration, order int) string {
	t.Helper()
	ctx := t.Context()
	w, err := openShop(ctx, t, deed{setup: e.setup})
	if err != nil {
		t.Fatal(err)
	}
	w.clock.Move(e.at.Add(off).Sub(w.clock.Now()))
	db := storetest.Client(w.url)
	first, second := w.store(db), w.store(db)
	second.Now = func() time.Time { return w.clock.Now().Add(ahead) }
	var one, other error
	act := []func(){func() { one = e.within(ctx, first, w) }, func() { other = e.after(ctx, second, w) }}
	switch order {
	case 0:
		act[0]()
		act[1]()
	case 1:
		act[1]()
		act[0]()
	case 2:
		var wg sync.WaitGroup
		wg.Go(act[0])
		wg.Go(act[1])
		wg.Wait()
	}
	where := fmt.Sprintf("%v from the deadline, the other clock %v ahead, order %d", off, ahead, order)
	for _, err := range []error{one, other} {
		if err != nil && !mayRefuse(err) && !errors.Is(err, claim.ErrTooEarly) && !errors.Is(err, claim.ErrFull) {
			t.Errorf("%s: %v", where, err)
		}
	}
	switch {
	case one == nil && other == nil && !e.both:
		t.Errorf("%s: both", where)
	case off < -2*time.Second && one != nil && other != nil, off > 2*time.Second && one == nil, off < -2*time.Second && other == nil:
		t.Errorf("%s: within %v, after %v", where, one, other)
	}
	if err := errors.Join(w.agrees(ctx), w.close(ctx)); err != nil {
		t.Errorf("%s: %v", where, err)
	}
	switch {
	case one == nil:
		return "within"
	case other == nil:
		return "after"
	}
	return "nobody"
}

// An officer's session ends at its time on every function, give or take the
// two seconds, whoever keeps it alive in between; and nobody's clock stretches
// it over the absolute end.
func TestSessionsWithClocksApart(t *testing.T) {
	const idle, absolute = 15 * time.Minute, 8 * time.Hour
	for _, ahead := range []time.Duration{-2 * time.Second, 2 * time.Second} {
		for _, tt := range []struct {
			name  string
			rests []time.Duration // between requests, which the two functions answer by turns
			open  bool            // after the last
		}{
			{"a while", []time.Duration{idle - 5*time.Second}, true},
			{"too long", []time.Duration{idle + 5*time.Second}, false},
			{"kept alive", []time.Duration{idle - 5*time.Second, idle - 5*time.Second, idle - 5*time.Second}, true},
			{"kept alive, then too long", []time.Duration{idle - 5*time.Second, idle - 5*time.Second, idle + 5*time.Second}, false},
			{"all day", rests(absolute-5*time.Second, 11*time.Minute), true},
			{"longer than a day's work", rests(absolute+5*time.Second, 11*time.Minute), false},
		} {
			t.Run(fmt.Sprint(tt.name, ", ", ahead), func(t *testing.T) {
				s := storetest.NewStaff(t)
				clock := storetest.NewClock(storetest.Morning)
				other := *s
				s.Now, other.Now = clock.Now, func() time.Time { return clock.Now().Add(ahead) }
				p, err := s.Save(t.Context(), staff.Person{ID: fmt.Sprintf("%032x", 1), Name: "Petugas Uji", Roles: []staff.Role{staff.Officer}, Branches: []string{"uji"}})
				if err != nil {
					t.Fatal(err)
				}
				token, err := s.Open(t.Context(), p.ID)
				if err != nil {
					t.Fatal(err)
				}
				for i, rest := range tt.rests {
					clock.Move(rest)
					asked := &other
					if i%2 == 1 {
						asked = s
					}
					_, err = asked.Session(t.Context(), token)
					if last := i == len(tt.rests)-1; !last && err != nil || last && (err == nil) != tt.open {
						t.Fatalf("request %d = %v; want open %t at the end", i+1, err, tt.open)
					}
				}
			})
		}
	}
}

// rests are steps that add up to a duration.
func rests(sum, step time.Duration) []time.Duration {
	var out []time.Duration
	for ; sum > step; sum -= step {
		out = append(out, step)
	}
	return append(out, sum)
}

// Eleven minutes after the reply to a booking was lost with the process, the
// engine's own replay protection is over: the same transaction arrives once
// more from the line and changes nothing, and the same form is answered with
// the same seat (TRUST R17).
func TestElevenMinutesOn(t *testing.T) {
	ctx := t.Context()
	w, err := openShop(ctx, t, deed{})
	if err != nil {
		t.Fatal(err)
	}
	var sent *http.Request
	var body []byte
	l := crashtest.Live(ctx, crashtest.Plan{})
	l.Spread = func(r *http.Request, b []byte) []*http.Request {
		if operation(r.Header) == "TransactWriteItems" {
			sent, body = r.Clone(context.WithoutCancel(ctx)), b
		}
		return []*http.Request{r}
	}
	first, err := w.store(l.DB(w.url)).Book(l.Context(), storetest.Booking(1))
	if err != nil || sent == nil {
		t.Fatal(err)
	}
	before, err := w.content(ctx)
	if err != nil {
		t.Fatal(err)
	}
	w.clock.Move(11 * time.Minute)
	late := with(sent, "TransactWriteItems", withoutToken(body))
	res, err := http.DefaultTransport.RoundTrip(late)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(res.Body)
	if err != nil || res.Body.Close() != nil || res.StatusCode == http.StatusOK || !bytes.Contains(answer, []byte("ConditionalCheckFailed")) {
		t.Errorf("the late transaction is answered with %d %s, %v; want a failed condition", res.StatusCode, answer, err)
	}
	again, err := w.direct.Book(ctx, storetest.Booking(1))
	if err != nil || again.Place != first.Place || again.Private.Code != first.Private.Code {
		t.Errorf("the same form again = %v, %v; want %v", again.Place, err, first.Place)
	}
	after, err := w.content(ctx)
	if err != nil || difference(before, after) != "" {
		t.Errorf("something has changed: %v\n%s", err, difference(before, after))
	}
}

// Queue numbers and the recap go by the day of the place, whichever side of
// whose midnight the clock stands at.
func TestNumbersGoByTheDayOfThePlace(t *testing.T) {
	s := storetest.New(t)
	clock := storetest.NewClock(storetest.Morning)
	s.Now = clock.Now
	days := []requirement.Date{storetest.Tomorrow, storetest.Tomorrow.AddDays(1)}
	for _, d := range days {
		plan := hall()
		plan.Date = d
		if err := s.EnsureDay(t.Context(), plan); err != nil {
			t.Fatal(err)
		}
	}
	n := 0
	for _, hour := range []int{15, 16, 17} { // of midnight in WIT, WITA, WIB, in UTC
		for _, off := range []time.Duration{-2 * time.Second, 2 * time.Second} {
			clock.Move(storetest.Morning.Truncate(24 * time.Hour).Add(time.Duration(hour)*time.Hour + off).Sub(clock.Now()))
			if n == 4 {
				break // four places in the hall on two days
			}
			b := storetest.Booking(n)
			b.Place.Channel, b.Place.Date = requirement.Onsite, days[n%2]
			reg, err := s.Book(t.Context(), b)
			if err == nil {
				_, err = s.Submit(t.Context(), reg.ID, 0)
			}
			if err == nil {
				reg, err = s.Arrive(t.Context(), "claimant", reg.ID)
			}
			if err == nil {
				err = s.CountRecap(t.Context(), reg.ID)
			}
			if want := n/2 + 1; err != nil || reg.Call.Number != want {
				t.Errorf("%v: number %d, %v; want %d", clock.Now(), reg.Call.Number, err, want)
			}
			n++
		}
	}
	for _, d := range days {
		sum, err := s.RecapSum(t.Context(), "uji", d, d)
		if err != nil || sum["onsite#SUBMITTED"] != 2 {
			t.Errorf("the recap of %s is %v, %v; want 2 of the hall", d, sum, err)
		}
	}
}
