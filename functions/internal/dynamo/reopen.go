package dynamo

import (
	"context"
	"fmt"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/site/requirement"
)

// A Reopening says from when on others can take a seat that is given back at a
// moment; the zero time for at once.
type Reopening func(p claim.Place, given time.Time) time.Time

// Announced returns the Reopening of the requirement set in force, for
// Store.Reopening. A place of a branch that is unknown opens at once.
func Announced(current func(context.Context) (*requirement.Set, error)) func(context.Context) (Reopening, error) {
	return func(ctx context.Context) (Reopening, error) {
		set, err := current(ctx)
		if err != nil {
			return nil, fmt.Errorf("announced times: %w", err)
		}
		return func(p claim.Place, given time.Time) time.Time {
			b := set.Branch(p.Branch)
			if b == nil {
				return given
			}
			start, err := b.At(p.Date, p.Time)
			if err != nil {
				return given
			}
			return claim.Reopens(b, set.Booking, given, start)
		}, nil
	}
}

// reopening is the store's rule, for the time of one call.
func (s *Store) reopening(ctx context.Context) (Reopening, error) {
	if s.Reopening == nil {
		return func(claim.Place, time.Time) time.Time { return time.Time{} }, nil
	}
	return s.Reopening(ctx)
}

// openSeat is the condition under which a seat that nobody has can be taken: its
// announced time has come. It wants :free, :now and the name #state.
const openSeat = "#state = :free AND (attribute_not_exists(opens) OR opens <= :now)"

// bookable tells whether anybody may take the seat now. A seat whose draft has
// lapsed opens at an announced time too, which the draft left when it came.
func (x *seat) bookable(now int64) bool {
	return (x.state == seatFree || x.lapsed(now) && !x.gone) && x.opens <= now
}
