package dynamo_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/storetest"
	"lapakasik/site/requirement"
)

func open(t *testing.T, s *dynamo.Store, places int) *storetest.Clock {
	t.Helper()
	clock := storetest.NewClock(storetest.Morning)
	s.Now = clock.Now
	if err := s.EnsureDay(t.Context(), storetest.Plan(places)); err != nil {
		t.Fatal(err)
	}
	return clock
}

func book(t *testing.T, s *dynamo.Store, n int) claim.Registration {
	t.Helper()
	reg, err := s.Book(t.Context(), storetest.Booking(n))
	if err != nil {
		t.Fatal(err)
	}
	return reg
}

func agree(t *testing.T, s *dynamo.Store) {
	t.Helper()
	differences, err := s.Reconcile(context.Background(), "uji", storetest.Tomorrow)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range differences {
		t.Error(d)
	}
}

func free(t *testing.T, s *dynamo.Store) int {
	t.Helper()
	sessions, err := s.Sessions(t.Context(), "uji", storetest.Tomorrow)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, x := range sessions {
		n += x.Free
	}
	return n
}

// The race: 64 clients with 140 people for 100 seats of one session, 20 runs.
// Every eleventh reply of a write is lost after the commit and retried with the same key.
func TestRace(t *testing.T) {
	const seats, clients, people, runs = 100, 64, 140, 20
	proxy := newFaultProxy(t, storetest.Engine(t).URL)
	proxy.loseReply.Store(11)
	began := time.Now()
	for run := range runs {
		s := storetest.New(t, proxy.url)
		if run%2 == 1 { // every other process goes by what it knows
			s.Remember = time.Second
		}
		open(t, s, seats)
		var won, full atomic.Int64
		codes := make([]string, people)
		var wg sync.WaitGroup
		next := make(chan int)
		for range clients {
			wg.Go(func() {
				for n := range next {
					reg, err := persist(t.Context(), s, storetest.Booking(n))
					switch {
					case err == nil:
						won.Add(1)
						codes[n] = reg.Private.Code
					case errors.Is(err, claim.ErrFull):
						full.Add(1)
					default:
						t.Errorf("run %d, person %d: %v", run, n, err)
					}
				}
			})
		}
		for n := range people {
			next <- n
		}
		close(next)
		wg.Wait()
		if won.Load() != seats || full.Load() != people-seats {
			t.Errorf("run %d: %d winners and %d refused; want %d and %d", run, won.Load(), full.Load(), seats, people-seats)
		}
		agree(t, s)
		for n, code := range codes {
			if code == "" || n%5 != run%5 {
				continue
			}
			if again, err := persist(t.Context(), s, storetest.Booking(n)); err != nil || again.Private.Code != code {
				t.Errorf("run %d: the same key again = %q, %v; want %q", run, again.Private.Code, err, code)
			}
		}
	}
	t.Logf("%d runs of %d clients, %d people, %d seats with every 11th reply lost: %v, %d replies lost",
		runs, clients, people, seats, time.Since(began).Round(time.Millisecond), proxy.lost.Load())
}

// persist retries a booking as a browser would: the same key, until there is an answer.
func persist(ctx context.Context, s *dynamo.Store, b claim.Booking) (claim.Registration, error) {
	var reg claim.Registration
	var err error
	for range 50 {
		reg, err = s.Book(ctx, b)
		if err == nil || errors.Is(err, claim.ErrFull) || errors.Is(err, claim.ErrAlreadyBooked) || errors.Is(err, claim.ErrKeyReused) {
			return reg, err
		}
	}
	return reg, err
}

