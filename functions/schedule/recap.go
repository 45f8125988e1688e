package schedule

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"lapakasik/functions/internal/claim"
	"lapakasik/site/requirement"
)

// recap counts what became of claims since the last run, for the official recap.
func (s *Service) recap(ctx context.Context) error {
	ids, err := s.Store.RecapDue(ctx, tallies)
	if err != nil {
		return fmt.Errorf("job recap: %w", err)
	}
	var failed error
	for _, id := range ids {
		if err := s.Store.CountRecap(ctx, id); err != nil && !errors.Is(err, claim.ErrBusy) {
			failed = errors.Join(failed, fmt.Errorf("job recap: %w", err))
		}
	}
	s.Log.LogAttrs(ctx, slog.LevelInfo, "job", slog.String("job", "recap"), slog.Int("count", len(ids)))
	return failed
}

// recounted is how many past days the nightly recount looks at.
const recounted = 40

// recount counts the last days anew and reports every number that was wrong.
func (s *Service) recount(ctx context.Context) error {
	if err := s.recap(ctx); err != nil {
		return err
	}
	set, err := s.Sets.Current(ctx)
	if err != nil {
		return fmt.Errorf("job recount: %w", err)
	}
	var failed error
	wrong := 0
	for i := range set.Branches {
		b := &set.Branches[i]
		if !b.Bookable {
			continue
		}
		today := requirement.DateOf(s.Now().In(b.Location()))
		for back := range recounted {
			drift, err := s.Store.Recount(ctx, b.Code, today.AddDays(-back))
			if err != nil && !errors.Is(err, claim.ErrBusy) {
				failed = errors.Join(failed, fmt.Errorf("job recount, %s: %w", b.Code, err))
			}
			if len(drift) > 0 {
				wrong++
				s.Log.LogAttrs(ctx, slog.LevelError, "recap drift", slog.String("job", "recount"), slog.String("state", b.Code), slog.Int("count", len(drift)))
			}
		}
	}
	s.Log.LogAttrs(ctx, slog.LevelInfo, "job", slog.String("job", "recount"), slog.Int("count", wrong))
	return failed
}

// overdue is how many past days are looked at for claims that nobody decided:
// a job that failed is made up for by the next.
const overdue = 7

// leftover keeps what nobody decided on its day from being forgotten.
func (s *Service) leftover(ctx context.Context) error {
	set, err := s.Sets.Current(ctx)
	if err != nil {
		return fmt.Errorf("job leftover: %w", err)
	}
	var failed error
	total := 0
	for i := range set.Branches {
		b := &set.Branches[i]
		if !b.Bookable {
			continue
		}
		today := requirement.DateOf(s.Now().In(b.Location()))
		for back := 1; back <= overdue; back++ {
			n, err := s.Store.Leftover(ctx, b.Code, today.AddDays(-back))
			failed = errors.Join(failed, err)
			total += n
		}
	}
	s.Log.LogAttrs(ctx, slog.LevelInfo, "job", slog.String("job", "leftover"), slog.Int("count", total))
	return failed
}
