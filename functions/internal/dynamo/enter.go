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
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"golang.org/x/sync/errgroup"

	"lapakasik/functions/internal/claim"
	"lapakasik/site/requirement"
)

// Enter puts the claimant into the draw of a branch-day, or on its wait list,
// in one transaction like a booking's, without a seat. Exactly once as Book:
// the same key gives the same entry for as long as it lives. Errors:
//
//	claim.ErrKeyReused      as Book
//	claim.ErrAlreadyBooked  the claimant has a live registration of the programme, an entry too
//	claim.ErrClosed         the window of the draw is not open
//	claim.ErrBusy           too much contention; nothing was changed
func (s *Store) Enter(ctx context.Context, e claim.Entry) (claim.Registration, error) {
	keys, err := s.seal(ctx)
	if err != nil {
		return claim.Registration{}, err
	}
	k, err := s.prepare(ctx, keys, e.Booking, e.Status)
	if err != nil {
		return claim.Registration{}, err
	}
	if e.Status == claim.Waitlisted {
		if err := s.noteWaits(ctx, e.Place); err != nil {
			return claim.Registration{}, err
		}
	}
	k.rec.Wishes, k.rec.Rank = e.Wishes, e.Rank
	if e.Status == claim.Entered {
		// Without our key nobody can tell the ticket, and nobody can tell the
		// registration by it.
		k.rec.Ticket = keys.Pseudonym("ticket", string(e.Key))
	}
	err = s.again(ctx, func() (bool, error) {
		if within(s.Now(), e.From, e.Until) {
			return k.enter()
		}
		reg, err := k.replay() // tapped twice, over the end of the window
		if errors.Is(err, claim.ErrNotFound) {
			err = claim.ErrClosed
		}
		k.result = reg
		return true, err
	})
	return k.result, err
}

// enter tries once.
func (k *booking) enter() (bool, error) {
	s := k.s
	k.rec.Version, k.rec.seq, k.rec.hash = 1, 0, ""
	row, message := s.entryRow(&k.rec), claim.MsgEntered
	if k.rec.Status == claim.Waitlisted {
		row, message = s.waitRow(&k.rec), claim.MsgWaiting
	}
	items, err := k.items(row, claim.ActEnter, message)
	if err != nil {
		return false, err
	}
	err = s.transact(k.ctx, "enter", k.token(), items)
	if err == nil {
		k.result = k.rec.Registration
		return true, nil
	}
	var c *cancelled
	switch {
	case !errors.As(err, &c):
		// The reply was lost, or the request: the registration says which.
		reg, found := k.replay()
		if errors.Is(found, claim.ErrNotFound) {
			return false, err
		}
		k.result = reg
		return true, found
	case c.failed(atLock) && getS(c.old(atLock), "idem") != k.idem:
		return k.locked(c.old(atLock))
	case c.failed(atLock), c.failed(atReg), c.failed(atSeat):
		k.result, err = k.replay()
		return true, err
	case c.passing():
		return false, nil
	}
	return false, c
}

func (s *Store) entryRow(r *record) types.TransactWriteItem {
	return put(s.table, entryKey(r.Place, r.Ticket), item{"reg": str(r.ID), "times": str(strings.Join(r.Wishes, " ")), "created": unix(r.Created)})
}

func (s *Store) waitRow(r *record) types.TransactWriteItem {
	return put(s.table, waitKey(r), item{"reg": str(r.ID), "times": str(strings.Join(r.Wishes, " ")), "passed": str(strings.Join(r.Wait.Passed, " "))})
}

// takeOff removes the row by which an entry, or who waits, is found.
func (s *Store) takeOff(k key, id string) types.TransactWriteItem {
	return types.TransactWriteItem{Delete: &types.Delete{TableName: aws.String(s.table), Key: k.attributes(),
		ConditionExpression: aws.String("reg = :reg"), ExpressionAttributeValues: item{":reg": str(id)}}}
}

// An Entered is an entry of a draw as the draw sees it.
type Entered struct {
	Ticket, Registration string
	Times                []string
	Created              time.Time
}

// Entries returns who has entered the draw of a branch-day and has neither got
// a place nor gone, by ticket. It is strongly consistent.
func (s *Store) Entries(ctx context.Context, branch string, d requirement.Date, ch requirement.Channel) ([]Entered, error) {
	rows, err := s.sixteen(ctx, "ENTRY", claim.Place{Branch: branch, Date: d, Channel: ch})
	if err != nil {
		return nil, err
	}
	out := make([]Entered, len(rows))
	for i, it := range rows {
		out[i] = Entered{getS(it, "SK"), getS(it, "reg"), strings.Fields(getS(it, "times")), getTime(it, "created")}
	}
	return out, nil
}

