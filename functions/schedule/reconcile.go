package schedule

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"lapakasik/functions/internal/claim"
	"lapakasik/site/requirement"
)

// Vault tells what of the documents is kept, without being able to read it.
type Vault interface {
	Holds(ctx context.Context, key, version string) (bool, error)
}

// reconcile fails when anything that must agree does not, so that the alarm
// of the jobs calls somebody; the log names each difference (TRUST R33).
func (s *Service) reconcile(ctx context.Context, set *requirement.Set) error {
	found, err := s.Differences(ctx, set)
	for _, d := range found {
		s.Log.LogAttrs(ctx, slog.LevelError, "difference", slog.String("job", "reconcile"), slog.String("state", d))
	}
	s.Log.LogAttrs(ctx, slog.LevelInfo, "job", slog.String("job", "reconcile"), slog.Int("count", len(found)))
	if len(found) > 0 {
		err = errors.Join(err, fmt.Errorf("job reconcile: %d differences", len(found)))
	}
	return err
}

// waits is how long a message may be due before somebody should look: its
// tries end some four hours after the first.
const waits = 24 * time.Hour

// Differences compares seats, registrations and claimants' locks, events and
// their messages, and claims and their documents, of every bookable branch for
// the last days and those of the horizon. It returns a sentence for each
// difference that was still there at a second look.
func (s *Service) Differences(ctx context.Context, set *requirement.Set) ([]string, error) {
	var g errgroup.Group
	g.SetLimit(parallel)
	var mu sync.Mutex
	var all []string
	var failed error
	for i := range set.Branches {
		b := &set.Branches[i]
		if !b.Bookable {
			continue
		}
		horizon := claim.Dates(b, set.Booking, s.Now())
		for d := horizon[0].AddDays(-overdue); d <= horizon[len(horizon)-1]; d = d.AddDays(1) {
			g.Go(func() error {
				found, err := s.still(func() ([]string, error) { return s.differences(ctx, b.Code, d) })
				mu.Lock()
				defer mu.Unlock()
				all, failed = append(all, found...), errors.Join(failed, err)
				return nil
			})
		}
	}
	for back := range 2 {
		day := s.Now().UTC().AddDate(0, 0, -back).Format(time.DateOnly)
		g.Go(func() error {
			found, err := s.busy(ctx, day)
			mu.Lock()
			defer mu.Unlock()
			all, failed = append(all, found...), errors.Join(failed, err)
			return nil
		})
	}
	_ = g.Wait() // what failed is in failed
	slices.Sort(all)
	all = slices.Compact(all)
	unsent, err := s.Store.Unsent(ctx, s.Now().Add(-waits))
	for _, id := range unsent {
		all = append(all, fmt.Sprintf("registration %s has had a message due for more than %v", id, waits))
	}
	return all, errors.Join(failed, err)
}

// busy looks at the claims to which something happened on a day (UTC): among
// them are those that have no place yet, and are on no branch-day.
func (s *Service) busy(ctx context.Context, day string) ([]string, error) {
	events, err := s.Store.EventsOf(ctx, day)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	var out []string
	for _, e := range events {
		if seen[e.Claim] {
			continue
		}
		seen[e.Claim] = true
		found, err := s.still(func() ([]string, error) { return s.Store.ReconcileClaim(ctx, e.Claim) })
		if err != nil {
			return out, fmt.Errorf("reconcile a claim: %w", err)
		}
		out = append(out, found...)
	}
	return out, nil
}

// still looks again where something differs: what was changed during the look
// is no difference.
func (s *Service) still(look func() ([]string, error)) ([]string, error) {
	first, err := look()
	if err != nil || len(first) == 0 {
		return nil, err
	}
	second, err := look()
	return slices.DeleteFunc(second, func(x string) bool { return !slices.Contains(first, x) }), err
}

func (s *Service) differences(ctx context.Context, branch string, d requirement.Date) ([]string, error) {
	out, err := s.Store.Reconcile(ctx, branch, d)
	if err != nil {
		return nil, fmt.Errorf("reconcile %s on %s: %w", branch, d, err)
	}
	regs, err := s.Store.Day(ctx, branch, d)
	if err != nil {
		return nil, err
	}
	for _, r := range regs {
		if r.Status == claim.Cancelled || r.Status == claim.Lapsed {
			continue
		}
		found, err := s.documents(ctx, r.ID)
		if err != nil {
			return nil, fmt.Errorf("documents of a registration: %w", err)
		}
		out = append(out, found...)
	}
	return out, nil
}

// documents compares what a claim must have with what is kept.
func (s *Service) documents(ctx context.Context, id string) ([]string, error) {
	reg, err := s.Store.ByID(ctx, id)
	if err != nil {
		return nil, err
	}
	set, err := s.Sets.Version(ctx, reg.SetVersion)
	if err != nil {
		return nil, err
	}
	var out []string
	if reg.Status != claim.Draft && !reg.Paper && !claim.Complete(set, reg) {
		out = append(out, fmt.Sprintf("registration %s is %s and lacks documents", id, reg.Status))
	}
	for _, doc := range reg.Documents {
		if doc.State != claim.DocPassed {
			continue
		}
		kept, err := s.Vault.Holds(ctx, doc.VaultKey, doc.Version)
		if err != nil {
			return nil, err
		}
		if !kept {
			out = append(out, fmt.Sprintf("registration %s, document %s of %s is not in the vault", id, doc.Upload, doc.Slot))
		}
	}
	return out, nil
}
