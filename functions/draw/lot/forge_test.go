package lot_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lapakasik/functions/draw/lot"
)

// refused tells whether somebody finds out that a file is not the one of the
// commitment and list digest that were published.
func refused(file []byte, commitment, listDigest string) bool {
	r, err := lot.Read(bytes.NewReader(file))
	return err != nil || r.Verify() != nil || r.Against(commitment, listDigest) != nil
}

// edits calls do with every JSON value that differs from v by one change:
// another text or number, a field or an element less, twice or new, or two
// neighbours that have changed places.
func edits(v any, do func(any)) {
	switch v := v.(type) {
	case string:
		for _, s := range []string{"", v + "0", v + "\n", v + ",08:00", strings.ToUpper(v), "08:30", strings.Repeat("f", 32), strings.Repeat("0", 64)} {
			if s != v {
				do(s)
			}
		}
	case float64:
		for _, n := range []float64{v - 1, v + 1, -v - 1, 1000} {
			do(n)
		}
	case map[string]any:
		for k := range v {
			edits(v[k], func(x any) { m := maps.Clone(v); m[k] = x; do(m) })
			m := maps.Clone(v)
			delete(m, k)
			do(m)
		}
		for k, x := range map[string]any{"times": []any{""}, "time": "08:00", "nama": "x"} {
			if _, has := v[k]; !has {
				m := maps.Clone(v)
				m[k] = x
				do(m)
			}
		}
	case []any:
		for i := range v {
			edits(v[i], func(x any) { l := slices.Clone(v); l[i] = x; do(l) })
			do(slices.Delete(slices.Clone(v), i, i+1))
			do(slices.Insert(slices.Clone(v), i, v[i]))
			if i > 0 && !reflect.DeepEqual(v[i], v[i-1]) {
				l := slices.Clone(v)
				l[i], l[i-1] = l[i-1], l[i]
				do(l)
			}
		}
		do(append(slices.Clone(v), "08:30"))
		do(append(slices.Clone(v), map[string]any{"time": "23:00", "places": 1.0}))
		do(append(slices.Clone(v), map[string]any{"ticket": strings.Repeat("f", 32), "time": "08:00"}))
	}
}

// A result that the rules made is right; any single change of it is found. Only
// the public value can be another where that changes nobody's rank: nothing
// that was published at the close can know it, so people compare it with its source.
func TestAnyChangeIsFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := entries(t)
		r := drawn(t, list[:min(len(list), 6)])
		file, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if refused(file, r.Commitment, r.ListDigest) {
			t.Fatalf("an honest file is refused: %v", r.Verify())
		}
		var v any
		if err := json.Unmarshal(file, &v); err != nil {
			t.Fatal(err)
		}
		edits(v, func(forged any) {
			b, err := json.Marshal(forged)
			if err != nil {
				t.Fatal(err)
			}
			if refused(b, r.Commitment, r.ListDigest) {
				return
			}
			x, err := lot.Read(bytes.NewReader(b))
			if x.PublicValue = r.PublicValue; err != nil || !same(x, r) {
				t.Fatalf("a forged file is taken:\n%s\n%s", file, b)
			}
		})
	})
}

// Who changes the closed list and draws it anew, knowing the public value, is
// found by the digest that was published at the close.
func TestAnotherListIsFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := entries(t)
		r := drawn(t, list[:min(len(list), 6)])
		b, err := json.Marshal(r.List())
		if err != nil {
			t.Fatal(err)
		}
		var v any
		if err := json.Unmarshal(b, &v); err != nil {
			t.Fatal(err)
		}
		edits(v, func(forged any) {
			b, err := json.Marshal(forged)
			if err != nil {
				t.Fatal(err)
			}
			changed, err := lot.ReadList(bytes.NewReader(b))
			if err != nil || sameList(changed, r.List()) {
				return
			}
			again, err := lot.Draw(changed, r.Seed, r.PublicValue)
			if err != nil {
				t.Fatal(err)
			}
			if again.Verify() == nil && again.Against(r.Commitment, r.ListDigest) == nil {
				t.Fatalf("a draw of another list is taken: %+v", changed)
			}
		})
	})
}

// sameList: the order of the tickets says nothing.
func sameList(a, b lot.List) bool {
	by := func(a, b lot.Entry) int { return strings.Compare(a.Ticket, b.Ticket) }
	a.Tickets, b.Tickets = slices.SortedFunc(slices.Values(a.Tickets), by), slices.SortedFunc(slices.Values(b.Tickets), by)
	return same(a, b)
}

// same: no wishes are written as none at all.
func same(a, b any) bool {
	x, errA := json.Marshal(a)
	y, errB := json.Marshal(b)
	return errA == nil && errB == nil && bytes.Equal(x, y)
}

