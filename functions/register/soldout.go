package register

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/web"
	"lapakasik/site/requirement"
)

// soldOutLife is how long a function goes by what it knows of a day's free
// places, where it only tells who waits.
const soldOutLife = 2 * time.Second

// seen is what a function knows of the days behind doors.
type seen struct {
	mu   sync.Mutex
	days map[string]*glance
}

// glance is one look at a day, shared by all who ask meanwhile.
type glance struct {
	made atomic.Bool // its seats are there, and stay
	mu   sync.Mutex
	at   time.Time
	gone bool

	ruled time.Time // when the branch's rule for the day was read
	drawn bool
}

// soldOut tells whether each place of the day behind a door was taken, at most
// soldOutLife ago.
func (s *Service) soldOut(e *entrance) (bool, error) {
	if !e.door.Open(e.call.Now()) {
		return false, nil
	}
	g := s.seen.glance(e.branch.Code, e.date)
	g.mu.Lock()
	defer g.mu.Unlock()
	now := e.call.Now()
	if !g.at.IsZero() && now.Sub(g.at) < soldOutLife {
		return g.gone, nil
	}
	sessions, err := s.Store.Sessions(e.call.Context(), e.branch.Code, e.date)
	if errors.Is(err, claim.ErrNoDay) {
		return false, nil // its seats are made by who comes first
	}
	if err != nil {
		return false, err
	}
	g.at, g.gone = now, len(sessions) > 0
	g.made.Store(true)
	for _, x := range sessions {
		g.gone = g.gone && x.Free == 0
	}
	return g.gone, nil
}

// byDraw tells whether a day's places are given by draw, which needs no door,
// by the branch's rule of at most soldOutLife ago.
func (s *Service) byDraw(c *web.Call, rules requirement.Opening, branch string, d requirement.Date) (bool, error) {
	g := s.seen.glance(branch, d)
	g.mu.Lock()
	defer g.mu.Unlock()
	now := c.Now()
	if !g.ruled.IsZero() && now.Sub(g.ruled) < soldOutLife {
		return g.drawn, nil
	}
	hours, err := s.Store.Timetable(c.Context(), branch)
	if err != nil {
		return false, fmt.Errorf("door: %w", err)
	}
	g.ruled, g.drawn = now, hours.Mode(rules, branch, d) == requirement.Ballot
	return g.drawn, nil
}

func (s *seen) glance(branch string, d requirement.Date) *glance {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := branch + "#" + string(d)
	if s.days == nil || len(s.days) > 1024 {
		s.days = map[string]*glance{}
	}
	if s.days[id] == nil {
		s.days[id] = &glance{}
	}
	return s.days[id]
}
