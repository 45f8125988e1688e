package dynamo

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/tally"
	"lapakasik/site/requirement"
)

// A change is one step of a registration: what it becomes, and the items
// beside the registration that change with it.
type change struct {
	action  string
	message claim.Message // empty: nobody is told
	actor   string
	quiet   bool  // a look, which changes no version
	full    error // what it means when the condition of the last item fails
	version int   // that the person saw; 0: whichever there is
	check   func(*record) error
	// apply changes the record and returns the items that change with it.
	apply func(*record) []types.TransactWriteItem
}

// change writes registration, event, outbox row and whatever belongs to it in
// one transaction (TRUST R26, R31). claim.ErrStale if the registration is no
// longer at the version; claim.ErrBusy under too much contention.
func (s *Store) change(ctx context.Context, id string, ch change) (rec record, err error) {
	err = s.again(ctx, func() (bool, error) {
		old, err := s.record(ctx, id)
		if err != nil {
			return false, err
		}
		if ch.version != 0 && old.Version != ch.version {
			return true, claim.ErrStale
		}
		if err := ch.check(&old); err != nil {
			return true, err
		}
		rec = old
		beside := ch.apply(&rec)
		if !ch.quiet {
			rec.Version++
		}
		items, err := s.changed(&rec, old, ch, beside)
		if err != nil {
			return false, err
		}
		return s.written(ctx, ch, items, &rec)
	})
	return rec, err
}

// written tells whether the transaction took place; a failed condition means
// that somebody else was faster, and the next try sees what they did.
func (s *Store) written(ctx context.Context, ch change, items []types.TransactWriteItem, rec *record) (bool, error) {
	err := s.transact(ctx, ch.action, "", items)
	if err == nil {
		return true, nil
	}
	// Whatever the error says: the SDK asks again when a reply is lost, and the
	// second answer may be a refusal because the first try was written.
	if done, readErr := s.happened(ctx, rec); readErr == nil && done {
		return true, nil
	}
	var c *cancelled
	switch {
	case !errors.As(err, &c):
		return false, err
	case !c.failed(0) && c.failed(len(items)-1):
		return true, cmp.Or(ch.full, errSeatLost)
	case c.failed(0) || c.passing():
		return false, nil
	}
	return false, c
}

// happened tells whether the record's newest event is in the trail: the event
// stays whatever follows, so this is right even when others went on meanwhile.
func (s *Store) happened(ctx context.Context, rec *record) (bool, error) {
	it, err := s.get(ctx, s.table, eventKey(rec.ID, rec.seq))
	return it != nil && getS(it, "hash") == rec.hash, err
}

// errSeatLost: the last item of a change, a seat to take, was taken by somebody else.
var errSeatLost = errors.New("dynamo: seat lost")

func (s *Store) changed(rec *record, old record, ch change, beside []types.TransactWriteItem) ([]types.TransactWriteItem, error) {
	event, err := s.next(rec, ch.actor, ch.action, old.Status, rec.Status)
	if err != nil {
		return nil, err
	}
	it, err := rec.item()
	if err != nil {
		return nil, err
	}
	items := []types.TransactWriteItem{
		putIf(s.table, regKey(rec.ID), it, "v = :v AND seq = :seq", nil, item{":v": num(int64(old.Version)), ":seq": num(int64(old.seq))}),
		event,
	}
	if ch.message != "" {
		items = append(items, s.outbox(rec, ch.message))
	}
	if tally.Counted(old.Status, rec.Status) {
		items = append(items, s.dueTally(rec))
	}
	if s.Life == 0 && recapped(old.Registration) != recapped(rec.Registration) { // nobody counts rehearsals
		items = append(items, s.dueRecap(rec))
	}
	if ch.actor != actorClaimant && ch.actor != actorSystem {
		items = append(items, s.act(rec, ch))
	}
	return append(items, beside...), nil
}

// takeSeat gives an open seat to a registration until a moment; the zero time
// for no end. With the hold it notes when the seat opens should the hold run
// out: that is settled by then, whoever clears it away and when.
func (s *Store) takeSeat(p claim.Place, id string, until time.Time, opens Reopening) types.TransactWriteItem {
	after := time.Time{}
	if !until.IsZero() {
		after = opens(p, until)
	}
	return update(s.table, seatKey(p), "SET #state = :taken, reg = :reg, #until = :until, opens = :opens", openSeat,
		map[string]string{"#state": "state", "#until": "until"},
		item{":taken": str(seatTaken), ":free": str(seatFree), ":reg": str(id), ":until": unix(s.end(until)), ":opens": unix(after), ":now": num(s.Now().Unix())})
}

