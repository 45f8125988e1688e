package main

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	mathrand "math/rand/v2"

	"lapakasik/functions/internal/claim"
)

// A joining is people who enter the draw of branch-days, straight at the code
// that enters them.
type joining struct {
	rush
	people int
}

// joined is what became of it.
type joined struct {
	joining
	sale    *sale
	entered int64
	failed  int64
	took    time.Duration
	entries int // that the draw finds
}

func (j joining) run(ctx context.Context) (r *joined, err error) {
	s := &sale{rush: j.rush, waits: &histogram{}, line: &line{faults: true, r: mathrand.New(mathrand.NewPCG(j.seed, 4))}}
	r = &joined{joining: j, sale: s}
	store, calm, end, err := s.open(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, end()) }()
	ctx, cancel := context.WithTimeout(ctx, j.limit)
	defer cancel()
	if s.metered != nil {
		s.metered.Limit = 1000
	}
	var next, entered, failed atomic.Int64
	began := time.Now()
	together(j.clients, func() {
		for ctx.Err() == nil {
			n := int(next.Add(1)) - 1
			if n >= j.people {
				return
			}
			b := j.booking(n)
			b.Place.Time = ""
			due := time.Now()
			var err error
			for range 12 {
				if _, err = store.Enter(ctx, claim.Entry{Booking: b, Status: claim.Entered}); err == nil || ctx.Err() != nil {
					break
				}
			}
			s.waits.add(time.Since(due))
			if err != nil {
				failed.Add(1)
				continue
			}
			entered.Add(1)
		}
	})
	r.took, r.entered, r.failed = time.Since(began), entered.Load(), failed.Load()
	s.cut = ctx.Err() != nil
	if s.metered != nil {
		s.metered.Limit = 0
	}
	for d := range j.days() {
		found, err := calm.Entries(ctx, "beban", j.day(d), j.booking(0).Place.Channel)
		if err != nil {
			return nil, err
		}
		r.entries += len(found)
	}
	return r, nil
}
