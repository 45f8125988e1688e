package dynamo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"lapakasik/functions/internal/claim"
)

// Offer holds a seat that was given back for who waits until a moment, and
// owes the message that says so. It is one of at most so many offers to the
// person. The seat's announced time does not matter: it goes to nobody else.
//
//	claim.ErrFull    somebody else has the seat
//	claim.ErrClosed  the person does not wait (any more)
func (s *Store) Offer(ctx context.Context, id string, p claim.Place, until time.Time, most int) (claim.Registration, error) {
	opens, err := s.reopening(ctx)
	if err != nil {
		return claim.Registration{}, err
	}
	rec, err := s.change(ctx, id, change{action: string(claim.ActOffer), message: claim.MsgOffer, actor: actorSystem, full: claim.ErrFull,
		check: func(r *record) error {
			_, err := claim.Next(r.Status, claim.ActOffer)
			if !claim.Fits(p, r.Wishes, r.Wait.Passed) {
				err = errors.Join(err, claim.ErrClosed)
			}
			return err
		},
		apply: func(r *record) []types.TransactWriteItem {
			leave := s.leave(r)
			r.Wait.Offers++
			r.Wait.Left, r.Wait.Until = max(0, most-r.Wait.Offers), r.Deadline
			r.Status, r.Place, r.Deadline = claim.Offered, p, until
			return []types.TransactWriteItem{leave, s.holdFreeSeat(p, r.ID, until, opens)}
		}})
	return rec.Registration, err
}

// Accept turns an offer that has not run out into a place, with a deadline for
// the documents. claim.ErrClosed if there is none, claim.ErrStale if version is
// not 0 and the registration has changed.
func (s *Store) Accept(ctx context.Context, id string, version int, deadline time.Time) (claim.Registration, error) {
	opens, err := s.reopening(ctx)
	if err != nil {
		return claim.Registration{}, err
	}
	rec, err := s.change(ctx, id, change{action: string(claim.ActAward), message: claim.MsgReceived, actor: actorClaimant, version: version,
		check: func(r *record) error {
			if r.Status != claim.Offered || s.overdue(r) {
				return claim.ErrClosed
			}
			return nil
		},
		apply: func(r *record) []types.TransactWriteItem {
			r.Status, r.Deadline = claim.Draft, deadline
			return []types.TransactWriteItem{s.holdSeat(r.Place, r.ID, deadline, opens), s.hold(key{r.lock, "LOCK"}, r.ID, deadline)}
		}})
	return rec.Registration, err
}

// Decline gives an offered seat to the next. The person waits on for places at
// other times; after the last offer waiting ends. claim.ErrClosed if there is
// no offer (any more), claim.ErrStale as Accept.
func (s *Store) Decline(ctx context.Context, id string, version int) (claim.Registration, error) {
	opens, err := s.reopening(ctx)
	if err != nil {
		return claim.Registration{}, err
	}
	old, err := s.record(ctx, id)
	if err != nil {
		return claim.Registration{}, err
	}
	if version != 0 && old.Version != version {
		return claim.Registration{}, claim.ErrStale
	}
	ch := s.pass(&old, true, func(r *record) types.TransactWriteItem {
		return s.freeSeat(r.Place, r.ID, opens(r.Place, s.Now()))
	})
	rec, err := s.change(ctx, id, ch)
	return rec.Registration, err
}

// pass is the step by which an offer goes by: back to the wait list or, when
// it was the last, out of it. old is the registration as it was seen.
func (s *Store) pass(old *record, declined bool, back func(*record) types.TransactWriteItem) change {
	ch := change{action: string(claim.ActPass), message: claim.MsgPassed, actor: actorSystem, version: old.Version}
	if declined {
		ch.action, ch.message, ch.actor = string(claim.ActDecline), "", actorClaimant
	}
	last := old.Wait.Left == 0
	if last {
		ch.action, ch.message = string(claim.ActLapse), claim.MsgWaitOver
	}
	ch.check = func(r *record) error {
		if r.Status != claim.Offered || s.overdue(r) == declined {
			return claim.ErrClosed
		}
		return nil
	}
	ch.apply = func(r *record) []types.TransactWriteItem {
		seat := back(r)
		r.Wait.Pass(r.Place, declined)
		r.Place = claim.Place{Branch: r.Place.Branch, Channel: r.Place.Channel, Date: r.Place.Date}
		r.Deadline = r.Wait.Until
		if last {
			r.Status = claim.Lapsed
			return []types.TransactWriteItem{s.closeLock(r.lock, r.ID), seat}
		}
		r.Status = claim.Waitlisted
		return []types.TransactWriteItem{s.waitRow(r), seat}
	}
	return ch
}

// lapse ends a draft or an entry whose deadline has passed: its seat is free
// and its claimant may book again. An offer that ran out goes by, and the
// person waits on unless it was the last. false: it was none (any more).
func (s *Store) lapse(ctx context.Context, id string) (bool, error) {
	old, err := s.record(ctx, id)
	if errors.Is(err, claim.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if old.Status == claim.Offered {
		return s.did(ctx, id, s.pass(&old, false, func(r *record) types.TransactWriteItem { return s.dropSeat(r.Place, r.ID) }))
	}
	return s.did(ctx, id, s.finish(old.Status, s.overdue))
}

// endWait ends waiting when no place can come of it any more.
func (s *Store) endWait(ctx context.Context, id string) (bool, error) {
	return s.did(ctx, id, s.finish(claim.Waitlisted, func(*record) bool { return true }))
}

// finish is the step that ends a registration of a status.
func (s *Store) finish(status claim.Status, due func(*record) bool) change {
	ch := change{action: string(claim.ActLapse), message: claim.MsgLapsed, actor: actorSystem}
	switch status {
	case claim.Waitlisted:
		ch.message = claim.MsgWaitOver
	case claim.Entered:
		ch.message = claim.MsgDrawOver
	}
	ch.check = func(r *record) error {
		if r.Status != status || !due(r) {
			return claim.ErrClosed
		}
		_, err := claim.Next(r.Status, claim.ActLapse)
		return err
	}
	ch.apply = func(r *record) []types.TransactWriteItem {
		leave := s.leave(r)
		r.Status = claim.Lapsed
		return []types.TransactWriteItem{s.closeLock(r.lock, r.ID), leave}
	}
	return ch
}

// did tells whether a step of the clock was done; others may have been faster.
func (s *Store) did(ctx context.Context, id string, ch change) (bool, error) {
	_, err := s.change(ctx, id, ch)
	for _, none := range []error{claim.ErrClosed, claim.ErrNotFound, claim.ErrStale, errSeatLost} {
		if errors.Is(err, none) {
			return false, nil
		}
	}
	if err != nil {
		return false, fmt.Errorf("%s: %w", ch.action, err)
	}
	return true, nil
}