// holdFreeSeat takes a free seat that others must wait for.
func (s *Store) holdFreeSeat(p claim.Place, id string, until time.Time, opens Reopening) types.TransactWriteItem {
	return update(s.table, seatKey(p), "SET #state = :taken, reg = :reg, #until = :until, opens = :opens", "#state = :free",
		map[string]string{"#state": "state", "#until": "until"},
		item{":taken": str(seatTaken), ":free": str(seatFree), ":reg": str(id), ":until": unix(until), ":opens": unix(opens(p, until))})
}

// holdSeat sets until when a registration holds its seat, and when the seat
// opens after that.
func (s *Store) holdSeat(p claim.Place, id string, until time.Time, opens Reopening) types.TransactWriteItem {
	return update(s.table, seatKey(p), "SET #until = :until, opens = :opens", "reg = :reg",
		map[string]string{"#until": "until"}, item{":until": unix(until), ":opens": unix(opens(p, until)), ":reg": str(id)})
}

// freeSeat gives a seat back: it opens at a moment.
func (s *Store) freeSeat(p claim.Place, id string, opens time.Time) types.TransactWriteItem {
	return update(s.table, seatKey(p), "SET #state = if_not_exists(#after, :free), opens = :opens REMOVE reg, #until", "reg = :reg",
		map[string]string{"#state": "state", "#until": "until", "#after": "after"}, item{":free": str(seatFree), ":reg": str(id), ":opens": unix(opens)})
}

// dropSeat gives a seat back whose hold has run out: it opens as the hold said.
func (s *Store) dropSeat(p claim.Place, id string) types.TransactWriteItem {
	return update(s.table, seatKey(p), "SET #state = if_not_exists(#after, :free) REMOVE reg, #until", "reg = :reg",
		map[string]string{"#state": "state", "#until": "until", "#after": "after"}, item{":free": str(seatFree), ":reg": str(id)})
}

// leave gives back what a registration has of its day: its seat, whose hold
// has run out, its place in the draw or that on the wait list.
func (s *Store) leave(r *record) types.TransactWriteItem {
	switch r.Status {
	case claim.Entered:
		return s.takeOff(entryKey(r.Place, r.Ticket), r.ID)
	case claim.Waitlisted:
		return s.takeOff(waitKey(r), r.ID)
	}
	return s.dropSeat(r.Place, r.ID)
}

func (s *Store) closeLock(lock, id string) types.TransactWriteItem {
	return update(s.table, key{lock, "LOCK"}, "SET #state = :closed", "reg = :reg",
		map[string]string{"#state": "state"}, item{":closed": str(lockClosed), ":reg": str(id)})
}

func live(r *record) error {
	if r.Status != claim.Draft && r.Status != claim.Submitted {
		return claim.ErrClosed
	}
	return nil
}

// overdue tells whether a draft's deadline has passed, so that others may take its seat.
func (s *Store) overdue(r *record) bool { return s.Now().Unix() > r.Deadline.Unix() }

// Cancel gives the seat back, which opens at the next announced time, and
// closes the claimant's lock. claim.ErrClosed if the registration has ended,
// claim.ErrStale if it has changed.
func (s *Store) Cancel(ctx context.Context, id string, version int) (claim.Registration, error) {
	opens, err := s.reopening(ctx)
	if err != nil {
		return claim.Registration{}, err
	}
	rec, err := s.change(ctx, id, change{action: "cancel", message: claim.MsgCancelled, actor: actorClaimant, version: version,
		check: func(r *record) error {
			if !r.Call.Free() {
				return claim.ErrClosed
			}
			_, err := claim.Next(r.Status, claim.ActCancel)
			return err
		},
		apply: func(r *record) []types.TransactWriteItem {
			leave := s.leave(r)
			if !r.Status.Queued() {
				leave = s.freeSeat(r.Place, r.ID, opens(r.Place, s.Now()))
			}
			r.Status = claim.Cancelled
			return append(s.backlog(r, claim.ActCancel), leave, s.closeLock(r.lock, r.ID))
		}})
	return rec.Registration, err
}

// Submit turns a draft whose documents the caller has checked into a claim:
// the hold on seat and lock has no end any more. claim.ErrClosed after the
// deadline or in another state.
func (s *Store) Submit(ctx context.Context, id string, version int) (claim.Registration, error) {
	rec, err := s.change(ctx, id, s.submit(version))
	return rec.Registration, err
}

func (s *Store) submit(version int) change {
	return change{action: "submit", message: claim.MsgConfirmed, actor: actorClaimant, version: version,
		check: func(r *record) error {
			if r.Status != claim.Draft || !s.Now().Before(r.Deadline) || !claim.Consented(r.Registration) {
				return claim.ErrClosed
			}
			return nil
		},
		apply: func(r *record) []types.TransactWriteItem {
			r.Status = claim.Submitted
			return append(s.lineSent(r), s.hold(seatKey(r.Place), r.ID, time.Time{}), s.hold(key{r.lock, "LOCK"}, r.ID, time.Time{}))
		}}
}

