package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"net/http"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/seal"
	"lapakasik/functions/local/engine"
	"lapakasik/functions/local/load/metered"
	"lapakasik/functions/local/machine"
	"lapakasik/site/requirement"
)

// A rush is many people for few seats, straight at the code that books.
type rush struct {
	store    string // "engine" or "metered"
	seats    int
	attempts int
	clients  int
	rate     int // bookings let in a second; 0: as fast as clients can
	seed     uint64
	limit    time.Duration
	root     string // the checkout
	dir      string
}

const perDay = 125 // seats of a branch-day

// sale is what became of a rush.
type sale struct {
	rush
	presses, won, full, already, gaveUp, twice int
	took, soldOut                              time.Duration
	waits                                      *histogram // from the first press to the answer that stays
	sold                                       *histogram // of those that got a seat
	units                                      float64
	line                                       *line
	keys                                       *seal.Keys
	metered                                    *metered.Store
	lost, double, unsold                       int
	differences                                []string
	perSecond                                  []int
	cut                                        bool // the time was over first
}

type winner struct {
	id   string
	code string
}

// run lets everybody in and then counts.
func (r rush) run(ctx context.Context) (s *sale, err error) {
	s = &sale{rush: r, waits: &histogram{}, sold: &histogram{}, line: &line{faults: true, r: mathrand.New(mathrand.NewPCG(r.seed, 2))}}
	store, calm, end, err := s.open(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, end()) }()
	for d := range r.days() {
		if err := calm.EnsureDay(ctx, r.plan(d)); err != nil {
			return nil, err
		}
	}
	if s.metered != nil {
		s.metered.Limit = 1000
	}
	store.Remember = time.Second
	winners := s.sell(ctx, store)
	if s.metered != nil {
		s.metered.Limit = 0
	}
	return s, s.verify(ctx, calm, s.keys, winners)
}

// open starts the store of a rush: one that is reached over a bad line, and the
// same over a good one. end stops it.
func (s *sale) open(ctx context.Context) (store, calm *dynamo.Store, end func() error, err error) {
	url, end := "http://127.0.0.1:1", func() error { return nil }
	switch s.store {
	case "metered":
		s.metered = metered.New()
		s.metered.Limit = 0 // until people come
		s.line.to = s.metered
	case "engine":
		e, err := engine.Start(ctx, filepath.Join(s.dir, "store.db"))
		if err != nil {
			return nil, nil, nil, err
		}
		end = e.Close
		transport := http.DefaultTransport.(*http.Transport).Clone()
		transport.MaxIdleConns, transport.MaxIdleConnsPerHost = 0, 4096
		s.line.to, url = &http.Client{Transport: transport}, e.URL
		if err := machine.Tables(ctx, s.root, client(url, s.line.to)); err != nil {
			return nil, nil, nil, errors.Join(err, end())
		}
	}
	root := make([]byte, 32)
	if _, err := rand.Read(root); err != nil {
		return nil, nil, nil, errors.Join(err, end())
	}
	if s.keys, err = seal.New(root); err != nil {
		return nil, nil, nil, errors.Join(err, end())
	}
	withKeys := func(context.Context) (*seal.Keys, error) { return s.keys, nil }
	calm = dynamo.New(client(url, s.line.to), "Table", "KeysTable", withKeys)
	store = dynamo.New(client(url, s.line), "Table", "KeysTable", withKeys)
	var mu sync.Mutex
	store.OnUnits = func(_ string, n float64) {
		mu.Lock()
		s.units += n
		mu.Unlock()
	}
	return store, calm, end, nil
}

func (r rush) days() int { return (r.seats + perDay - 1) / perDay }

func (r rush) day(d int) requirement.Date { return requirement.Date("2030-01-01").AddDays(d) }

func (r rush) plan(d int) claim.DayPlan {
	return claim.DayPlan{Branch: "beban", Date: r.day(d), Sessions: []claim.Session{{Channel: requirement.Online, Time: "08:00", Places: min(perDay, r.seats-d*perDay)}}}
}

// booking is the form of the n-th made-up person.
func (r rush) booking(n int) claim.Booking {
	day := r.day(n % r.days())
	start, _ := time.Parse(time.DateOnly, string(day)) // our own date
	return claim.Booking{Key: fmt.Appendf(nil, "%016d", n), Digest: fmt.Sprint(n), Programme: "JHT", Reason: "mengundurkan-diri", SetVersion: "0123456789abcdef",
		Lang: requirement.ID, Place: claim.Place{Branch: "beban", Channel: requirement.Online, Date: day, Time: "08:00"}, Start: start, Deadline: start.Add(-2 * time.Hour),
		Consents: []claim.ConsentProof{{Code: "foto", Version: "abc", Lang: requirement.ID, Given: start}},
		Person: claim.Person{NIK: fmt.Sprintf("99%014d", n), Name: "Budi Uji", KPJ: []string{"99000000001"}, BirthDate: "1990-01-01", Phone: "+6281234567890",
			Email: "budi@contoh.id", Bank: "Bank Uji", Account: "1234567890", Holder: "Budi Uji"},
		Answers: requirement.Answers{requirement.BirthDate: "1990-01-01"}}
}

