package dynamo_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/storetest"
)

// unconditional makes the engine forget the conditions of the items whose sort
// key has a prefix.
func unconditional(prefixes ...string) mutation {
	return mutation{ask: func(op string, body []byte) []byte {
		if op != "TransactWriteItems" {
			return body
		}
		return edit(body, func(m map[string]any) {
			all, _ := m["TransactItems"].([]any)
			for _, x := range all {
				for _, action := range x.(map[string]any) {
					a := action.(map[string]any)
					k, ok := a["Key"].(map[string]any)
					if !ok {
						k = a["Item"].(map[string]any)
					}
					sk := k["SK"].(map[string]any)["S"].(string)
					if oneOf(sk, prefixes) {
						forget(a)
					}
				}
			}
		})
	}}
}

// headlong makes the engine forget every condition of a step after the booking.
func headlong(op string, body []byte) []byte {
	if !strings.Contains(string(body), "v = :v AND seq = :seq") {
		return body
	}
	return unconditional("").ask(op, body)
}

// oneOf tells whether a sort key begins with one of the prefixes.
func oneOf(sk string, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(sk, p) {
			return true
		}
	}
	return false
}

// forget drops a condition together with the names and values that only it used.
func forget(a map[string]any) {
	delete(a, "ConditionExpression")
	expression, _ := a["UpdateExpression"].(string)
	for _, part := range []string{"ExpressionAttributeNames", "ExpressionAttributeValues"} {
		m, _ := a[part].(map[string]any)
		for name := range m {
			if !strings.Contains(expression, name) {
				delete(m, name)
			}
		}
		if len(m) == 0 {
			delete(a, part)
		}
	}
}

// nameless makes the engine answer locks without whose they are.
func nameless(op string, body []byte) []byte {
	return []byte(strings.ReplaceAll(string(body), `"idem":`, `"nobody":`))
}

// wrapped is a store with other ways to do some things.
type wrapped struct {
	*dynamo.Store
	book   func(context.Context, claim.Booking) (claim.Registration, error)
	submit func(context.Context, string, int) (claim.Registration, error)
}

func (w wrapped) Book(ctx context.Context, b claim.Booking) (claim.Registration, error) {
	if w.book != nil {
		return w.book(ctx, b)
	}
	return w.Store.Book(ctx, b)
}

func (w wrapped) Submit(ctx context.Context, id string, v int) (claim.Registration, error) {
	if w.submit != nil {
		return w.submit(ctx, id, v)
	}
	return w.Store.Submit(ctx, id, v)
}

// newKeyEachTry books anew when a try had no answer: with a new key, and as
// somebody whom the claimant's lock does not know.
func newKeyEachTry(_ *history, s *dynamo.Store, _ int) counter {
	tries := map[string]int{}
	return wrapped{Store: s, book: func(ctx context.Context, b claim.Booking) (claim.Registration, error) {
		first := string(b.Key)
		if n := tries[first]; n > 0 {
			b.Key = fmt.Appendf(nil, "%s-%d", first, n)
			b.Person.NIK += fmt.Sprint("-", n)
		}
		reg, err := s.Book(ctx, b)
		if err != nil && !isRule(err) {
			tries[first]++
		}
		return reg, err
	}}
}

// checkThenInsert looks whether the person has a registration, and then books
// without a lock that would say so.
func checkThenInsert(h *history, s *dynamo.Store, _ int) counter {
	return wrapped{Store: s, book: func(ctx context.Context, b claim.Booking) (claim.Registration, error) {
		for f := range forms {
			if string(h.key(f)) != string(b.Key) {
				continue
			}
			if mate, err := s.ByID(ctx, h.id(f^1)); err == nil && mate.Status.Live() && mate.Deadline.After(h.clock.Now()) {
				return claim.Registration{}, claim.ErrAlreadyBooked
			} else if err != nil && !errors.Is(err, claim.ErrNotFound) {
				return claim.Registration{}, err
			}
			b.Person.NIK += fmt.Sprint("-", f)
		}
		return s.Book(ctx, b)
	}}
}

// ahead has clients whose clocks are hours ahead: they sell what is still held.
func ahead(h *history, s *dynamo.Store, c int) counter {
	if now := s.Now; c%2 == 0 {
		s.Now = func() time.Time { return now().Add(3 * time.Hour) }
	}
	return s
}

// late submits by a clock that stood still when the history began.
func late(_ *history, s *dynamo.Store, _ int) counter {
	now := s.Now
	var mu sync.Mutex
	return wrapped{Store: s, submit: func(ctx context.Context, id string, v int) (claim.Registration, error) {
		mu.Lock()
		defer mu.Unlock()
		s.Now = func() time.Time { return at(0) }
		defer func() { s.Now = now }()
		return s.Submit(ctx, id, v)
	}}
}

// atOnce sells what was given back without waiting for its announced time.
func atOnce(_ *history, s *dynamo.Store, _ int) counter {
	s.Reopening = nil
	return s
}

var variants = []variant{
	{"a seat is taken without asking whether it is free", unconditional("online#"), nil, 1},
	{"the claimant's lock is taken without asking whether it is free", unconditional("LOCK"), nil, 1},
	{"a step does not ask whether anything has changed meanwhile", mutation{ask: headlong}, nil, 173},
	{"a transaction that is cut has written its first item", mutation{torn: true}, nil, 1},
	{"a lock does not say whose it is, so a retry is a stranger", mutation{answer: nameless}, nil, 1},
	{"a retry takes a second seat", mutation{}, newKeyEachTry, 15},
	{"check, then insert, instead of a lock", mutation{}, checkThenInsert, 4},
	{"a hold is sold again before its time", mutation{}, ahead, 1},
	{"a hold whose time is over is still submitted", mutation{}, late, 41},
	{"a seat that was given back opens at once", mutation{}, atOnce, 2},
}

// The checker is no ornament: each store that is wrong in one way is found out
// by a seeded history. The one that did it before is played first.
func TestBrokenStoresAreCaught(t *testing.T) {
	const most = 500
	b := newBench(t)
	for _, v := range variants {
		t.Run(v.name, func(t *testing.T) {
			for n := range uint64(most + 1) {
				seed := cmp.Or(n, v.seed)
				if only, one := storetest.Seed(); one && only != seed {
					continue
				}
				h := b.play(t, seed, v)
				if h.check() == porcupine.Illegal {
					t.Logf("caught by -seed %d", seed)
					return
				}
			}
			if seed, one := storetest.Seed(); one {
				t.Skipf("not caught by -seed %d alone", seed)
			}
			t.Errorf("not caught by %d histories", most)
		})
	}
}
