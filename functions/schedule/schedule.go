// Package schedule runs what happens by the clock:
//
//	job    when           what
//	seats  every night    makes the seats of every bookable branch for the days of the horizon
//	lapse  every 5 min    ends drafts whose deadline has passed; their seats are free
//	tally  every 15 min   counts what became of claims, for the public results
//	recap  every minute   counts it for the official recap
//	offer  every 5 min    offers places that were given up to who waits for them, ends offers and waiting
//	draw   every minute   announces, closes and draws openings by draw, and gives the places
//	rearrange every 5 min moves places that a branch's hours no longer have, where its supervisor said so
//	leftover every night  puts the claims of past days that nobody decided on the branch's list
//	recount every night   counts the last days of the recap anew, reports and mends what differs
//	reconcile every night compares seats, registrations, locks, documents and messages, and calls somebody
//	companies every minute takes the places of agreed collective claims, registers their workers,
//	                      and submits the claims that they agreed to and that are complete
//	seal    every night   seals yesterday's audit trails (package trail)
//
// A complete draft whose owner forgot to press the button is submitted
// instead of lapsed. Its permission: read the requirement set, read and write
// seats and registrations, see which documents the vault has, and publish the
// results of draws.
package schedule

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/company"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/trail"
	"lapakasik/site/requirement"
)

// Store is what the jobs need of the store.
type Store interface {
	trail.Events
	DrawStore
	Timetable(ctx context.Context, branch string) (claim.Timetable, error)
	EnsureDay(context.Context, claim.DayPlan) error
	Rearrange(ctx context.Context, by claim.Desk, r *dynamo.Roster, limit int) (moved int, left []claim.Registration, err error)
	ServeWaits(ctx context.Context, r *dynamo.Roster, d requirement.Date) (int, error)
	Drafts(ctx context.Context, branch string, d requirement.Date, before time.Time) ([]string, error)
	ByID(ctx context.Context, id string) (claim.Registration, error)
	Submit(ctx context.Context, id string, version int) (claim.Registration, error)
	LapseDue(ctx context.Context, branch string, d requirement.Date) (int, error)
	TallyDue(ctx context.Context, limit int) ([]string, error)
	Tally(ctx context.Context, id string) (int, error)
	RecapDue(ctx context.Context, limit int) ([]string, error)
	CountRecap(ctx context.Context, id string) error
	Leftover(ctx context.Context, branch string, d requirement.Date) (int, error)
	CompaniesDue(ctx context.Context) ([]string, error)
	CompanyByID(ctx context.Context, id string) (company.Request, error)
	Reserve(ctx context.Context, id string) error
	Ripe(ctx context.Context, limit int) ([]string, error)
	SubmitRipe(ctx context.Context, id string, complete func(claim.Registration) (bool, error)) (bool, error)
	ImportCompany(ctx context.Context, id string, in dynamo.Intake) (left int, err error)
	Recount(ctx context.Context, branch string, d requirement.Date) (map[string]int, error)
	Reconcile(ctx context.Context, branch string, d requirement.Date) ([]string, error)
	ReconcileClaim(ctx context.Context, id string) ([]string, error)
	Day(ctx context.Context, branch string, d requirement.Date) ([]claim.Registration, error)
	Unsent(ctx context.Context, before time.Time) ([]string, error)
}

// Sets loads published requirement sets.
type Sets interface {
	Current(context.Context) (*requirement.Set, error)
	Version(ctx context.Context, version string) (*requirement.Set, error)
}

// Event names the job to run; it is the input of the schedule.
type Event struct {
	Job string `json:"job"`
}

// Service runs the jobs.
type Service struct {
	Store   Store
	Sets    Sets
	Archive trail.Archive
	Vault   Vault
	// Published are the files of draws.
	Published Published
	Log       *slog.Logger
	Now       func() time.Time
}

// parallel bounds how many branch-days are worked on at once.
const parallel = 4

// Handle runs one job. What fails for one branch-day does not stop the
// others; the error joins all, so that the job is retried.
func (s *Service) Handle(ctx context.Context, e Event) error {
	switch e.Job {
	case "tally":
		return s.tally(ctx)
	case "recap":
		return s.recap(ctx)
	case "leftover":
		return s.leftover(ctx)
	case "recount":
		return s.recount(ctx)
	case "seal":
		return s.seal(ctx)
	case "companies":
		return s.companies(ctx)
	}
	set, err := s.Sets.Current(ctx)
	if err != nil {
		return fmt.Errorf("job %s: %w", e.Job, err)
	}
	switch e.Job {
	case "seats":
		return s.each(ctx, e.Job, set, set.Booking.HorizonDays, func(ctx context.Context, b *requirement.Branch, d requirement.Date) (int, error) {
			hours, err := s.Store.Timetable(ctx, b.Code)
			if err != nil {
				return 0, err
			}
			plan := hours.Plan(b, d, set.Holidays)
			// A day that supervisors have closed may have seats to block.
			if len(plan.Sessions) == 0 && hours.Version == 0 {
				return 0, nil
			}
			return len(plan.Sessions), s.Store.EnsureDay(ctx, plan)
		})
	case "lapse":
		// Companies agree days that nobody else can book yet.
		return s.each(ctx, e.Job, set, max(set.Booking.HorizonDays, set.Company.HorizonDays), s.lapse)
	case "offer":
		return s.each(ctx, e.Job, set, set.Booking.HorizonDays, func(ctx context.Context, b *requirement.Branch, d requirement.Date) (int, error) {
			hours, err := s.Store.Timetable(ctx, b.Code)
			if err != nil {
				return 0, err
			}
			return s.Store.ServeWaits(ctx, &dynamo.Roster{Branch: b, Hours: hours, Holidays: set.Holidays, Booking: set.Booking}, d)
		})
	case "rearrange":
		return s.rearrange(ctx, set)
	case "reconcile":
		return s.reconcile(ctx, set)
	case "draw":
		return s.draw(ctx, set)
	}
	return fmt.Errorf("unknown job %q", e.Job)
}