// sell lets people press until attempts are used up: every tenth taps twice
// at once, and everybody presses again with the same form until there is an answer.
func (s *sale) sell(ctx context.Context, store *dynamo.Store) []winner {
	ctx, cancel := context.WithTimeout(ctx, s.limit)
	defer cancel()
	var mu sync.Mutex
	var winners []winner
	var next, presses, won atomic.Int64
	seconds := map[int]int{}
	began := time.Now()
	person := func(store *dynamo.Store, n int, due time.Time) {
		b := s.booking(n)
		reg, err, twice := press(ctx, store, b, n%10 == 0, &presses)
		waited := time.Since(due)
		if ctx.Err() != nil {
			return // the time is over: whoever waits now is not counted
		}
		s.waits.add(waited)
		mu.Lock()
		defer mu.Unlock()
		if twice {
			s.twice++
		}
		switch {
		case err == nil:
			s.sold.add(waited)
			winners = append(winners, winner{reg.ID, reg.Private.Code})
			at := time.Since(began)
			seconds[int(at.Seconds())]++
			if won.Add(1) == int64(s.seats) {
				s.soldOut = at
			}
		case errors.Is(err, claim.ErrFull):
			s.full++
		case errors.Is(err, claim.ErrAlreadyBooked):
			s.already++
		default:
			s.gaveUp++
		}
	}
	var wg sync.WaitGroup
	for range s.clients {
		// In AWS each client would be served by a process of its own, one request at a time.
		store := store.Another()
		wg.Go(func() {
			for ctx.Err() == nil && presses.Load() < int64(s.attempts) {
				n := int(next.Add(1)) - 1
				due := time.Now()
				if s.rate > 0 { // let in at a pace: the wait counts from the moment of being let in
					due = began.Add(time.Duration(n) * time.Second / time.Duration(s.rate))
					pause(ctx, time.Until(due))
				}
				person(store, n, due)
			}
		})
	}
	wg.Wait()
	s.cut = ctx.Err() != nil
	s.took, s.presses, s.won = time.Since(began), int(presses.Load()), len(winners)
	for i := range int(s.took.Seconds()) + 1 {
		s.perSecond = append(s.perSecond, seconds[i])
	}
	return winners
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// press sends a form, and again when nothing came back. A double tap that was
// told two things is counted as twice.
func press(ctx context.Context, store *dynamo.Store, b claim.Booking, double bool, presses *atomic.Int64) (claim.Registration, error, bool) {
	persist := func() (reg claim.Registration, err error) {
		for range 12 {
			presses.Add(1)
			reg, err = store.Book(ctx, b)
			if err == nil || errors.Is(err, claim.ErrFull) || errors.Is(err, claim.ErrAlreadyBooked) || ctx.Err() != nil {
				return reg, err
			}
		}
		return reg, err
	}
	if !double {
		reg, err := persist()
		return reg, err, false
	}
	second := make(chan claim.Registration, 1)
	var secondErr error
	go func() {
		reg, err := persist()
		secondErr = err
		second <- reg
	}()
	reg, err := persist()
	other := <-second
	return reg, err, err == nil && secondErr == nil && (other.ID != reg.ID || other.Place != reg.Place) || (err == nil) != (secondErr == nil)
}

// verify looks for what was promised: each winner's registration is there and
// opens, each seat is held once, and none is free while people were refused.
func (s *sale) verify(ctx context.Context, store *dynamo.Store, keys *seal.Keys, winners []winner) error {
	seen := map[claim.Place]bool{}
	for _, w := range winners {
		reg, err := store.ByID(ctx, w.id)
		switch {
		case errors.Is(err, claim.ErrNotFound), err == nil && reg.Private.Code != w.code:
			s.lost++
		case err != nil:
			return err
		case seen[reg.Place]:
			s.double++
		}
		seen[reg.Place] = true
	}
	for d := range s.days() {
		found, err := store.Reconcile(ctx, "beban", s.day(d))
		if err != nil {
			return err
		}
		s.differences = append(s.differences, found...)
		sessions, err := store.Sessions(ctx, "beban", s.day(d))
		if err != nil {
			return err
		}
		for _, x := range sessions {
			s.unsold += x.Free
		}
	}
	return nil
}
