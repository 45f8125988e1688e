package claim_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lapakasik/functions/internal/claim"
	"lapakasik/site/requirement"
)

func anyDoor(t *rapid.T) claim.Door {
	opens := time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC)
	rate := rapid.IntRange(1, 700).Draw(t, "rate")
	lag := time.Duration(rapid.Int64Range(0, int64(time.Second)/int64(rate)-1).Draw(t, "lag"))
	return claim.Door{Gathers: opens.Add(-time.Hour), Opens: opens, Closes: opens.Add(time.Hour), PerSecond: rate, Lag: lag}
}

// Turns are in the order of places, none before the hour, and in no second,
// wherever it begins, are there more than the rate.
func TestDoorPace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDoor(t)
		p := rapid.Int64Range(0, 1_000_000).Draw(t, "place")
		if d.Turn(p).Before(d.Opens) || !d.Turn(p).Before(d.Turn(p+1)) {
			t.Fatalf("turns of %d: %v, %v", p, d.Turn(p), d.Turn(p+1))
		}
		if next := d.Turn(p + int64(d.PerSecond)); next.Sub(d.Turn(p)) < time.Second {
			t.Fatalf("%d places after %d come within %v", d.PerSecond, p, next.Sub(d.Turn(p)))
		}
		now := d.Opens.Add(time.Duration(rapid.Int64Range(-int64(time.Minute), int64(time.Hour)).Draw(t, "moment")))
		served, next := d.Served(now), d.Next(now)
		if served > 0 && d.Turn(served-1).After(now) || !d.Turn(served).After(now) {
			t.Fatalf("at %v %d are served, whose turns are %v and %v", now, served, d.Turn(served-1), d.Turn(served))
		}
		if d.Turn(next).Before(now) || next > 0 && !d.Turn(next-1).Before(now) {
			t.Fatalf("at %v the next place is %d, its turn %v", now, next, d.Turn(next))
		}
	})
}

// Places of early numbers are a permutation, later numbers keep theirs, and
// every number is equally likely to be first, whenever it was taken.
func TestDoorOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var early claim.Early
		for k := range early {
			early[k] = rapid.Int64Range(0, 40).Draw(t, "counter")
		}
		total := early.Total()
		first := claim.FirstOf(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "secret"), total)
		seen := map[int64]bool{}
		take := func(n int64) {
			p := claim.OrderOf(n, early, first)
			if seen[p] || p < 0 || n < early.End() != (p < total) {
				t.Fatalf("of %v early, first %d: number %d has place %d", early, first, n, p)
			}
			seen[p] = true
		}
		for k, c := range early {
			for i := range c {
				take(i*8 + int64(k))
			}
		}
		for n := range int64(20) {
			take(early.End() + n)
		}
		for p := range total + 20 {
			if !seen[p] {
				t.Fatalf("of %v early, first %d: nobody has place %d", early, first, p)
			}
		}
		if total > 0 && claim.OrderOf(early.Number(first), early, first) != 0 {
			t.Fatalf("of %v early, number %d is not first", early, early.Number(first))
		}
		place := rapid.Int64Range(0, 500).Draw(t, "place")
		if n := early.Later(place); n < early.End() || claim.OrderOf(n, early, first) < place {
			t.Fatalf("of %v early, number %d comes before place %d", early, n, place)
		}
	})
	const early, draws = 10, 20_000
	var times [early]int
	for i := range draws {
		times[claim.FirstOf([]byte{byte(i), byte(i >> 8), 7}, early)]++
	}
	for n, got := range times { // ten standard deviations of 42
		if got < draws/early-424 || got > draws/early+424 {
			t.Errorf("number %d was first %d times of %d; want about a tenth", n, got, draws)
		}
	}
}

func TestDoorOf(t *testing.T) {
	b := &requirement.Branch{Code: "uji", Zone: "WITA"}
	rules := requirement.Booking{HorizonDays: 14, Doors: []requirement.Door{{Branch: "uji", Opens: "08:00", GatherMinutes: 30, StandsMinutes: 60, PerSecond: 5}, {Branch: "tutup", Opens: "08:00"}}}
	d, ok := claim.DoorOf(b, rules, "2026-12-08")
	opens := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC) // 08.00 WITA
	if !ok || !d.Opens.Equal(opens) || !d.Gathers.Equal(opens.Add(-30*time.Minute)) || !d.Closes.Equal(opens.Add(time.Hour)) {
		t.Errorf("door = %+v, %v", d, ok)
	}
	for at, want := range map[time.Duration]bool{-31 * time.Minute: false, -30 * time.Minute: true, 0: true, 59 * time.Minute: true, time.Hour: false} {
		if d.Stands(opens.Add(at)) != want {
			t.Errorf("%v after it opens the door stands: %v; want %v", at, !want, want)
		}
	}
	for _, code := range []string{"tutup", "lain"} {
		if _, ok := claim.DoorOf(&requirement.Branch{Code: code, Zone: "WIB"}, rules, "2026-12-08"); ok {
			t.Errorf("%s has a door", code)
		}
	}
}

// Doors that open at the same hour let nobody in at the same instant.
func TestDoorsTakeTurns(t *testing.T) {
	rules := requirement.Booking{HorizonDays: 14}
	turns := map[time.Time]string{}
	for n := range 80 {
		b := requirement.Branch{Code: fmt.Sprintf("uji-%d", n), Zone: "WIB"}
		rules.Doors = append(rules.Doors, requirement.Door{Branch: b.Code, Opens: "08:00", GatherMinutes: 60, StandsMinutes: 60, PerSecond: 8})
		d, ok := claim.DoorOf(&b, rules, "2026-12-08")
		if !ok || d.Turn(0).Before(d.Opens) || !d.Turn(0).Before(d.Opens.Add(time.Second/8)) {
			t.Fatalf("the first turn of %s is %v; want one within an eighth of a second from %v", b.Code, d.Turn(0), d.Opens)
		}
		if other := turns[d.Turn(0)]; other != "" {
			t.Errorf("%s and %s let in at the same instant", b.Code, other)
		}
		turns[d.Turn(0)] = b.Code
	}
}
