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

func drawn(t *rapid.T, list []lot.Entry) lot.Result {
	seed := fmt.Sprintf("%064x", rapid.Uint64().Draw(t, "seed"))
	commitment, err := lot.Commitment(seed)
	if err != nil {
		t.Fatal(err)
	}
	r, err := lot.Draw(lot.Result{Branch: "uji", Channel: "online", Date: "2026-11-25", Seed: seed, Commitment: commitment, PublicValue: fmt.Sprint(rapid.Uint32().Draw(t, "public")),
		Sessions: []lot.Session{{Time: "08:00", Places: 5}, {Time: "08:30", Places: 3}, {Time: "09:00", Places: 1}}}, list)
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
		shuffled := rapid.Permutation(list).Draw(t, "arrival")
		second, err := lot.Draw(first, shuffled)
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

// A result that the rules made is right; whatever is changed in it is found.
func TestVerify(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawn(t, entries(t))
		if err := r.Verify(); err != nil {
			t.Fatal(err)
		}
		forged := r
		forged.Places = slices.Clone(r.Places)
		i, j := rapid.IntRange(0, len(r.Places)-1).Draw(t, "i"), rapid.IntRange(0, len(r.Places)-1).Draw(t, "j")
		switch kind := rapid.SampledFrom([]string{"seed", "public", "swap", "time", "leave out", "add", "wish", "places"}).Draw(t, "forgery"); kind {
		case "seed":
			forged.Seed = lot.NewSeed()
		case "public":
			forged.PublicValue = ""
		case "swap":
			if i == j {
				return
			}
			forged.Places[i], forged.Places[j] = forged.Places[j], forged.Places[i]
		case "time":
			forged.Places[i].Time = "23:00"
		case "leave out":
			forged.Places = slices.Delete(forged.Places, i, i+1)
		case "add":
			forged.Places = append(forged.Places, lot.Place{Entry: lot.Entry{Ticket: strings.Repeat("f", 32)}, Time: "08:00"})
		case "wish":
			forged.Places[i].Times = []string{"10:00"}
		case "places":
			forged.Sessions = []lot.Session{{Time: "08:00", Places: 1000}}
			if len(r.Places) <= 5 && !slices.ContainsFunc(r.Places, func(p lot.Place) bool { return p.Time != "08:00" }) {
				return
			}
		}
		if forged.Verify() == nil {
			t.Fatalf("a forged result is taken")
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
		key, err := lot.Key(strings.Repeat("ab", lot.SeedSize), lot.ListDigest(list), fmt.Sprint(n))
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
	good, err := json.Marshal(lot.Result{Seed: strings.Repeat("00", lot.SeedSize), PublicValue: "x", Places: []lot.Place{{Entry: lot.Entry{Ticket: "a"}}}})
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
