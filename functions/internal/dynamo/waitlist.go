package dynamo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"lapakasik/functions/internal/claim"
	"lapakasik/site/requirement"
)

// noteWaits notes that a channel of a branch-day has a wait list, before
// anybody is on it, so that the job looks at those days alone. A process notes
// each day once.
func (s *Store) noteWaits(ctx context.Context, p claim.Place) error {
	k := waitsKey(p.Branch, p.Date, p.Channel)
	if _, noted := s.noted.Load(k); noted {
		return nil
	}
	it := k.attributes()
	s.limitDay(it, p.Date)
	if _, err := s.db.PutItem(ctx, &dynamodb.PutItemInput{TableName: aws.String(s.table), Item: it}); err != nil {
		return fmt.Errorf("note a wait list: %w", err)
	}
	s.noted.Store(k, true)
	return nil
}

// WaitLists returns the channels of a branch-day on whose wait list somebody
// is or was.
func (s *Store) WaitLists(ctx context.Context, branch string, d requirement.Date) ([]requirement.Channel, error) {
	rows, err := s.query(ctx, dayKey(branch, d).pk, waitsPrefix, true)
	if err != nil {
		return nil, fmt.Errorf("wait lists of %s on %s: %w", branch, d, err)
	}
	out := make([]requirement.Channel, len(rows))
	for i, it := range rows {
		out[i] = requirement.Channel(strings.TrimPrefix(getS(it, "SK"), waitsPrefix))
	}
	return out, nil
}

// Waiting returns how many are on the wait lists of a branch-day.
func (s *Store) Waiting(ctx context.Context, branch string, d requirement.Date) (int, error) {
	channels, err := s.WaitLists(ctx, branch, d)
	n := 0
	for _, ch := range channels {
		all, failed := s.Waiters(ctx, branch, d, ch)
		n, err = n+len(all), errors.Join(err, failed)
	}
	return n, err
}

// Position returns a registration's place in its wait list, 1 for the next to
// be served, 0 if it does not wait.
func (s *Store) Position(ctx context.Context, r claim.Registration) (int, error) {
	all, err := s.Waiters(ctx, r.Place.Branch, r.Place.Date, r.Place.Channel)
	return 1 + slices.IndexFunc(all, func(w Waiter) bool { return w.Registration == r.ID }), err
}

// ServeWaits does what is due on the wait lists of a branch-day: offers that
// ran out go by, seats that were given back are offered to who comes first and
// wishes for their time, and waiting ends when no place can come of it any
// more. It stops and starts again anywhere; two runs at once make no more
// offers than one, because each step is one transaction on a condition.
func (s *Store) ServeWaits(ctx context.Context, r *Roster, d requirement.Date) (done int, err error) {
	channels, err := s.WaitLists(ctx, r.Branch.Code, d)
	if err != nil || len(channels) == 0 {
		return 0, err
	}
	due, err := s.overdueIn(ctx, claim.Offered, r.Branch.Code, d, s.Now())
	if err != nil {
		return 0, err
	}
	for _, id := range due {
		did, failed := s.lapse(ctx, id)
		err = errors.Join(err, failed)
		if did {
			done++
		}
	}
	for _, ch := range channels {
		n, failed := s.serve(ctx, r, d, ch)
		done, err = done+n, errors.Join(err, failed)
	}
	return done, err
}

func (s *Store) serve(ctx context.Context, r *Roster, d requirement.Date, ch requirement.Channel) (int, error) {
	waiting, err := s.Waiters(ctx, r.Branch.Code, d, ch)
	if err != nil || len(waiting) == 0 {
		return 0, err
	}
	if s.Now().After(claim.WaitsUntil(r.Branch, r.Booking, r.Plan(d), ch)) {
		return s.dismiss(ctx, waiting)
	}
	given, err := s.given(ctx, r.Plan(d), ch)
	if err != nil {
		return 0, err
	}
	done := 0
	for _, p := range given {
		start, err := r.Branch.At(d, p.Time)
		if err != nil {
			return done, err
		}
		until, err := claim.OfferUntil(r.Branch, r.Booking, s.Now(), start)
		if errors.Is(err, claim.ErrTooEarly) {
			return done, nil
		}
		if err != nil {
			continue // too late for an offer: it opens for everybody, or at the branch
		}
		offered := false
		if offered, waiting, err = s.offer(ctx, p, until, waiting, r.Booking.Offers.Most); err != nil {
			return done, err
		}
		if offered {
			done++
		}
	}
	return done, nil
}

// offer offers a place to the first who fits, and returns who still waits.
func (s *Store) offer(ctx context.Context, p claim.Place, until time.Time, waiting []Waiter, most int) (bool, []Waiter, error) {
	for i := 0; i < len(waiting); {
		w := waiting[i]
		if !claim.Fits(p, w.Times, w.Passed) {
			i++
			continue
		}
		_, err := s.Offer(ctx, w.Registration, p, until, most)
		switch {
		case errors.Is(err, claim.ErrFull):
			return false, waiting, nil
		case err == nil, errors.Is(err, claim.ErrClosed), errors.Is(err, claim.ErrNotFound):
			waiting = slices.Delete(waiting, i, i+1)
		}
		if err == nil || !errors.Is(err, claim.ErrClosed) && !errors.Is(err, claim.ErrNotFound) {
			return err == nil, waiting, err
		}
	}
	return false, waiting, nil
}

// dismiss ends waiting for everybody of a list.
func (s *Store) dismiss(ctx context.Context, waiting []Waiter) (n int, err error) {
	for _, w := range waiting {
		did, failed := s.endWait(ctx, w.Registration)
		err = errors.Join(err, failed)
		if did {
			n++
		}
	}
	return n, err
}

// given are the free seats of a plan's channel that somebody has given back,
// by time and number. Those that nobody has had yet are given out otherwise.
func (s *Store) given(ctx context.Context, plan claim.DayPlan, ch requirement.Channel) ([]claim.Place, error) {
	all, err := s.seats(ctx, plan.Branch, plan.Date, string(ch)+"#", true)
	if err != nil {
		return nil, err
	}
	var out []claim.Place
	for _, x := range all {
		if x.state == seatFree && x.opens > 0 && plan.Has(x.place) {
			out = append(out, x.place)
		}
	}
	slices.SortFunc(out, func(a, b claim.Place) int { return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(a.Seat, b.Seat)) })
	return out, nil
}