// What once gave the same digest as other wishes, or as no wish, does not, and
// is refused by itself.
func TestDigestIsUnambiguous(t *testing.T) {
	ticket := strings.Repeat("a", 32)
	lists := map[string]lot.List{}
	for name, l := range map[string]lot.List{
		"no wish":    {Tickets: []lot.Entry{{Ticket: ticket}}},
		"empty wish": {Tickets: []lot.Entry{{Ticket: ticket, Times: []string{""}}}},
		"two wishes": {Tickets: []lot.Entry{{Ticket: ticket, Times: []string{"08:00", "09:00"}}}},
		"with comma": {Tickets: []lot.Entry{{Ticket: ticket, Times: []string{"08:00,09:00"}}}},
		"other way":  {Tickets: []lot.Entry{{Ticket: ticket, Times: []string{"09:00", "08:00"}}}},
		"two lines":  {Tickets: []lot.Entry{{Ticket: "1"}, {Ticket: "2"}}},
		"one line":   {Tickets: []lot.Entry{{Ticket: "1 \n2"}}},
		"shifted":    {Tickets: []lot.Entry{{Ticket: "1\n1:0\n1:2"}}},
		"more":       {Terms: lot.Terms{Sessions: []lot.Session{{Time: "08:00", Places: 5}}}},
		"fewer":      {Terms: lot.Terms{Sessions: []lot.Session{{Time: "08:00", Places: 2}}}},
	} {
		digest := l.Digest()
		if other, has := lists[digest]; has {
			t.Errorf("%s has the digest of %+v", name, other)
		}
		lists[digest] = l
	}
}

// The bytes of the digest are those that its comment and the help page say.
func TestDigestByHand(t *testing.T) {
	l := lot.List{Terms: lot.Terms{Version: 2, Branch: "uji", Channel: "online", Date: "2026-12-07", Opens: "a", Closes: "b", Commitment: "c", PublicSource: "é", Sessions: []lot.Session{{Time: "08:00", Places: 12}}},
		Tickets: []lot.Entry{{Ticket: "t2"}, {Ticket: "t1", Times: []string{"08:00"}}}}
	const want = "14:lapakasik draw\n1:2\n3:uji\n6:online\n10:2026-12-07\n1:a\n1:b\n1:c\n2:é\n" +
		"1:1\n5:08:00\n2:12\n" + "1:2\n2:t1\n1:1\n5:08:00\n2:t2\n1:0\n"
	if got := l.Digest(); got != sum(want) {
		t.Errorf("digest %s; want %s", got, sum(want))
	}
}

// What is malformed is no list, though its digest be right.
func TestCheck(t *testing.T) {
	good := func() lot.List {
		return lot.List{Terms: lot.Terms{Version: lot.Version, Sessions: []lot.Session{{Time: "08:00", Places: 1}, {Time: "09:00"}}},
			Tickets: []lot.Entry{{Ticket: strings.Repeat("b", 32)}, {Ticket: strings.Repeat("a", 32), Times: []string{"09:00", "08:00"}}}}
	}
	if err := good().Check(); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*lot.List){
		"version":          func(l *lot.List) { l.Version = 1 },
		"newline":          func(l *lot.List) { l.Tickets[0].Ticket = strings.Repeat("b", 31) + "\n" },
		"line feed after":  func(l *lot.List) { l.Tickets[0].Ticket += "\n" },
		"upper case":       func(l *lot.List) { l.Tickets[0].Ticket = strings.Repeat("B", 32) },
		"twice":            func(l *lot.List) { l.Tickets[0].Ticket = l.Tickets[1].Ticket },
		"empty wish":       func(l *lot.List) { l.Tickets[0].Times = []string{""} },
		"other time":       func(l *lot.List) { l.Tickets[0].Times = []string{"10:00"} },
		"wished twice":     func(l *lot.List) { l.Tickets[0].Times = []string{"08:00", "08:00"} },
		"too many wishes":  func(l *lot.List) { six(l) },
		"sessions swapped": func(l *lot.List) { slices.Reverse(l.Sessions) },
		"time twice":       func(l *lot.List) { l.Sessions[1].Time = "08:00" },
		"no time":          func(l *lot.List) { l.Sessions[0].Time = "8:00" },
		"less than none":   func(l *lot.List) { l.Sessions[0].Places = -1 },
	} {
		l := good()
		if change(&l); l.Check() == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

// six has a ticket wish for each of six times.
func six(l *lot.List) {
	l.Sessions, l.Tickets = nil, l.Tickets[:1]
	for n := range lot.MaxWishes + 1 {
		at := fmt.Sprintf("%02d:00", n+8)
		l.Sessions = append(l.Sessions, lot.Session{Time: at})
		l.Tickets[0].Times = append(l.Tickets[0].Times, at)
	}
}

func sum(s string) string {
	b := sha256.Sum256([]byte(s))
	return hex.EncodeToString(b[:])
}