func TestOnePersonOneBooking(t *testing.T) {
	s := storetest.New(t)
	open(t, s, 60)
	var won, refused atomic.Int64
	var wg sync.WaitGroup
	for n := range 50 {
		wg.Go(func() {
			b := storetest.Booking(n)
			b.Person.NIK = storetest.NIK(7)
			switch _, err := s.Book(t.Context(), b); {
			case err == nil:
				won.Add(1)
			case errors.Is(err, claim.ErrAlreadyBooked):
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 || refused.Load() != 49 {
		t.Errorf("50 bookings of one NIK: %d won, %d refused; want 1 and 49", won.Load(), refused.Load())
	}
	agree(t, s)
}

func TestKey(t *testing.T) {
	for _, tt := range []struct {
		name   string
		before func(*testing.T, *dynamo.Store, *storetest.Clock, claim.Registration)
		change func(*claim.Booking)
		want   error
	}{
		{"the same again", nil, nil, nil},
		{"eleven minutes later, when the engine's own token is gone", func(_ *testing.T, _ *dynamo.Store, c *storetest.Clock, _ claim.Registration) {
			c.Move(11 * time.Minute)
		}, nil, nil},
		{"other content", nil, func(b *claim.Booking) { b.Digest = "other" }, claim.ErrKeyReused},
		{"another person", nil, func(b *claim.Booking) { b.Digest, b.Person.NIK = "other", storetest.NIK(99) }, claim.ErrKeyReused},
		{"another key", nil, func(b *claim.Booking) { b.Key = []byte("another key 1234") }, claim.ErrAlreadyBooked},
		{"after a cancellation", func(t *testing.T, s *dynamo.Store, _ *storetest.Clock, r claim.Registration) {
			if _, err := s.Cancel(t.Context(), r.ID, r.Version); err != nil {
				t.Fatal(err)
			}
		}, nil, claim.ErrKeyReused},
		{"after the submission", func(t *testing.T, s *dynamo.Store, _ *storetest.Clock, r claim.Registration) {
			if _, err := s.Submit(t.Context(), r.ID, r.Version); err != nil {
				t.Fatal(err)
			}
		}, nil, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := storetest.New(t)
			clock := open(t, s, 5)
			first := book(t, s, 1)
			if tt.before != nil {
				tt.before(t, s, clock, first)
			}
			b := storetest.Booking(1)
			if tt.change != nil {
				tt.change(&b)
			}
			again, err := s.Book(t.Context(), b)
			if !errors.Is(err, tt.want) {
				t.Fatalf("Book = %v; want %v", err, tt.want)
			}
			if err == nil && (again.Private.Code != first.Private.Code || again.Place != first.Place) {
				t.Errorf("Book = %s at %v; want %s at %v", again.Private.Code, again.Place, first.Private.Code, first.Place)
			}
			agree(t, s)
		})
	}
}

// The write units of one booking as the engine reports them, indexes included.
func TestWriteUnits(t *testing.T) {
	s := storetest.New(t)
	open(t, s, 5)
	units := map[string]float64{}
	s.OnUnits = func(op string, n float64) { units[op] += n }
	b := storetest.Booking(1)
	b.Person.KPJ = []string{"99000000001", "99000000002", "99000000003"}
	b.Person.Name, b.Person.Holder = "Siti Nurhaliza Contoh Panjang Sekali", "Siti Nurhaliza Contoh Panjang Sekali"
	b.Answers = requirement.Answers{requirement.BirthDate: "1990-01-01", "tanggal-surat-pengunduran-diri": "2026-09-01", "saldo-di-atas-50-juta": "tidak", "pernah-klaim-sebagian": "tidak"}
	b.Flags = []string{claim.FlagBirthDate, claim.FlagHolder}
	if _, err := s.Book(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	t.Logf("write units of a booking: %v", units["book"])
	if units["book"] == 0 || units["book"] > 15 {
		t.Errorf("a booking costs %v write units; want 1 to 15", units["book"])
	}
}

func TestLapse(t *testing.T) {
	s := storetest.New(t)
	clock := open(t, s, 1)
	first := book(t, s, 1)
	if _, err := s.Book(t.Context(), storetest.Booking(2)); !errors.Is(err, claim.ErrFull) {
		t.Fatalf("Book while the only seat is held = %v; want ErrFull", err)
	}
	clock.Move(first.Deadline.Sub(clock.Now()) + 2*time.Second)
	if n := free(t, s); n != 1 {
		t.Errorf("free places after the deadline, before any sweep = %d; want 1", n)
	}
	second := storetest.Booking(2)
	second.Deadline = clock.Now().Add(time.Hour)
	reg, err := s.Book(t.Context(), second)
	if err != nil || reg.Place != first.Place {
		t.Fatalf("Book after the deadline = %v, %v; want the lapsed seat", reg.Place, err)
	}
	old, err := s.ByID(t.Context(), first.ID)
	if err != nil || old.Status != claim.Lapsed {
		t.Errorf("the old draft is %s, %v; want LAPSED", old.Status, err)
	}
	agree(t, s)
	if n, err := s.LapseDue(t.Context(), "uji", storetest.Tomorrow); n != 0 || err != nil {
		t.Errorf("LapseDue = %d, %v; want 0", n, err)
	}
	clock.Move(2 * time.Hour)
	if n, err := s.LapseDue(t.Context(), "uji", storetest.Tomorrow); n != 1 || err != nil {
		t.Errorf("LapseDue after the second deadline = %d, %v; want 1", n, err)
	}
	agree(t, s)
	third := storetest.Booking(1) // the first person again, with a new form
	third.Key, third.Digest, third.Deadline = []byte("a new form's key"), "d", clock.Now().Add(time.Hour)
	if _, err := s.Book(t.Context(), third); err != nil {
		t.Errorf("Book again after a lapsed draft = %v; want nil", err)
	}
	agree(t, s)
}

func TestFindTellsNothing(t *testing.T) {
	s := storetest.New(t)
	open(t, s, 5)
	reg := book(t, s, 1)
	other := storetest.Keys(t).Code([]byte("never booked"))
	for _, tt := range []struct {
		name, code string
		birth      requirement.Date
		want       error
	}{
		{"right", reg.Private.Code, "1990-01-01", nil},
		{"wrong birth date", reg.Private.Code, "1990-01-02", claim.ErrNotFound},
		{"no birth date", reg.Private.Code, "", claim.ErrNotFound},
		{"unknown code", other, "1990-01-01", claim.ErrNotFound},
	} {
		got, err := s.Find(t.Context(), tt.code, tt.birth)
		if !errors.Is(err, tt.want) || err == nil && got.ID != reg.ID || err != nil && got.ID != "" {
			t.Errorf("%s: Find = %q, %v; want %v", tt.name, got.ID, err, tt.want)
		}
	}
}

// An unknown code and a wrong birth date cost the same requests, so that the
// time of the answer tells nothing either (TRUST R48).
func TestFindAsksTheSame(t *testing.T) {
	proxy := newFaultProxy(t, storetest.Engine(t).URL)
	s := storetest.New(t, proxy.url)
	open(t, s, 5)
	reg := book(t, s, 1)
	asked := func(code string) []string {
		proxy.takeLog()
		if _, err := s.Find(t.Context(), code, "1990-01-02"); !errors.Is(err, claim.ErrNotFound) {
			t.Errorf("Find = %v; want ErrNotFound", err)
		}
		return proxy.takeLog()
	}
	known, unknown := asked(reg.Private.Code), asked(storetest.Keys(t).Code([]byte("never booked")))
	if len(known) == 0 || !slices.Equal(known, unknown) {
		t.Errorf("requests for a known code %q, for an unknown one %q; want the same", known, unknown)
	}
}

func TestEnsureDayFollowsThePlan(t *testing.T) {
	s := storetest.New(t)
	if _, err := s.Sessions(t.Context(), "uji", storetest.Tomorrow); !errors.Is(err, claim.ErrNoDay) {
		t.Fatalf("Sessions of a day that was not made = %v; want ErrNoDay", err)
	}
	open(t, s, 3)
	book(t, s, 1)
	for _, tt := range []struct{ places, wantFree int }{{3, 2}, {5, 4}, {1, 0}, {0, 0}, {5, 4}} {
		var wg sync.WaitGroup
		for range 3 { // the job may run at once with a request
			wg.Go(func() {
				if err := s.EnsureDay(t.Context(), storetest.Plan(tt.places)); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		got := free(t, s)
		if got != tt.wantFree && !(tt.places == 1 && got <= 1) {
			t.Errorf("free places of a plan of %d with one taken = %d; want %d", tt.places, got, tt.wantFree)
		}
		agree(t, s)
	}
}

func TestAttempt(t *testing.T) {
	s := storetest.New(t)
	clock := open(t, s, 1)
	for i := range 4 {
		want := error(nil)
		if i == 3 {
			want = claim.ErrTooMany
		}
		if err := s.Attempt(t.Context(), "b", 3, time.Hour); !errors.Is(err, want) {
			t.Errorf("try %d = %v; want %v", i+1, err, want)
		}
	}
	if err := s.Attempt(t.Context(), "another", 3, time.Hour); err != nil {
		t.Errorf("another bucket = %v; want nil", err)
	}
	clock.Move(time.Hour)
	if err := s.Attempt(t.Context(), "b", 3, time.Hour); err != nil {
		t.Errorf("in the next window = %v; want nil", err)
	}
}

func BenchmarkBook(b *testing.B) {
	s := storetest.New(b)
	s.Now = storetest.NewClock(storetest.Morning).Now
	n := 0
	day := -1
	for b.Loop() {
		x := storetest.Booking(n)
		x.Person.NIK = fmt.Sprintf("99%014d", n+1)
		x.Place.Date = storetest.Tomorrow.AddDays(n / 500)
		if n/500 > day {
			day = n / 500
			plan := storetest.Plan(500)
			plan.Date = x.Place.Date
			if err := s.EnsureDay(b.Context(), plan); err != nil {
				b.Fatal(err)
			}
		}
		if _, err := s.Book(b.Context(), x); err != nil {
			b.Fatal(err)
		}
		n++
	}
}