// each runs work for every bookable branch, for today and so many days more.
func (s *Service) each(ctx context.Context, job string, set *requirement.Set, ahead int, work func(context.Context, *requirement.Branch, requirement.Date) (int, error)) error {
	var g errgroup.Group
	g.SetLimit(parallel)
	var mu sync.Mutex
	var failed error
	days, total := 0, 0
	rules := set.Booking
	rules.HorizonDays = ahead
	for i := range set.Branches {
		b := &set.Branches[i]
		if !b.Bookable {
			continue
		}
		for _, d := range claim.Dates(b, rules, s.Now()) {
			g.Go(func() error {
				n, err := work(ctx, b, d)
				if err != nil {
					err = fmt.Errorf("job %s, %s on %s: %w", job, b.Code, d, err)
				}
				mu.Lock()
				defer mu.Unlock()
				failed, days, total = errors.Join(failed, err), days+1, total+n
				return nil
			})
		}
	}
	_ = g.Wait() // what failed is in failed
	s.Log.LogAttrs(ctx, slog.LevelInfo, "job", slog.String("job", job), slog.Int("days", days), slog.Int("count", total))
	return failed
}

// seal seals every day that has ended since the last one.
func (s *Service) seal(ctx context.Context) error {
	n, err := trail.Catch(ctx, s.Store, s.Archive, s.Now())
	if err != nil {
		return fmt.Errorf("job seal: %w", err)
	}
	s.Log.LogAttrs(ctx, slog.LevelInfo, "job", slog.String("job", "seal"), slog.Int("count", n))
	return nil
}

// rearrangements is how many places of a branch one run moves.
const rearrangements = 500

// rearrange goes on with what a supervisor began: moving places that the
// hours no longer have.
func (s *Service) rearrange(ctx context.Context, set *requirement.Set) error {
	total := 0
	var failed error
	for i := range set.Branches {
		b := &set.Branches[i]
		if !b.Bookable {
			continue
		}
		hours, err := s.Store.Timetable(ctx, b.Code)
		if err == nil && hours.Rearrange {
			var n int
			n, _, err = s.Store.Rearrange(ctx, claim.Desk{Branch: b.Code}, &dynamo.Roster{Branch: b, Hours: hours, Holidays: set.Holidays, Booking: set.Booking}, rearrangements)
			total += n
		}
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("job rearrange, %s: %w", b.Code, err))
		}
	}
	s.Log.LogAttrs(ctx, slog.LevelInfo, "job", slog.String("job", "rearrange"), slog.Int("count", total))
	return failed
}

// tallies is how many registrations of each shard one run counts. What is left
// stays due; a month is published a day after its end, so there is time.
const tallies = 1000

// tally counts one registration after the other: they add to the same rows,
// so more at once would only wait for each other.
func (s *Service) tally(ctx context.Context) error {
	ids, err := s.Store.TallyDue(ctx, tallies)
	if err != nil {
		return fmt.Errorf("job tally: %w", err)
	}
	total := 0
	var failed error
	for _, id := range ids {
		n, err := s.Store.Tally(ctx, id)
		total += n
		if err != nil && !errors.Is(err, claim.ErrBusy) {
			failed = errors.Join(failed, fmt.Errorf("job tally: %w", err))
		}
	}
	s.Log.LogAttrs(ctx, slog.LevelInfo, "job", slog.String("job", "tally"), slog.Int("count", total))
	return failed
}

// soon is how long before its deadline a complete draft is submitted for its
// owner: two runs of the job.
const soon = 10 * time.Minute

// lapse submits drafts that are complete and about to run out, and ends those
// that have run out.
func (s *Service) lapse(ctx context.Context, b *requirement.Branch, d requirement.Date) (int, error) {
	ids, err := s.Store.Drafts(ctx, b.Code, d, s.Now().Add(soon))
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		if failed := s.submitComplete(ctx, id); failed != nil {
			err = errors.Join(err, failed)
		}
	}
	n, failed := s.Store.LapseDue(ctx, b.Code, d)
	return n, errors.Join(err, failed)
}

func (s *Service) submitComplete(ctx context.Context, id string) error {
	reg, err := s.Store.ByID(ctx, id)
	if err != nil {
		return err
	}
	set, err := s.Sets.Version(ctx, reg.SetVersion)
	if err != nil {
		return err
	}
	if !claim.Complete(set, reg) || !s.Now().Before(reg.Deadline) {
		return nil
	}
	_, err = s.Store.Submit(ctx, id, reg.Version)
	if errors.Is(err, claim.ErrClosed) || errors.Is(err, claim.ErrStale) {
		return nil // its owner was faster
	}
	return err
}
