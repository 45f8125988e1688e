// Package history plays recorded claims through the real code: each is booked,
// submitted, taken and decided on its day, and counted for the recap. The
// people are made up, with NIKs of province code 99.
package history

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/site/requirement"
)

// A Count is how many claims of a channel ended in a status.
type Count struct {
	Channel requirement.Channel
	Status  claim.Status
	N       int
}

// Seed is Report Rekap Antrian Lapak Asik of Bandar Lampung, May to September
// 2021 (DOMAIN 8): 29,192 claims.
var Seed = []Count{
	{requirement.Online, claim.Approved, 15231}, {requirement.Online, claim.Refused, 11940}, {requirement.Online, claim.Submitted, 8},
	{requirement.Onsite, claim.Approved, 1569}, {requirement.Onsite, claim.Refused, 444},
}

// Scaled returns the counts divided by n, none of them less than 1.
func Scaled(counts []Count, n int) []Count {
	out := make([]Count, len(counts))
	for i, c := range counts {
		out[i] = c
		out[i].N = max(1, c.N/n)
	}
	return out
}

// A Loader plays claims into a store, from the first day to the last, working
// days only. The store's clock is the loader's.
type Loader struct {
	Store    *dynamo.Store
	Branch   string
	From, To requirement.Date
	Workers  int
	now      atomic.Int64
}

// rules are the grounds that the recorded refusals are given: the report
// names none, so all have the same.
var rules = &requirement.Deciding{TwoPeopleAbove: 1 << 40, Reasons: []requirement.DecisionReason{{Code: "tercatat", Refuse: true}}}

var sessions = []string{"08:00", "10:00", "13:00"}

// Load plays the counts and returns how many claims it played.
func (l *Loader) Load(ctx context.Context, counts []Count) (int, error) {
	l.Store.Now = func() time.Time { return time.Unix(0, l.now.Load()).UTC() }
	var queue []Count
	for _, c := range counts {
		for range c.N {
			queue = append(queue, Count{c.Channel, c.Status, 1})
		}
	}
	days := workdays(l.From, l.To)
	for i, d := range days {
		var today []int
		for n := i; n < len(queue); n += len(days) {
			today = append(today, n)
		}
		if err := l.day(ctx, d, today, queue); err != nil {
			return 0, fmt.Errorf("%s: %w", d, err)
		}
	}
	return len(queue), nil
}

func workdays(from, to requirement.Date) []requirement.Date {
	var out []requirement.Date
	for d := from; d <= to; d = d.AddDays(1) {
		if w := d.Time().Weekday(); w != time.Saturday && w != time.Sunday {
			out = append(out, d)
		}
	}
	return out
}

// day plays what happens on one day: bookings the day before, decisions at its hours.
func (l *Loader) day(ctx context.Context, d requirement.Date, claims []int, queue []Count) error {
	morning := d.Time().Add(time.Hour) // 08.00 WIB
	l.now.Store(morning.Add(-24 * time.Hour).UnixNano())
	plan := claim.DayPlan{Branch: l.Branch, Date: d}
	for _, ch := range []requirement.Channel{requirement.Online, requirement.Onsite} {
		n := 0
		for _, i := range claims {
			if queue[i].Channel == ch {
				n++
			}
		}
		for _, clock := range sessions {
			plan.Sessions = append(plan.Sessions, claim.Session{Channel: ch, Time: clock, Places: n/len(sessions) + 5})
		}
	}
	if err := l.Store.EnsureDay(ctx, plan); err != nil {
		return err
	}
	ids := make([]string, len(claims))
	err := l.each(len(claims), func(i int) (err error) {
		ids[i], err = l.book(ctx, d, claims[i], queue[claims[i]].Channel, sessions[i%len(sessions)], morning)
		return err
	})
	if err != nil {
		return err
	}
	l.now.Store(morning.Add(time.Hour).UnixNano())
	return l.each(len(claims), func(i int) error { return l.decide(ctx, ids[i], i, queue[claims[i]].Status) })
}

func (l *Loader) each(n int, do func(int) error) error {
	var g errgroup.Group
	g.SetLimit(max(1, l.Workers))
	for i := range n {
		g.Go(func() error { return do(i) })
	}
	return g.Wait()
}

func (l *Loader) book(ctx context.Context, d requirement.Date, n int, ch requirement.Channel, clock string, morning time.Time) (string, error) {
	key := binary.BigEndian.AppendUint64(make([]byte, 8, 16), uint64(n)+1)
	reg, err := retried(func() (claim.Registration, error) {
		return l.Store.Book(ctx, claim.Booking{Key: key, Digest: fmt.Sprint(n), Programme: "JHT", Reason: "mengundurkan-diri", SetVersion: "0000000000000000", Lang: requirement.ID,
			Place: claim.Place{Branch: l.Branch, Channel: ch, Date: d, Time: clock}, Start: morning, Deadline: morning.Add(-2 * time.Hour),
			Person: claim.Person{NIK: fmt.Sprintf("9901%02d%02d%02d%06d", 1+n%28, 1+n%12, n%100, n)[:16], Name: "Peserta Rekaan", KPJ: []string{"99000000001"}, BirthDate: "1990-01-01"}})
	})
	if err != nil {
		return "", fmt.Errorf("book: %w", err)
	}
	_, err = retried(func() (claim.Registration, error) { return l.Store.Submit(ctx, reg.ID, 0) })
	return reg.ID, err
}

// decide takes and decides a claim, unless it stays Belum, and counts it.
func (l *Loader) decide(ctx context.Context, id string, i int, to claim.Status) error {
	d, ok := map[claim.Status]claim.Decision{
		claim.Approved: {Action: claim.ActApprove, Sum: 1},
		claim.Refused:  {Action: claim.ActRefuse, Reasons: []string{"tercatat"}},
	}[to]
	if ok {
		by := claim.Desk{Officer: fmt.Sprintf("petugas-%02d", i%20), Branch: l.Branch, Limit: 6}
		if _, err := retried(func() (claim.Registration, error) { return l.Store.Take(ctx, by, id) }); err != nil {
			return fmt.Errorf("take: %w", err)
		}
		if _, err := retried(func() (claim.Registration, error) { return l.Store.Decide(ctx, by, id, 0, d, rules) }); err != nil {
			return fmt.Errorf("decide: %w", err)
		}
	}
	_, err := retried(func() (claim.Registration, error) { return claim.Registration{}, l.Store.CountRecap(ctx, id) })
	return err
}

// retried goes on where there was only too much contention.
func retried(do func() (claim.Registration, error)) (reg claim.Registration, err error) {
	for range 20 {
		if reg, err = do(); !errors.Is(err, claim.ErrBusy) && !errors.Is(err, claim.ErrHandsFull) {
			return reg, err
		}
	}
	return reg, err
}
