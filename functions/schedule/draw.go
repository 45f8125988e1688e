package schedule

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"lapakasik/functions/draw/lot"
	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/site/requirement"
)

// DrawStore is what an opening by draw needs of the store.
type DrawStore interface {
	Draws(ctx context.Context, branch string, from requirement.Date) ([]claim.Draw, error)
	DrawSeed(context.Context, claim.Draw) (string, error)
	AnnounceDraw(context.Context, claim.Draw) (claim.Draw, error)
	CloseDraw(context.Context, claim.Draw) (claim.Draw, error)
	RevealDraw(ctx context.Context, d claim.Draw, seed string) (claim.Draw, error)
	FinishDraw(context.Context, claim.Draw) (claim.Draw, error)
	Settle(ctx context.Context, d claim.Draw, ranks int) error
	OfferLeft(context.Context, claim.Draw) error
	Sessions(ctx context.Context, branch string, d requirement.Date) ([]claim.Session, error)
	Entries(ctx context.Context, branch string, d requirement.Date, ch requirement.Channel) ([]dynamo.Entered, error)
	EntryOf(ctx context.Context, d claim.Draw, ticket string) (string, error)
	Award(ctx context.Context, id string, version int, to claim.Place, rank int, start, deadline time.Time) (claim.Registration, error)
	Wait(ctx context.Context, id string, rank int) (claim.Registration, error)
	VoidDraw(context.Context, claim.Draw) (claim.Draw, error)
	LapseEntry(ctx context.Context, id string) (bool, error)
}

// Published keeps the files of draws that everybody can download.
type Published interface {
	Publish(ctx context.Context, name string, body []byte) error
	Read(ctx context.Context, name string) ([]byte, error)
}

// Grace is how long after a window the list is closed: whoever pressed in time
// has been written by then, whichever clock looked (TRUST R25).
const Grace = time.Minute

// pastDraws is for how many days after its day a draw is looked after.
const pastDraws = 3

// draw takes every draw as far as it can go now. Each step is a condition on
// the step before, so that any number of runs at once, and any that breaks
// off, end the same.
func (s *Service) draw(ctx context.Context, set *requirement.Set) error {
	var g errgroup.Group
	g.SetLimit(parallel)
	failed := make([]error, len(set.Branches))
	for i := range set.Branches {
		if b := &set.Branches[i]; b.Bookable {
			g.Go(func() error {
				if err := s.drawsOf(ctx, set, b); err != nil {
					failed[i] = fmt.Errorf("job draw, %s: %w", b.Code, err)
				}
				return nil
			})
		}
	}
	_ = g.Wait() // what failed is in failed
	return errors.Join(failed...)
}

func (s *Service) drawsOf(ctx context.Context, set *requirement.Set, b *requirement.Branch) error {
	hours, err := s.Store.Timetable(ctx, b.Code)
	if err != nil {
		return err
	}
	today := requirement.DateOf(s.Now().In(b.Location()))
	have, err := s.Store.Draws(ctx, b.Code, today.AddDays(-pastDraws))
	if err != nil {
		return err
	}
	failed := s.announce(ctx, set, b, hours, have)
	for _, d := range have {
		if err := s.advance(ctx, set, b, hours, d); err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s: %w", d.Name(), err))
		}
	}
	return failed
}

// announce publishes the commitment of every draw whose time it is.
func (s *Service) announce(ctx context.Context, set *requirement.Set, b *requirement.Branch, hours claim.Timetable, have []claim.Draw) error {
	known := map[string]bool{}
	for _, d := range have {
		known[d.Name()] = true
	}
	var failed error
	for _, date := range claim.Dates(b, set.Booking, s.Now()) {
		if hours.Mode(set.Booking.Opening, b.Code, date) != requirement.Ballot {
			continue
		}
		opens, closes, err := claim.Announce(b, date, set.Booking.Opening, s.Now())
		if err != nil {
			continue // not yet, or too late: then the day is first-come
		}
		plan := hours.Plan(b, date, set.Holidays)
		for _, ch := range []requirement.Channel{requirement.Online, requirement.Onsite} {
			d := claim.Draw{Branch: b.Code, Date: date, Channel: ch, Opens: opens, Closes: closes, Source: set.Booking.Opening.Source}
			if plan.Places(ch) > 0 && !known[d.Name()] {
				failed = errors.Join(failed, s.commit(ctx, d))
			}
		}
	}
	return failed
}

// commit makes the seed and keeps its digest.
func (s *Service) commit(ctx context.Context, d claim.Draw) error {
	nonce := make([]byte, 16)
	if _, err := rand.Read(nonce); err != nil {
		return fmt.Errorf("nonce: %w", err)
	}
	d.Nonce = hex.EncodeToString(nonce)
	seed, err := s.Store.DrawSeed(ctx, d)
	if err != nil {
		return err
	}
	if d.Commitment, err = lot.Commitment(seed); err != nil {
		return err
	}
	d, err = s.Store.AnnounceDraw(ctx, d)
	s.logDraw(ctx, d, "COMMITTED", 0)
	return err
}

