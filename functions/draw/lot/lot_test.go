package lot_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lapakasik/functions/draw/lot"
)

var hours = []string{"08:00", "08:30", "09:00"}

func entries(t *rapid.T) []lot.Entry {
	n := rapid.IntRange(1, 60).Draw(t, "people")
	out := make([]lot.Entry, n)
	for i := range out {
		out[i] = lot.Entry{Ticket: fmt.Sprintf("%032x", i*7919), Times: rapid.SliceOfNDistinct(rapid.SampledFrom(hours), 0, 3, rapid.ID).Draw(t, "wishes")}
	}
	return out
}

// closed is the list of a draw, and its seed.
func closed(t *rapid.T, tickets []lot.Entry) (lot.List, string) {
	seed := fmt.Sprintf("%064x", rapid.Uint64().Draw(t, "seed"))
	commitment, err := lot.Commitment(seed)
	if err != nil {
		t.Fatal(err)
	}
	return lot.List{Terms: lot.Terms{Version: lot.Version, Branch: "uji", Channel: "online", Date: "2026-11-25", Opens: "2026-11-15T01:00:00Z", Closes: "2026-11-19T13:00:00Z",
		Commitment: commitment, PublicSource: "contoh", Sessions: []lot.Session{{Time: "08:00", Places: 5}, {Time: "08:30", Places: 3}, {Time: "09:00", Places: 1}}}, Tickets: tickets}, seed
}

func drawn(t *rapid.T, tickets []lot.Entry) lot.Result {
	list, seed := closed(t, tickets)
	if err := list.Check(); err != nil {
		t.Fatal(err)
	}
	r, err := lot.Draw(list, seed, fmt.Sprint(rapid.Uint32().Draw(t, "public")))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The order depends on nothing but tickets, wishes, seed and public value: not
// on when or through which shard somebody came.
func TestOrderOfArrivalIsWorthNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := entries(t)
		first := drawn(t, list)
		again := first.List()
		again.Tickets = rapid.Permutation(list).Draw(t, "arrival")
		second, err := lot.Draw(again, first.Seed, first.PublicValue)
		if err != nil {
			t.Fatal(err)
		}
		if a, b := fmt.Sprint(first.Places), fmt.Sprint(second.Places); a != b {
			t.Fatalf("another order of arrival gives another result:\n%s\n%s", a, b)
		}
	})
}

// Nobody gets a time that was not wished, no session more people than places,
// and nobody waits while a wished place is free.
func TestSeats(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawn(t, entries(t))
		left := map[string]int{}
		for _, s := range r.Sessions {
			left[s.Time] = s.Places
		}
		for i, p := range r.Places {
			wishes := p.Times
			if len(wishes) == 0 {
				wishes = hours
			}
			if p.Time != "" && (!slices.Contains(wishes, p.Time) || left[p.Time] == 0) {
				t.Fatalf("rank %d gets %s of %v with %v left", i+1, p.Time, wishes, left)
			}
			if p.Time == "" && slices.ContainsFunc(wishes, func(w string) bool { return left[w] > 0 }) {
				t.Fatalf("rank %d waits, wishes %v, with %v left", i+1, wishes, left)
			}
			left[p.Time]--
		}
	})
}

// Each ticket is at each rank about as often as any other.
func TestNobodyIsFavoured(t *testing.T) {
	const people, draws = 8, 4000
	list := make([]lot.Entry, people)
	for i := range list {
		list[i].Ticket = fmt.Sprintf("%032x", i)
	}
	first := map[string]int{}
	for n := range draws {
		key, err := lot.Key(strings.Repeat("ab", lot.SeedSize), lot.List{Tickets: list}.Digest(), fmt.Sprint(n))
		if err != nil {
			t.Fatal(err)
		}
		first[lot.Order(key, list)[0].Ticket]++
	}
	chi := 0.0
	for _, e := range list {
		d := float64(first[e.Ticket]) - draws/people
		chi += d * d / (draws / people)
	}
	if chi > 24.3 { // 99.9 % of fair draws with 7 degrees of freedom; the draws are the same in every run
		t.Errorf("first ranks %v: chi-squared %.1f", first, chi)
	}
}

func FuzzRead(f *testing.F) {
	good, err := json.Marshal(lot.Result{Terms: lot.Terms{Version: lot.Version}, Seed: strings.Repeat("00", lot.SeedSize), PublicValue: "x", Places: []lot.Place{{Entry: lot.Entry{Ticket: "a"}}}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(`{"places":null}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := lot.Read(bytes.NewReader(b))
		if err != nil {
			return
		}
		if r.Verify() == nil {
			if c, err := lot.Commitment(r.Seed); err != nil || c != r.Commitment {
				t.Errorf("a result is right whose seed was not committed")
			}
		}
	})
}