// hold sets until when a registration holds a seat or lock; the zero time for no end.
func (s *Store) hold(k key, id string, until time.Time) types.TransactWriteItem {
	return update(s.table, k, "SET #until = :until", "reg = :reg",
		map[string]string{"#until": "until"}, item{":until": unix(s.end(until)), ":reg": str(id)})
}

// Move takes a random free seat of another session and gives the old one back
// in the same transaction; others can take that from its announced time on.
// deadline is that of a draft at the new place. claim.ErrFull if no seat is free
// there, claim.ErrClosed also while an officer has it in hand, claim.ErrStale.
func (s *Store) Move(ctx context.Context, id string, version int, to claim.Place, start, deadline time.Time) (claim.Registration, error) {
	return s.move(ctx, id, to, start, func(p claim.Place, opens Reopening) change { return s.moveTo(p, version, deadline, opens) })
}

func (s *Store) move(ctx context.Context, id string, to claim.Place, start time.Time, step func(claim.Place, Reopening) change) (claim.Registration, error) {
	if !s.Now().Before(start) {
		return claim.Registration{}, claim.ErrClosed
	}
	opens, err := s.reopening(ctx)
	if err != nil {
		return claim.Registration{}, err
	}
	k := &booking{s: s, ctx: ctx, Booking: claim.Booking{Place: to}, pool: s.pool(to)}
	var moved claim.Registration
	err = s.again(ctx, func() (bool, error) {
		x, err := k.pick()
		for ; err == nil; x, err = k.pick() {
			rec, err := s.change(ctx, id, step(x.place, opens))
			k.pool.release(x)
			if !errors.Is(err, errSeatLost) {
				moved = rec.Registration
				return true, err
			}
			k.drop()
		}
		if errors.Is(err, errHeld) {
			err = nil
		}
		return false, err
	})
	return moved, err
}

// moveTo is the step to another seat; a zero deadline leaves a draft the one it has.
func (s *Store) moveTo(to claim.Place, version int, deadline time.Time, opens Reopening) change {
	return change{action: "move", message: claim.MsgMoved, actor: actorClaimant, version: version,
		check: func(r *record) error {
			if err := s.open(r); err != nil {
				return err
			}
			if !r.Call.Free() {
				return claim.ErrClosed
			}
			if r.Place == to {
				return claim.ErrFull
			}
			return nil
		},
		apply: func(r *record) []types.TransactWriteItem {
			old, until := r.Place, time.Time{}
			if r.Status == claim.Draft {
				if !deadline.IsZero() {
					r.Deadline = deadline
				}
				until = r.Deadline
			}
			channel := r.Place.Channel
			r.Place = to
			if channel == requirement.Collective {
				r.Place.Channel = channel
			}
			r.Phone = r.Phone && to.Channel == requirement.Online
			if to.Branch != old.Branch || to.Date != old.Date || r.Place.Channel != old.Channel {
				r.Call = claim.Call{} // arrived and numbered there, not here
			}
			return []types.TransactWriteItem{s.freeSeat(old, r.ID, opens(old, s.Now())), s.hold(key{r.lock, "LOCK"}, r.ID, until),
				s.takeSeat(to, r.ID, until, opens)}
		}}
}

// Drafts returns the ids of a branch-day's drafts whose deadline is before a
// moment, as GSI1 knows them.
func (s *Store) Drafts(ctx context.Context, branch string, d requirement.Date, before time.Time) ([]string, error) {
	return s.overdueIn(ctx, claim.Draft, branch, d, before)
}

// overdueIn returns the ids of a branch-day's registrations of a status whose
// deadline is before a moment, as GSI1 knows them.
func (s *Store) overdueIn(ctx context.Context, status claim.Status, branch string, d requirement.Date, before time.Time) ([]string, error) {
	items, err := s.pages(ctx, &dynamodb.QueryInput{TableName: aws.String(s.table), IndexName: aws.String("GSI1"),
		KeyConditionExpression: aws.String("GSI1PK = :pk AND begins_with(GSI1SK, :sk)"), FilterExpression: aws.String("deadline < :before"),
		ExpressionAttributeValues: item{":pk": str(branchDay(branch, d)), ":sk": str(string(status) + "#"), ":before": unix(before)}})
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(items))
	for i, it := range items {
		ids[i] = getS(it, "PK")[len("REG#"):]
	}
	return ids, nil
}

// LapseDue ends every draft of a branch-day whose deadline has passed and
// returns how many. What one draft fails with does not stop the others.
func (s *Store) LapseDue(ctx context.Context, branch string, d requirement.Date) (int, error) {
	ids, err := s.Drafts(ctx, branch, d, s.Now())
	if err != nil {
		return 0, err
	}
	n := 0
	for _, id := range ids {
		did, failed := s.lapse(ctx, id)
		err = errors.Join(err, failed)
		if did {
			n++
		}
	}
	return n, err
}
