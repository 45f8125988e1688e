package dynamo_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/storetest"
)

// What a process remembers refuses a stranger for a second at most, and never
// a form that has its seat, nor does it hide that somebody is registered.
func TestRemember(t *testing.T) {
	s := storetest.New(t)
	s.Remember = time.Second
	clock := open(t, s, 2)
	first, second := book(t, s, 1), book(t, s, 2)
	for range 2 { // found out, then remembered
		if _, err := s.Book(t.Context(), storetest.Booking(3)); !errors.Is(err, claim.ErrFull) {
			t.Fatalf("a third for two seats = %v; want ErrFull", err)
		}
	}
	if again := book(t, s, 1); again.Private.Code != first.Private.Code {
		t.Errorf("the same form = %s; want %s", again.Private.Code, first.Private.Code)
	}
	other := storetest.Booking(9)
	other.Person.NIK = storetest.NIK(2)
	if _, err := s.Book(t.Context(), other); !errors.Is(err, claim.ErrAlreadyBooked) {
		t.Errorf("another form of who is registered = %v; want ErrAlreadyBooked", err)
	}
	if _, err := s.Cancel(t.Context(), second.ID, second.Version); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Book(t.Context(), storetest.Booking(2)); !errors.Is(err, claim.ErrKeyReused) {
		t.Errorf("the form of a cancelled registration = %v; want ErrKeyReused", err)
	}
	clock.Move(s.Remember)
	book(t, s, 3)
	agree(t, s)
}

// A hundred who come when all is taken cost one look and a request each.
func TestRefusalsAreCheap(t *testing.T) {
	proxy := newFaultProxy(t, storetest.Engine(t).URL)
	s := storetest.New(t, proxy.url)
	s.Remember = time.Second
	open(t, s, 1)
	book(t, s, 0)
	proxy.takeLog()
	var wg sync.WaitGroup
	for n := range 100 {
		wg.Go(func() {
			if _, err := s.Book(t.Context(), storetest.Booking(1+n)); !errors.Is(err, claim.ErrFull) {
				t.Errorf("Book = %v; want ErrFull", err)
			}
		})
	}
	wg.Wait()
	asked := map[string]int{}
	for _, target := range proxy.takeLog() {
		_, op, _ := strings.Cut(target, ".")
		asked[op]++
	}
	if asked["Query"] > 9 || asked["GetItem"] != 100 || asked["TransactWriteItems"] > 0 {
		t.Errorf("100 refused cost %v; want one look of 9 queries and 100 locks", asked)
	}
}

// A booking with nothing lost is one look and one transaction; with what the
// one before has seen, the transaction alone.
func TestBookingIsOneRequest(t *testing.T) {
	proxy := newFaultProxy(t, storetest.Engine(t).URL)
	s := storetest.New(t, proxy.url)
	s.Remember = time.Second
	open(t, s, 80)
	proxy.takeLog()
	for n, want := range []int{2, 1, 1} {
		book(t, s, n)
		if log := proxy.takeLog(); len(log) != want {
			t.Errorf("booking %d asked %v; want %d requests", n, log, want)
		}
	}
}

// What is free is looked at again the less often the longer nobody else takes
// of it, and at once when somebody does.
func TestFreeSeatsAreTrusted(t *testing.T) {
	proxy := newFaultProxy(t, storetest.Engine(t).URL)
	s := storetest.New(t, proxy.url)
	s.Remember = time.Second
	clock := open(t, s, 80)
	s.Random = func(int) int { return 0 } // all want the same seat of the same key
	other := s.Another()
	for i, tt := range []struct {
		after time.Duration
		by    *dynamo.Store
		want  int
	}{
		{0, s, 2},
		{time.Second, s, 2}, // looked again, for two seconds now
		{time.Second, s, 1},
		{time.Second, s, 2}, // and for four
		{3 * time.Second, s, 1},
		{time.Second, s, 2},
		{0, other, 2},
		{0, other, 1}, // what the first one would take next
		{0, s, 2},     // tries it, and another one
		{time.Second, s, 2},
	} {
		clock.Move(tt.after)
		proxy.takeLog()
		book(t, tt.by, i)
		if log := proxy.takeLog(); len(log) != tt.want {
			t.Errorf("booking %d asked %v; want %d requests", i, log, tt.want)
		}
	}
}

// A look at a part of a day never says that nothing is free while something is.
func TestFreePlaces(t *testing.T) {
	proxy := newFaultProxy(t, storetest.Engine(t).URL)
	s := storetest.New(t, proxy.url)
	const places = 20
	open(t, s, places)
	for taken := range places + 1 {
		if taken > 0 {
			book(t, s, taken)
		}
		proxy.takeLog()
		n, err := s.FreePlaces(t.Context(), "uji", storetest.Tomorrow)
		asked := len(proxy.takeLog())
		if err != nil || (n > 0) != (taken < places) || taken == 0 && asked != 1 || asked != 1 && asked != 9 {
			t.Errorf("%d of %d taken: about %d are free, %v, by %d requests", taken, places, n, err, asked)
		}
	}
}