func (s *Service) advance(ctx context.Context, set *requirement.Set, b *requirement.Branch, hours claim.Timetable, d claim.Draw) (err error) {
	if d.Date < requirement.DateOf(s.Now().In(b.Location())) || d.Void() {
		return s.over(ctx, d)
	}
	if d.State == claim.DrawCommitted && !s.Now().Before(d.Closes.Add(Grace)) {
		if d, err = s.close(ctx, hours.Plan(b, d.Date, set.Holidays), d); err != nil {
			return err
		}
	}
	if d.State == claim.DrawClosed && d.Entries == 0 {
		return s.finish(ctx, d, 0)
	}
	if d.State == claim.DrawClosed && d.Confirmed != "" {
		if d, err = s.reveal(ctx, d); err != nil {
			return err
		}
	}
	if d.Waits() {
		return s.await(ctx, set.Booking.Opening, b, d)
	}
	if d.State == claim.DrawDrawn {
		return s.settle(ctx, set, b, d)
	}
	return nil
}

// Overdue is the log line that calls somebody: the alarm in template.yaml looks for it.
const Overdue = "draw overdue"

// await calls somebody when a closed draw must have its public value soon, and
// ends it when it is too late for one.
func (s *Service) await(ctx context.Context, rules requirement.Opening, b *requirement.Branch, d claim.Draw) error {
	by, err := d.ValueBy(b, rules)
	if err != nil {
		return err
	}
	if d.Overdue(by, s.Now()) {
		s.Log.LogAttrs(ctx, slog.LevelError, Overdue, slog.String("job", "draw"), slog.String("state", d.Name()), slog.Int("count", d.Entries))
	}
	if s.Now().Before(by) {
		return nil
	}
	return s.over(ctx, d)
}

// over ends a draw that came to no result, and then what is left of it: who is
// told that the draw has ended can read so.
func (s *Service) over(ctx context.Context, d claim.Draw) error {
	left, err := s.Store.Entries(ctx, d.Branch, d.Date, d.Channel)
	if err != nil {
		return err
	}
	if d.State == claim.DrawCommitted || d.State == claim.DrawClosed {
		d.Entries = max(d.Entries, len(left))
		if d, err = s.Store.VoidDraw(ctx, d); err != nil || d.State != claim.DrawDone {
			return err
		}
		s.logDraw(ctx, d, "VOID", len(left))
	}
	for _, e := range left {
		_, failed := s.Store.LapseEntry(ctx, e.Registration)
		err = errors.Join(err, failed)
	}
	return err
}

// close fixes who is in the draw and how many places there are, and publishes
// the list with its digest, before anybody can know the public value.
func (s *Service) close(ctx context.Context, plan claim.DayPlan, d claim.Draw) (claim.Draw, error) {
	rows, err := s.Store.Entries(ctx, d.Branch, d.Date, d.Channel)
	if err != nil {
		return d, err
	}
	if err := s.Store.EnsureDay(ctx, plan); err != nil {
		return d, err
	}
	all, err := s.Store.Sessions(ctx, d.Branch, d.Date)
	if err != nil {
		return d, err
	}
	list := closed(d, rows, all)
	if err := list.Check(); err != nil {
		return d, err
	}
	d.Sessions = nil
	for _, x := range list.Sessions {
		d.Sessions = append(d.Sessions, claim.Session{Channel: d.Channel, Time: x.Time, Places: x.Places})
	}
	d.ListDigest, d.Entries = list.Digest(), len(rows)
	body, err := json.Marshal(list)
	if err != nil {
		return d, fmt.Errorf("list: %w", err)
	}
	if err := s.Published.Publish(ctx, d.ListName(), body); err != nil {
		return d, err
	}
	d, err = s.Store.CloseDraw(ctx, d)
	s.logDraw(ctx, d, "CLOSED", d.Entries)
	return d, err
}

// closed is a draw's list. A time that somebody wished for stands in it even
// when the branch has it no longer, without a place: then the wish is a valid one.
func closed(d claim.Draw, rows []dynamo.Entered, all []claim.Session) lot.List {
	l := lot.List{Terms: lot.Terms{Version: lot.Version, Branch: d.Branch, Channel: string(d.Channel), Date: string(d.Date),
		Opens: d.Opens.Format(time.RFC3339), Closes: d.Closes.Format(time.RFC3339), Commitment: d.Commitment, PublicSource: d.Source.ID}}
	places := map[string]int{}
	for _, r := range rows {
		l.Tickets = append(l.Tickets, lot.Entry{Ticket: r.Ticket, Times: r.Times})
		for _, t := range r.Times {
			places[t] += 0
		}
	}
	for _, x := range all {
		if x.Channel == d.Channel {
			places[x.Time] += x.Free
		}
	}
	for _, t := range slices.Sorted(maps.Keys(places)) {
		l.Sessions = append(l.Sessions, lot.Session{Time: t, Places: places[t]})
	}
	return l
}

