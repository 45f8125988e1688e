package register

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/web"
	"lapakasik/site/requirement"
)

// soldOutLife is how long a function goes by what it knows of a day behind a
// door, where it only tells who waits. Of a day with many free places it is
// longer: half the time in which the door could sell them, soldOutMost at most.
const (
	soldOutLife = 2 * time.Second
	soldOutMost = 30 * time.Second
)

// seen is what a function knows of the days behind doors.
type seen struct {
	mu   sync.Mutex
	days map[string]*glance
}

// glance is one look at a day, shared by all who ask meanwhile.
type glance struct {
	made atomic.Bool // its seats are there, and stay
	mu   sync.Mutex
	good time.Time // until when gone is
	gone bool

	hours recent[claim.Timetable]
	draws map[requirement.Channel]*recent[claim.Draw]
}

// recent is what was read of the store lately, an error for an answer too.
type recent[T any] struct {
	at    time.Time
	value T
	err   error
}

// get returns what was read at most soldOutLife ago, or reads it.
func (r *recent[T]) get(now time.Time, read func() (T, error), counts ...error) (T, error) {
	if !r.at.IsZero() && now.Sub(r.at) < soldOutLife {
		return r.value, r.err
	}
	value, err := read()
	if err == nil || slices.ContainsFunc(counts, func(answer error) bool { return errors.Is(err, answer) }) {
		r.at, r.value, r.err = now, value, err
	}
	return value, err
}

// soldOut tells whether each place of the day behind a door was taken lately.
func (s *Service) soldOut(e *entrance) (bool, error) {
	if !e.door.Open(e.call.Now()) {
		return false, nil
	}
	g := s.seen.glance(e.branch.Code, e.date)
	g.mu.Lock()
	defer g.mu.Unlock()
	now := e.call.Now()
	if now.Before(g.good) {
		return g.gone, nil
	}
	free, err := s.freePlaces(e, g)
	if errors.Is(err, claim.ErrNoDay) {
		return false, nil // its seats are made by who comes first
	}
	if err != nil {
		return false, err
	}
	g.gone = free == 0
	g.good = now.Add(min(max(soldOutLife, time.Duration(free)*time.Second/time.Duration(2*e.door.PerSecond)), soldOutMost))
	return g.gone, nil
}

// freePlaces tells about how many places there are; a look at the whole day is
// needed once, to know that it has any.
func (s *Service) freePlaces(e *entrance, g *glance) (free int, err error) {
	ctx := e.call.Context()
	if g.made.Load() {
		return s.Store.FreePlaces(ctx, e.branch.Code, e.date)
	}
	sessions, err := s.Store.Sessions(ctx, e.branch.Code, e.date)
	for _, x := range sessions {
		free += x.Free
	}
	if err != nil {
		return 0, err
	}
	if len(sessions) == 0 {
		return 1, nil // a day without sessions is not one that is sold out
	}
	g.made.Store(true)
	return free, nil
}

// byDraw tells whether a day's places are given by draw, which needs no door,
// by the branch's rule of at most soldOutLife ago.
func (s *Service) byDraw(c *web.Call, rules requirement.Opening, branch string, d requirement.Date) (bool, error) {
	hours, err := s.hoursBehindDoor(c, branch, d)
	if err != nil {
		return false, fmt.Errorf("door: %w", err)
	}
	return hours.Mode(rules, branch, d) == requirement.Ballot, nil
}

// hoursBehindDoor returns the branch's hours as of at most soldOutLife ago: who
// books by older ones finds no seat there, and nobody else is let in by them.
func (s *Service) hoursBehindDoor(c *web.Call, branch string, d requirement.Date) (claim.Timetable, error) {
	g := s.seen.glance(branch, d)
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.hours.get(c.Now(), func() (claim.Timetable, error) { return s.Store.Timetable(c.Context(), branch) })
}

// drawBehindDoor returns the draw of a channel of a day, or that there is none,
// as of at most soldOutLife ago.
func (s *Service) drawBehindDoor(c *web.Call, branch string, d requirement.Date, ch requirement.Channel) (claim.Draw, error) {
	g := s.seen.glance(branch, d)
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.draws[ch] == nil {
		g.draws[ch] = &recent[claim.Draw]{}
	}
	return g.draws[ch].get(c.Now(), func() (claim.Draw, error) { return s.Store.Draw(c.Context(), branch, d, ch) }, claim.ErrNotFound)
}

func (s *seen) glance(branch string, d requirement.Date) *glance {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := branch + "#" + string(d)
	if s.days == nil || len(s.days) > 1024 {
		s.days = map[string]*glance{}
	}
	if s.days[id] == nil {
		s.days[id] = &glance{draws: map[requirement.Channel]*recent[claim.Draw]{}}
	}
	return s.days[id]
}