// A Waiter is a place on a wait list.
type Waiter struct {
	Rank         int
	Registration string
	Times        []string // wished; none means any
	Passed       []string // see claim.WaitList
}

// Waiters returns the wait list of a branch-day, the first to be served first.
// It is strongly consistent.
func (s *Store) Waiters(ctx context.Context, branch string, d requirement.Date, ch requirement.Channel) ([]Waiter, error) {
	rows, err := s.sixteen(ctx, "WAIT", claim.Place{Branch: branch, Date: d, Channel: ch})
	if err != nil {
		return nil, err
	}
	out := make([]Waiter, len(rows))
	for i, it := range rows {
		out[i] = Waiter{Registration: getS(it, "reg"), Times: strings.Fields(getS(it, "times")), Passed: strings.Fields(getS(it, "passed"))}
		if _, err := fmt.Sscanf(getS(it, "SK"), "%d#", &out[i].Rank); err != nil {
			return nil, fmt.Errorf("wait key %q", getS(it, "SK"))
		}
	}
	return out, nil
}

// sixteen reads the rows of all sixteen keys, by sort key.
func (s *Store) sixteen(ctx context.Context, what string, p claim.Place) ([]item, error) {
	found := make([][]item, len(digits))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(buckets)
	for i := range digits {
		g.Go(func() (err error) {
			found[i], err = s.query(ctx, lotPK(what, p, digits[i:]), "", true)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, fmt.Errorf("%s of %s on %s: %w", what, p.Branch, p.Date, err)
	}
	all := slices.Concat(found...)
	slices.SortFunc(all, func(a, b item) int { return cmp.Compare(getS(a, "SK"), getS(b, "SK")) })
	return all, nil
}

// Award gives who has entered, waits or has an offer a random free seat of a
// session, with a deadline for the documents; an offer's seat if it is of that
// session. claim.ErrFull if no seat is free there, claim.ErrClosed in another
// state or when the session has begun, claim.ErrStale if version is not 0 and
// the registration has changed. A rank above 0 is noted with it: that of the draw.
func (s *Store) Award(ctx context.Context, id string, version int, to claim.Place, rank int, start, deadline time.Time) (claim.Registration, error) {
	rec, err := s.record(ctx, id)
	if err != nil {
		return claim.Registration{}, err
	}
	if !rec.Status.Queued() {
		return s.Accept(ctx, id, version, deadline)
	}
	return s.move(ctx, id, to, start, func(p claim.Place, opens Reopening) change { return s.award(p, version, rank, deadline, opens) })
}

func (s *Store) award(to claim.Place, version, rank int, deadline time.Time, opens Reopening) change {
	return change{action: string(claim.ActAward), message: claim.MsgWon, actor: actorSystem, version: version,
		check: func(r *record) error {
			if !r.Status.Queued() {
				return claim.ErrClosed
			}
			return nil
		},
		apply: func(r *record) []types.TransactWriteItem {
			leave := s.leave(r)
			r.Status, r.Place, r.Deadline = claim.Draft, to, deadline
			if rank > 0 {
				r.Rank = rank
			}
			return []types.TransactWriteItem{leave, s.hold(key{r.lock, "LOCK"}, r.ID, deadline),
				s.takeSeat(to, r.ID, deadline, opens)}
		}}
}

// Wait puts an entry that was drawn without a seat on the wait list.
// claim.ErrClosed if it is no entry (any more).
func (s *Store) Wait(ctx context.Context, id string, rank int) (claim.Registration, error) {
	rec, err := s.change(ctx, id, change{action: string(claim.ActWait), message: claim.MsgWaiting, actor: actorSystem,
		check: func(r *record) error {
			if _, err := claim.Next(r.Status, claim.ActWait); err != nil {
				return err
			}
			return s.noteWaits(ctx, r.Place)
		},
		apply: func(r *record) []types.TransactWriteItem {
			leave := s.leave(r)
			r.Status, r.Rank = claim.Waitlisted, rank
			return []types.TransactWriteItem{leave, s.waitRow(r)}
		}})
	return rec.Registration, err
}