// result recomputes a draw from its closed list, its seed and its public value.
func (s *Service) result(ctx context.Context, d claim.Draw) (lot.Result, error) {
	body, err := s.Published.Read(ctx, d.ListName())
	if err != nil {
		return lot.Result{}, err
	}
	list, err := lot.ReadList(bytes.NewReader(body))
	if err != nil {
		return lot.Result{}, err
	}
	if digest := list.Digest(); digest != d.ListDigest {
		return lot.Result{}, fmt.Errorf("the published list was changed: its digest is %s, not %s", digest, d.ListDigest)
	}
	seed, err := s.Store.DrawSeed(ctx, d)
	if err != nil {
		return lot.Result{}, err
	}
	r, err := lot.Draw(list, seed, d.Value)
	if err != nil {
		return r, err
	}
	return r, r.Verify()
}

// reveal draws and publishes the result with the seed.
func (s *Service) reveal(ctx context.Context, d claim.Draw) (claim.Draw, error) {
	r, err := s.result(ctx, d)
	if err != nil {
		return d, err
	}
	body, err := json.Marshal(r)
	if err != nil {
		return d, fmt.Errorf("result: %w", err)
	}
	if err := s.Published.Publish(ctx, d.Name(), body); err != nil {
		return d, err
	}
	d, err = s.Store.RevealDraw(ctx, d, r.Seed)
	s.logDraw(ctx, d, "DRAWN", len(r.Places))
	return d, err
}

// inOneRun is for how many seconds one run serves the ranks of one draw; the
// next goes on where it stopped.
const inOneRun = 45

// saved is after how many ranks a run notes how far it came.
const saved = 25

// settle gives places and ranks on the wait list, in order and at the pace of
// the rules, from where the last run stopped.
func (s *Service) settle(ctx context.Context, set *requirement.Set, b *requirement.Branch, d claim.Draw) error {
	r, err := s.result(ctx, d)
	if err != nil {
		return err
	}
	rules := set.Booking
	tick := time.NewTicker(time.Second / time.Duration(rules.Opening.Pace))
	defer tick.Stop()
	end := min(len(r.Places), d.Settled+inOneRun*rules.Opening.Pace)
	for i := d.Settled; i < end; i++ {
		served, err := s.serve(ctx, rules, b, d, r.Places[i], i+1)
		if err != nil {
			return errors.Join(err, s.Store.Settle(ctx, d, i))
		}
		if (i+1)%saved == 0 || i+1 == end {
			if err := s.Store.Settle(ctx, d, i+1); err != nil {
				return err
			}
		}
		if !served {
			continue // nothing was written, so nothing is waited for
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
	s.logDraw(ctx, d, "SERVED", end)
	if end < len(r.Places) {
		return nil
	}
	if slices.ContainsFunc(r.Places, func(p lot.Place) bool { return p.Time == "" }) { // somebody waits
		if err := s.Store.OfferLeft(ctx, d); err != nil {
			return err
		}
	}
	return s.finish(ctx, d, len(r.Places))
}

// serve gives one rank what it was drawn. false: somebody has done so, or the
// entry is gone.
func (s *Service) serve(ctx context.Context, rules requirement.Booking, b *requirement.Branch, d claim.Draw, p lot.Place, rank int) (bool, error) {
	id, err := s.Store.EntryOf(ctx, d, p.Ticket)
	if errors.Is(err, claim.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if p.Time != "" {
		switch err := s.award(ctx, rules, b, d, p.Time, id, rank); {
		case err == nil:
			return true, nil
		// The seat has gone, to who was moved there or with an officer: whoever
		// would have had it is the first on the wait list.
		case !errors.Is(err, claim.ErrFull) && !errors.Is(err, claim.ErrClosed):
			return false, err
		}
	}
	_, err = s.Store.Wait(ctx, id, rank)
	if errors.Is(err, claim.ErrClosed) {
		return false, nil // it left, or another run was faster
	}
	return err == nil, err
}

func (s *Service) award(ctx context.Context, rules requirement.Booking, b *requirement.Branch, d claim.Draw, clock, id string, rank int) error {
	start, err := b.At(d.Date, clock)
	if err != nil {
		return err
	}
	deadline, err := claim.Confirm(rules, s.Now(), start)
	if err != nil {
		return err
	}
	_, err = s.Store.Award(ctx, id, 0, claim.Place{Branch: d.Branch, Channel: d.Channel, Date: d.Date, Time: clock}, rank, start.UTC(), deadline.UTC())
	return err
}

// finish puts who came in after the list was closed, which a wrong clock can
// do, behind everybody else, and ends the draw.
func (s *Service) finish(ctx context.Context, d claim.Draw, ranks int) error {
	late, err := s.Store.Entries(ctx, d.Branch, d.Date, d.Channel)
	if err != nil {
		return err
	}
	for i, e := range late {
		if _, err := s.Store.Wait(ctx, e.Registration, ranks+i+1); err != nil && !errors.Is(err, claim.ErrClosed) {
			return err
		}
	}
	d, err = s.Store.FinishDraw(ctx, d)
	s.logDraw(ctx, d, "DONE", ranks)
	return err
}

func (s *Service) logDraw(ctx context.Context, d claim.Draw, state string, n int) {
	s.Log.LogAttrs(ctx, slog.LevelInfo, "job", slog.String("job", "draw"), slog.String("state", state), slog.Int("count", n))
}
