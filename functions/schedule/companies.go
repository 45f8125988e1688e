package schedule

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/dynamo"
)

// intakes is how many workers of a company one run registers: some 15 write
// units each, so that a large list takes minutes and nobody else waits.
const intakes = 1000

// companies goes on with every collective claim that a branch has agreed. What
// fails for one does not stop the others; a run that breaks off is gone on with
// by the next.
func (s *Service) companies(ctx context.Context) error {
	due, err := s.Store.CompaniesDue(ctx)
	if err != nil {
		return fmt.Errorf("job companies: %w", err)
	}
	left := 0
	var failed error
	for _, id := range due {
		n, err := s.company(ctx, id)
		left += n
		if err != nil && !errors.Is(err, claim.ErrFull) && !errors.Is(err, claim.ErrBusy) { // the branch sees it; the next run goes on
			failed = errors.Join(failed, fmt.Errorf("job companies: %w", err))
		}
	}
	sent, err := s.submitRipe(ctx)
	if err != nil {
		failed = errors.Join(failed, fmt.Errorf("job companies: %w", err))
	}
	s.Log.LogAttrs(ctx, slog.LevelInfo, "job", slog.String("job", "companies"), slog.Int("count", len(due)), slog.Int("left", left), slog.Int("sent", sent))
	return failed
}

// ripe is of how many claims of each shard one run looks at.
const ripe = 250

// submitRipe submits the claims that a worker agreed to and whose last file has
// passed since.
func (s *Service) submitRipe(ctx context.Context) (sent int, err error) {
	ids, err := s.Store.Ripe(ctx, ripe)
	for _, id := range ids {
		done, failed := s.Store.SubmitRipe(ctx, id, func(reg claim.Registration) (bool, error) {
			set, err := s.Sets.Version(ctx, reg.SetVersion)
			return err == nil && claim.Complete(set, reg), err
		})
		if done {
			sent++
		}
		err = errors.Join(err, failed)
	}
	return sent, err
}

func (s *Service) company(ctx context.Context, id string) (left int, err error) {
	if err := s.Store.Reserve(ctx, id); err != nil {
		return 0, err
	}
	r, err := s.Store.CompanyByID(ctx, id)
	if err != nil {
		return 0, err
	}
	set, err := s.Sets.Version(ctx, r.SetVersion)
	if err != nil {
		return 0, err
	}
	b := set.Branch(r.Branch)
	if b == nil {
		return 0, fmt.Errorf("set %s lacks branch %q", set.Version, r.Branch)
	}
	return s.Store.ImportCompany(ctx, id, dynamo.Intake{Set: set, Branch: b, Limit: intakes})
}
