package dynamo

import (
	"context"
	"slices"
	"sync"
	"time"

	"lapakasik/functions/internal/claim"
)

// A pool is what a process knows of a session's free seats, shared by the
// bookings that it has in hand, so that no two of them try the same seat and
// one look serves all. That there is none it knows for no longer than
// Store.Remember: a seat that becomes free is unseen for at most that long.
// What is free it trusts for longer the longer nobody else takes of it.
//
//	take ─► a free seat ─► transaction ─► release
//	  │ none left
//	  └─► look: one random key of eight, perhaps behind the times;
//	            after one that found nothing all eight, strongly consistent ─► full
type pool struct {
	mu     sync.Mutex
	free   []seat
	read   time.Time            // when free was read
	trust  time.Duration        // for how long free is gone by
	held   map[claim.Place]bool // seats in transactions of this process
	dry    bool                 // the last look found nothing
	few    bool                 // the last look at all eight keys found few
	met    time.Time            // when another process was last met at a seat
	full   time.Time            // when a look at all eight keys found each seat taken
	flight chan struct{}        // closed when the look in progress is over
}

func newPool() *pool { return &pool{held: map[claim.Place]bool{}} }

// mostPools bounds what a process remembers.
const mostPools = 4096

// mostTrust bounds, in times of Store.Remember, how long a list of free seats is
// gone by of which nobody else has taken one.
const mostTrust = 16

// scrambleLife is how long after other processes were met they are expected to
// be there still.
const scrambleLife = 2 * time.Second

// pools are those of the sessions that a store was asked for lately.
type pools struct {
	mu   sync.Mutex
	byID map[string]*pool
}

// pool returns what is known of a place's session: nothing, and for nobody
// else, if nothing is to be remembered.
func (s *Store) pool(p claim.Place) *pool {
	if s.Remember == 0 {
		return newPool()
	}
	id := bucketPK(p.Branch, p.Date, 0) + "#" + sessionPrefix(p.Channel, p.Time)
	s.pools.mu.Lock()
	defer s.pools.mu.Unlock()
	if found := s.pools.byID[id]; found != nil {
		return found
	}
	if s.pools.byID == nil || len(s.pools.byID) >= mostPools {
		s.pools.byID = map[string]*pool{} // who holds an old one goes on with it
	}
	made := newPool()
	s.pools.byID[id] = made
	return made
}

// take hands out a random free seat, or says that the session is full, or
// which look to wait for. None of them: the caller looks, and calls landed.
func (p *pool) take(s *Store) (x seat, ok, full bool, wait chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := s.Now()
	if s.Remember > 0 && now.Sub(p.read) >= max(p.trust, s.Remember) {
		if p.free != nil {
			p.trust = min(2*max(p.trust, s.Remember), mostTrust*s.Remember)
		}
		p.free = nil
	}
	if n := len(p.free); n > 0 {
		i := s.Random(n)
		x = p.free[i]
		p.free[i] = p.free[n-1]
		p.free = p.free[:n-1]
		p.held[x.place] = true
		return x, true, false, nil
	}
	if !p.full.IsZero() && now.Sub(p.full) < s.Remember {
		return x, false, true, nil
	}
	if p.flight != nil {
		return x, false, false, p.flight
	}
	p.flight = make(chan struct{})
	return x, false, false, nil
}

// landed keeps what a look found, which began at a moment. others: there are
// free seats, but all are in hand already.
func (p *pool) landed(found []seat, began time.Time, deep, failed bool) (others bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	close(p.flight)
	p.flight = nil
	if failed {
		return false
	}
	p.read, p.dry, p.full = began, len(found) == 0, time.Time{}
	if deep {
		p.few = len(found) <= buckets
	}
	if deep && p.dry {
		p.full = began
	}
	p.free = slices.DeleteFunc(found, func(x seat) bool { return p.held[x.place] })
	return len(p.free) == 0 && len(found) > 0
}

func (p *pool) release(x seat) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.held, x.place)
}

// contested notes that another process was met at a seat.
func (p *pool) contested(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.trust, p.met = 0, now
}

// scramble tells whether many processes are after the last few seats.
func (p *pool) scramble(now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.few && now.Sub(p.met) < scrambleLife
}

// empty forgets what is thought to be free.
func (p *pool) empty() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.free = nil
}

func (p *pool) isDry() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.dry
}

// await waits for somebody else's look.
func await(ctx context.Context, look chan struct{}) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-look:
		return nil
	}
}
