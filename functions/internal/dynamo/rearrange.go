package dynamo

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"

	"lapakasik/functions/internal/claim"
	"lapakasik/site/requirement"
)

// A Roster is a branch with the hours that it keeps.
type Roster struct {
	Branch   *requirement.Branch
	Hours    claim.Timetable
	Holidays []requirement.Holiday
	Booking  requirement.Booking
}

// Plan returns the sessions of a day.
func (r *Roster) Plan(d requirement.Date) claim.DayPlan { return r.Hours.Plan(r.Branch, d, r.Holidays) }

// Orphans returns the registrations of the horizon's days that wait for a
// place which the hours do not have, in order of day and time.
func (s *Store) Orphans(ctx context.Context, r *Roster) ([]claim.Registration, error) {
	dates := claim.Dates(r.Branch, r.Booking, s.Now())
	found := make([][]claim.Registration, len(dates))
	g, each := errgroup.WithContext(ctx)
	g.SetLimit(4)
	for i, d := range dates {
		g.Go(func() error {
			regs, err := s.Day(each, r.Branch.Code, d)
			found[i] = claim.Orphans(r.Plan(d), regs)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, fmt.Errorf("orphans of %s: %w", r.Branch.Code, err)
	}
	var out []claim.Registration
	for _, f := range found {
		out = append(out, f...)
	}
	return out, nil
}

// Apply makes the seats of every day of the horizon as the hours have them.
func (s *Store) Apply(ctx context.Context, r *Roster) error {
	for _, d := range claim.Dates(r.Branch, r.Booking, s.Now()) {
		plan := r.Plan(d)
		_, err := s.Sessions(ctx, plan.Branch, d)
		if errors.Is(err, claim.ErrNoDay) && len(plan.Sessions) == 0 {
			continue // nothing to make, nothing to block
		}
		if err := s.EnsureDay(ctx, plan); err != nil {
			return err
		}
	}
	return nil
}

// Rearrange moves at most limit orphans to the nearest free session of their
// branch and channel, and tells their owners. left are those for whom none is
// free, or who are beyond the limit. by.Officer may be empty: the system.
func (s *Store) Rearrange(ctx context.Context, by claim.Desk, r *Roster, limit int) (moved int, left []claim.Registration, err error) {
	orphans, err := s.Orphans(ctx, r)
	if err != nil || len(orphans) == 0 {
		return 0, nil, err
	}
	offers, err := s.offers(ctx, r)
	if err != nil {
		return 0, nil, err
	}
	for i, reg := range orphans {
		if moved == limit || ctx.Err() != nil {
			return moved, append(left, orphans[i:]...), nil
		}
		done, err := s.rearrange(ctx, by, r, reg, offers)
		switch {
		case err != nil:
			return moved, append(left, orphans[i:]...), err
		case done:
			moved++
		default:
			left = append(left, reg)
		}
	}
	return moved, left, nil
}

func (s *Store) rearrange(ctx context.Context, by claim.Desk, r *Roster, reg claim.Registration, offers []claim.Offer) (bool, error) {
	start, err := r.Branch.At(reg.Place.Date, reg.Place.Time)
	if err != nil {
		return false, err
	}
	// Whoever is moved can still say no: until the last change before the new hour.
	earliest := s.Now().Add(start.Sub(claim.LastChange(r.Booking, start)))
	for _, o := range claim.Nearest(reg, start, earliest, offers) {
		to := claim.Place{Branch: r.Branch.Code, Channel: o.Channel, Date: o.Date, Time: o.Time}
		_, err := s.MoveFor(ctx, by, reg.ID, reg.Version, to, o.Start)
		switch {
		case err == nil:
			return true, nil
		case errors.Is(err, claim.ErrFull):
			continue
		case errors.Is(err, claim.ErrStale), errors.Is(err, claim.ErrClosed), errors.Is(err, claim.ErrNotMine):
			return false, nil // its owner or an officer was faster; the next look sees it
		}
		return false, err
	}
	return false, nil
}

// offers are the sessions of the horizon that have free places which are not a
// draw's to give.
func (s *Store) offers(ctx context.Context, r *Roster) ([]claim.Offer, error) {
	dates := claim.Dates(r.Branch, r.Booking, s.Now())
	draws, err := s.Draws(ctx, r.Branch.Code, dates[0])
	if err != nil {
		return nil, err
	}
	var out []claim.Offer
	for _, d := range dates {
		plan := r.Plan(d)
		sessions, err := s.Sessions(ctx, r.Branch.Code, d)
		if errors.Is(err, claim.ErrNoDay) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, x := range sessions {
			if !plan.Has(claim.Place{Channel: x.Channel, Time: x.Time, Seat: 1}) || claim.InDraw(draws, d, x.Channel) {
				continue
			}
			start, err := r.Branch.At(d, x.Time)
			if err != nil {
				return nil, err
			}
			out = append(out, claim.Offer{Date: d, Start: start, Session: x})
		}
	}
	return out, nil
}
