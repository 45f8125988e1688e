package dynamo_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/storetest"
)

// doorway is a door that opens in five minutes, and functions that know
// nothing of each other but the store.
func doorway(t *testing.T, functions int) (claim.Door, *storetest.Clock, []*dynamo.Store) {
	t.Helper()
	clock := storetest.NewClock(storetest.Morning)
	opens := clock.Now().Add(5 * time.Minute)
	one := storetest.New(t)
	all := make([]*dynamo.Store, functions)
	for i := range all {
		all[i] = one.Another()
		all[i].Now = clock.Now
	}
	return claim.Door{Gathers: opens.Add(-time.Hour), Opens: opens, Closes: opens.Add(time.Hour), PerSecond: 5}, clock, all
}

// take takes numbers at many functions at once.
func takeNumbers(t *testing.T, door claim.Door, stores []*dynamo.Store, people int) []int64 {
	t.Helper()
	var mu sync.Mutex
	var got []int64
	var wg sync.WaitGroup
	for i := range people {
		wg.Go(func() {
			n, err := stores[i%len(stores)].TakeNumber(t.Context(), "uji", storetest.Tomorrow, door)
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			got = append(got, n)
			mu.Unlock()
		})
	}
	wg.Wait()
	slices.Sort(got)
	return got
}

// Whatever function gives them, before the hour and after: no number is given
// twice, early ones are below what is final, and later ones are not.
func TestNumbersAreUnique(t *testing.T) {
	door, clock, stores := doorway(t, 4)
	before := takeNumbers(t, door, stores, 200)
	clock.Move(5 * time.Minute)
	early, err := stores[0].Early(t.Context(), "uji", storetest.Tomorrow)
	if err != nil {
		t.Fatal(err)
	}
	after := takeNumbers(t, door, stores, 200)
	all := slices.Concat(before, after)
	slices.Sort(all)
	if len(slices.Compact(all)) != 400 {
		t.Errorf("400 people got %d numbers", len(slices.Compact(all)))
	}
	if before[len(before)-1] >= early.End() || after[0] < early.End() {
		t.Errorf("early numbers to %d, later ones from %d; early are %v", before[len(before)-1], after[0], early)
	}
	if early.Total() > 200+4*16 {
		t.Errorf("%d early numbers for 200 people", early.Total())
	}
	for _, s := range stores[1:] { // a function that starts now knows the same
		if again, err := s.Early(t.Context(), "uji", storetest.Tomorrow); err != nil || again != early {
			t.Errorf("early = %v, %v; want %v", again, err, early)
		}
	}
}

// Turns that nobody used do not let a crowd in at once.
func TestLateCrowdIsPaced(t *testing.T) {
	door, clock, stores := doorway(t, 3)
	clock.Move(15 * time.Minute) // nobody came for ten minutes
	got := takeNumbers(t, door, stores, 100)
	for _, n := range got {
		if door.Turn(n).Before(clock.Now()) {
			t.Fatalf("number %d was let in at %v, before anybody asked for it", n, door.Turn(n))
		}
	}
	for i := range got[door.PerSecond:] {
		if door.Turn(got[i+door.PerSecond]).Sub(door.Turn(got[i])) < time.Second {
			t.Fatalf("numbers %d to %d are let in within a second", got[i], got[i+door.PerSecond])
		}
	}
}

// Who comes after the hour, one after the other, has about as many places ahead
// as people came before: as many at one function, and with several each may be
// off by eight for each of them.
func TestLateNumbersAreInOrderOfArrival(t *testing.T) {
	for _, functions := range []int{1, 4} {
		door, clock, stores := doorway(t, functions)
		takeNumbers(t, door, stores, 300)
		clock.Move(5 * time.Minute)
		early, err := stores[0].Early(t.Context(), "uji", storetest.Tomorrow)
		if err != nil {
			t.Fatal(err)
		}
		var first, most int64
		for came := range int64(200) {
			n, err := stores[came%int64(functions)].TakeNumber(t.Context(), "uji", storetest.Tomorrow, door)
			if err != nil {
				t.Fatal(err)
			}
			place := claim.OrderOf(n, early, 0) - early.Total()
			if came == 0 {
				first = place
			}
			most = max(most, place-came, came-place)
		}
		if allowed := int64(8 * functions); most > allowed || first > allowed {
			t.Errorf("with %d functions somebody is %d places from the order of arrival; want %d at most", functions, most, allowed)
		}
	}
}

// A function whose clock is behind cannot give an early number after the hour.
func TestNumberOfASlowClock(t *testing.T) {
	door, clock, stores := doorway(t, 2)
	slow := stores[1]
	slow.Now = func() time.Time { return clock.Now().Add(-2 * time.Second) }
	clock.Move(5 * time.Minute)
	takeNumbers(t, door, stores[:1], 1)
	early, err := stores[0].Early(t.Context(), "uji", storetest.Tomorrow)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := slow.TakeNumber(t.Context(), "uji", storetest.Tomorrow, door); err != nil || n < early.End() {
		t.Errorf("a slow clock gave number %d, %v; early are %v", n, err, early)
	}
}

// At the hour all who wait ask at once how many early numbers there are: a
// function finds out once.
func TestEarlyNumbersAreEndedOnce(t *testing.T) {
	proxy := newFaultProxy(t, storetest.Engine(t).URL)
	s := storetest.New(t, proxy.url)
	s.Now = storetest.NewClock(storetest.Morning).Now
	proxy.takeLog()
	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() {
			if _, err := s.Early(t.Context(), "uji", storetest.Tomorrow); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := len(proxy.takeLog()); n != 16 {
		t.Errorf("100 people at once cost %d requests; want 16, a read and a write for each counter", n)
	}
}

func BenchmarkTakeNumber(b *testing.B) {
	s := storetest.New(b)
	opens := time.Now().Add(time.Hour)
	door := claim.Door{Opens: opens, PerSecond: 5}
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			if _, err := s.TakeNumber(b.Context(), "uji", storetest.Tomorrow, door); err != nil {
				b.Error(err)
			}
		}
	})
}
