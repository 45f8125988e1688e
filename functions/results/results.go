// Package results shows the public what becomes of claims, and asks people
// whose claim has ended how it was:
//
//	GET /kinerja ─► 12 months or one, all branches or one ─► table, drawing, CSV
//	                      │ published months only, kept in memory: they never change
//	                      └ package tally decides what may be shown
//	GET /undian ─► what a branch's openings by draw have published, to be checked by anybody
//	GET /survei?undangan=… ─► POST /survei ─► counted; nobody knows whose it was
//
// Its permission: read the requirement set, the results and the draws; add to the survey.
// It can read no registration.
package results

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/tally"
	"lapakasik/functions/internal/web"
	"lapakasik/site/requirement"
)

// Store is what the results need of the store.
type Store interface {
	Results(ctx context.Context, m tally.Month) ([]tally.Row, error)
	Survey(ctx context.Context, m tally.Month) (tally.Row, error)
	Draws(ctx context.Context, branch string, from requirement.Date) ([]claim.Draw, error)
	Answer(ctx context.Context, invitation string, adds []tally.Add) error
}

// Sets loads the published requirement set.
type Sets interface {
	Current(context.Context) (*requirement.Set, error)
}

// Service is the results page and the survey.
type Service struct {
	Store Store
	Sets  Sets

	mu    sync.Mutex
	known map[tally.Month]month
}

// A month is what was counted in a month that is published.
type month struct {
	rows   []tally.Row
	survey tally.Row
}

const (
	period  = 12              // months that the page offers
	keep    = 5 * time.Minute // for which the distribution may keep an answer
	readers = 4               // months that are read at once
	settled = time.Hour       // after which the last count of a month is seen by every read
)

// Routes returns every address of the function.
func (s *Service) Routes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Path: "/kinerja", Handle: s.show},
		{Method: http.MethodGet, Path: "/kinerja/data.csv", Handle: s.csv},
		{Method: http.MethodGet, Path: "/undian", Handle: s.draws},
		{Method: http.MethodGet, Path: "/survei", Handle: s.ask},
		{Method: http.MethodPost, Path: "/survei", Handle: s.answer},
	}
}

// A view is the part of the results that was asked for.
type view struct {
	*web.Call
	set    *requirement.Set
	offer  []tally.Month // newest first
	months []tally.Month // asked for, newest first
	branch string        // "" for all
	cells  []tally.Cell  // of the branch, or all
	survey []tally.Cell  // of the whole service
}

// view reads the filter and the results that it asks for. Mistakes: the
// filter names what there is not.
func (s *Service) view(c *web.Call) (*view, web.Mistakes, error) {
	in, err := c.Input("cabang", "bulan")
	if err != nil {
		return nil, nil, err
	}
	set, err := s.Sets.Current(c.Context())
	if err != nil {
		return nil, nil, fmt.Errorf("results: %w", err)
	}
	v := &view{Call: c, set: set, offer: tally.Months(c.Now(), period), branch: in.Get("cabang")}
	v.months = v.offer
	var mistakes web.Mistakes
	if v.branch != "" && set.Branch(v.branch) == nil {
		mistakes.Add("cabang", c.T("kinerja.cabang.salah"))
	}
	if asked := in.Get("bulan"); asked != "" {
		m, err := tally.ParseMonth(asked)
		if err != nil || !slices.Contains(v.offer, m) {
			mistakes.Add("bulan", c.T("kinerja.bulan.salah"))
		}
		v.months = []tally.Month{m}
	}
	if len(mistakes) > 0 {
		return v, mistakes, nil
	}
	return v, nil, s.fill(v)
}

// fill reads the months and keeps what may be shown of them.
func (s *Service) fill(v *view) error {
	months, err := s.load(v.Context(), v.months, v.Now())
	if err != nil {
		return err
	}
	nodes := tally.SurveyNodes(v.set.Survey)
	for _, m := range months {
		for _, r := range m.rows {
			if v.branch == "" || r.Branch == v.branch {
				v.cells = append(v.cells, tally.Publish(tally.Claims, r, v.set.Results.Threshold)...)
			}
		}
		if len(m.survey.Counts) == 0 {
			continue
		}
		v.survey = append(v.survey, tally.Publish(nodes, m.survey, v.set.Results.Threshold)...)
	}
	tally.Sort(v.cells)
	tally.Sort(v.survey)
	return nil
}

// load returns published months, from memory where they were read before.
func (s *Service) load(ctx context.Context, months []tally.Month, now time.Time) ([]month, error) {
	out := make([]month, len(months))
	errs := make([]error, len(months))
	var wg sync.WaitGroup
	free := make(chan struct{}, readers)
	for i, m := range months {
		s.mu.Lock()
		known, ok := s.known[m]
		s.mu.Unlock()
		if ok {
			out[i] = known
			continue
		}
		wg.Go(func() {
			free <- struct{}{}
			defer func() { <-free }()
			out[i], errs[i] = s.read(ctx, m, now)
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (s *Service) read(ctx context.Context, m tally.Month, now time.Time) (month, error) {
	rows, err := s.Store.Results(ctx, m)
	if err != nil {
		return month{}, err
	}
	survey, err := s.Store.Survey(ctx, m)
	if err != nil {
		return month{}, err
	}
	out := month{rows, survey}
	if now.Sub(m.PublishedAt()) < settled {
		return out, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known == nil || len(s.known) > 2*period {
		s.known = map[tally.Month]month{}
	}
	s.known[m] = out
	return out, nil
}
